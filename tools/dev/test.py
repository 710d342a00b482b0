"""`tools/test`: every suite, one summary."""

import argparse
import dataclasses
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from dev import build, environment, paths, ports, process, progress, results
from dev.instance import Instance
from dev.s3 import S3
from dev.services import Services

SERVICES = Services(paths.VAR / "test" / "rust")
# Holds the files of the suite that asks for it.
STORAGE = S3(paths.VAR / "test" / "s3")
# The Narrows with demo data that browsers and clients talk to.
DEMO = Instance(paths.VAR / "test" / "demo")
# Recordings of another server of this API; only some have them.
RECORDINGS = paths.ROOT.parent / "shared" / "reference" / "recordings"


@dataclasses.dataclass
class Suite:
    """One runner: what it needs built, how it is called, how its output is counted."""

    name: str
    argv: list[str]
    count: Callable[[str], results.Count]
    directory: Path = paths.ROOT
    needs_services: bool = False
    needs_demo: bool = False
    needs_storage: bool = False
    # Runs only when it is named.
    optional: bool = False


def suites() -> dict[str, Suite]:
    """All suites, in the order in which they run."""
    if shutil.which("cargo-nextest"):
        rust = ["cargo", "nextest", "run", "--workspace", "--locked", "--no-fail-fast"]
        rust_count = results.nextest
        storage = ["cargo", "nextest", "run", "--workspace", "--locked", "--run-ignored", "only", "-E", "test(/s3_/)"]
    else:
        rust = ["cargo", "test", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]
        rust_count = results.cargo_test
        storage = ["cargo", "test", "--workspace", "--locked", "--test", "it", "--", "--ignored", "s3_"]
    every = [
        Suite("web", ["npm", "test"], results.vitest, paths.STATIC),
        Suite("rust", rust, rust_count, needs_services=True),
        Suite("storage", storage, rust_count, needs_services=True, needs_storage=True),
        Suite("browser", ["npm", "run", "test:browser"], results.node_test, paths.STATIC, needs_demo=True),
        Suite("clients", ["tools/clients/run", "python", "js"], results.own, needs_demo=True),
        # How far it comes depends on the machine: nothing that a landing waits for.
        Suite("schemathesis", ["tools/clients/run", "schemathesis"], results.own, needs_demo=True, optional=True),
        Suite("recordings", ["tools/conformance", str(RECORDINGS), "--built"], results.recordings, optional=True),
    ]
    return {suite.name: suite for suite in every}


def main() -> int:
    every = suites()
    parser = argparse.ArgumentParser(prog="tools/test", description="Run tests against private services.")
    parser.add_argument("suite", nargs="*", metavar="SUITE", help=f"{', '.join(every)}; without a name all but the last two")
    options = parser.parse_args()
    unknown = set(options.suite) - set(every)
    if unknown:
        parser.error(f"no suite is named {', '.join(sorted(unknown))}")
    chosen = [suite for suite in every.values() if suite.name in options.suite or not (options.suite or suite.optional)]
    if not RECORDINGS.is_dir() and "recordings" in options.suite:
        progress.say(f"no recordings in {RECORDINGS}: skipped")
        chosen = [suite for suite in chosen if suite.name != "recordings"]
    paths.LOG.mkdir(parents=True, exist_ok=True)
    build_all(chosen)
    try:
        outcomes = {suite.name: run(suite) for suite in chosen}
    finally:
        SERVICES.stop()
        STORAGE.stop()
        stop_demo()
    return summarise(outcomes)


def build_all(chosen: list[Suite]) -> None:
    """Build what the suites need, and clear away the last run."""
    with progress.step("web client"):
        build.web_client()
    if any(suite.needs_services or suite.needs_demo or suite.optional for suite in chosen):
        with progress.step("cargo build"):
            # Binaries and tests in one go: two calls would build shared dependencies with different features.
            argv = ["cargo", "build", "--workspace", "--locked", "--bins", "--tests"]
            progress.run_logged("cargo build", argv, paths.LOG / "cargo-build.log", cwd=paths.ROOT)
    SERVICES.stop()
    stop_demo()
    shutil.rmtree(paths.VAR / "test", ignore_errors=True)


def prepare(suite: Suite) -> None:
    """Start what the suite talks to, unless one before it has."""
    if suite.needs_services:
        SERVICES.start(ephemeral=True)
    if suite.needs_storage:
        STORAGE.start()
    if suite.needs_demo and not DEMO.dev_file.exists():
        port = ports.free_block(environment.PORT_COUNT)
        demo(["--background", "--ephemeral", "--built", "--port", str(port)], check=True)


def stop_demo() -> None:
    """Stop the Narrows with demo data, if it runs."""
    if DEMO.directory.exists():
        demo(["--stop"], check=False)


def demo(arguments: list[str], check: bool) -> None:
    """`tools/run` for the demo instance."""
    argv = ["tools/run", "--dir", str(DEMO.directory), *arguments]
    progress.run_logged("demo realm", argv, paths.LOG / "test-demo.log", check, cwd=paths.ROOT)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of a suite."""

    count: results.Count
    failed_tests: list[str]


def run(suite: Suite) -> Outcome:
    """Run one suite and count."""
    log = paths.LOG / f"test-{suite.name}.log"
    variables = environment.for_tests()
    variables |= {"NARROWS_BINARY": str(paths.narrows()), "NO_COLOR": "1", "CARGO_TERM_COLOR": "never"}
    variables.pop("FORCE_COLOR", None)
    variables["NARROWS_DEV_JSON"] = str(DEMO.dev_file)
    started = time.monotonic()
    try:
        prepare(suite)
        variables |= SERVICES.environment()
        variables |= dict([STORAGE.url()]) if suite.needs_storage else {}
        status = progress.run_logged(
            f"{suite.name} tests", suite.argv, log, check=False, cwd=suite.directory, env=variables
        )
    except (OSError, process.ProcessFailed) as problem:
        log.write_text(f"{suite.name} tests did not start: {problem}\n", encoding="utf-8")
        status = 127
        if isinstance(problem, process.ProcessFailed):
            progress.report(problem)
    output = results.plain(log.read_text(encoding="utf-8", errors="replace"))
    count = suite.count(output).judged(status)
    progress.say(f"  {suite.name + ' tests':<28} {time.monotonic() - started:6.1f} s  {count}")
    if count.failed:
        progress.report(process.ProcessFailed(f"{suite.name} tests", log), lines=120)
    return Outcome(count, results.failed_tests(output) if count.failed else [])


def summarise(outcomes: dict[str, Outcome]) -> int:
    """The one summary; the last line is the sum."""
    progress.say("")
    for name, outcome in outcomes.items():
        progress.say(f"{name:<10} {outcome.count}")
        for test in outcome.failed_tests:
            progress.say(f"  failed: {test}")
    counts = {name: outcome.count for name, outcome in outcomes.items()}
    total = results.Count(sum(one.passed for one in counts.values()), sum(one.failed for one in counts.values()))
    progress.say(str(total))
    return 1 if total.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except process.ProcessFailed as failed:
        progress.report(failed)
        print("0 passed, 1 failed")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
