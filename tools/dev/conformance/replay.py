"""Sending recorded requests again, and comparing what comes back."""

import dataclasses
import json
import re
import time
import urllib.parse

from dev.conformance import fixtures, html, recordings
from dev.conformance.compare import UUID, Comparison, Difference
from dev.conformance.host import Host, Refused
from dev.conformance.world import World

# How long an event may take, and how long we look out for more than are expected.
PATIENCE_SECONDS = 5
AFTERWARDS_SECONDS = 0.05
EMOJI = re.compile(r'class="emoji emoji-([0-9a-f-]+)"[^>]*>:([^<]+):<')


@dataclasses.dataclass
class Result:
    """What became of a case."""

    case: str
    differences: list[Difference]
    # Kind, method, path and parameters, by which deviations may know it.
    request: str = ""


class Replay:
    """One pass over the cases of a kind, against one server."""

    def __init__(self, host: Host, world: World, cases: list[recordings.Case]):
        self.host = host
        self.world = world
        self.cases = cases
        self.comparison = Comparison()
        self.stage = fixtures.Stage(host, world, cases, self.comparison)

    def run(self):
        """Every case in turn."""
        for case in self.cases:
            try:
                differences = self.one(case)
            except Refused as problem:
                differences = [Difference("request", "a server that can be asked", str(problem))]
            request = f"{case.kind} {case.request.method} {case.request.resource} {json.dumps(case.request.params)}"
            yield Result(f"{case.kind}/{case.name}", differences, request)

    def one(self, case: recordings.Case) -> list[Difference]:
        """Set the stage, act, compare."""
        self.stage.prepare(case)
        request = self.ours(case)
        queues = self.listen(case) if case.queues else {}
        if "queue_id" in request.params:
            request.params["queue_id"] = self.queue_for(case, request, queues)
        self.stage.reserve_ids(case)
        status, answer, headers = self.host.call(request)
        found = self.comparison.diff(case.status, status, "status")
        found += self.answers(case, answer)
        found += [one for name, value in case.headers.items() for one in header(name, value, headers)]
        if status == 200:
            self.stage.note(case)
        received = self.receive_all(case, queues)
        self.show_to_app(case, received)
        found += self.events(case, received)
        for label, queue in queues.items():
            self.host.exchange("DELETE", "/api/v1/events", {"queue_id": queue}, case.queues[label]["user"])
        return found

    def ours(self, case: recordings.Case) -> recordings.Request:
        """The request with what is random in it replaced, and times as far in the future as they were."""
        request = dataclasses.replace(case.request)
        request.params = self.comparison.in_our_words(dict(request.params))
        for key, value in request.params.items():
            if key.endswith("timestamp") and isinstance(value, int) and value > 1_000_000_000:
                request.params[key] = value + self.stage.later
        request.path = self.keyed(self.comparison.in_our_words(request.path))
        request.files = [(field, *fixtures.file_for(case)) for field in request.files or []]
        return request

    def keyed(self, path: str) -> str:
        """An API key in a URL becomes that of the bot that is made for webhooks."""
        bots = [user["email"] for user in self.world.users.values() if user.get("bot_type") == 2]
        key = self.host.keys.get(bots[0].lower(), "") if bots else ""
        return re.sub(r"(?<=[?&]api_key=)[^&]*", urllib.parse.quote(key), path)

    def answers(self, case: recordings.Case, answer) -> list[Difference]:
        """The bodies; an HTML page is only known to be one."""
        if isinstance(case.response, str) and isinstance(answer, str):
            return []
        return self.comparison.diff(case.response, answer, "response")

    # Events ---------------------------------------------------------------------------------------------------

    def listen(self, case: recordings.Case) -> dict[str, str]:
        """A queue for every listener."""
        made = {}
        for label, queue in case.queues.items():
            params = {**queue["register_params"], "fetch_event_types": []}
            made[label] = self.host.api(queue["user"], "POST", "/register", **params)["queue_id"]
        return made

    def queue_for(self, case: recordings.Case, request: recordings.Request, queues: dict[str, str]) -> str:
        """The queue that a request names: one of the listeners', or a new one of whoever asks."""
        named = request.params["queue_id"]
        if not UUID.fullmatch(str(named)):
            return named
        own = [label for label, queue in case.queues.items() if queue["user"] == request.user]
        echoed = [label for label in own if any("local_message_id" in event for event in case.events.get(label, []))]
        if own:
            return queues[(echoed or own)[0]]
        return self.host.api(request.user, "POST", "/register", fetch_event_types=[])["queue_id"]

    def receive_all(self, case: recordings.Case, queues: dict[str, str]) -> dict[str, list[dict]]:
        """What the queues hold, as soon as it is as much as expected of each, and a moment later."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            received = {label: self.receive(case.queues[label]["user"], queue) for label, queue in queues.items()}
            if all(len(received[label]) >= len(case.events.get(label, [])) for label in queues) or time.monotonic() > deadline:
                break
            time.sleep(AFTERWARDS_SECONDS)
        time.sleep(AFTERWARDS_SECONDS)
        return {label: self.receive(case.queues[label]["user"], queue) for label, queue in queues.items()}

    def show_to_app(self, case: recordings.Case, received: dict[str, list[dict]]) -> None:
        """The mobile app registers with all abilities, and for HTML."""
        for label, queue in case.queues.items():
            params = queue["register_params"]
            if self.host.schema is not None and params.get("client_capabilities") and params.get("apply_markdown"):
                for event in received[label]:
                    self.host.schema.event_for_app(event)

    def receive(self, user: str, queue: str) -> list[dict]:
        """What a queue holds."""
        params = {"queue_id": queue, "last_event_id": -1, "dont_block": True}
        status, answer, _ = self.host.exchange("GET", "/api/v1/events", params, user)
        events = answer["events"] if status == 200 else [{"type": f"status {status}", "answer": answer}]
        return [event for event in events if event["type"] != "heartbeat"]

    def events(self, case: recordings.Case, received: dict[str, list[dict]]) -> list[Difference]:
        """Queue by queue, event by event."""
        found = []
        for label, expected in case.events.items():
            found += self.queue(f"events.{label}", expected, received.get(label, []))
        return found

    def queue(self, path: str, expected: list[dict], got: list[dict]) -> list[Difference]:
        """Events are paired in order among those of the same kind."""
        found, left = [], list(got)
        pairs = []
        for event in expected:
            partner = next((other for other in left if kind_of(other) == kind_of(event)), None)
            if partner is None:
                found.append(Difference(f"{path}.{kind_of(event)}", event, "no such event"))
                continue
            left.remove(partner)
            pairs.append(got.index(partner))
            inner = self.comparison.diff(without_id(event), partner, f"{path}.{kind_of(event)}")
            found += inner
        found += [Difference(f"{path}.{kind_of(event)}", "no such event", event) for event in left]
        if pairs != sorted(pairs) and not left:
            found.append(Difference(f"{path}(order)", [kind_of(one) for one in expected], [kind_of(one) for one in got]))
        return found


def kind_of(event: dict) -> str:
    """What tells events apart."""
    more = event.get("op") or event.get("property") or ""
    return f"{event['type']}/{more}" if more else event["type"]


def without_id(event: dict) -> dict:
    """Ids of events are the log's."""
    return {key: value for key, value in event.items() if key != "id"}


def header(name: str, expected: str, headers: dict) -> list[Difference]:
    """A header of the answer, whatever its case; of content types only the type counts."""
    got = {key.lower(): value for key, value in headers.items()}.get(name.lower())
    if name.lower() == "content-type" and got is not None:
        expected, got = expected.split(";")[0], got.split(";")[0]
    if name.lower() == "allow" and got is not None:
        expected, got = (", ".join(sorted(re.split(r",\s*", one))) for one in (expected, got))
    return [] if expected == got else [Difference(f"headers.{name}", expected, got)]


def markdown(host: Host, world: World, folder) -> list[Result]:
    """Every text of `markdown.json`, rendered by the server."""
    user = world.email_of(world.somebody(400))
    results, translated = [], False
    for name, text in recordings.markdown(folder):
        if "input" not in text:
            continue
        wanted = text.get("html", text.get("expected_output"))
        # Most texts were recorded without this setting.
        if translated != is_translated(text["input"], wanted):
            translated = not translated
            host.api(user, "PATCH", "/settings", translate_emoticons=translated)
        status, answer, _ = host.exchange("POST", "/api/v1/messages/render", {"content": text["input"]}, user)
        got = answer.get("rendered") if isinstance(answer, dict) else answer
        same = status == 200 and isinstance(got, str) and html.normal(got) == html.normal(wanted)
        results.append(Result(f"markdown/{name}", [] if same else [Difference("html", wanted, got)]))
    return results


def is_translated(text: str, rendered: str) -> bool:
    """Whether there is an emoji that the text neither has nor names: only emoticons become such."""
    for code, name in EMOJI.findall(rendered):
        if f":{name}:" not in text and chr(int(code.split("-")[0], 16)) not in text:
            return True
    return False
