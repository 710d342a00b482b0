"""One development Narrows: a directory with its services, data, logs and secrets."""

import json
import secrets
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from dev import paths, process
from dev.services import Services


class Instance:
    """Where everything of one running Narrows is; `var/` unless said otherwise."""

    def __init__(self, directory: Path):
        self.directory = directory.resolve()
        self.log = self.directory / "log"
        self.data = self.directory / "data"
        self.dev_file = self.directory / "dev.json"
        self.demo_file = self.directory / "demo.json"
        self.port_file = self.directory / "port"
        self.services = Services(self.directory / "services")

    def make(self) -> None:
        """Create the directories."""
        for directory in (self.log, self.data, self.directory / "run"):
            directory.mkdir(parents=True, exist_ok=True)

    def pid_file(self, name: str) -> process.PidFile:
        """Where the pid of a process, or of the supervisor, is."""
        return process.PidFile(self.directory / "run" / f"{name}.pid")

    def secrets(self) -> dict[str, str]:
        """The secrets of this instance, made once."""
        file = self.directory / "secrets.json"
        if not file.exists():
            made = {"internal_secret": secrets.token_hex(32), "secret_key": secrets.token_hex(32)}
            process.write_atomically(file, json.dumps(made) + "\n", mode=0o600)
        return json.loads(file.read_text(encoding="utf-8"))

    def demo_realms(self, port: int) -> list[dict]:
        """The demo realms, with URLs of the present port, for it may have changed since they were made."""
        realms = json.loads(self.demo_file.read_text(encoding="utf-8"))["realms"]
        return [{**realm, "url": at_port(realm["url"], port)} for realm in realms]

    def shown(self, path: Path) -> str:
        """A path as people see it: relative to the clone if it is in it."""
        return str(path.relative_to(paths.ROOT)) if path.is_relative_to(paths.ROOT) else str(path)


def at_port(url: str, port: int) -> str:
    """The same URL with another port."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.hostname}:{port}"))
