"""Building the web client and the binary, leaving alone what is up to date."""

import hashlib
from pathlib import Path

from dev import paths, process, progress

# What the build of the web client writes or ignores.
NOT_SOURCES = {"node_modules", "dist", "tests", "coverage"}


def web_dependencies() -> None:
    """`npm ci` when the lock file changed."""
    lock = hashlib.sha256((paths.STATIC / "package-lock.json").read_bytes()).hexdigest()
    stamp = paths.STATIC / "node_modules" / ".narrows-lock"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == lock:
        return
    argv = ["npm", "ci", "--no-audit", "--no-fund"]
    progress.run_logged("npm ci", argv, paths.LOG / "npm.log", cwd=paths.STATIC, env=paths.tool_environment())
    process.write_atomically(stamp, lock)


def web_client() -> None:
    """`npm run build` when a source changed."""
    web_dependencies()
    sources = digest(paths.STATIC)
    # Beside what it vouches for, so that both go together.
    stamp = paths.STATIC / "dist" / ".narrows-sources"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == sources:
        return
    argv = ["npm", "run", "build"]
    log = paths.LOG / "web-build.log"
    progress.run_logged("web client", argv, log, cwd=paths.STATIC, env=paths.tool_environment())
    process.write_atomically(stamp, sources)


def binary(release: bool) -> None:
    """The `narrows` command."""
    argv = ["cargo", "build", "--locked", "--package", "narrows", "--bin", "narrows"]
    argv += ["--release"] if release else []
    progress.run_logged("cargo build", argv, paths.LOG / "cargo-build.log", cwd=paths.ROOT)


def digest(directory: Path) -> str:
    """A hash over the names and contents of all sources."""
    total = hashlib.sha256()
    for path in sorted(source_files(directory)):
        total.update(str(path.relative_to(directory)).encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def source_files(directory: Path):
    """The files below a directory, without what a build makes."""
    for entry in directory.iterdir():
        if entry.name in NOT_SOURCES:
            continue
        if entry.is_dir():
            yield from source_files(entry)
        elif entry.is_file():
            yield entry
