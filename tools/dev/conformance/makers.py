"""Making what an action needs, with the id that it had and as its recording and later ones show it."""

import re
import time

from dev.conformance import recordings
from dev.conformance.facts import Facts
from dev.conformance.seed import PIXEL
from dev.conformance.story import needs

UPLOAD = re.compile(r"/user_uploads/\d+/[\w-]+/[\w-]+/([\w.-]+)")


class Makers(Facts):
    """Part of a stage: a method for each kind of things."""

    def make(self, kind: str, number: int, case: recordings.Case) -> None:
        """Something of a kind, with the id that it had."""
        self.made.add((kind, number))
        if kind in self.tables:
            self.next_id(kind, number)
        maker = getattr(self, f"make_{kind}", None)
        if maker is not None:
            maker(number, case)
        self.go_on(kind)

    def make_messages(self, number: int, case: recordings.Case) -> None:
        """A message where later recordings say that it was."""
        if case.status != 200 and "Invalid message" in str(case.answer.get("msg")):
            others = [self.world.email_of(key) for key, one in self.world.users.items() if not one.get("is_bot") and not one["system"]]
            outside = [one for one in others if one != case.request.user][:2]
            self.api(outside[0], "POST", "/messages", type="direct", to=[self.world.user_id(outside[1])], content="not for everybody")
            return
        sender = self.sender_of(number, case)
        self.api(sender, "POST", "/messages", **self.place_of(number, case, sender), content=self.content_of(number, case))

    def make_streams(self, number: int, case: recordings.Case) -> None:
        """A stream as the events before and after tell of it."""
        shown = self.stream_shown(number)
        name = self.name_of_stream(number, case) or shown.get("name") or f"stream {number}"
        creator = self.world.email_of(shown.get("creator_id") or 0) or self.actor()
        subscribers = self.told_of(number) or {self.world.user_id(queue["user"]) for one in self.cases for queue in one.queues.values()}
        principals = sorted(subscribers - {None}) or [self.world.user_id(creator)]
        described = self.old_description(number) or shown.get("description") or ""
        params = {"subscriptions": [{"name": name, "description": described}], "principals": principals}
        for key in ("invite_only", "is_web_public", "history_public_to_subscribers"):
            if shown.get(key) is not None:
                params[key] = shown[key]
        first = shown.get("first_message_id")
        if first and ("messages", first) not in self.made | self.made_by_cases:
            # What the server says first in a new stream.
            self.made.add(("messages", first))
            self.next_id("messages", first)
            self.api(creator, "POST", "/users/me/subscriptions", **params)
        else:
            with self.unsaid():
                self.api(creator, "POST", "/users/me/subscriptions", **params)
        # What no recorded action changes was so from the beginning, as far as anybody can tell.
        more = {key: shown[key] for key in ("stream_post_policy", "message_retention_days", "can_remove_subscribers_group") if shown.get(key) is not None}
        now = self.streams_by_id().get(number) or {}
        with self.unsaid():
            for key, value in more.items():
                if now.get(key) != value:
                    self.api(self.owner, "PATCH", f"/streams/{number}", **{key: value})

    def make_users(self, number: int, case: recordings.Case) -> None:
        """A user, with the address that messages about them show; a bot, if it is asked for as one."""
        asked_as_bot = [one for one in self.cases if one.request.resource.startswith(f"/bots/{number}") and one.status == 200]
        if asked_as_bot:
            self.api(asked_as_bot[0].request.user, "POST", "/bots", full_name=f"Bot {number}", short_name=f"made{number}")
            return
        about = [one for one in self.cases if ("users", number) in needs(one)]
        message = " ".join(str(one.answer.get("msg") or "") for one in about)
        email = f"user{number}@conformance.example.com"
        with self.unsaid():
            made = self.api(self.admin, "POST", "/users", email=email, full_name=f"User {number}", password="conformance pass phrase")
        # Nothing recorded lists them among the subscribers of the default streams.
        self.host.sql(f"UPDATE subscriptions SET active = false WHERE user_id = {made.get('user_id', number)}")
        if "no longer using" in message or "deactivated" in message:
            self.deactivate(made.get("user_id", number))
        shown = re.search(r"'(user\d+@[\w.]+)'", message)
        if shown:
            self.host.sql(f"UPDATE users SET email = '{shown.group(1)}' WHERE id = {number}")

    def deactivate(self, user_id: int) -> None:
        """Somebody who has left."""
        self.api(self.admin, "DELETE", f"/users/{user_id}")

    def leaver(self, email: str) -> None:
        """A deactivated user with a key."""
        if email.lower() in self.host.keys or self.world.user_id(email) is not None:
            return
        with self.unsaid():
            made = self.api(self.admin, "POST", "/users", email=email, full_name="Somebody Who Left", password=self.password_of(email))
        if "user_id" in made:
            # Leaving revokes keys, so that it needs a new one to hear why it is refused.
            self.deactivate(made["user_id"])
            self.host.add_key(made["user_id"], email)

    def make_user_groups(self, number: int, case: recordings.Case) -> None:
        """A group under the name that it has by then."""
        shown = self.group_shown(number, case)
        name = shown.get("name") or f"group {number}"
        self.api(self.admin, "POST", "/user_groups/create", name=name, description=shown.get("description", "desc"), members=shown.get("members", []))

    def make_scheduled_messages(self, number: int, case: recordings.Case) -> None:
        """A scheduled message of whoever touches it."""
        shown = self.scheduled_shown(number)
        where = {"type": "channel", "to": self.common_stream(), "topic": "sched", "content": "later"} | {key: shown[key] for key in ("type", "to", "topic", "content") if key in shown}
        changed = {key: f"not {value}" for key, value in case.request.params.items() if key in ("content", "topic")}
        at = int(time.time()) + 100_000
        self.api(case.request.user, "POST", "/scheduled_messages", **where | changed, scheduled_delivery_timestamp=at)

    def make_linkifiers(self, number: int, case: recordings.Case) -> None:
        """A linkifier that nothing matches."""
        self.api(self.admin, "POST", "/realm/filters", pattern=f"made{number}-(?P<id>[0-9]+)", url_template="https://example.com/{id}")

    def make_playgrounds(self, number: int, case: recordings.Case) -> None:
        """A playground."""
        self.api(self.admin, "POST", "/realm/playgrounds", name=f"made {number}", pygments_language="Python", url_template="https://python.example.com/{code}")

    def make_profile_fields(self, number: int, case: recordings.Case) -> None:
        """A custom profile field."""
        self.api(self.admin, "POST", "/realm/profile_fields", name=f"made {number}", hint="", field_type=1)

    def make_drafts(self, number: int, case: recordings.Case) -> None:
        """A draft."""
        self.api(case.request.user, "POST", "/drafts", drafts=[{"type": "", "to": [], "topic": "", "content": "a draft", "timestamp": int(time.time())}])

    def make_saved_snippets(self, number: int, case: recordings.Case) -> None:
        """A saved snippet."""
        self.api(case.request.user, "POST", "/saved_snippets", title="made", content="a snippet")

    def make_attachments(self, number: int, case: recordings.Case) -> None:
        """An uploaded file of whoever touches it, unless a link in the request tells which."""
        if not UPLOAD.search(str(case.request.params)):
            self.upload(case.request.user, "file.txt", None)

    def upload_for(self, case: recordings.Case, text: str) -> None:
        """A file for each link to one that was uploaded before."""
        for link in UPLOAD.finditer(text):
            path = link.group(0).rsplit("/", 1)[0] + "/"
            if path in self.comparison.learned:
                continue
            shown = next((event["attachment"] for _, event in case.received() if event["type"] == "attachment" and event["attachment"].get("path_id", "") in link.group(0)), {})
            if "id" in shown:
                self.next_id("attachments", shown["id"])
                self.made.add(("attachments", shown["id"]))
            uri = self.upload(case.request.user, shown.get("name") or link.group(1), shown.get("size"))
            self.go_on("attachments")
            if uri:
                self.comparison.learned[path] = uri.rsplit("/", 1)[0] + "/"

    def upload(self, user: str, name: str, size: int | None) -> str | None:
        """A file of a size; where it is."""
        status, answer, _ = self.host.exchange("POST", "/api/v1/user_uploads", {}, user, files=[("filename", name, content_for(name, size))])
        if status != 200:
            self.problems.append(f"upload of {name}: {status} {answer}")
            return None
        return answer["uri"]


def content_for(name: str, size: int | None) -> bytes:
    """A file as its name says: recordings have no content."""
    if name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".webp")):
        return PIXEL if size is None or size <= len(PIXEL) else PIXEL.ljust(size, b"\0")
    return b"hello"[: size or 5].ljust(size or 5, b".")
