"""What the recordings show of the realm in which they were made, as it was before the first action."""

import html.parser
import json
import re
from pathlib import Path

from dev.conformance import recordings

# Used where a folder has no recordings of the state.
KNOWN = Path(__file__).with_name("world.json")

USER_LISTS = ("realm_users", "realm_non_active_users", "cross_realm_bots", "members")
STREAM_LISTS = ("subscriptions", "unsubscribed", "never_subscribed", "streams", "realm_default_streams")
SUBSCRIPTION_FIELDS = (
    "color", "is_muted", "pin_to_top", "audible_notifications", "desktop_notifications", "email_notifications",
    "push_notifications", "wildcard_mentions_notify",
)


class World:
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
        self.read: dict[str, set[int]] = {}
        self.last_message_id = 0
        # What clients are told of how the server was set up.
        self.server: dict = {}
        # Who was shown whose address (viewer, user, shown), and what follows: to whom each shows it, as the API's number.
        self.sightings: set[tuple[str, int, bool]] = set()
        self.visibility: dict[int, int] = {}

    # Learning -------------------------------------------------------------------------------------------------

    def learn(self, case: recordings.Case) -> None:
        """Take over what an answer shows."""
        answer, viewer = case.answer, (case.request.user or "").lower()
        for key in USER_LISTS:
            for user in answer.get(key) or []:
                self.learn_user(user, viewer, system=key == "cross_realm_bots", active=key != "realm_non_active_users")
        for bot in answer.get("realm_bots") or []:
            if isinstance(bot, dict) and "user_id" in bot:
                self.learn_user({"bot_owner_id": bot.get("owner_id"), **bot, "is_bot": True})
        for key in STREAM_LISTS:
            for stream in answer.get(key) or []:
                if isinstance(stream, dict) and "stream_id" in stream:
                    # Without this ability, null settings are shown as the defaults that they stand for.
                    abilities = case.request.params.get("client_capabilities") or {}
                    exact = case.kind != "register" or abilities.get("notification_settings_null", False)
                    self.learn_stream(stream, viewer, subscribed=exact and key == "subscriptions")
        for group in answer.get("realm_user_groups") or answer.get("user_groups") or []:
            self.groups[group["id"]] = group
        for message in answer.get("messages") or []:
            if isinstance(message, dict) and "content" in message:
                self.learn_message(message, raw=case.request.params.get("apply_markdown") is False, viewer=viewer)
        if case.kind == "register":
            self.learn_state(answer, viewer)

    def learn_user(self, user: dict, viewer: str = "", system: bool = False, active: bool = True) -> None:
        """A user, from any object that shows one."""
        if viewer and "delivery_email" in user and not user.get("is_bot"):
            self.sightings.add((viewer, user["user_id"], user["delivery_email"] is not None))
        known = self.users.setdefault(user["user_id"], {})
        known.update({key: value for key, value in user.items() if value is not None or key not in known})
        known["system"] = known.get("system", False) or system
        known["active"] = active

    def learn_stream(self, stream: dict, viewer: str, subscribed: bool) -> None:
        """A stream, and how the viewer is subscribed to it."""
        known = self.streams.setdefault(stream["stream_id"], {"subscribers": set()})
        subscribers = known["subscribers"] | set(stream.get("subscribers") or [])
        known.update({key: value for key, value in stream.items() if key not in SUBSCRIPTION_FIELDS})
        known["subscribers"] = subscribers
        if subscribed and viewer and "color" in stream:
            mine = {key: stream[key] for key in SUBSCRIPTION_FIELDS if key in stream}
            self.subscriptions.setdefault(viewer, {})[stream["stream_id"]] = mine

    def learn_message(self, message: dict, raw: bool, viewer: str) -> None:
        """A message, as Markdown if it was shown so."""
        known = self.messages.setdefault(message["id"], {"flags": {}})
        known.update({key: message[key] for key in ("sender_id", "client", "type", "subject", "reactions", "submessages")})
        known["to"] = message.get("stream_id") or sorted(one["id"] for one in message["display_recipient"])
        known["raw" if raw else "html"] = message["content"]
        known["flags"][viewer] = message.get("flags") or []

    def learn_state(self, state: dict, viewer: str) -> None:
        """What only a registration shows."""
        for key, value in state.items():
            if key.startswith("realm_") and not isinstance(value, (list, dict)):
                self.realm[key] = value
        for key in ("realm_linkifiers", "realm_playgrounds", "realm_emoji", "realm_domains", "custom_profile_fields", "presences", "realm_user_settings_defaults"):
            if state.get(key) and viewer not in self.collections.get("shown_to", ()):
                self.collections.setdefault(key, state[key])
        if "realm_default_streams" in state:
            self.collections["default_streams"] = [one["stream_id"] for one in state["realm_default_streams"]]
        self.server.update({key: value for key, value in state.items() if key.startswith("server_") and isinstance(value, (bool, str, int))})
        mine = self.personal.setdefault(viewer, {})
        for talk in state.get("recent_private_conversations") or []:
            people = sorted({*talk["user_ids"], state.get("user_id") or self.user_id(viewer)})
            self.messages.setdefault(talk["max_message_id"], {"flags": {}, "type": "private", "to": people, "sender_id": people[0]})
        for key in ("user_settings", "alert_words", "user_topics", "muted_users", "starred_messages", "drafts", "scheduled_messages"):
            if state.get(key):
                mine[key] = state[key]
        if "unread_msgs" in state:
            mine["unread"] = sorted(self.learn_unread(state["unread_msgs"], state.get("user_id")))
        self.last_message_id = max(self.last_message_id, state.get("max_message_id") or 0)

    def learn_colors(self, case: recordings.Case) -> None:
        """Who is subscribed again finds the colour that the stream had for them."""
        for listener, event in case.received():
            for one in event.get("subscriptions") or [] if event["type"] == "subscription" and event["op"] == "add" else []:
                if one["stream_id"] in self.streams:
                    known = self.subscriptions.setdefault(listener.lower(), {})
                    known.setdefault(one["stream_id"], {"color": one["color"]})

    def decide_visibility(self) -> None:
        """To whom people show their addresses, from who was shown them: everybody (1), all but guests (2), moderators
        (5), administrators (3), nobody (4)."""
        hidden: dict[int, set[int]] = {}
        for viewer, user_id, shown in self.sightings:
            role = self.users.get(self.user_id(viewer) or 0, {}).get("role")
            if role is not None and not shown and self.user_id(viewer) != user_id:
                hidden.setdefault(user_id, set()).add(role)
        for user_id in {one for _, one, _ in self.sightings}:
            least = min(hidden.get(user_id, {1000}))
            self.visibility[user_id] = 4 if least <= 200 else 3 if least <= 300 else 5 if least <= 400 else 2 if least <= 600 else 1

    def learn_unread(self, unread: dict, viewer: int | None) -> set[int]:
        """Where unread messages are; their ids."""
        ids: set[int] = set()
        for group in unread.get("streams") or []:
            for message in group["unread_message_ids"]:
                self.messages.setdefault(message, {"flags": {}, "to": group["stream_id"], "subject": group["topic"], "type": "stream"})
            ids |= set(group["unread_message_ids"])
        for group in (unread.get("pms") or []) + (unread.get("huddles") or []):
            ids |= set(group["unread_message_ids"])
        return ids

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


FIELDS = ("realm", "users", "streams", "groups", "messages", "collections", "personal", "subscriptions", "last_message_id", "server", "visibility")


def sorted_values(value):
    """Sets as lists, all the way down."""
    if isinstance(value, dict):
        return {str(key): sorted_values(one) for key, one in value.items()}
    if isinstance(value, set):
        return sorted(value)
    return value


def of(folder: Path) -> World:
    """The world that a folder shows; where it shows none, the one that is known."""
    world = World()
    for kind in ("get", "register"):
        for case in recordings.load(folder, kind):
            if case.status == 200:
                world.learn(case)
    if world.realm and world.users and world.streams:
        world.decide_visibility()
        for case in recordings.load(folder, "events"):
            world.learn_colors(case)
        return world
    known = World.known()
    for message_id, message in world.messages.items():
        known.messages[message_id] = {**known.messages.get(message_id, {}), **message}
    return known


class ToMarkdown(html.parser.HTMLParser):
    """Markdown that renders to the HTML of a simple message."""

    MARKS = {"strong": "**", "em": "*", "del": "~~", "code": "`"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        # How many lists are open.
        self.depth = 0
        # Within what somebody typed of a formula.
        self.formula = False
        self.quote = False
        self.href = ""

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        kind = values.get("class") or ""
        if tag == "div" and ("message_inline" in kind or "message_embed" in kind):
            self.hidden = 1
        elif self.hidden:
            self.hidden += tag not in ("br", "img")
            self.formula = tag == "annotation"
        elif tag == "span" and kind in ("katex", "katex-display"):
            self.hidden = 1
        elif tag == "span" and "emoji" in kind:
            self.parts.append("")
        elif tag in self.MARKS:
            self.parts.append(self.MARKS[tag])
        elif tag == "blockquote":
            self.parts.append("\n```quote\n")
        elif tag == "a":
            self.href = values.get("href") or ""
            self.parts.append("[")
        elif tag in ("ul", "ol"):
            self.depth += 1
        elif tag == "li":
            self.parts.append("\n" + "  " * (self.depth - 1) + "* ")

    def handle_endtag(self, tag):
        if self.hidden:
            self.hidden -= 1
            self.formula = False
        elif tag in self.MARKS:
            self.parts.append(self.MARKS[tag])
        elif tag == "blockquote":
            self.parts.append("\n```\n")
        elif tag == "a":
            self.end_link()
        elif tag in ("ul", "ol"):
            self.depth -= 1
        elif tag == "p":
            self.parts.append("\n")

    def end_link(self) -> None:
        """Links whose text is their URL are written as such."""
        at = len(self.parts) - 1 - self.parts[::-1].index("[")
        text = "".join(self.parts[at + 1 :])
        self.parts[at:] = [self.href if text == self.href else f"[{text}]({self.href})"]

    def handle_data(self, data):
        if self.formula:
            self.parts.append(f"$${data}$$")
        elif not self.hidden and not (self.depth and data.isspace()):
            self.parts.append(data)


def markdown_of(message: dict) -> str:
    """What somebody may have typed for this message."""
    if "raw" in message:
        return message["raw"]
    if "html" not in message:
        return "Nothing is known of this message."
    parser = ToMarkdown()
    parser.feed(message["html"])
    return re.sub(r"\n{3,}", "\n\n", "".join(parser.parts)).strip()
