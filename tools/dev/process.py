"""Long-lived child processes that outlive the script that started them.

A process is remembered by its pid together with the time it started, so that a pid that the kernel has
given to somebody else since is never signalled.
"""

import os
import signal
import subprocess
import time
from pathlib import Path


class ProcessFailed(Exception):
    """A process did not come up; `log` is the file that says why."""

    def __init__(self, message: str, log: Path | None = None):
        super().__init__(message)
        self.log = log


def start_time(pid: int) -> str | None:
    """When the process started, in kernel ticks, or None if it is gone or only a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in ("Z", "X") else fields[19]


class PidFile:
    """The pid of one process, on disk."""

    def __init__(self, path: Path):
        self.path = path

    def write(self, pid: int) -> None:
        """Remember a process that runs."""
        write_atomically(self.path, f"{pid} {start_time(pid)}\n")

    def pid(self) -> int | None:
        """The pid if that very process is alive."""
        try:
            pid, started = self.path.read_text(encoding="utf-8").split()
        except (OSError, ValueError):
            return None
        return int(pid) if start_time(int(pid)) == started else None

    def forget(self) -> None:
        """Remove the file."""
        self.path.unlink(missing_ok=True)


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a file that readers see whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=mode)
    draft.write_text(text, encoding="utf-8")
    draft.rename(path)


def spawn(argv: list[str], log: Path, pid_file: PidFile, user: str | None = None, **options) -> subprocess.Popen:
    """Start a process in a session of its own, with its output appended to `log`."""
    identity = {"user": user, "group": user, "extra_groups": []} if user else {}
    with log.open("ab") as output:
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **identity, **options
        )
    pid_file.write(child.pid)
    return child


def wait_until(ready, child: subprocess.Popen, name: str, log: Path, seconds: float = 60) -> None:
    """Wait until `ready()` holds; fail at once when the process ends."""
    deadline = time.monotonic() + seconds
    while not ready():
        if child.poll() is not None:
            raise ProcessFailed(f"{name} ended with status {child.returncode} while starting", log)
        if time.monotonic() > deadline:
            raise ProcessFailed(f"{name} did not answer within {seconds:.0f} s", log)
        time.sleep(0.02)


def stop(pid_file: PidFile, sign: signal.Signals = signal.SIGTERM, patience: float = 20) -> None:
    """End the process: `sign` to it, and SIGKILL to its session when it does not go."""
    pid = pid_file.pid()
    if pid is not None:
        send(pid, sign)
        if not wait_gone(pid_file, patience):
            kill_session(pid)
            wait_gone(pid_file, 5)
    pid_file.forget()


def kill(pid_file: PidFile) -> None:
    """End the process the hard way, as a crash does, together with its children."""
    pid = pid_file.pid()
    if pid is not None:
        kill_session(pid)
        wait_gone(pid_file, 5)
    pid_file.forget()


def send(pid: int, sign: signal.Signals) -> None:
    """Signal a process that may just have ended."""
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass


def kill_session(pid: int) -> None:
    """SIGKILL to a process that `spawn` started and to all of its process group."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def wait_gone(pid_file: PidFile, seconds: float) -> bool:
    """True as soon as the process is gone, False when it still runs after `seconds`."""
    deadline = time.monotonic() + seconds
    while pid_file.pid() is not None:
        if time.monotonic() > deadline:
            return False
        reap(pid_file)
        time.sleep(0.02)
    return True


def reap(pid_file: PidFile) -> None:
    """Collect the process if it is a child of ours."""
    pid = pid_file.pid()
    try:
        if pid is not None:
            os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def tail(log: Path, lines: int = 30) -> str:
    """The last lines of a log."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
