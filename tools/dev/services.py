"""The private services of one directory, as a set."""

import concurrent.futures
import contextlib
import dataclasses
import fcntl
import json
import secrets
from pathlib import Path

from dev import ports, process
from dev.memcached import Memcached
from dev.postgresql import PostgreSQL
from dev.rabbitmq import RabbitMQ
from dev.redis import Redis
from dev.service import Service, Settings

KINDS: tuple[type[Service], ...] = (PostgreSQL, RabbitMQ, Redis, Memcached)
NAMES = tuple(kind.name for kind in KINDS)
PORTS_PER_BLOCK = 10


class Services:
    """PostgreSQL, RabbitMQ, Redis and memcached with data and logs in one directory."""

    def __init__(self, directory: Path):
        self.directory = directory.resolve()

    @contextlib.contextmanager
    def locked(self):
        """Only one script at a time starts or stops the services of a directory."""
        for name in ("run", "log"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        with (self.directory / "lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def start(self, names=NAMES, port_base: int | None = None, ephemeral: bool = False) -> None:
        """Start what does not run, all at once."""
        with self.locked():
            self.settle(port_base, ephemeral)
            idle = [service for service in self.all() if service.name in names and service.pid() is None]
            at_once(Service.start, idle)

    def stop(self, names=NAMES) -> None:
        """Stop what runs, all at once."""
        if self.settings() is not None:
            with self.locked():
                at_once(Service.stop, [service for service in self.all() if service.name in names])

    def kill(self, names=NAMES) -> None:
        """End services as a crash does."""
        if self.settings() is not None:
            with self.locked():
                at_once(Service.kill, [service for service in self.all() if service.name in names])

    def all(self) -> list[Service]:
        """Every service; none before the first start."""
        settings = self.settings()
        return [] if settings is None else [kind(self.directory, settings) for kind in KINDS]

    def environment(self) -> dict[str, str]:
        """The variables through which Narrows finds the services."""
        return dict(service.url() for service in self.all())

    def local_environment(self) -> dict[str, str]:
        """As `environment`, by Unix sockets where there are any: they cost less than TCP to oneself."""
        return dict(service.local_url() for service in self.all())

    def pids(self) -> dict[str, int | None]:
        """The pid of each service, None for one that does not run."""
        return {service.name: service.pid() for service in self.all()}

    def settings(self) -> Settings | None:
        """What was settled at the first start."""
        try:
            return Settings(**json.loads((self.directory / "settings.json").read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    def settle(self, port_base: int | None, ephemeral: bool) -> None:
        """Choose ports and password at the first start, and new ports if somebody took ours meanwhile."""
        settings = self.settings()
        idle = all(service.pid() is None for service in self.all())
        if settings is None:
            settings = Settings(port_base or ports.free_block(PORTS_PER_BLOCK), secrets.token_hex(16), ephemeral)
        elif idle and port_base is not None:
            settings = dataclasses.replace(settings, port_base=port_base, ephemeral=ephemeral)
        elif idle:
            taken = any(not ports.is_free(port) for service in self.all() for port in service.ports())
            base = ports.free_block(PORTS_PER_BLOCK) if taken else settings.port_base
            settings = dataclasses.replace(settings, port_base=base, ephemeral=ephemeral)
        text = json.dumps(dataclasses.asdict(settings)) + "\n"
        process.write_atomically(self.directory / "settings.json", text, mode=0o600)


def at_once(act, services: list[Service]) -> None:
    """Do the same to several services in parallel; the first failure is raised after all have ended."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=len(KINDS)) as pool:
        pending = [pool.submit(act_on, act, service) for service in services]
    for future in pending:
        future.result()


def act_on(act, service: Service) -> None:
    """Call the method of that name as the service's own class defines it."""
    getattr(service, act.__name__)()
