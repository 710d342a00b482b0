"""`tools/conformance`: replay recordings against a fresh server and print every difference."""

import argparse
import collections
import re
import shutil
import sys
import tempfile
from pathlib import Path

from dev import build, paths, process, progress
from dev.conformance import deviations, recordings, replay, schema, seed, world
from dev.conformance.host import Host

EXPLANATION = """DIR is laid out like this: register/*.json, get/*.json and events/*.json with a request and what came of it, errors.json and
markdown.json. The world in which they were recorded is set up on a server of its own, with services of its own."""


def main() -> int:
    options = arguments()
    if not options.built:
        with progress.step("cargo build"):
            paths.LOG.mkdir(parents=True, exist_ok=True)
            build.binary(False)
    known = world.of(options.folder)
    if options.write_world:
        world.KNOWN.write_text(known.as_json(), encoding="utf-8")
        return 0
    directory = Path(tempfile.mkdtemp(prefix="conformance-", dir=make(paths.VAR)))
    host = Host(directory, known.realm.get("realm_url", known.realm.get("realm_uri", "http://localhost:9991")).split("://")[1])
    try:
        return compare(host, known, options)
    finally:
        host.stop_all()
        if options.keep:
            progress.say(f"logs: {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="tools/conformance", description=__doc__.split(": ", 1)[1], epilog=EXPLANATION)
    parser.add_argument("folder", metavar="DIR", type=Path, help="the recordings")
    parser.add_argument("kind", nargs="*", metavar="KIND", help=f"{', '.join(recordings.KINDS)}; all when none is named")
    parser.add_argument("--only", metavar="TEXT", action="append", help="only cases whose name has this in it")
    parser.add_argument("--summary", action="store_true", help="count differences by place rather than print each")
    parser.add_argument("--built", action="store_true", help="take the binary as it is")
    parser.add_argument("--keep", action="store_true", help="leave logs behind")
    parser.add_argument("--write-world", action="store_true", help="remember the world of this folder as the one that is used where a folder shows none")
    options = parser.parse_intermixed_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a directory")
    unknown = set(options.kind) - set(recordings.KINDS)
    if unknown:
        parser.error(f"no kind is named {', '.join(sorted(unknown))}")
    return options


def make(directory: Path) -> Path:
    """The directory, which exists afterwards."""
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def compare(host: Host, known: world.World, options: argparse.Namespace) -> int:
    """Replay kind by kind; 0 when everything matches."""
    host.schema = schema.Schema(options.folder.resolve().parent)
    with progress.step("world"):
        refused = seed.build(host, known)
    tell_refused(refused)
    kinds = [kind for kind in recordings.KINDS if not options.kind or kind in options.kind]
    wanted, failed = deviations.load(), 0
    lines = []
    for kind in kinds:
        host.go_back()
        results, problems = replayed(host, known, kind, options)
        tell_refused(problems)
        differing = tell(results, wanted, options)
        failed += differing
        lines.append(f"{kind}: matched {len(results) - differing} of {len(results)}")
    failed += tell_misfits(host.schema, wanted)
    progress.say("")
    for line in lines:
        progress.say(line)
    if host.schema.missing:
        progress.say(f"schema: not checked: {host.schema.missing}")
    else:
        progress.say(f"schema: {host.schema.seen} answers and events seen")
    return 1 if failed else 0


def replayed(host: Host, known: world.World, kind: str, options: argparse.Namespace):
    """The results of a kind, and what could not be prepared for it."""
    if kind == "markdown":
        return [one for one in replay.markdown(host, known, options.folder) if is_wanted(one.case, options)], []
    cases = [case for case in recordings.load(options.folder, kind) if is_wanted(case.name, options)]
    run = replay.Replay(host, known, cases)
    return list(run.run()), run.stage.problems


def is_wanted(name: str, options: argparse.Namespace) -> bool:
    """True unless --only says otherwise."""
    return not options.only or any(part in name for part in options.only)


def tell_refused(refused: list[str]) -> None:
    """What could not be set up, once each."""
    for line, count in collections.Counter(refused).items():
        progress.say(f"not prepared{f' ({count} times)' if count > 1 else ''}: {line}")


def tell(results: list[replay.Result], wanted: list[deviations.Deviation], options: argparse.Namespace) -> int:
    """Print what differs; how many cases do."""
    differing, places = 0, collections.Counter()
    for result in results:
        left = [one for one in result.differences if not any(deviation.covers(result.case, one, result.request) for deviation in wanted)]
        if not left:
            continue
        differing += 1
        if options.summary:
            places.update({(result.case.split("/")[0], re.sub(r"\[[^]]*\]", "[*]", one.path)) for one in left})
            continue
        progress.say(f"\n{result.case}")
        for difference in left:
            progress.say(f"  {difference}")
    for (kind, place), count in places.most_common():
        progress.say(f"{count:5} {kind}: {place}")
    return differing


def tell_misfits(seen: schema.Schema, wanted: list[deviations.Deviation]) -> int:
    """Print what does not fit the descriptions of the API, each kind once; how many kinds."""
    kinds = 0
    for misfit, count in seen.misfits.values():
        if any(deviation.covers("schema", misfit) for deviation in wanted if deviation.cases == "schema"):
            continue
        kinds += 1
        progress.say(f"schema: {misfit}{f' ({count} times)' if count > 1 else ''}")
    return kinds


if __name__ == "__main__":
    try:
        sys.exit(main())
    except process.ProcessFailed as failed:
        progress.report(failed)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
