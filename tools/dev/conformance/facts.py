"""What the recordings of actions tell of things before and after."""

import re
import time

from dev.conformance import recordings
from dev.conformance.story import names_of_streams

OLD_DESCRIPTION = re.compile(r"Old description:\*\*\n`+ quote\n(.*?)\n`+", re.DOTALL)
# Names of moments in what happened, not of those that were asked for.
MOMENTS = ("timestamp", "edit_timestamp", "server_timestamp", "last_updated", "date_created")
ABOUT_MESSAGES = ("update_message", "delete_message", "reaction", "submessage")


class Facts:
    """Part of a stage: looks into its cases."""

    def after(self, case: recordings.Case) -> list[recordings.Case]:
        """The case and those after it."""
        at = next((at for at, one in enumerate(self.cases) if one is case), 0)
        return self.cases[at:]

    def events_from(self, case: recordings.Case):
        """(listener, event) of a case and those after it."""
        for later in self.after(case):
            yield from later.received()

    # Messages -------------------------------------------------------------------------------------------------

    def place_of(self, number: int, case: recordings.Case, sender: str) -> dict:
        """Where a message is just before a case, as parameters for sending it."""
        told: set[int] = set()
        for later in self.after(case):
            for listener, event in later.received():
                ids = event.get("message_ids") or [event.get("message_id"), *(event.get("messages") or [])]
                if number not in ids or event["type"] == "message":
                    continue
                topic = event.get("orig_subject", event.get("topic"))
                if event.get("stream_id") and topic is not None:
                    return {"type": "stream", "to": event["stream_id"], "topic": topic}
                detail = (event.get("message_details") or {}).get(str(number)) or {}
                if detail.get("type") == "stream":
                    return {"type": "stream", "to": detail["stream_id"], "topic": detail["topic"]}
                if detail.get("type") == "private":
                    return {"type": "direct", "to": detail["user_ids"]}
                if event["type"] in ABOUT_MESSAGES:
                    told.add(self.world.user_id(listener))
            if told:
                break
        asked = {self.world.user_id(queue["user"]) for queue in later.queues.values()} if told else set()
        if told and told != asked:
            # Not everybody heard of it: it was said to those who did.
            return {"type": "direct", "to": sorted((told - {None, self.world.user_id(sender)}) or told)}
        stream = self.stream_asked_for(case)
        if stream is not None:
            return {"type": "stream", "to": stream, "topic": case.request.params.get("topic_name") or "elsewhere"}
        # A topic of its own: had it been with others, what is told of those would tell of it too.
        return {"type": "stream", "to": self.common_stream(), "topic": "elsewhere"}

    def stream_asked_for(self, case: recordings.Case) -> int | None:
        """The one stream that a request is about."""
        params = case.request.params
        named = [params.get("stream_id")] + [one.get("name") if isinstance(one, dict) else one for one in as_list(params.get("subscriptions"))]
        for term in as_list(params.get("narrow")):
            operator, operand = (term.get("operator"), term.get("operand")) if isinstance(term, dict) else (term[0], term[1])
            named += [operand] if operator in ("stream", "channel") else []
        for one in named:
            if isinstance(one, str):
                one = self.world.stream_id(one)
            if isinstance(one, int) and ("streams", one) in self.made:
                return one
        return None

    def common_stream(self) -> int:
        """A public stream in which everybody may write, and that as many as possible are subscribed to."""
        public = [key for key, one in self.world.streams.items() if not one.get("invite_only") and (one.get("stream_post_policy") or 1) == 1]
        return min(public or [1], key=lambda key: (-len(self.world.streams[key]["subscribers"]) if public else 0, key))

    def sender_of(self, number: int, case: recordings.Case) -> str:
        """Who may have sent a message: whoever edits it, unless they may not."""
        for later in self.after(case):
            request = later.request
            if request.method in ("PATCH", "DELETE") and request.resource == f"/messages/{number}" and request.user:
                denied = later.status != 200 and "permission" in str(later.answer.get("msg"))
                if denied:
                    return next(one for one in (self.admin, self.member) if one != request.user)
                if self.world.user_id(request.user) is not None:
                    return request.user
        user = case.request.user
        return user if user and self.world.user_id(user) and case.kind == "errors" else self.actor()

    def actor(self) -> str:
        """The one who acts in most recordings."""
        actors = [queue["user"] for case in self.cases for label, queue in case.queues.items() if label == "actor"]
        return actors[0] if actors else self.member

    def content_of(self, number: int, case: recordings.Case) -> str:
        """What a message said before a case: a poll, if somebody is going to vote."""
        for later in self.after(case):
            for _, event in later.received():
                if number == event.get("message_id") and "orig_content" in event:
                    return event["orig_content"]
            if later.request.resource == "/submessage" and later.request.params.get("message_id") == number:
                return "/poll What?\nThis\nThat"
        return "said before"

    # Streams --------------------------------------------------------------------------------------------------

    def told_of(self, number: int) -> set[int | None]:
        """Who is told of messages in a stream without asking for all public streams."""
        return {
            self.world.user_id(queue["user"])
            for case in self.cases
            for label, queue in case.queues.items()
            if not queue["register_params"].get("all_public_streams")
            and any(event["type"] == "message" and event["message"].get("stream_id") == number for event in case.events.get(label, []))
        }

    def old_description(self, number: int) -> str | None:
        """What the notice of a change says that a stream's description was."""
        for case in self.cases:
            for _, event in case.received():
                message = event.get("message") or {}
                found = OLD_DESCRIPTION.search(message.get("content", "")) if message.get("stream_id") == number else None
                if found:
                    return found.group(1)
        return None

    def stream_shown(self, number: int) -> dict:
        """The stream, in any event that shows it whole."""
        for case in self.cases:
            for _, event in case.received():
                for stream in (event.get("streams") or []) + (event.get("subscriptions") or []) + (event.get("default_streams") or []):
                    if isinstance(stream, dict) and stream.get("stream_id") == number and "invite_only" in stream:
                        return stream
        return {}

    def name_of_stream(self, number: int, case: recordings.Case) -> str | None:
        """What a stream was called before a case."""
        names = (name for _, event in self.events_from(case) for other, name in names_of_streams(event) if other == number)
        return next(names, None)

    # Others ---------------------------------------------------------------------------------------------------

    def group_shown(self, number: int, case: recordings.Case) -> dict:
        """A group as it is by then, from events that tell of it before or after."""
        for one in self.cases:
            for _, event in one.received():
                if event["type"] == "user_group" and (event.get("group") or {}).get("id") == number:
                    return event["group"]
        return {}

    def scheduled_shown(self, number: int) -> dict:
        """A scheduled message in any event that shows it."""
        for case in self.cases:
            for _, event in case.received():
                for one in [*as_list(event.get("scheduled_messages")), event.get("scheduled_message")]:
                    if isinstance(one, dict) and one.get("scheduled_message_id") == number:
                        return one
        return {}

    def password_of(self, email: str) -> str:
        """What somebody is recorded to log in with."""
        given = [case.request.params.get("password") for case in self.cases if email in (case.request.params.get("username"), case.request.params.get("email"))]
        return next((one for one in given if one), "conformance pass phrase")

    def since_recorded(self) -> int:
        """How many seconds ago the cases were recorded, about."""
        now = int(time.time())
        seen = [event for case in self.cases for _, event in case.received()]
        shown = [one for event in seen for one in (event, event.get("message") or {}, *as_list(event.get("streams")))]
        moments = [one[key] for one in shown if isinstance(one, dict) for key in MOMENTS if isinstance(one.get(key), (int, float))]
        if moments:
            return now - int(min(moments))
        asked = [case.request.params.get("scheduled_delivery_timestamp") for case in self.cases if case.status == 200]
        asked = [one for one in asked if isinstance(one, int)]
        # Whatever was accepted was in the future.
        return max(0, now + 3600 - min(asked)) if asked else 0


def as_list(value) -> list:
    """A list, or none."""
    return value if isinstance(value, list) else []
