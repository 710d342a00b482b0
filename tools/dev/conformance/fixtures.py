"""What has to be there before an action, so far as its recording tells.

Actions ran one after another in one realm, and a folder may hold only some of them. Whatever an action touches that no
action before it has made, is made here; and what it is recorded to change, is brought into the state before.
"""

import contextlib
import re

from dev.conformance import recordings
from dev.conformance.before import Before
from dev.conformance.compare import Comparison
from dev.conformance.host import Host, Refused
from dev.conformance.makers import Makers, content_for
from dev.conformance.story import MAKES, NOWHERE, makes, needs
from dev.conformance.world import ADMIN_ROLE, World

# Tables that are not called like what they hold.
TABLES = {"linkifiers": "linkifiers", "playgrounds": "playgrounds", "profile_fields": "custom_profile_fields", "emoji": "custom_emoji"}
ADDRESS_FIELDS = ("username", "email")


class Stage(Makers, Before):
    """Keeps the world such that the next action can happen as it did."""

    def __init__(self, host: Host, world: World, cases: list[recordings.Case], comparison: Comparison):
        self.host = host
        self.world = world
        self.cases = cases
        self.comparison = comparison
        self.made: set[tuple[str, int]] = set()
        self.linked: set[tuple[str, str]] = set()
        self.tables = self.find_tables()
        self.later = self.since_recorded()
        self.owner, self.admin, self.member = (world.email_of(world.somebody(role)) for role in (100, ADMIN_ROLE, 400))
        for kind, known in (("messages", range(1, world.last_message_id + 1)), ("users", world.users), ("streams", world.streams), ("user_groups", world.groups)):
            self.made |= {(kind, one) for one in known}
        self.made_by_cases = {(kind, one) for case in cases for kind, one in makes(case)}
        # What is needed, and by which case first.
        self.needed: dict[tuple[str, int], recordings.Case] = {}
        for case in cases:
            for one in needs(case):
                if one[1] < NOWHERE:
                    self.needed.setdefault(one, case)
        self.problems: list[str] = []

    def find_tables(self) -> dict[str, str]:
        """The tables of the kinds of things that have ids."""
        names = self.host.sql("SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES'").split()
        kinds = set(MAKES.values()) | TABLES.keys() | {"submessages"}
        return {kind: TABLES.get(kind, kind) for kind in kinds if TABLES.get(kind, kind) in names}

    def api(self, user: str | None, method: str, path: str, **params) -> dict:
        """A call that may fail: the comparison shows it."""
        try:
            return self.host.api(user, method, path, **params)
        except Refused as problem:
            self.problems.append(str(problem))
            return {}

    # Before an action -----------------------------------------------------------------------------------------

    def prepare(self, case: recordings.Case) -> None:
        """Make what the case needs, oldest first."""
        making = set(makes(case))
        needed = [one for one in needs(case) if one not in self.made | making and one[1] < NOWHERE]
        # Ids only go up: what later cases need below it has to be made first.
        highest = {kind: number for kind, number in sorted(needed + list(making), key=lambda one: one[1])}
        for (kind, number), first in self.needed.items():
            if number < highest.get(kind, 0) and (kind, number) not in self.made | self.made_by_cases | making:
                needed.append((kind, number))
        needed = sorted(dict.fromkeys(needed), key=lambda one: (one[0] == "messages", one[1]))
        messages = [one for one in needed if one[0] == "messages"]
        for kind, number in needed[: len(needed) - len(messages)]:
            self.make(kind, number, self.needed.get((kind, number), case))
        for text in texts(case.request.params):
            self.upload_for(case, text)
        self.topic_there(case, {number for _, number in messages})
        for kind, number in messages:
            if (kind, number) not in self.made:
                self.make(kind, number, self.needed.get((kind, number), case))
        self.deactivated(case)
        told: list[tuple[str, dict]] = []
        for listener, event in case.received():
            # Several queues of one user tell the same.
            bare = {key: value for key, value in event.items() if key != "id"}
            if (listener, bare) not in told:
                told.append((listener, bare))
                self.before_event(case, listener, event)

    def topic_there(self, case: recordings.Case, taken: set[int]) -> None:
        """Who begins a topic may be told that they follow it from now on; who is not, did so before."""
        params = case.request.params
        wrote = case.request.resource == "/messages" and case.request.method == "POST" and case.status == 200
        if not wrote or params.get("type") not in ("stream", "channel") or "automatic_new_visibility_policy" in case.answer:
            return
        stream = params["to"] if isinstance(params["to"], int) else self.world.stream_id(str(params["to"]))
        topic = params.get("topic")
        if stream is None or any(topic == one["name"] for one in self.api(self.admin, "GET", f"/users/me/{stream}/topics").get("topics", [])):
            return
        self.write_before(case, case.request.user, stream, topic, taken)

    def is_room_for_one(self, case: recordings.Case, taken: set[int] = frozenset()) -> bool:
        """Whether there is an id left for one more message before those of the case, which the next message then gets."""
        number = self.newest_message() + 1
        free = ("messages", number) not in self.made_by_cases and number not in taken
        if not free or any(number >= other for kind, other in makes(case) if kind == "messages"):
            return False
        self.next_id("messages", number)
        return True

    def deactivated(self, case: recordings.Case) -> None:
        """Somebody unknown who asks, or is asked about, and of whom it is said that they are deactivated."""
        if "deactivated" not in str(case.answer.get("msg")):
            return
        if case.request.user and case.request.own_key is False and self.world.user_id(case.request.user) is None:
            self.leaver(case.request.user)
            case.request.own_key = True
        for name in ADDRESS_FIELDS:
            if "@" in str(case.request.params.get(name)):
                self.leaver(case.request.params[name])

    # Ids ------------------------------------------------------------------------------------------------------

    def newest_message(self) -> int:
        """The highest id of a message."""
        return int(self.host.sql("SELECT coalesce(max(id), 0) FROM messages"))

    def next_id(self, kind: str, number: int) -> None:
        """What is made next gets this id, unless that is taken; ids of messages only go up."""
        table = self.tables[kind]
        if kind == "messages":
            # What was counted as read up to an id that was given back is not.
            self.host.sql(f"UPDATE unread SET materialized_to = {number - 1} WHERE materialized_to >= {number} AND {number} > (SELECT coalesce(max(id), 0) FROM messages)")
            self.host.next_id(table, number)
        elif self.host.sql(f"SELECT count(*) FROM {table} WHERE id = {number}").strip() == "0":
            self.host.next_id(table, number, only_forward=False)

    def go_on(self, kind: str) -> None:
        """What is made after something with an id of its own gets one that is free."""
        if kind in self.tables and kind != "messages":
            table = self.tables[kind]
            self.host.sql(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest((SELECT max(id) FROM {table}), 1))")

    def spare_id(self, kind: str) -> None:
        """What is made next gets an id that no recording has."""
        taken = {int(one) for one in self.host.sql(f"SELECT id FROM {self.tables[kind]}").split()}
        taken |= {number for other, number in self.made | self.made_by_cases | self.needed.keys() if other == kind}
        self.next_id(kind, next(number for number in range(1, len(taken) + 2) if number not in taken))

    @contextlib.contextmanager
    def unsaid(self):
        """What the server says of something is taken back, so that its ids are free."""
        newest = self.newest_message()
        yield
        for number in self.host.sql(f"SELECT id FROM messages WHERE id > {newest} ORDER BY id DESC").split():
            self.api(self.owner, "DELETE", f"/messages/{number}")

    def reserve_ids(self, case: recordings.Case) -> None:
        """What the request makes gets the id that it had."""
        lowest: dict[str, int] = {}
        for kind, number in makes(case):
            if kind in self.tables and (kind, number) not in self.made:
                lowest[kind] = min(number, lowest.get(kind, number))
        for kind, number in lowest.items():
            self.next_id(kind, number)

    def note(self, case: recordings.Case) -> None:
        """What is there from now on."""
        made = set(makes(case))
        for kind in {kind for kind, _ in made - self.made}:
            self.go_on(kind)
        self.made |= made


def texts(value) -> list[str]:
    """Every text in a request."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (list, dict)):
        inner = value.values() if isinstance(value, dict) else value
        return [text for one in inner for text in texts(one)]
    return []


def file_for(case: recordings.Case) -> tuple[str, bytes]:
    """A file like the one that was uploaded: recordings have its name, not its content."""
    shown = next((event["attachment"] for _, event in case.received() if event["type"] == "attachment"), {})
    uri = str(case.answer.get("uri") or case.answer.get("url") or "")
    name = shown.get("name") or uri.rsplit("/", 1)[-1]
    if "." not in name or not case.request.resource.endswith("/user_uploads"):
        name = "picture.png"
    return name, content_for(name, shown.get("size"))
