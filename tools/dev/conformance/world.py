"""What the recordings show of the realm in which they were made, as it was before the first action."""

import json
from pathlib import Path

from dev.conformance import recordings
from dev.conformance.learning import Learning
from dev.conformance.story import names_of_streams

# Used where a folder has no recordings of the state.
KNOWN = Path(__file__).with_name("world.json")
ADMIN_ROLE = 200


class World(Learning):
    """Users, streams, groups and messages, by the ids that they have in the recordings."""

    def __init__(self):
        self.realm: dict = {}
        self.users: dict[int, dict] = {}
        self.streams: dict[int, dict] = {}
        self.groups: dict[int, dict] = {}
        self.messages: dict[int, dict] = {}
        self.collections: dict[str, object] = {}
        # By the user's address.
        self.personal: dict[str, dict] = {}
        self.subscriptions: dict[str, dict[int, dict]] = {}
        self.last_message_id = 0
        # What clients are told of how the server was set up.
        self.server: dict = {}
        # What was found of longer lists of messages: (viewer, narrow, ids, whether nothing is before them).
        self.windows: list[tuple[str, list, list[int], bool]] = []
        # Who was shown whose address (viewer, user, shown), and what follows: to whom each shows it, as the API's number.
        self.sightings: set[tuple[str, int, bool]] = set()
        self.visibility: dict[int, int] = {}

    # Names ----------------------------------------------------------------------------------------------------

    def email_of(self, user_id: int) -> str | None:
        """The address that a user logs in with."""
        user = self.users.get(user_id)
        return None if user is None else (user.get("delivery_email") or user["email"])

    def user_id(self, email: str | None) -> int | None:
        """The id of whoever has this address."""
        for user_id, user in self.users.items():
            if email and email.lower() in (str(user.get("delivery_email")).lower(), str(user.get("email")).lower()):
                return user_id
        return None

    def stream_id(self, name: str) -> int | None:
        """The id of the stream with this name."""
        return next((key for key, one in self.streams.items() if one["name"].lower() == name.lower()), None)

    def somebody(self, role: int) -> int:
        """The first person with a role, or with the next higher one, or else with the highest that there is."""
        people = [(user.get("role") or 400, key) for key, user in self.users.items() if not user.get("is_bot") and not user["system"]]
        return min([one for one in people if one[0] <= role], key=lambda one: (-one[0], one[1]), default=min(people))[1]

    # What is not shown ----------------------------------------------------------------------------------------

    def is_part_of(self, other: "World") -> bool:
        """Whether nothing that is known here speaks against this being the other realm."""
        facts = (
            (self.users, other.users, lambda user: str(user.get("delivery_email") or user["email"]).lower()),
            (self.streams, other.streams, lambda stream: stream["name"]),
            (self.messages, other.messages, lambda message: (message.get("sender_id"), message.get("to"))),
        )
        return all(same(mine[key], theirs[key], fact) for mine, theirs, fact in facts for key in mine.keys() & theirs.keys())

    def fill_from(self, other: "World") -> None:
        """Take over what is not known: of the same realm everything, of another only how it is set up."""
        whole = not self.users or self.is_part_of(other)
        for name in FACTS if whole else ("realm", "server"):
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, theirs | {key: filled(value, theirs.get(key)) for key, value in mine.items()})
        if whole:
            self.visibility = self.visibility | other.visibility
            self.last_message_id = max(self.last_message_id, other.last_message_id)

    def reach_back(self) -> None:
        """Where a list of messages went on further back and no older message is known, there is one like its first."""
        firsts = {stream.get("first_message_id") for stream in self.streams.values()}
        for viewer, terms, ids, is_all in self.windows:
            first = self.messages[min(ids)]
            if is_all or any(number < min(ids) and is_alike(terms, first, other) for number, other in self.messages.items()):
                continue
            shown = {number for who, narrow, others, _ in self.windows if who == viewer and not narrow for number in range(min(others), max(others) + 1)}
            free = [number for number in range(1, min(ids)) if number not in self.messages and number not in shown | firsts]
            if free:
                self.messages[free[-1]] = {key: value for key, value in first.items() if key not in ("reactions", "submessages")}

    def learn_cast(self, cases: list[recordings.Case]) -> None:
        """Those who act and listen, by their ids and addresses; who is known by only one of them gets the other."""
        seen = {(case.request.user_id, case.request.user, "") for case in cases}
        seen |= {(queue.get("user_id"), queue["user"], label) for case in cases for label, queue in case.queues.items()}
        for user_id, email, label in sorted(one for one in seen if one[0] and one[1]):
            before = self.user_id(email)
            if before == user_id:
                continue
            known = self.users.pop(before, None) or self.users.get(user_id) or {"full_name": email.split("@")[0], "role": 400, "system": False, "active": True}
            role = ADMIN_ROLE if label == "admin" and known.get("role") not in (100, ADMIN_ROLE) else known.get("role")
            self.users[user_id] = known | {"user_id": user_id, "email": f"user{user_id}@{self.realm.get('realm_bot_domain') or 'zulipdev.com'}", "delivery_email": email, "role": role}
            for stream in self.streams.values():
                if before in stream["subscribers"]:
                    stream["subscribers"] = stream["subscribers"] - {before} | {user_id}
        named: set[int] = set()
        for number, name in (one for case in cases for _, event in case.received() for one in names_of_streams(event)):
            if number in self.streams and number not in named:
                self.streams[number]["name"] = name
            named.add(number)

    # Keeping --------------------------------------------------------------------------------------------------

    def as_json(self) -> str:
        """The facts, without what people wrote."""
        kept = {key: sorted_values(getattr(self, key)) for key in FIELDS}
        for message in kept["messages"].values():
            message.pop("raw", None)
            message.pop("html", None)
        return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @staticmethod
    def known() -> "World":
        """The world that belongs to this tool."""
        world, kept = World(), json.loads(KNOWN.read_text(encoding="utf-8"))
        for key in FIELDS:
            setattr(world, key, kept[key])
        for key in ("users", "streams", "groups", "messages", "visibility"):
            setattr(world, key, {int(number): one for number, one in kept[key].items()})
        for stream in world.streams.values():
            stream["subscribers"] = set(stream["subscribers"])
        world.subscriptions = {user: {int(key): one for key, one in mine.items()} for user, mine in kept["subscriptions"].items()}
        return world


FACTS = ("realm", "users", "streams", "groups", "messages", "collections", "personal", "subscriptions", "server")
FIELDS = (*FACTS, "last_message_id", "visibility")


def is_alike(terms: list, one: dict, other: dict) -> bool:
    """Whether a message is found where another is, as far as people and places tell."""
    operators = {term.get("operator") if isinstance(term, dict) else term[0] for term in terms}
    if operators & {"is", "has", "search"}:
        return False
    fields = {"sender": ("sender_id",), "topic": ("to", "subject"), "channels": ("type",)}
    wanted = {field for operator in operators for field in fields.get(operator, ("to",))}
    return all(one.get(field) == other.get(field) for field in wanted)


def same(mine: dict, theirs: dict, fact) -> bool:
    """Whether what both know is the same; None is not known."""
    pairs = zip(*(one if isinstance(one, tuple) else (one,) for one in (fact(mine), fact(theirs))))
    return all(one == other or one is None or other is None for one, other in pairs)


def filled(mine, theirs):
    """Mine, where it says something."""
    if isinstance(mine, set) and theirs:
        return mine | set(theirs)
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return theirs | {key: filled(value, theirs.get(key)) for key, value in mine.items() if value is not None or key not in theirs}
    return mine


def sorted_values(value):
    """Sets as lists, all the way down."""
    if isinstance(value, dict):
        return {str(key): sorted_values(one) for key, one in value.items()}
    if isinstance(value, set):
        return sorted(value)
    return value


def of(folder: Path) -> World:
    """The world that a folder shows; what it leaves open is as in the one that is known."""
    world = World()
    for kind in ("get", "register"):
        for case in recordings.load(folder, kind):
            if case.status == 200:
                world.learn(case)
    world.decide_visibility()
    world.last_message_id = max(world.last_message_id, *world.messages, 0)
    world.fill_from(World.known())
    world.reach_back()
    world.learn_cast(recordings.load(folder, "events"))
    return world
