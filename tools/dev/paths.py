"""Where things are."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
LOG = VAR / "log"
STATIC = ROOT / "static"
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")


def narrows(release: bool = False) -> Path:
    """The binary that cargo builds."""
    return TARGET / ("release" if release else "debug") / "narrows"


def tool_environment() -> dict[str, str]:
    """The environment for tools; tools/packages puts a newer Node into var/node where the machine's is too old."""
    environment = dict(os.environ)
    node = VAR / "node"
    if (node / "bin" / "node").exists():
        environment["PATH"] = f"{node / 'bin'}:{node / 'node_modules' / '.bin'}:{environment['PATH']}"
    return environment
