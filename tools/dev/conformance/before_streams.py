"""Streams, subscriptions and topics as they were before an event."""

import re

from dev.conformance import recordings
from dev.conformance.seed import PALETTE
from dev.conformance.story import makes
from dev.conformance.values import other_than

# What notices say of a stream, and the parameters that make it so.
KINDS = {
    "Web-public": {"is_private": False, "is_web_public": True, "history_public_to_subscribers": True},
    "Public": {"is_private": False, "is_web_public": False, "history_public_to_subscribers": True},
    "Private, shared history": {"is_private": True, "is_web_public": False, "history_public_to_subscribers": True},
    "Private, protected history": {"is_private": True, "is_web_public": False, "history_public_to_subscribers": False},
}
POLICIES = {
    "All channel members can post.": 1, "Only organization administrators can post.": 2,
    "Only organization full members can post.": 3, "Only organization administrators and moderators can post.": 4,
}
FROM_KIND = re.compile(r"from \*\*([^*]+)\*\* to \*\*")
OLD_POLICY = re.compile(r"\*\*Old permissions\*\*: ([^\n]+?\.)(?:\n|$)")
OLD_RETENTION = re.compile(r"\*\*Old retention period\*\*: (?:(\d+)|\w+)")


class BeforeStreams:
    """Part of a stage."""

    def before_stream(self, case: recordings.Case, listener: str, event: dict) -> None:
        """What is going to change of a stream is otherwise."""
        name, value, number = event.get("property"), event.get("value"), event.get("stream_id")
        stream = self.streams_by_id().get(number)
        if event["op"] != "update" or stream is None:
            return
        with self.unsaid():
            if name == "name":
                if stream["name"] != event["name"]:
                    self.api(self.owner, "PATCH", f"/streams/{number}", new_name=event["name"])
            elif name == "invite_only":
                self.api(self.owner, "PATCH", f"/streams/{number}", **self.kind_before(case, value))
            elif name in ("stream_post_policy", "message_retention_days", "can_remove_subscribers_group", "description"):
                before = self.said_before(case, name)
                if before is None and stream.get(name) == value:
                    before = other_than(name, value)
                if before is not None and stream.get(name) != before:
                    self.api(self.owner, "PATCH", f"/streams/{number}", **{name: before})

    def kind_before(self, case: recordings.Case, private: bool) -> dict:
        """Who could see a stream, as its notice says."""
        for content in notices(case):
            found = FROM_KIND.search(content)
            if found and found[1] in KINDS:
                return KINDS[found[1]]
        return KINDS["Public" if private else "Private, shared history"]

    def said_before(self, case: recordings.Case, name: str):
        """What a property was, as the notice says."""
        for content in notices(case):
            policy, days = OLD_POLICY.search(content), OLD_RETENTION.search(content)
            if name == "stream_post_policy" and policy:
                return POLICIES.get(policy[1])
            if name == "message_retention_days" and days:
                return int(days[1]) if days[1] else "unlimited"
        return None

    def before_subscription(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is going to be subscribed is not, and the other way round."""
        operation = event["op"]
        if operation == "update":
            self.before_property(listener, event)
            return
        shown = {one["stream_id"]: one for one in event.get("subscriptions") or []}
        streams = event.get("stream_ids") or list(shown)
        people = event.get("user_ids") or [self.world.user_id(listener)]
        if operation == "remove" and not any(who == listener and one["type"] == "update_message_flags" for who, one in case.received()):
            # Nothing was left to read there.
            for number in streams:
                self.api(listener, "POST", "/mark_stream_as_read", stream_id=number)
        made = {number for kind, number in makes(case) if kind == "streams"}
        existing = self.streams_by_id()
        for number in streams:
            if operation == "add" and number in made:
                self.next_color(listener, shown[number]["color"])
            known = existing.get(number) if number not in made else None
            if known and operation == "add":
                self.members(known, set(shown[number].get("subscribers") or []) - set(people), set(people))
                self.color(listener, known, shown[number])
            for person in people if known else []:
                email = self.world.email_of(person) or listener
                subscribed = self.is_subscribed(email, number)
                if operation in ("remove", "peer_remove") and not subscribed:
                    self.api(email, "POST", "/users/me/subscriptions", subscriptions=[{"name": known["name"]}])
                elif operation in ("add", "peer_add") and subscribed:
                    self.leave(person, known["name"])

    def leave(self, person: int, stream: str) -> None:
        """Somebody is not subscribed."""
        self.api(self.admin, "DELETE", "/users/me/subscriptions", subscriptions=[stream], principals=[person])

    def members(self, stream: dict, wanted: set[int], but: set[int]) -> None:
        """Those who are shown are subscribed and nobody else, but for those that the event is about."""
        now = set(self.api(self.admin, "GET", f"/streams/{stream['stream_id']}/members").get("subscribers", []))
        for person in sorted(wanted - now) if wanted and not stream["invite_only"] else []:
            self.api(self.world.email_of(person), "POST", "/users/me/subscriptions", subscriptions=[{"name": stream["name"]}])
        for person in sorted(now - wanted - but) if wanted else []:
            self.leave(person, stream["name"])

    def color(self, listener: str, stream: dict, shown: dict) -> None:
        """The listener's colour of a stream is the one that they find again."""
        mine = {"stream_id": stream["stream_id"], "property": "color", "value": shown["color"]}
        if not self.is_subscribed(listener, stream["stream_id"]):
            if stream["invite_only"]:
                return
            self.api(listener, "POST", "/users/me/subscriptions", subscriptions=[{"name": stream["name"]}])
        self.api(listener, "POST", "/users/me/subscriptions/properties", subscription_data=[mine])

    def next_color(self, listener: str, color: str) -> None:
        """A colour is the first that the listener has for no stream: those before it are taken."""
        if color not in PALETTE:
            return
        user = self.world.user_id(listener)
        used = self.host.sql(f"SELECT color FROM subscriptions WHERE user_id = {user}").split()
        missing = [one for one in PALETTE[: PALETTE.index(color)] if one not in used]
        if not missing and color not in used:
            return
        mine = self.api(listener, "GET", "/users/me/subscriptions").get("subscriptions", [])
        spare = [one for one in mine if one["color"] not in PALETTE or PALETTE.index(one["color"]) >= PALETTE.index(color) or used.count(one["color"]) > 1]
        for one in spare:
            value = missing.pop(0) if missing else PALETTE[0]
            self.api(listener, "POST", "/users/me/subscriptions/properties", subscription_data=[{"stream_id": one["stream_id"], "property": "color", "value": value}])
        others = [one for one in self.api(listener, "GET", "/streams").get("streams", []) if one["stream_id"] not in {own["stream_id"] for own in mine} and not one["invite_only"]]
        for one, value in zip(others, missing):
            # Streams that somebody has left keep their colours.
            self.api(listener, "POST", "/users/me/subscriptions", subscriptions=[{"name": one["name"], "color": value}])
            self.color(listener, one, {"color": value})
            self.leave(user, one["name"])

    def before_typing(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is told that somebody writes in a stream is subscribed."""
        if "stream_id" in event:
            self.subscribed(listener, event["stream_id"])

    def subscribed(self, listener: str, number: int) -> None:
        """Somebody is subscribed: by themselves, for others would be announced."""
        stream = self.streams_by_id().get(number)
        if stream and not stream["is_archived"] and not self.is_subscribed(listener, number):
            self.api(listener, "POST", "/users/me/subscriptions", subscriptions=[{"name": stream["name"]}])

    def before_property(self, listener: str, event: dict) -> None:
        """A property of a subscription is another."""
        self.subscribed(listener, event["stream_id"])
        mine = self.api(listener, "GET", "/users/me/subscriptions").get("subscriptions", [])
        now = next((one for one in mine if one["stream_id"] == event["stream_id"]), {})
        if event["property"] in now and now[event["property"]] == event["value"] and isinstance(event["value"], bool):
            change = {"stream_id": event["stream_id"], "property": event["property"], "value": not event["value"]}
            self.api(listener, "POST", "/users/me/subscriptions/properties", subscription_data=[change])

    def streams_by_id(self) -> dict[int, dict]:
        """All streams as they are now."""
        return {one["stream_id"]: one for one in self.api(self.admin, "GET", "/streams", include_all_active=True).get("streams", [])}

    def is_subscribed(self, email: str, stream_id: int) -> bool:
        """Whether somebody is subscribed to a stream."""
        return self.api(email, "GET", f"/users/{self.world.user_id(email)}/subscriptions/{stream_id}").get("is_subscribed", False)

    def before_user_topic(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The policy is another: of a topic that others leave, what it is going to be where they go."""
        policy = event["visibility_policy"]
        now = next((one["visibility_policy"] for one in self.user_topics(listener) if is_about(one, event)), 0)
        moved = [one["visibility_policy"] for who, one in case.received() if who == listener and one["type"] == "user_topic" and one["visibility_policy"]]
        if policy == 0 and moved and not self.is_asked_for(case):
            other = moved[0]
        else:
            other = (0 if now else 1) if self.is_asked_for(case) else 0
        if case.request.resource.endswith("/muted_topics") and policy == 0:
            # Only what is muted can be unmuted like that.
            now, other = (1, 1) if now == 1 else (policy, 1)
        if now == policy or (not self.is_asked_for(case) and now != other):
            self.api(listener, "POST", "/user_topics", stream_id=event["stream_id"], topic=event["topic_name"], visibility_policy=other)

    @staticmethod
    def is_asked_for(case: recordings.Case) -> bool:
        """Whether policies are what the request is about."""
        return case.request.resource.endswith(("/user_topics", "/muted_topics"))

    def user_topics(self, listener: str) -> list[dict]:
        """The listener's topics with policies."""
        return self.api(listener, "POST", "/register", fetch_event_types=["user_topic"], event_types=["user_topic"]).get("user_topics", [])

    def before_muted_topics(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Those are muted that will be, but for those that other events of the case tell of."""
        told = [one for who, one in case.received() if who == listener and one["type"] == "user_topic"]
        now = [one for one in self.user_topics(listener) if one["visibility_policy"] == 1]
        names = {key: one["name"] for key, one in self.streams_by_id().items()}
        wanted = [(stream, topic) for stream, topic, *_ in event["muted_topics"]]
        there = {(names.get(one["stream_id"]), one["topic_name"]): one for one in now}
        for key, one in there.items():
            if key not in wanted and not any(is_about(one, other) for other in told):
                self.api(listener, "POST", "/user_topics", stream_id=one["stream_id"], topic=one["topic_name"], visibility_policy=0)
        for stream, topic in wanted:
            number = next((key for key, name in names.items() if name == stream), None)
            one = {"stream_id": number, "topic_name": topic}
            if number is not None and (stream, topic) not in there and not any(is_about(one, other) for other in told):
                self.api(listener, "POST", "/user_topics", stream_id=number, topic=topic, visibility_policy=1)

    def before_default_streams(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Those are default streams that will be, but for the one that the request is about."""
        asked = case.request.params.get("stream_id")
        wanted = {one["stream_id"] if isinstance(one, dict) else one for one in event["default_streams"]}
        if case.request.method == "DELETE" and isinstance(asked, int):
            wanted.add(asked)
        else:
            wanted.discard(asked)
        now = {one["stream_id"] for one in self.api(self.admin, "GET", "/streams", include_default=True).get("streams", []) if one["is_default"]}
        for number in sorted(now ^ wanted):
            self.api(self.admin, "POST" if number in wanted else "DELETE", "/default_streams", stream_id=number)


def is_about(one: dict, other: dict) -> bool:
    """Whether both are about the same topic."""
    return one["stream_id"] == other["stream_id"] and one["topic_name"].lower() == other["topic_name"].lower()


def notices(case: recordings.Case) -> list[str]:
    """What is said, as Markdown."""
    return [event["message"]["content"] for _, event in case.received() if event["type"] == "message"]
