"""A private PostgreSQL."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

from dev import ports, process
from dev.service import Service, executable

BINARIES = "/usr/lib/postgresql/*/bin"
# PostgreSQL refuses to run as root; Debian's package brings this user.
UNPRIVILEGED = "postgres"
# Where data goes when that user cannot reach the directory asked for, such as a clone below /root.
REACHABLE = Path("/var/lib/narrows-dev")

FOR_DURABILITY = {"synchronous_commit": "on"}
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "5min"}


class PostgreSQL(Service):
    """PostgreSQL on a port of its own, with a role and a database named narrows."""

    name = "postgresql"
    offset = 0

    def url(self) -> tuple[str, str]:
        return "NARROWS_DATABASE_URL", f"postgres://narrows:{self.settings.password}@127.0.0.1:{self.port}/narrows"

    def local_url(self) -> tuple[str, str]:
        sockets = quote(str(self.sockets()), safe="")
        return "NARROWS_DATABASE_URL", f"postgres://narrows:{self.settings.password}@{sockets}:{self.port}/narrows"

    def start(self) -> None:
        user = UNPRIVILEGED if os.geteuid() == 0 else None
        data = self.data_directory(user)
        if not (data / "PG_VERSION").exists():
            self.initialise(data, user)
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.make_sockets(user),
            "max_connections": 400,
            **(FOR_TESTS if self.settings.ephemeral else FOR_DURABILITY),
        }
        argv = [executable("postgres", BINARIES), "-D", str(data)]
        for key, value in options.items():
            argv += ["-c", f"{key}={value}"]
        child = process.spawn(argv, self.log, self.pid_file, user=user, cwd="/")
        process.wait_until(self.is_ready, child, self.name, self.log)
        self.create_database()

    def stop(self) -> None:
        # SIGINT is the fast shutdown: it does not wait for clients to leave.
        process.stop(self.pid_file, signal.SIGINT)
        shutil.rmtree(self.sockets(), ignore_errors=True)

    def make_sockets(self, user: str | None) -> Path:
        """The directory of sockets, made for the user that runs PostgreSQL."""
        sockets = self.sockets()
        sockets.mkdir(mode=0o755, exist_ok=True)
        if user:
            shutil.chown(sockets, user, user)
        return sockets

    def data_directory(self, user: str | None) -> Path:
        """The data directory, made where the user that runs PostgreSQL can reach it."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if user is None:
            return self.directory / "data"
        account = pwd.getpwnam(user)
        probe = subprocess.run(
            ["test", "-x", str(self.directory)], user=user, group=user, extra_groups=[], cwd="/", check=False
        )
        home = self.directory
        if probe.returncode != 0:
            home = REACHABLE / hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
            home.mkdir(parents=True, exist_ok=True)
            pointer = self.directory / "elsewhere"
            if not pointer.is_symlink():
                # A directory of the same name that is gone left this data behind.
                shutil.rmtree(home / "data", ignore_errors=True)
                pointer.symlink_to(home)
        data = home / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        os.chown(data, account.pw_uid, account.pw_gid)
        return data

    def initialise(self, data: Path, user: str | None) -> None:
        """Make an empty cluster whose superuser logs in by password."""
        identity = {"user": user, "group": user, "extra_groups": []} if user else {}
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as password, self.log.open("ab") as output:
            password.write(f"{self.settings.password}\n")
            password.flush()
            if user:
                shutil.chown(password.name, user)
            argv = [executable("initdb", BINARIES), "-D", str(data), "-U", "narrows", f"--pwfile={password.name}"]
            # Cleartext on loopback: a SCRAM handshake per connection would be most of a short test.
            argv += ["--auth=password", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
            made = subprocess.run(argv, stdout=output, stderr=output, cwd="/", check=False, **identity)
        if made.returncode != 0:
            # A half-made cluster would be taken for a whole one at the next start.
            shutil.rmtree(data, ignore_errors=True)
            raise process.ProcessFailed("initdb failed", self.log)

    def is_ready(self) -> bool:
        """True once PostgreSQL accepts queries."""
        return ports.answers(self.port) and self.psql("SELECT 1").returncode == 0

    def create_database(self) -> None:
        """Create the database that the URL names."""
        if "1" in self.psql("SELECT 1 FROM pg_database WHERE datname = 'narrows'").stdout:
            return
        made = self.psql("CREATE DATABASE narrows")
        if made.returncode != 0:
            raise process.ProcessFailed(f"CREATE DATABASE failed: {made.stderr.strip()}", self.log)

    def psql(self, statement: str) -> subprocess.CompletedProcess:
        """Run one statement as the superuser."""
        argv = [executable("psql", BINARIES), "-h", "127.0.0.1", "-p", str(self.port), "-U", "narrows"]
        argv += ["-X", "-q", "-A", "-t", "-c", statement, "postgres"]
        environment = {**os.environ, "PGPASSWORD": self.settings.password}
        return subprocess.run(argv, capture_output=True, text=True, env=environment, check=False)
