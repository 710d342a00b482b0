"""What has to be there before an action, so far as its recording tells.

Actions ran one after another in one realm, and a folder may hold only some of them. Whatever an action touches that no
action before it has made, is made here; and what it is recorded to change, is brought into the state before.
"""

import re
import time

from dev.conformance import recordings
from dev.conformance.before import Before
from dev.conformance.compare import Comparison
from dev.conformance.host import Host, Refused
from dev.conformance.seed import PIXEL
from dev.conformance.story import MAKES, NOWHERE, makes, needs
from dev.conformance.world import World

ADMIN_ROLE = 200
UPLOAD = re.compile(r"/user_uploads/\d+/[\w-]+/[\w-]+/([\w.-]+)")
OLD_DESCRIPTION = re.compile(r"Old description:\*\*\n`+ quote\n(.*?)\n`+", re.DOTALL)


class Stage(Before):
    """Keeps the world such that the next action can happen as it did."""

    def __init__(self, host: Host, world: World, cases: list[recordings.Case], comparison: Comparison):
        self.host = host
        self.world = world
        self.cases = cases
        self.comparison = comparison
        self.made: set[tuple[str, int]] = set()
        self.tables = self.find_tables()
        self.later = int(time.time()) - recorded_at(cases)
        self.admin = self.somebody(ADMIN_ROLE)
        self.member = self.somebody(400)
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

    def somebody(self, role: int) -> str:
        """The first person with a role."""
        people = sorted(key for key, user in self.world.users.items() if user.get("role") == role and not user.get("is_bot"))
        return self.world.email_of(people[0]) or ""

    def find_tables(self) -> dict[str, str]:
        """The tables of the kinds of things that have ids."""
        names = self.host.sql("SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES'").split()
        endings = {"linkifiers": ("linkifiers", "realm_linkifiers", "realm_filters"), "playgrounds": ("playgrounds", "realm_playgrounds"), "profile_fields": ("custom_profile_fields", "profile_fields"), "attachments": ("attachments", "uploads")}
        kinds = set(MAKES.values()) | {"streams", "submessages"}
        found = {}
        for kind in kinds:
            match = [name for name in endings.get(kind, (kind,)) if name in names]
            if match:
                found[kind] = match[0]
        return found

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
        self.topic_there(case, {number for _, number in messages})
        for kind, number in messages:
            self.make(kind, number, self.needed.get((kind, number), case))
        for text in texts(case.request.params):
            self.upload_for(case, text)
        if case.request.user and case.request.own_key is False:
            self.deactivated(case.request.user, case)
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
        # Only where there is an id left for it.
        self.host.sql("SELECT setval(pg_get_serial_sequence('messages', 'id'), (SELECT max(id) FROM messages))")
        newest = int(self.host.sql("SELECT coalesce(max(id), 0) FROM messages"))
        free = ("messages", newest + 1) not in self.made_by_cases and newest + 1 not in taken
        if free and all(newest + 1 < number for kind, number in makes(case) if kind == "messages"):
            self.api(case.request.user, "POST", "/messages", type="stream", to=stream, topic=topic, content="the first")

    def make(self, kind: str, number: int, case: recordings.Case) -> None:
        """Something of a kind, with the id that it had."""
        self.made.add((kind, number))
        if kind in self.tables:
            self.host.next_id(self.tables[kind], number)
        maker = getattr(self, f"make_{kind}", None)
        if maker is not None:
            maker(number, case)

    def make_messages(self, number: int, case: recordings.Case) -> None:
        """A message where later recordings say that it was."""
        refused = case.status != 200 and "Invalid message" in str(case.answer.get("msg"))
        if refused:
            others = [self.world.email_of(key) for key, one in self.world.users.items() if not one.get("is_bot") and not one["system"]]
            outside = [one for one in others if one != case.request.user][:2]
            self.api(outside[0], "POST", "/messages", type="direct", to=[self.world.user_id(outside[1])], content="not for everybody")
            return
        stream, topic = self.place_of(number, case)
        sender = self.sender_of(number, case)
        self.api(sender, "POST", "/messages", type="stream", to=stream, topic=topic, content=self.content_of(number, case))

    def place_of(self, number: int, case: recordings.Case) -> tuple[int, str]:
        """The stream and the topic of a message just before a case."""
        for later in self.cases[self.cases.index(case) :]:
            for _, event in later.received():
                if number in (event.get("message_ids") or []) and "orig_subject" in event:
                    return event["stream_id"], event["orig_subject"]
                if number in (event.get("message_ids") or []) and "topic" in event:
                    return event["stream_id"], event["topic"]
        streams = sorted(self.world.streams)
        # A topic of its own: had it been with others, what is told of those would tell of it too.
        return self.world.stream_id("Verona") or streams[0], "elsewhere"

    def sender_of(self, number: int, case: recordings.Case) -> str:
        """Who may have sent a message: whoever edits it, unless they may not."""
        for later in self.cases[self.cases.index(case) :]:
            request = later.request
            if request.method in ("PATCH", "DELETE") and request.resource == f"/messages/{number}" and request.user:
                denied = later.status != 200 and "permission" in str(later.answer.get("msg"))
                if denied:
                    return next(one for one in (self.admin, self.member) if one != request.user)
                if self.world.user_id(request.user) is not None:
                    return request.user
        user = case.request.user
        return user if user and self.world.user_id(user) and case.kind == "errors" else self.hamlet()

    def hamlet(self) -> str:
        """The one who acts in most recordings."""
        actors = [queue["user"] for case in self.cases for label, queue in case.queues.items() if label == "actor"]
        return actors[0] if actors else self.member

    def content_of(self, number: int, case: recordings.Case) -> str:
        """What a message said before a case: a poll, if somebody is going to vote."""
        for later in self.cases[self.cases.index(case) :]:
            for _, event in later.received():
                if number == event.get("message_id") and "orig_content" in event:
                    return event["orig_content"]
            if later.request.resource == "/submessage" and later.request.params.get("message_id") == number:
                return "/poll What?\nThis\nThat"
        return "said before"

    def make_streams(self, number: int, case: recordings.Case) -> None:
        """A stream as the events before and after tell of it."""
        shown = self.stream_shown(number)
        name = self.name_of_stream(number, case) or shown.get("name") or f"stream {number}"
        creator = self.world.email_of(shown.get("creator_id") or 0) or self.hamlet()
        subscribers = self.told_of(number) or {self.world.user_id(queue["user"]) for one in self.cases for queue in one.queues.values()}
        principals = [one for one in sorted(subscribers - {None})] or [self.world.user_id(creator)]
        described = self.old_description(number) or shown.get("description") or ""
        params = {"subscriptions": [{"name": name, "description": described}], "principals": principals}
        for key in ("invite_only", "is_web_public", "history_public_to_subscribers"):
            if shown.get(key) is not None:
                params[key] = shown[key]
        self.api(creator, "POST", "/users/me/subscriptions", **params)
        # What no recorded action changes was so from the beginning, as far as anybody can tell.
        if shown.get("stream_post_policy", 1) != 1:
            self.api(self.admin, "PATCH", f"/streams/{number}", stream_post_policy=shown["stream_post_policy"])
        if shown.get("message_retention_days") is not None:
            owner = self.somebody(100)
            self.api(owner, "PATCH", f"/streams/{number}", message_retention_days=shown["message_retention_days"])

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
                for stream in (event.get("streams") or []) + (event.get("subscriptions") or []):
                    if isinstance(stream, dict) and stream.get("stream_id") == number and "name" in stream:
                        return stream
        return {}

    def name_of_stream(self, number: int, case: recordings.Case) -> str | None:
        """What a stream was called before a case: renaming events know."""
        for later in self.cases[self.cases.index(case) :]:
            for _, event in later.received():
                if event["type"] == "stream" and event.get("op") == "update" and event.get("stream_id") == number:
                    return event["name"]
        return None

    def make_users(self, number: int, case: recordings.Case) -> None:
        """A user, with the address that messages about them show; a bot, if it is asked for as one."""
        asked_as_bot = [one for one in self.cases if one.request.resource.startswith(f"/bots/{number}") and one.status == 200]
        if asked_as_bot:
            self.api(asked_as_bot[0].request.user, "POST", "/bots", full_name=f"Bot {number}", short_name=f"made{number}")
            return
        message = str(case.answer.get("msg") or "")
        email = f"user{number}@conformance.example.com"
        made = self.api(self.admin, "POST", "/users", email=email, full_name=f"User {number}", password="conformance pass phrase")
        # Nothing recorded lists them among the subscribers of the default streams.
        self.host.sql(f"UPDATE subscriptions SET active = false WHERE user_id = {made.get('user_id', number)}")
        if "no longer using" in message or "deactivated" in case.name:
            self.deactivate(made.get("user_id", number))
        shown = re.search(r"'(user\d+@[\w.]+)'", message)
        if shown:
            self.host.sql(f"UPDATE users SET email = '{shown.group(1)}' WHERE id = {number}")

    def deactivate(self, user_id: int) -> None:
        """Somebody who has left."""
        self.api(self.admin, "DELETE", f"/users/{user_id}")

    def deactivated(self, email: str, case: recordings.Case) -> None:
        """Somebody unknown who asks and hears that they are deactivated."""
        if self.world.user_id(email) is None and "deactivated" in str(case.answer.get("msg")):
            self.leaver(email)
            case.request.own_key = True

    def leaver(self, email: str) -> None:
        """A deactivated user with a key."""
        if email.lower() in self.host.keys:
            return
        made = self.api(self.admin, "POST", "/users", email=email, full_name="Somebody Who Left", password="abcd1234efgh")
        if "user_id" in made:
            # Leaving revokes keys, so that it needs a new one to hear why it is refused.
            self.deactivate(made["user_id"])
            self.host.add_key(made["user_id"], email)

    def make_user_groups(self, number: int, case: recordings.Case) -> None:
        """A group under the name that it has by then."""
        name, members = f"group {number}", []
        for one in self.cases[self.cases.index(case) :: -1]:
            for _, event in one.received():
                if event["type"] == "user_group":
                    group = event.get("group") or {}
                    if group.get("id") == number:
                        name, members = group["name"], group["members"]
        self.api(self.admin, "POST", "/user_groups/create", name=name, description="desc", members=members)

    def make_scheduled_messages(self, number: int, case: recordings.Case) -> None:
        """A scheduled message of whoever touches it."""
        stream = self.world.stream_id("Verona") or min(self.world.streams)
        self.api(case.request.user, "POST", "/scheduled_messages", type="channel", to=stream, topic="sched", content="later", scheduled_delivery_timestamp=int(time.time()) + 100_000)

    def make_linkifiers(self, number: int, case: recordings.Case) -> None:
        """A linkifier that nothing matches."""
        self.api(case.request.user, "POST", "/realm/filters", pattern=f"made{number}-(?P<id>[0-9]+)", url_template="https://example.com/{id}")

    def make_playgrounds(self, number: int, case: recordings.Case) -> None:
        """A playground."""
        self.api(case.request.user, "POST", "/realm/playgrounds", name=f"made {number}", pygments_language="Python", url_template="https://python.example.com/{code}")

    def make_profile_fields(self, number: int, case: recordings.Case) -> None:
        """A custom profile field."""
        self.api(case.request.user, "POST", "/realm/profile_fields", name=f"made {number}", hint="", field_type=1)

    def make_drafts(self, number: int, case: recordings.Case) -> None:
        """A draft."""
        self.api(case.request.user, "POST", "/drafts", drafts=[{"type": "", "to": [], "topic": "", "content": "a draft", "timestamp": int(time.time())}])

    def make_saved_snippets(self, number: int, case: recordings.Case) -> None:
        """A saved snippet."""
        self.api(case.request.user, "POST", "/saved_snippets", title="made", content="a snippet")

    def upload_for(self, case: recordings.Case, text: str) -> None:
        """A file for each link to one that was uploaded before."""
        for link in UPLOAD.finditer(text):
            path = link.group(0).rsplit("/", 1)[0] + "/"
            if path in self.comparison.learned:
                continue
            content = PIXEL if link.group(1).endswith(".png") else b"hello"
            status, answer, _ = self.host.exchange("POST", "/api/v1/user_uploads", {}, case.request.user, files=[("filename", link.group(1), content)])
            if status == 200:
                self.comparison.learned[path] = answer["uri"].rsplit("/", 1)[0] + "/"

    # Around the request ---------------------------------------------------------------------------------------

    def reserve_ids(self, case: recordings.Case) -> None:
        """What the request makes gets the id that it had."""
        lowest: dict[str, int] = {}
        for kind, number in makes(case):
            if kind in self.tables and (kind, number) not in self.made:
                lowest[kind] = min(number, lowest.get(kind, number))
        for kind, number in lowest.items():
            self.host.next_id(self.tables[kind], number)

    def note(self, case: recordings.Case, answer) -> None:
        """What is there from now on."""
        self.made |= set(makes(case))


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
    uri = str(case.answer.get("uri") or case.answer.get("url") or "")
    name = uri.rsplit("/", 1)[-1] or "picture.png"
    size = next((event["attachment"]["size"] for _, event in case.received() if event["type"] == "attachment"), None)
    if name.endswith(".txt"):
        return name.replace("-", " "), b"hello"[: size or 5].ljust(size or 5, b".")
    content = PIXEL if size is None or size <= len(PIXEL) else PIXEL.ljust(size, b"\0")
    return name, content


def recorded_at(cases: list[recordings.Case]) -> int:
    """About when the cases were recorded."""
    times = [event["message"]["timestamp"] for case in cases for _, event in case.received() if event["type"] == "message"]
    return min(times) if times else int(time.time())
