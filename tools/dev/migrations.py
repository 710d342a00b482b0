"""The migrations: how they are named, and that they can be taken back."""

import os
import re
import subprocess
from pathlib import Path

from dev import paths, process
from dev.postgresql import BINARIES, PostgreSQL
from dev.service import executable

DIRECTORY = paths.ROOT / "migrations"
NAME = re.compile(r"\d{4}-\d{2}-\d{2}-\d{6}_[a-z]+(_[a-z0-9]+)+")
VERBS = {
    "add", "alter", "backfill", "change", "create", "drop", "enforce", "index", "merge", "move", "remove", "rename",
    "replace", "reset", "split",
}  # fmt: skip


def all_migrations() -> list[Path]:
    """The migrations in the order in which they run."""
    return sorted(entry for entry in DIRECTORY.iterdir() if entry.is_dir())


def name_problems() -> list[str]:
    """What is wrong with names and files."""
    problems = []
    for migration in all_migrations():
        name = migration.name
        if not NAME.fullmatch(name):
            problems.append(f"migrations/{name}: is not <date>-<time>_<verb>_<noun>")
        elif name.split("_")[1] not in VERBS:
            problems.append(f"migrations/{name}: begins with none of the verbs {', '.join(sorted(VERBS))}")
        for script in ("up.sql", "down.sql"):
            if not (migration / script).is_file():
                problems.append(f"migrations/{name}: has no {script}")
    return problems


def reversal_problems(database: PostgreSQL) -> list[str]:
    """Run each migration up, down and up again; the first whose dumps before and after are not equal."""
    for migration in all_migrations():
        before = dump(database)
        apply(database, migration / "up.sql")
        after = dump(database)
        apply(database, migration / "down.sql")
        if dump(database) != before:
            # What follows would only trip over what is left.
            return [f"migrations/{migration.name}: down.sql does not take back what up.sql did"]
        apply(database, migration / "up.sql")
        if dump(database) != after:
            return [f"migrations/{migration.name}: up.sql gives another schema the second time"]
    return []


def apply(database: PostgreSQL, script: Path) -> None:
    """Run a script; in a transaction, unless it says like diesel that it cannot be."""
    options = script.parent / "metadata.toml"
    alone = options.exists() and "run_in_transaction = false" in options.read_text(encoding="utf-8")
    argv = [executable("psql", BINARIES), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script)]
    argv += [] if alone else ["--single-transaction"]
    run(database, argv, f"migrations/{script.parent.name}/{script.name}")


def dump(database: PostgreSQL) -> str:
    """The schema and the data, without what differs from dump to dump."""
    text = run(database, [executable("pg_dump", BINARIES), "--no-owner"], "pg_dump")
    lines = [line for line in text.splitlines() if not line.startswith(("--", "\\restrict", "\\unrestrict"))]
    return "\n".join(line for line in lines if line)


def run(database: PostgreSQL, argv: list[str], name: str) -> str:
    """Run one of PostgreSQL's programs on the database."""
    connection = {"PGHOST": "127.0.0.1", "PGPORT": str(database.port), "PGUSER": "narrows", "PGDATABASE": "narrows"}
    environment = {**os.environ, **connection, "PGPASSWORD": database.settings.password}
    done = subprocess.run(argv, capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        raise process.ProcessFailed(f"{name}: {done.stderr.strip()}")
    return done.stdout
