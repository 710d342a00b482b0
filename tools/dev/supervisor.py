"""Keeps the development processes and their services alive, and var/dev.json true."""

import dataclasses
import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from dev import environment, paths, process
from dev.instance import Instance

NAMES = ("push", "server", "worker")
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
# A process that ran this long had started well: its next death counts as the first.
STEADY_SECONDS = 30


@dataclasses.dataclass
class Watched:
    """One of the processes."""

    name: str
    log: Path
    pid_file: process.PidFile
    child: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = SHORTEST_PAUSE
    due: float = 0.0


class Supervisor:
    """Server, push server and worker of one instance."""

    def __init__(self, binary: Path, port: int, instance: Instance):
        self.binary = binary
        self.port = port
        self.instance = instance
        self.services = instance.services
        self.watched = [Watched(name, instance.log / f"{name}.log", instance.pid_file(name)) for name in NAMES]
        self.published: dict | None = None
        self.suspects: set[str] = set()
        self.stopping = False

    @property
    def url(self) -> str:
        """Where clients find the first realm."""
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        """Start all processes and wait until they answer."""
        for watched in self.watched:
            process.stop(watched.pid_file)
            self.launch(watched)
        health = {"server": self.port, "push": self.port + environment.PUSH}
        for watched in self.watched:
            child = watched.child
            assert child is not None
            port = health.get(watched.name)
            if port is not None:
                process.wait_until(lambda port=port: is_healthy(port), child, watched.name, watched.log)
            elif child.poll() is not None:
                raise process.ProcessFailed(f"{watched.name} ended with status {child.returncode}", watched.log)
        self.publish()

    def launch(self, watched: Watched) -> None:
        """Start one process."""
        watched.started = time.monotonic()
        watched.child = process.spawn(
            [str(self.binary), watched.name],
            watched.log,
            watched.pid_file,
            cwd=paths.ROOT,
            env=environment.for_process(watched.name, self.instance, self.port),
        )

    def watch(self) -> None:
        """Restart what dies, until SIGINT or SIGTERM."""
        while not self.stopping:
            for watched in self.watched:
                self.tend(watched)
            self.tend_services()
            self.publish()
            time.sleep(0.1)

    def tend(self, watched: Watched) -> None:
        """Start the process anew when it died, after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if watched.child is None:
            if now >= watched.due:
                self.launch(watched)
        elif watched.child.poll() is not None:
            ran = now - watched.started
            watched.pause = SHORTEST_PAUSE if ran > STEADY_SECONDS else min(watched.pause * 2, LONGEST_PAUSE)
            watched.due = now + watched.pause
            note(f"{watched.name} ended with status {watched.child.returncode}, starting it in {watched.pause:.1f} s")
            watched.child = None

    def tend_services(self) -> None:
        """Start a service anew that died by itself; one stopped with tools/services has no pid file and stays down."""
        seen = {one.name for one in self.services.all() if one.pid_file.path.exists() and one.pid() is None}
        # Twice in a row, for tools/services removes the pid file a moment after the process is gone.
        dead = sorted(seen & self.suspects)
        self.suspects = seen
        if dead:
            note(f"{', '.join(dead)} died, starting it anew")
            try:
                self.services.start(dead)
            except process.ProcessFailed as failure:
                note(str(failure))
                time.sleep(1)

    def stop(self) -> None:
        """Stop the processes, then what they use."""
        for watched in self.watched:
            if watched.child is not None and watched.child.poll() is None:
                process.send(watched.child.pid, signal.SIGTERM)
        for watched in self.watched:
            process.stop(watched.pid_file)
        self.services.stop()
        self.instance.dev_file.unlink(missing_ok=True)

    def publish(self) -> None:
        """Write var/dev.json when something in it changed."""
        pids = {one.name: one.child.pid if one.child else None for one in self.watched}
        current = {
            "url": self.url,
            "realms": self.instance.demo_realms(self.port),
            "mail_url": f"{self.url}/emails",
            "metrics_url": f"http://127.0.0.1:{self.port + environment.SERVER_METRICS}/metrics",
            "pids": {**pids, **self.services.pids()},
        }
        if current != self.published:
            process.write_atomically(self.instance.dev_file, json.dumps(current, indent=1) + "\n", mode=0o600)
            self.published = current


def is_healthy(port: int) -> bool:
    """True when GET /health says so."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def note(text: str) -> None:
    """A line about what happened while everything runs."""
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)
