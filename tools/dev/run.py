"""`tools/run`: from a clean clone to a running Narrows with a demo realm."""

import argparse
import concurrent.futures
import os
import signal
import sys
import time
from pathlib import Path

from dev import build, environment, paths, ports, process, progress
from dev.instance import Instance
from dev.supervisor import Supervisor

RUNNER = "supervisor"


def main() -> int:
    options = arguments()
    instance = Instance(options.dir)
    instance.make()
    if options.stop:
        return stop(instance)
    if instance.pid_file(RUNNER).pid() is not None:
        print("Narrows runs already from this directory; stop it with tools/run --stop", file=sys.stderr)
        return 1
    started = time.monotonic()
    port = choose_port(instance, options.port)
    try:
        prepare(instance, port, options)
    except BaseException:
        instance.services.stop()
        raise
    supervisor = Supervisor(paths.narrows(options.release), port, instance)
    serve = serve_in_background if options.background else serve_here
    return serve(supervisor, started)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="tools/run", description="Build and run Narrows with a demo realm.")
    parser.add_argument("--background", action="store_true", help="return once everything answers")
    parser.add_argument("--release", action="store_true", help="run the optimised build")
    parser.add_argument("--stop", action="store_true", help="stop what --background started")
    parser.add_argument("--port", type=int, metavar="N", help=f"port of the app server (else {environment.DEFAULT_PORT})")
    parser.add_argument("--dir", type=Path, default=paths.VAR, help="where data, logs and dev.json go (else var/)")
    parser.add_argument("--built", action="store_true", help="take the binary and the web client as they are")
    parser.add_argument("--ephemeral", action="store_true", help="do not flush data to disk: for tests")
    return parser.parse_args()


def prepare(instance: Instance, port: int, options: argparse.Namespace) -> None:
    """Everything that has to be there before the processes start."""
    with concurrent.futures.ThreadPoolExecutor(max_workers=1) as pool:
        pending = pool.submit(instance.services.start, ephemeral=options.ephemeral)
        if not options.built:
            with progress.step("web client"):
                build.web_client()
            with progress.step("cargo build"):
                build.binary(options.release)
        with progress.step("services"):
            pending.result()
    configuration = environment.for_command(instance, port)
    binary = str(paths.narrows(options.release))
    with progress.step("migrate"):
        log = instance.log / "migrate.log"
        progress.run_logged("migrate", [binary, "migrate"], log, env=configuration, cwd=paths.ROOT)
    if not instance.demo_file.exists():
        with progress.step("demo data"):
            fill_demo(instance, binary, configuration)


def fill_demo(instance: Instance, binary: str, configuration: dict[str, str]) -> None:
    """Make the demo realms; the file appears only when all of it is there."""
    draft = instance.demo_file.with_suffix(".part")
    argv = [binary, "demo", "fill", "--out", str(draft)]
    progress.run_logged("demo data", argv, instance.log / "demo.log", env=configuration, cwd=paths.ROOT)
    draft.chmod(0o600)
    draft.rename(instance.demo_file)


def choose_port(instance: Instance, wanted: int | None) -> int:
    """The port asked for, that of last time, or the first free one."""
    file = instance.port_file
    if wanted is None and file.exists():
        wanted = int(file.read_text(encoding="utf-8"))
        wanted = wanted if block_is_free(wanted) else None
    elif wanted is not None and not ports.is_free(wanted):
        raise process.ProcessFailed(f"port {wanted} is taken")
    port = wanted or ports.first_free(environment.DEFAULT_PORT, environment.PORT_COUNT)
    process.write_atomically(file, f"{port}\n")
    return port


def block_is_free(port: int) -> bool:
    """True when the app server's port and those beside it are free."""
    return all(ports.is_free(port + offset) for offset in range(environment.PORT_COUNT))


def serve_here(supervisor: Supervisor, started: float) -> int:
    """Run until Ctrl-C."""
    launch(supervisor)
    show(supervisor, started)
    progress.say("Ctrl-C stops all of it.")
    supervisor.watch()
    finish(supervisor)
    return 0


def serve_in_background(supervisor: Supervisor, started: float) -> int:
    """Leave a daemon that supervises, and return once everything answers."""
    sys.stdout.flush()
    read_end, write_end = os.pipe()
    if os.fork() == 0:
        os.close(read_end)
        os.setsid()
        if os.fork():
            os._exit(0)
        daemon(supervisor, write_end)
    os.close(write_end)
    os.wait()
    with os.fdopen(read_end, "rb") as pipe:
        answer = pipe.read()
    if answer != b"ready":
        log = Path(answer.decode() or supervisor.instance.log / "run.log")
        raise process.ProcessFailed("the processes did not start", log)
    show(supervisor, started)
    progress.say("tools/run --stop stops all of it.")
    return 0


def daemon(supervisor: Supervisor, write_end: int) -> None:
    """The supervising process of the background mode; never returns."""
    status = 1
    try:
        with (supervisor.instance.log / "run.log").open("ab") as log, open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        try:
            launch(supervisor)
        except process.ProcessFailed as failure:
            progress.report(failure)
            os.write(write_end, str(failure.log or "").encode())
            raise
        os.write(write_end, b"ready")
        os.close(write_end)
        supervisor.watch()
        finish(supervisor)
        status = 0
    finally:
        os._exit(status)


def launch(supervisor: Supervisor) -> None:
    """Become the supervisor and start the processes; if one does not come up, leave nothing behind."""

    def end(*_):
        supervisor.stopping = True

    supervisor.instance.pid_file(RUNNER).write(os.getpid())
    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    try:
        with progress.step("processes"):
            supervisor.start()
    except BaseException:
        finish(supervisor)
        raise


def finish(supervisor: Supervisor) -> None:
    """Stop everything and forget the supervisor."""
    progress.say("\nstopping")
    supervisor.stop()
    supervisor.instance.pid_file(RUNNER).forget()


def stop(instance: Instance) -> int:
    """`--stop`: end the supervisor, which ends the rest; clean up behind one that was killed."""
    process.stop(instance.pid_file(RUNNER), patience=60)
    Supervisor(paths.narrows(), 0, instance).stop()
    return 0


def show(supervisor: Supervisor, started: float) -> None:
    """Print where Narrows is and who can log in."""
    instance = supervisor.instance
    realms = instance.demo_realms(supervisor.port)
    for realm in realms:
        progress.say(f"\n{realm['name']}: {realm['url']}")
        rows = [(user["email"], user["role"], user["password"], user["api_key"]) for user in realm["users"]]
        header = ("log-in", "role", "password", "API key")
        widths = [max(len(str(row[column])) for row in [header, *rows]) for column in range(3)]
        for row in [header, *rows]:
            cells = [str(cell).ljust(width) for cell, width in zip(row[:3], widths)]
            progress.say(f"  {'  '.join(cells)}  {row[3]}")
    progress.say(f"\nNarrows is up at {supervisor.url} after {time.monotonic() - started:.1f} s")
    logs, scripts = instance.shown(instance.log), instance.shown(instance.dev_file)
    progress.say(f"mail: {supervisor.url}/emails   logs: {logs}/   for scripts: {scripts}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except process.ProcessFailed as failed:
        progress.report(failed)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
