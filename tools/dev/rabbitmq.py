"""A private RabbitMQ."""

import os
from pathlib import Path

from dev import ports, process
from dev.service import Service, executable

# Not /usr/sbin: Debian's wrapper there insists on root or the user rabbitmq.
SCRIPTS = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin"
EPMD = "/usr/lib/erlang/erts-*/bin"

# Erlang's schedulers spin before they sleep, on cores that others want.
NO_BUSY_WAIT = "+sbwt none +sbwtdcpu none +sbwtdio none"

CONFIGURATION = """\
listeners.tcp.1 = 127.0.0.1:{port}
default_user = narrows
default_pass = {password}
# An alarm would block every publisher: on a small or full machine let the operating system say when it is enough.
vm_memory_high_watermark.relative = 0.95
disk_free_limit.absolute = 10MB
log.file = {log}
log.file.level = info
log.console = false
"""


class RabbitMQ(Service):
    """RabbitMQ as a node of its own: own cookie, own epmd, nothing shared with the machine's broker."""

    name = "rabbitmq"
    offset = 3

    def __init__(self, directory: Path, settings):
        super().__init__(directory, settings)
        self.distribution_port = self.port + 1
        self.epmd_port = self.port + 2
        self.epmd_pid_file = process.PidFile(directory / "run" / "epmd.pid")
        # The server writes `log` itself; what the start script and Erlang print goes here.
        self.console = self.log.with_name("rabbitmq-console.log")

    def ports(self) -> list[int]:
        return [self.port, self.distribution_port, self.epmd_port]

    def url(self) -> tuple[str, str]:
        return "NARROWS_AMQP_URL", f"amqp://narrows:{self.settings.password}@127.0.0.1:{self.port}/%2f"

    def start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        self.start_epmd()
        configuration = CONFIGURATION.format(port=self.port, password=self.settings.password, log=self.log)
        process.write_atomically(self.directory / "rabbitmq.conf", configuration, mode=0o600)
        (self.directory / "enabled_plugins").write_text("[].\n", encoding="utf-8")
        child = process.spawn(
            [executable("rabbitmq-server", SCRIPTS)], self.console, self.pid_file, env=self.environment(), cwd="/"
        )
        log = self.log if self.log.exists() else self.console
        process.wait_until(self.is_ready, child, self.name, log, seconds=120)

    def stop(self) -> None:
        super().stop()
        process.stop(self.epmd_pid_file)

    def start_epmd(self) -> None:
        """Start the name server first, or Erlang starts one as a daemon that nobody ends."""
        if self.epmd_pid_file.pid() is not None:
            return
        argv = [executable("epmd", EPMD), "-port", str(self.epmd_port), "-address", "127.0.0.1"]
        child = process.spawn(argv, self.console, self.epmd_pid_file, cwd="/")
        process.wait_until(lambda: ports.answers(self.epmd_port), child, "epmd", self.console)

    def is_ready(self) -> bool:
        """True once the broker greets an AMQP client."""
        return ports.exchange(self.port, b"AMQP\x00\x00\x09\x01", b"RabbitMQ")

    def environment(self) -> dict[str, str]:
        """The environment of the node, without anything the machine's own RabbitMQ is told by ours."""
        own = {key: value for key, value in os.environ.items() if not key.startswith(("RABBITMQ_", "ERL_"))}
        return {
            **own,
            "HOME": str(self.directory),
            # Makes the start script exec Erlang, so that the pid we know is the broker's.
            "RUNNING_UNDER_SYSTEMD": "true",
            "ERL_EPMD_PORT": str(self.epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "ERL_CRASH_DUMP": str(self.directory / "erl_crash.dump"),
            "RABBITMQ_CONF_ENV_FILE": str(self.directory / "rabbitmq-env.conf"),
            "RABBITMQ_NODENAME": "narrows@localhost",
            "RABBITMQ_DIST_PORT": str(self.distribution_port),
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(self.directory / "advanced.config"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(self.directory / "config"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "enabled_plugins"),
            "RABBITMQ_MNESIA_BASE": str(self.directory / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self.log.parent),
            "RABBITMQ_PID_FILE": str(self.directory / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {{127,0,0,1}} {NO_BUSY_WAIT}",
        }
