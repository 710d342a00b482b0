"""A Narrows of one's own: fresh services and one `narrows serve`, for tests and measurements."""

import contextlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from dev import environment, ports, process
from dev.services import Services
from dev.supervisor import is_healthy

# Away from the ports of tools/run, which may run beside it.
FIRST_PORT = 19_400


class Standalone:
    """Services with empty databases and a server, with all files in one directory."""

    def __init__(self, directory: Path, binary: Path, durable: bool = False):
        self.directory = directory
        self.binary = binary
        self.durable = durable
        self.services = Services(directory / "services")
        self.port = 0
        self.running: list[process.PidFile] = []

    @property
    def url(self) -> str:
        """Where clients find the first realm."""
        return f"http://localhost:{self.port}"

    def variables(self) -> dict[str, str]:
        """The configuration of its commands."""
        return environment.for_command(self.port, self.services.environment())

    @contextlib.contextmanager
    def fresh(self) -> Iterator["Standalone"]:
        """Services with a migrated, empty database; all is stopped in the end."""
        self.clear()
        self.directory.mkdir(parents=True, exist_ok=True)
        try:
            self.services.start(ephemeral=not self.durable)
            self.port = ports.first_free(FIRST_PORT, environment.PORT_COUNT)
            self.command("migrate")
            yield self
        finally:
            for pid_file in self.running:
                process.stop(pid_file)
            self.services.stop()

    @contextlib.contextmanager
    def with_demo(self) -> Iterator[Path]:
        """A server with the demo realm, as a file like var/dev.json."""
        with self.fresh():
            file = self.directory / "dev.json"
            self.command("demo", "fill", "--out", str(file))
            realms = json.loads(file.read_text(encoding="utf-8"))["realms"]
            file.write_text(json.dumps({"url": self.url, "realms": realms}), encoding="utf-8")
            self.serve()
            yield file

    def clear(self) -> None:
        """Stop and remove what an earlier run left."""
        for file in self.directory.glob("*.pid"):
            process.stop(process.PidFile(file))
        self.services.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def command(self, *arguments: str) -> None:
        """Run a `narrows` command to its end."""
        log = self.directory / f"{arguments[0]}.log"
        with log.open("wb") as output:
            argv = [str(self.binary), *arguments]
            done = subprocess.run(argv, stdout=output, stderr=output, env=self.variables(), check=False)
        if done.returncode != 0:
            raise process.ProcessFailed(f"narrows {' '.join(arguments)} failed (status {done.returncode})", log)

    def start(self, name: str, port: int) -> int:
        """Start one of Narrows' processes and wait until it answers on its port; its pid."""
        log = self.directory / f"{name}.log"
        pid_file = process.PidFile(self.directory / f"{name}.pid")
        child = process.spawn([str(self.binary), name], log, pid_file, env=self.variables())
        self.running.append(pid_file)
        process.wait_until(lambda: is_healthy(port), child, f"narrows {name}", log)
        return child.pid

    def serve(self) -> int:
        """Start all three in one process; its pid."""
        return self.start("serve", self.port)
