"""A private S3 service: moto's server, from PyPI, in a virtual environment of its own."""

import sys
from pathlib import Path

from dev import paths, ports, process, progress
from dev.service import Service, Settings

REQUIREMENT = "moto[s3,server]==5.2.5"
HOME = paths.VAR / "s3" / "venv"


class S3(Service):
    """An S3 service in memory, on a port of its own; it takes any credentials."""

    name = "s3"
    offset = 0

    def __init__(self, directory: Path):
        super().__init__(directory, Settings(ports.free_block(1), "", True))

    def url(self) -> tuple[str, str]:
        return "NARROWS_TEST_S3_ENDPOINT", f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        install()
        for place in (self.directory, self.log.parent, self.pid_file.path.parent):
            place.mkdir(parents=True, exist_ok=True)
        argv = [str(HOME / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", str(self.port)]
        child = process.spawn(argv, self.log, self.pid_file, cwd=str(self.directory))
        process.wait_until(lambda: ports.answers(self.port), child, self.name, self.log)


def install() -> None:
    """Install the server, unless this version of it is there."""
    stamp = HOME / "installed"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == REQUIREMENT:
        return
    log = paths.LOG / "s3-install.log"
    progress.run_logged("venv", [sys.executable, "-m", "venv", "--clear", str(HOME)], log)
    progress.run_logged("pip", [str(HOME / "bin" / "pip"), "install", "--quiet", REQUIREMENT], log)
    stamp.write_text(REQUIREMENT, encoding="utf-8")
