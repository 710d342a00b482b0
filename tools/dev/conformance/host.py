"""A fresh Narrows to replay against: services, database and processes of its own."""

import base64
import http.client
import json
import secrets
import subprocess
import urllib.parse
import uuid
from pathlib import Path

from dev import environment, paths, ports, process, progress
from dev.conformance.schema import Schema
from dev.instance import Instance
from dev.postgresql import BINARIES
from dev.service import executable
from dev.supervisor import NAMES, is_healthy

SUBDOMAIN = "zulip"
SNAPSHOT = "narrows_snapshot"
TIMEOUT = 60


class Host:
    """The server under test."""

    def __init__(self, directory: Path, external_host: str):
        self.instance = Instance(directory)
        self.instance.make()
        self.external_host = external_host
        # Settings of the recorded server that clients can see.
        self.settings: dict[str, str] = {}
        # Looks at what is answered.
        self.schema: Schema | None = None
        self.port = ports.free_block(environment.PORT_COUNT)
        self.keys: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def create(self) -> None:
        """Services and tables; no process yet."""
        self.instance.services.stop()
        self.instance.services.start(ephemeral=True)
        self.command("migrate")

    def command(self, *arguments: str, **variables: str) -> None:
        """Run a `narrows` command."""
        argv = [str(paths.narrows()), *arguments]
        progress.run_logged(
            f"narrows {arguments[0]}", argv, self.instance.log / "commands.log",
            env=self.environment() | variables, cwd=paths.ROOT,
        )

    def environment(self, name: str | None = None) -> dict[str, str]:
        """What a command or a process gets: the address that was recorded, whatever port it is really at."""
        if name is None:
            known = environment.for_command(self.instance, self.port)
        else:
            known = environment.for_process(name, self.instance, self.port)
        return known | self.settings | {"NARROWS_EXTERNAL_HOST": self.external_host, "NARROWS_ROOT_SUBDOMAIN": SUBDOMAIN}

    def start(self) -> None:
        """Start the processes and wait until they answer."""
        health = {"server": self.port, "push": self.port + environment.PUSH}
        for name in NAMES:
            log = self.instance.log / f"{name}.log"
            argv = [str(paths.narrows()), name]
            child = process.spawn(argv, log, self.instance.pid_file(name), cwd=paths.ROOT, env=self.environment(name))
            if name in health:
                process.wait_until(lambda port=health[name]: is_healthy(port), child, name, log)

    def stop(self) -> None:
        """Stop the processes."""
        self.connection = None
        for name in reversed(NAMES):
            process.stop(self.instance.pid_file(name))

    def stop_all(self) -> None:
        """Stop the processes and the services."""
        self.stop()
        self.instance.services.stop()

    def remember(self) -> None:
        """Keep the database as it is now, to come back to."""
        self.stop()
        self.sql(f"DROP DATABASE IF EXISTS {SNAPSHOT}", "postgres")
        self.sql(f"CREATE DATABASE {SNAPSHOT} TEMPLATE narrows", "postgres")

    def go_back(self) -> None:
        """The database as remembered, caches empty, everything running."""
        self.stop()
        self.sql("DROP DATABASE IF EXISTS narrows WITH (FORCE)", "postgres")
        self.sql(f"CREATE DATABASE narrows TEMPLATE {SNAPSHOT}", "postgres")
        self.instance.services.stop(("redis", "memcached"))
        self.instance.services.start(("redis", "memcached"))
        self.start()

    # The database ---------------------------------------------------------------------------------------------

    def sql(self, statement: str, database: str | None = None) -> str:
        """Run SQL; what it returns, one row a line."""
        url = urllib.parse.urlsplit(self.instance.services.environment()["NARROWS_DATABASE_URL"])
        url = url._replace(path=f"/{database}") if database else url
        argv = [executable("psql", BINARIES), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", urllib.parse.urlunsplit(url)]
        done = subprocess.run(argv, input=statement, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{done.stderr.strip()} in {statement[:300]}")
        return done.stdout

    def next_id(self, table: str, value: int, only_forward: bool = True) -> None:
        """Let the next row of a table have this id."""
        backward = "true" if not only_forward else f"coalesce((SELECT max(id) FROM {table}), 0) < {value}"
        self.sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {value}, false) WHERE {backward}")

    # Requests -------------------------------------------------------------------------------------------------

    def call(self, request, as_user: str | None = None) -> tuple[int, object, dict]:
        """Send a request; the status, the answer and the headers."""
        return self.exchange(
            request.method, request.path, request.params, request.user if as_user is None else as_user,
            raw_body=request.raw_body, headers=request.headers, files=request.files, own_key=request.own_key,
        )

    def api(self, user: str | None, method: str, path: str, client: str | None = None, **params) -> dict:
        """A call that has to succeed."""
        headers = {"User-Agent": client} if client else None
        status, answer, _ = self.exchange(method, f"/api/v1{path}", params, user, headers=headers)
        if status != 200 or not isinstance(answer, dict):
            raise Refused(f"{method} {path} as {user}: {status} {str(answer).splitlines()[0][:200]}")
        return answer

    def exchange(self, method, path, params, user, raw_body=None, headers=None, files=None, own_key=True):
        """One HTTP exchange, with parameters as clients encode them."""
        sent = {"Host": self.external_host, "User-Agent": "OracleRecorder", **(headers or {})}
        if user is not None and path.startswith("/api/"):
            sent.setdefault("Authorization", basic(user, self.key_for(user, own_key)))
        encoded = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        body: bytes | None = None
        if raw_body is not None:
            body = raw_body.encode()
        elif files:
            body, sent["Content-Type"] = multipart(encoded, files)
        elif method == "GET":
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(encoded) if encoded else ""
        else:
            body = urllib.parse.urlencode(encoded).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        status, answer, answered = self.send(method, urllib.parse.quote(path, safe="/?&=%:+@*!,;~#$'()[]"), body, sent)
        if self.schema is not None:
            self.schema.saw(method, path, params, status, answer)
        return status, answer, answered

    def send(self, method: str, path: str, body: bytes | None, headers: dict):
        """Over one connection, opened again when the server has closed it."""
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            try:
                self.connection.request(method, path, body, headers)
                response = self.connection.getresponse()
                text = response.read()
                break
            except (http.client.HTTPException, OSError):
                self.connection = None
                if attempt == 2:
                    raise
        try:
            answer = json.loads(text)
        except ValueError:
            answer = text.decode(errors="replace")
        return response.status, answer, dict(response.getheaders())

    def key_for(self, user: str, own_key: bool) -> str:
        """The user's API key, or that of somebody else."""
        if own_key:
            return self.keys.get(user.lower(), "x" * 32)
        others = [key for email, key in sorted(self.keys.items()) if email != user.lower()]
        return others[0] if others else "x" * 32

    def add_key(self, user_id: int, email: str) -> None:
        """A key for a user."""
        key = self.keys[email.lower()] = secrets.token_hex(16)
        self.sql(
            "INSERT INTO api_keys (user_id, name, key_hash)"
            f" VALUES ({user_id}, 'conformance', sha256('{key}'::bytea))"
        )


class Refused(Exception):
    """A call that was needed to set up the world did not succeed."""


def basic(user: str, key: str) -> str:
    """The header of HTTP Basic."""
    return "Basic " + base64.b64encode(f"{user}:{key}".encode()).decode()


def multipart(fields: dict[str, str], files: list) -> tuple[bytes, str]:
    """A form with files; each file is (field, name, content)."""
    boundary = uuid.uuid4().hex
    parts = []
    for name, value in fields.items():
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for field, name, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n\r\n'
        parts.append(head.encode() + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return b"".join(parts), f"multipart/form-data; boundary={boundary}"
