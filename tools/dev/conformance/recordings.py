"""Reading a folder of recordings; its README.md describes the layout."""

import dataclasses
import json
from pathlib import Path

KINDS = ("register", "get", "events", "errors", "markdown")
# Kinds of which every case is a file of its own.
FOLDERS = ("register", "get", "events")


@dataclasses.dataclass
class Request:
    """What was asked, and by whom."""

    user: str | None
    method: str
    path: str
    params: dict
    raw_body: str | None = None
    headers: dict | None = None
    files: list | None = None
    # False where the key of somebody else was sent along.
    own_key: bool = True
    # Of whoever asks, where the recording has it.
    user_id: int | None = None

    @staticmethod
    def of(raw: dict) -> "Request":
        path = raw["path"]
        return Request(
            user=raw.get("user"),
            method=raw["method"],
            path=path if path.startswith(("/api/", "/json/")) else f"/api/v1{path}",
            params=raw.get("params") or {},
            raw_body=raw.get("raw_body"),
            headers=raw.get("headers"),
            files=raw.get("files"),
            user_id=raw.get("user_id"),
        )

    @property
    def resource(self) -> str:
        """The path below the prefix, without the query."""
        return self.path.removeprefix("/api/v1").removeprefix("/json").split("?")[0]


@dataclasses.dataclass
class Case:
    """One recorded exchange."""

    kind: str
    name: str
    request: Request
    status: int
    response: object
    headers: dict = dataclasses.field(default_factory=dict)
    # Who listened, and what they received: label → queue, label → events.
    queues: dict = dataclasses.field(default_factory=dict)
    events: dict = dataclasses.field(default_factory=dict)

    @property
    def answer(self) -> dict:
        """The response, if it is an object."""
        return self.response if isinstance(self.response, dict) else {}

    def received(self):
        """(listener, event) of everything that was received."""
        for label, events in self.events.items():
            for event in events:
                yield self.queues[label]["user"], event


def load(folder: Path, kind: str) -> list[Case]:
    """The cases of a kind, in the order in which they were recorded as far as that is known."""
    if kind == "errors":
        return errors(folder / "errors.json")
    cases = []
    for file in sorted((folder / kind).glob("*.json")):
        raw = read(file)
        if isinstance(raw, dict) and "request" in raw:
            cases.append(of_file(kind, file.stem, raw))
    return chronological(cases) if kind == "events" else cases


def of_file(kind: str, name: str, raw: dict) -> Case:
    """The case of a file."""
    case = Case(kind, name, Request.of(raw["request"]), raw["status"], raw.get("response"), raw.get("response_headers") or {})
    case.queues, case.events = raw.get("queues") or {}, raw.get("events") or {}
    return case


def errors(file: Path) -> list[Case]:
    """The cases of `errors.json`."""
    cases = []
    for raw in read(file) if file.exists() else []:
        case = Case("errors", raw["name"], Request.of(raw["request"]), raw["status"], raw.get("response"))
        case.headers = raw.get("response_headers") or {}
        # The recorder noted the role of those that came with their own key.
        case.request.own_key = raw["request"].get("role") is not None
        cases.append(case)
    return cases


def markdown(folder: Path) -> list[tuple[str, dict]]:
    """The texts of `markdown.json`, by name."""
    file = folder / "markdown.json"
    groups = read(file) if file.exists() else {}
    if isinstance(groups, list):
        groups = {"": groups}
    return [(f"{group}/{one.get('name')}", one) for group, ones in groups.items() if isinstance(ones, list) for one in ones]


def chronological(cases: list[Case]) -> list[Case]:
    """Actions in the order of the ids of their events, queue by queue: every queue lived through all of them."""
    before: dict[str, set[str]] = {case.name: set() for case in cases}
    labels = sorted({label for case in cases for label in case.events})
    for label in labels:
        seen = [(min(event["id"] for event in case.events[label]), case.name) for case in cases if case.events.get(label)]
        seen.sort()
        for earlier, later in zip(seen, seen[1:]):
            before[later[1]].add(earlier[1])
    rest = {case.name: case for case in cases}
    ordered = []
    while rest:
        ready = [name for name in rest if not before[name] & rest.keys()] or list(rest)
        # Of those that nothing orders, what made the lower id came first.
        first = min(ready, key=lambda name: (made_at(rest[name]), name))
        ordered.append(rest.pop(first))
    return ordered


def made_at(case: Case) -> tuple:
    """When something happened, for ordering what no queue orders."""
    times = []
    for _, event in case.received():
        for holder in (event, event.get("message") or {}):
            times += [holder[key] for key in ("timestamp", "edit_timestamp", "last_updated") if isinstance(holder.get(key), (int, float))]
    return (min(times) if times else float("inf"), min((event["id"] for _, event in case.received()), default=0))


def read(file: Path):
    """A JSON file."""
    return json.loads(file.read_text(encoding="utf-8"))
