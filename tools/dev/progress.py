"""Steps with timings, whose output goes to a log that is shown when they fail."""

import contextlib
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path

from dev import process

HEARTBEAT_SECONDS = 20


def say(text: str) -> None:
    """One line, at once also when the output is a file."""
    print(text, flush=True)


@contextlib.contextmanager
def step(name: str):
    """Print how long the block took."""
    started = time.monotonic()
    yield
    say(f"  {name:<28} {time.monotonic() - started:6.1f} s")


def run_logged(name: str, argv: list[str], log: Path, check: bool = True, **options) -> int:
    """Run a command with its output in `log`, showing a sign of life while it is long at work."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        child = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options
        )
        assert child.stdout is not None
        with child.stdout, contextlib.closing(Pulse(name)) as pulse:
            for chunk in chunks(child.stdout.fileno()):
                output.write(chunk)
                output.flush()
                pulse.beat(chunk)
    status = child.wait()
    if check and status != 0:
        raise process.ProcessFailed(f"{name} failed (status {status})", log)
    return status


def chunks(descriptor: int):
    """The output as it comes; an empty chunk each second without any."""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            if not selector.select(timeout=1):
                yield b""
                continue
            chunk = os.read(descriptor, 1 << 16)
            if not chunk:
                return
            yield chunk


class Pulse:
    """The last line of a command's output: rewritten in place on a terminal, now and then elsewhere."""

    def __init__(self, name: str):
        self.name = name
        self.started = self.shown = time.monotonic()
        self.on_terminal = sys.stdout.isatty()
        self.line = ""

    def beat(self, chunk: bytes) -> None:
        """Note new output."""
        lines = [line.strip() for line in chunk.decode(errors="replace").splitlines() if line.strip()]
        self.line = lines[-1] if lines else self.line
        now = time.monotonic()
        if now - self.shown < (0.2 if self.on_terminal else HEARTBEAT_SECONDS):
            return
        self.shown = now
        text = f"  {self.name:<28} {now - self.started:6.1f} s  {self.line}"
        if self.on_terminal:
            print(f"\r\x1b[K{text[:100]}", end="", flush=True)
        else:
            say(f"{text[:120]} …")

    def close(self) -> None:
        """Make room for what is printed next."""
        if self.on_terminal:
            print("\r\x1b[K", end="", flush=True)


def report(failure: process.ProcessFailed, lines: int = 30) -> None:
    """Tell what failed, and where to read on."""
    print(file=sys.stderr)
    if failure.log:
        print(process.tail(failure.log, lines), file=sys.stderr)
    print(f"FAILED: {failure}", file=sys.stderr)
    if failure.log:
        print(f"log: {failure.log}", file=sys.stderr)
    sys.stderr.flush()
