"""A private Redis."""

import shutil
from pathlib import Path

from dev import ports, process
from dev.service import Service, executable


class Redis(Service):
    """Redis on a port of its own; an append-only file carries queue descriptors over a restart."""

    name = "redis"
    offset = 1

    def url(self) -> tuple[str, str]:
        return "NARROWS_REDIS_URL", f"redis://:{self.settings.password}@127.0.0.1:{self.port}/0"

    def local_url(self) -> tuple[str, str]:
        return "NARROWS_REDIS_URL", f"redis+unix://{self.socket()}?pass={self.settings.password}"

    def socket(self) -> Path:
        """The path of its Unix socket."""
        return self.sockets() / "redis.sock"

    def start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.sockets().mkdir(mode=0o700, exist_ok=True)
        configuration = self.directory / "redis.conf"
        # In a file, for the arguments of a process are everybody's to read.
        process.write_atomically(
            configuration,
            f"bind 127.0.0.1\nport {self.port}\ndir {self.directory}\nrequirepass {self.settings.password}\n"
            f"unixsocket {self.socket()}\nunixsocketperm 700\n"
            "appendonly yes\nappendfsync everysec\nsave \"\"\n",
            mode=0o600,
        )
        argv = [executable("redis-server"), str(configuration)]
        child = process.spawn(argv, self.log, self.pid_file, cwd="/")
        process.wait_until(self.is_ready, child, self.name, self.log)

    def is_ready(self) -> bool:
        """True once Redis has loaded its data and answers."""
        return ports.exchange(self.port, f"AUTH {self.settings.password}\r\nPING\r\n".encode(), b"+PONG")

    def stop(self) -> None:
        super().stop()
        shutil.rmtree(self.sockets(), ignore_errors=True)
