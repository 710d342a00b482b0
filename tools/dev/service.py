"""What the four private services have in common."""

import dataclasses
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from dev import process


@dataclasses.dataclass
class Settings:
    """What all services of one directory share; remembered there between starts."""

    port_base: int
    password: str
    ephemeral: bool


class Service:
    """One private service: its directory, its port, its process."""

    name: str
    # Offset of the port in the block of ports.
    offset: int

    def __init__(self, directory: Path, settings: Settings):
        self.directory = directory / self.name
        self.settings = settings
        self.port = settings.port_base + self.offset
        self.log = directory / "log" / f"{self.name}.log"
        self.pid_file = process.PidFile(directory / "run" / f"{self.name}.pid")

    def ports(self) -> list[int]:
        """Every port that the service listens on."""
        return [self.port]

    def pid(self) -> int | None:
        """The pid of the service if it runs."""
        return self.pid_file.pid()

    def url(self) -> tuple[str, str]:
        """The environment variable that names the service, and its URL."""
        raise NotImplementedError

    def local_url(self) -> tuple[str, str]:
        """As `url`, by a Unix socket if the service has one."""
        return self.url()

    def sockets(self) -> Path:
        """The directory of its Unix sockets: their paths are limited to 107 bytes, that of a clone is not."""
        name = hashlib.sha256(str(self.directory).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"narrows-{name}"

    def start(self) -> None:
        """Start the service and return once it answers."""
        raise NotImplementedError

    def stop(self) -> None:
        """Stop the service in good order."""
        process.stop(self.pid_file)

    def kill(self) -> None:
        """Stop the service as a crash does."""
        process.kill(self.pid_file)


def executable(name: str, *directories: str) -> str:
    """The path of a program, also where Debian hides it from PATH."""
    for directory in directories:
        for found in sorted(Path("/").glob(f"{directory.lstrip('/')}/{name}"), reverse=True):
            if os.access(found, os.X_OK):
                return str(found)
    found = shutil.which(name)
    if found is None:
        raise process.ProcessFailed(f"{name} is not installed: run tools/packages")
    return found
