"""`tools/bench`: measure the optimised build, and write the figures into docs/performance.md."""

import argparse
import contextlib
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from dev import build, environment, figures, paths, ports, process, progress
from dev.instance import Instance
from dev.supervisor import is_healthy

DOCUMENT = paths.ROOT / "docs" / "performance.md"
# Nobody is limited, as nobody was where the figures of Zulip come from.
SETTINGS = "[limits]\napi_by_user = { calls = 0, seconds = 60 }\napi_by_address = { calls = 0, seconds = 60 }\n"
# How long a connection of PostgreSQL may keep what it counted to itself.
STATISTICS_DELAY = 11
# Realms beside the large one, as the budgets name them: users, all in 44 streams, and messages.
REALMS = {"small": "--users 1000 --streams 42 --messages 10000", "middle": "--users 5000 --streams 41 --messages 10000"}
# Few people with a long history, the newest of which they have not read. It is made when the rest is measured: PostgreSQL
# has to tidy up after a million new rows.
OLD = "--users 10 --streams 43 --messages 1000000 --topics 20000 --unread 50000"


def at_most(name: str, value: float, unit: str = "ms") -> figures.Budget:
    return figures.Budget(name, value, unit)


def at_least(name: str, value: float, unit: str = "/s") -> figures.Budget:
    return figures.Budget(name, value, unit, at_least=True)


def main() -> int:
    options = arguments()
    load_before = os.getloadavg()[0]
    bench = Bench(Instance(paths.VAR / "bench"), options)
    if not options.built:
        with progress.step("web client"):
            build.web_client()
        with progress.step("cargo build"):
            build.binary(release=True)
    try:
        bench.prepare()
        table = bench.measure()
    finally:
        bench.stop()
    if not options.no_criterion:
        table += criterion()
    figures.write(DOCUMENT, table, options.runs, load_before)
    print(figures.as_markdown(table))
    print(f"written to {DOCUMENT.relative_to(paths.ROOT)}")
    return 1 if any(row.failed or row.missed() for row in table) else 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="tools/bench",
        description="Measure `narrows serve` (release) over fresh services; write docs/performance.md.",
    )
    parser.add_argument("--users", type=int, default=10_000, metavar="N", help="users of the realm (else 10000)")
    parser.add_argument("--messages", type=int, default=100_000, metavar="N", help="its history (else 100000)")
    parser.add_argument("--queues", type=int, default=10_000, metavar="N", help="idle queues (else 10000)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each load (else 3)")
    parser.add_argument("--built", action="store_true", help="take the release build as it is")
    parser.add_argument("--no-criterion", action="store_true", help="leave out cargo bench")
    return parser.parse_args()


class Bench:
    """A Narrows to measure, with durable services of its own."""

    def __init__(self, instance: Instance, options: argparse.Namespace):
        self.instance = instance
        self.options = options
        self.binary = paths.narrows(release=True)
        self.port = 0
        self.started: list[process.PidFile] = []

    @property
    def site(self) -> str:
        return f"http://localhost:{self.port}"

    def variables(self) -> dict[str, str]:
        """The configuration of every command, as of an installation on one machine; the large realm is at the bare host."""
        known = environment.for_command(self.instance, self.port)
        local = self.instance.services.local_environment()
        return {**known, **local, "NARROWS_ROOT_SUBDOMAIN": "load", "RUST_LOG": "warn"}

    def prepare(self) -> None:
        """Fresh services with a large realm and smaller ones."""
        self.stop()
        shutil.rmtree(self.instance.directory, ignore_errors=True)
        self.instance.make()
        self.settings.write_text(SETTINGS, encoding="utf-8")
        with progress.step("services"):
            self.instance.services.start()
        self.port = ports.free_block(environment.PORT_COUNT)
        with progress.step("migrate"):
            self.command("migrate", "migrate")
        sizes = f"--users {self.options.users} --messages {self.options.messages}"
        with progress.step("large realm"):
            self.command("prepare", f"loadtest prepare --subdomain load {sizes} --out {self.creds('load')}")
        for realm, sizes in REALMS.items():
            self.prepare_realm(realm, sizes)

    def prepare_realm(self, realm: str, sizes: str) -> None:
        """A realm at a subdomain."""
        with progress.step(f"{realm} realm"):
            words = f"loadtest prepare --subdomain {realm} {sizes} --out {self.creds(realm)}"
            self.command(f"prepare-{realm}", words)

    @property
    def settings(self) -> Path:
        return self.instance.directory / "narrows.toml"

    def creds(self, realm: str) -> Path:
        return self.instance.directory / f"{realm}.json"

    def command(self, name: str, words: str) -> None:
        log = self.instance.log / f"{name}.log"
        argv = [str(self.binary), *words.split(" ")]
        progress.run_logged(name, argv, log, env=self.variables(), cwd=paths.ROOT)

    def start(self, name: str, port: int | None) -> int:
        """Start a process and wait until it answers; its pid."""
        log, pid_file = self.instance.log / f"{name}.log", self.instance.pid_file(name)
        argv = [str(self.binary), "--config", str(self.settings), name]
        child = process.spawn(argv, log, pid_file, env=self.variables(), cwd=paths.ROOT)
        self.started.append(pid_file)
        if port is not None:
            process.wait_until(lambda: is_healthy(port), child, name, log)
        return child.pid

    def stop_processes(self) -> None:
        for pid_file in self.started:
            process.stop(pid_file)
        self.started.clear()

    def stop(self) -> None:
        """Stop everything, also what an interrupted run left."""
        self.stop_processes()
        for name in ("server", "push", "worker", "serve"):
            process.stop(self.instance.pid_file(name))
        self.instance.services.stop()

    def measure(self) -> list[figures.Row]:
        """Every figure."""
        table = self.idle_memory()
        pid = self.start("serve", self.port)
        try:
            table += self.sends() + self.deliveries() + self.reads() + self.history()
            table.append(figures.Row("memory of `narrows serve` after these loads", f"{pss(pid) / 1024:.1f} MB (PSS)"))
        finally:
            self.stop_processes()
        return table + self.idle_queues()

    def idle_memory(self) -> list[figures.Row]:
        """Memory of each process, a while after its start, and of all in one."""
        rows = []
        parts = {"server": self.port, "push": self.port + environment.PUSH, "worker": None}
        for group in (parts, {"serve": self.port}):
            with progress.step(f"memory of {', '.join(group)}"):
                pids = {name: self.start(name, port) for name, port in group.items()}
                time.sleep(5)
                sizes = {name: pss(pid) / 1024 for name, pid in pids.items()}
                self.stop_processes()
            for name, size in sizes.items():
                rows.append(figures.Row(f"idle memory of `narrows {name}`", f"{size:.1f} MB (PSS)"))
            if len(group) > 1:
                total = sum(sizes.values())
                held = ((at_most("total", 80, "MB"), total),)
                rows.append(figures.Row("idle memory of the three processes", f"{total:.1f} MB (PSS)", budgets=held))
        return rows

    def load(self, words: str, realm: str = "load", runs: int | None = None) -> figures.Load:
        """Run a load; what it printed, and the command."""
        site = self.site if realm == "load" else f"http://{realm}.localhost:{self.port}"
        argv = [str(self.binary), "loadtest", *words.split(" "), "--site", site, "--creds", str(self.creds(realm))]
        runs_option = [] if words.startswith("idle-queues") else ["--runs", str(runs or self.options.runs)]
        with progress.step(words):
            done = subprocess.run([*argv, *runs_option, "--json"], capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        shown = f"narrows loadtest {words}" + ("" if realm == "load" else f" (realm {realm})")
        return figures.Load(shown, lines[-1] if lines else {}, done.stderr.strip() if done.returncode else None)

    def sizes(self) -> list[int]:
        return [size for size in (10, 1_000, 5_000, 10_000) if size <= self.options.users]

    def sends(self) -> list[figures.Row]:
        """Rows and time of sends, by audience, alone and with eight senders."""
        rows = []
        for size in self.sizes():
            alone = self.load(f"send --stream load-{size} --count 500")
            text = "p50 {p50_ms} ms, p99 {p99_ms} ms"
            rows.append(alone.row(f"send to {size:,} subscribers, 1 sender", text, at_most("p50_ms", 1.5)))
            eight = self.load(f"send --stream load-{size} --connections 8 --count 5000")
            text = "{per_s} /s, p50 {p50_ms} ms, p99 {p99_ms} ms"
            rows.append(eight.row(f"send to {size:,} subscribers, 8 senders", text, at_least("per_s", 3_500)))
            time.sleep(STATISTICS_DELAY)
            before = self.rows_written()
            counted = self.load(f"send --stream load-{size} --count 200 --no-warm-up", runs=1)
            time.sleep(STATISTICS_DELAY)
            written = (self.rows_written() - before) / max(counted.values.get("n", 0), 1)
            what = f"rows inserted, updated and deleted for a send to {size:,} subscribers"
            rows.append(figures.Row(what, f"{written:.2f}", counted.command, counted.error))
        return rows

    def rows_written(self) -> int:
        """What PostgreSQL counted since its start."""
        sql = "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables"
        url = self.instance.services.environment()["NARROWS_DATABASE_URL"]
        done = subprocess.run(["psql", url, "-Atqc", sql], capture_output=True, text=True, check=True)
        return int(done.stdout)

    def deliveries(self) -> list[figures.Row]:
        rows = []
        largest = self.sizes()[-1]
        budgets = {50: [at_most("last_p50_ms", 8)], 500: [at_most("last_p50_ms", 25), at_most("last_p99_ms", 50)]}
        for clients, held in budgets.items():
            for how in ("", " --websocket"):
                if clients > self.options.users:
                    continue
                load = self.load(f"delivery --stream load-{largest} --clients {clients}{how}")
                what = f"send → last of {clients} {'websockets' if how else 'long polls'}"
                rows.append(load.row(what, "p50 {last_p50_ms} ms, p99 {last_p99_ms} ms", *held))
        return rows

    def reads(self) -> list[figures.Row]:
        stream = f"load-{self.sizes()[-1]}"
        words = "search --words release,deadlock,backup --count 100"
        one = self.load(f"history --stream {stream} --count 500")
        eight = self.load(f"history --stream {stream} --connections 8 --count 5000")
        small, middle = self.load("register --count 50", "small"), self.load("register --count 50", "middle")
        full, large = self.load("register --full --count 50", "small"), self.load("register --count 50")
        search, search_more = self.load(words, "small"), self.load(words)
        times = "p50 {p50_ms} ms, p99 {p99_ms} ms"
        sized = times + ", {body_bytes} bytes"
        p50 = "p50_ms"
        return [
            one.row("GET /messages, 100 messages, 1 connection", times, at_most(p50, 1.5)),
            eight.row("GET /messages, 100 messages, 8 connections", "{per_s} /s, " + times, at_least("per_s", 3_000)),
            small.row("POST /register, 1,000 users, 44 streams", sized, at_most(p50, 8)),
            middle.row("POST /register, 5,000 users, 44 streams", sized, at_most(p50, 15)),
            full.row("POST /register, 1,000 users, 44 streams, with subscribers", sized),
            large.row(f"POST /register, {self.options.users:,} users, 54 streams", sized),
            search.row("`search` in 10,000 messages", times + ", {mean_hits} hits", at_most(p50, 3)),
            search_more.row(f"`search` in {self.options.messages:,} messages", times + ", {mean_hits} hits", at_most(p50, 3)),
        ]

    def history(self) -> list[figures.Row]:
        """What a long history costs; at last it is read."""
        self.prepare_realm("old", OLD)
        topics = self.load("topics --stream load-10 --count 100", "old")
        register = self.load("register --count 50", "old")
        read = self.load("mark-read --count 9", "old", runs=1)
        times, p50 = "p50 {p50_ms} ms, p99 {p99_ms} ms", "p50_ms"
        sized = times + ", {body_bytes} bytes"
        return [
            topics.row("topics of a stream with 20,000 of them and 1,000,000 messages", sized, at_most(p50, 20)),
            register.row("POST /register with 50,000 unread messages", sized, at_most(p50, 100)),
            read.row("mark 50,000 messages as read", times, at_most(p50, 200)),
        ]

    def idle_queues(self) -> list[figures.Row]:
        """What push, a process of its own, grows by."""
        with progress.step("push and server"):
            self.start("server", self.port)
            pid = self.start("push", self.port + environment.PUSH)
        try:
            load = self.load(f"idle-queues --queues {self.options.queues} --hold 10 --pid {pid}")
        finally:
            self.stop_processes()
        budget = at_most("bytes_per_queue", 10_240, "bytes")
        row = load.row(f"memory of an idle queue, with {self.options.queues:,} of them", "{bytes_per_queue} bytes", budget)
        return [dataclasses.replace(row, command=load.command.replace(str(pid), "$(pidof narrows push)"))]


def pss(pid: int) -> float:
    """Proportional set size of a process, in KB."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8")
    return float(re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE).group(1))


def criterion() -> list[figures.Row]:
    """The figures of `cargo bench`, which criterion leaves in files."""
    log = paths.LOG / "cargo-bench.log"
    directory = paths.TARGET / "criterion"
    began = time.time()
    with progress.step("cargo bench"):
        argv = ["cargo", "bench", "--locked", "--workspace", "--benches"]
        progress.run_logged("cargo bench", argv, log, check=False, cwd=paths.ROOT)
    rows = []
    for file in sorted(directory.glob("**/new/estimates.json")):
        with contextlib.suppress(KeyError, ValueError):
            if file.stat().st_mtime < began:
                continue
            nanoseconds = json.loads(file.read_text(encoding="utf-8"))["median"]["point_estimate"]
            name = str(file.parents[1].relative_to(directory))
            rows.append(figures.Row(f"`{name}` (criterion)", f"{nanoseconds / 1000:.2f} µs", "cargo bench"))
    return rows


if __name__ == "__main__":
    try:
        sys.exit(main())
    except process.ProcessFailed as failed:
        progress.report(failed)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
