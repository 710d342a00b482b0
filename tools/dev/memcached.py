"""A private memcached."""

import os

from dev import ports, process
from dev.service import Service, executable


class Memcached(Service):
    """memcached on a port of its own."""

    name = "memcached"
    offset = 2

    def url(self) -> tuple[str, str]:
        return "NARROWS_MEMCACHE_URL", f"memcache://127.0.0.1:{self.port}"

    def start(self) -> None:
        argv = [executable("memcached"), "-l", "127.0.0.1", "-p", str(self.port), "-U", "0", "-m", "64", "-c", "2048"]
        if os.geteuid() == 0:
            argv += ["-u", "nobody"]
        child = process.spawn(argv, self.log, self.pid_file, cwd="/")
        process.wait_until(self.is_ready, child, self.name, self.log)

    def is_ready(self) -> bool:
        """True once memcached answers."""
        return ports.exchange(self.port, b"version\r\n", b"VERSION")
