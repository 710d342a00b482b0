"""Messages, flags and reactions as they were before an event."""

import re
from html import unescape

from dev.conformance import recordings
from dev.conformance.before_streams import is_about

GROUP_MENTION = re.compile(r'data-user-group-id="(\d+)">@?([^<]+)<')
USER_MENTION = re.compile(r'<span class="user-mention(?: silent)?" data-user-id="(\d+)">@?([^<]+)</span>')
LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')
ELSEWHERE = "elsewhere"


class BeforeMessages:
    """Part of a stage."""

    def before_update_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Messages are in the topic from which they are moved, said what they said, and were read by whom they were."""
        number = event["message_id"]
        if "orig_subject" in event:
            self.subscribed(listener, event["stream_id"])
            self.put(event["message_ids"], event["stream_id"], event["orig_subject"])
            first = {"change_all": 0, "change_later": number}.get(event.get("propagate_mode"))
            if first is not None:
                self.clear(event["stream_id"], event["orig_subject"], set(event["message_ids"]), first)
            self.indifferent(case, listener, event)
        shown = self.api(listener, "GET", f"/messages/{number}", apply_markdown=False).get("message") or {}
        if shown and "orig_content" in event and shown["content"] != event["orig_content"]:
            self.api(self.world.email_of(shown["sender_id"]), "PATCH", f"/messages/{number}", content=event["orig_content"])
        if shown and ("read" in event.get("flags", [])) != ("read" in shown["flags"]):
            self.api(listener, "POST", "/messages/flags", messages=[number], op="add" if "read" in event.get("flags", []) else "remove", flag="read")

    def before_delete_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Messages are in the topic from which they are deleted, and nothing else is, if the whole of it is."""
        if event.get("message_type") != "stream":
            return
        told = [one for _, one in case.received() if one["type"] == "delete_message"]
        numbers = {number for one in told for number in one.get("message_ids") or [one["message_id"]]}
        self.put(numbers, event["stream_id"], event["topic"])
        if case.request.resource.endswith("/delete_topic"):
            self.clear(event["stream_id"], event["topic"], numbers)

    def put(self, message_ids, stream_id: int, topic: str) -> None:
        """Move messages to a topic, unless they are there."""
        for message_id in sorted(message_ids):
            message = self.api(self.admin, "GET", f"/messages/{message_id}", apply_markdown=False).get("message") or {}
            params = {}
            if message.get("subject") != topic:
                params["topic"] = topic
            if message.get("stream_id") != stream_id:
                params["stream_id"] = stream_id
            if message and params:
                quiet = {"send_notification_to_old_thread": False, "send_notification_to_new_thread": False}
                self.api(self.admin, "PATCH", f"/messages/{message_id}", propagate_mode="change_one", **params, **quiet)

    def clear(self, stream_id: int, topic: str, but: set[int], first: int = 0) -> None:
        """Nothing else is in a topic, from a message on."""
        narrow = [{"operator": "channel", "operand": stream_id}, {"operator": "topic", "operand": topic}]
        found = self.api(self.admin, "GET", "/messages", anchor="newest", num_before=1000, num_after=0, narrow=narrow).get("messages", [])
        self.put({one["id"] for one in found if one["id"] >= first} - but, stream_id, ELSEWHERE)

    def before_reaction(self, case: recordings.Case, listener: str, event: dict) -> None:
        """A reaction that is taken back is there; one that is added is not."""
        message_id, user = event["message_id"], self.world.email_of(event["user_id"])
        self.name_user(event["user_id"], (event.get("user") or {}).get("full_name"))
        shown = self.api(user, "GET", f"/messages/{message_id}").get("message") or {}
        there = any(one["user_id"] == event["user_id"] and one["emoji_code"] == event["emoji_code"] for one in shown.get("reactions", []))
        if shown and there != (event["op"] == "remove"):
            method = "DELETE" if there else "POST"
            self.api(user, method, f"/messages/{message_id}/reactions", **{key: event[key] for key in ("emoji_name", "emoji_code", "reaction_type")})

    def before_update_message_flags(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The flag is not yet as it will be; of those that one request sweeps up, the others are already."""
        messages, flag = event["messages"], event["flag"]
        opposite = "remove" if event["op"] == "add" else "add"
        if not messages:
            return
        self.gather(case, listener, messages)
        if "last_processed_id" in case.answer:
            self.sweep(case, listener, event)
        elif flag == "read" and event["op"] == "add" and not case.request.params.get("messages"):
            self.api(listener, "POST", "/mark_all_as_read")
        self.api(listener, "POST", "/messages/flags", messages=messages, op=opposite, flag=flag)

    def gather(self, case: recordings.Case, listener: str, messages: list[int]) -> None:
        """Messages are where the request finds them."""
        stream, topic = self.stream_asked_for(case), case.request.params.get("topic_name")
        for number in messages if stream is not None else []:
            shown = self.api(listener, "GET", f"/messages/{number}").get("message") or {}
            if shown.get("stream_id") != stream or shown["subject"] != (topic or shown["subject"]):
                self.put([number], stream, topic or shown.get("subject") or ELSEWHERE)

    def sweep(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The range of the narrow that is processed holds what it held: the rest is in another stream, or was processed before."""
        params, answer, changed = case.request.params, case.answer, set(event["messages"])
        asked = {key: params[key] for key in ("anchor", "num_before", "num_after", "narrow") if key in params}
        wide = asked | {key: int(asked.get(key) or 0) + 1000 for key in ("num_before", "num_after")}
        found = [one["id"] for one in self.api(listener, "GET", "/messages", **wide).get("messages", [])]
        beyond = {one for one in found if one > answer["last_processed_id"]} if answer["found_newest"] else set()
        others = sorted(one for one in found if answer["first_processed_id"] <= one <= answer["last_processed_id"] and one not in changed)
        unchanged = answer["processed_count"] - answer["updated_count"]
        away = beyond | set(others[: max(0, len(others) - unchanged)])
        stream = self.stream_asked_for(case)
        if stream is not None and away:
            public = [key for key, one in sorted(self.world.streams.items()) if key != stream and not one.get("invite_only")]
            self.put(away, public[0], ELSEWHERE)
        if set(others) - away:
            self.api(listener, "POST", "/messages/flags", messages=sorted(set(others) - away), op=event["op"], flag=event["flag"])

    def before_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Names are as the message says, and everything is set up that makes it look, and be told, as it was."""
        message = event["message"]
        self.name_sender(message)
        for group in GROUP_MENTION.finditer(message["content"]):
            self.mentionable(int(group.group(1)), group.group(2), listener, "mentioned" in event["flags"])
        for number, name in USER_MENTION.findall(message["content"]):
            if int(number) in self.world.users:
                self.name_user(int(number), unescape(name))
        self.links(case, message)
        if "has_alert_word" in event["flags"]:
            self.alert(listener, str(case.request.params.get("content", "")))
        if message["type"] != "stream":
            return
        if "mentioned" in event["flags"]:
            self.follows(case, listener, message)
        if "topic_wildcard_mentioned" in event["flags"]:
            self.takes_part(case, listener, message)
        for hearer in {queue["user"] for queue in case.queues.values()}:
            self.hears(case, hearer, message)

    def links(self, case: recordings.Case, message: dict) -> None:
        """What was linked without having been written as a link, a linkifier links."""
        written = str(case.request.params.get("content", ""))
        topic = [(one["url"], one["text"]) for one in message.get("topic_links") or []]
        for href, text in topic + LINK.findall(message["content"]):
            number = re.search(r"\d+", text)
            if href == text or href in written or number is None or number[0] not in href or not text.isascii() or f"[{text}]" in written:
                continue
            if (href, text) in self.linked or "//" in text or text.startswith("www."):
                continue
            self.linked.add((href, text))
            shown = self.api(listener_of(case), "POST", "/messages/render", content=text).get("rendered", "")
            if href not in shown:
                before, after = re.escape(text[: number.start()]), re.escape(text[number.end() :])
                pattern = f"{before}(?P<id>[0-9]+){after}".replace("\\-", "-")
                self.api(self.admin, "POST", "/realm/filters", pattern=pattern, url_template=href.replace(number[0], "{id}", 1))

    def alert(self, listener: str, content: str) -> None:
        """The listener wants to be alerted to something in the text."""
        words = self.api(listener, "GET", "/users/me/alert_words").get("alert_words", [])
        if not any(word.lower() in content.lower() for word in words):
            candidates = re.findall(r"[^\W\d_]{4,}", content) or re.findall(r"\w+", content)
            if candidates:
                self.api(listener, "POST", "/users/me/alert_words", alert_words=[max(candidates, key=len)])

    def takes_part(self, case: recordings.Case, listener: str, message: dict) -> None:
        """The listener has written in the topic before."""
        narrow = [{"operator": "channel", "operand": message["stream_id"]}, {"operator": "topic", "operand": message["subject"]}, {"operator": "sender", "operand": self.world.user_id(listener)}]
        there = self.api(listener, "GET", "/messages", anchor="newest", num_before=1, num_after=0, narrow=narrow).get("messages")
        if not there:
            self.write_before(case, listener, message["stream_id"], message["subject"])

    def write_before(self, case: recordings.Case, user: str, stream: int, topic: str, taken: set[int] = frozenset()) -> None:
        """Somebody has written in a topic: now if there is an id for that, or else long ago and elsewhere."""
        if self.is_room_for_one(case, taken):
            self.api(user, "POST", "/messages", type="stream", to=stream, topic=topic, content="said before")
            return
        number = self.world.user_id(user)
        public = {key for key, one in self.world.streams.items() if not one.get("invite_only")}
        own = [key for key, one in self.world.messages.items() if one.get("sender_id") == number and one.get("type") == "stream" and one["to"] in public]
        spare = [key for key in sorted(own) if ("messages", key) not in self.needed]
        if spare:
            self.put([spare[-1]], stream, topic)

    def follows(self, case: recordings.Case, listener: str, message: dict) -> None:
        """Who is mentioned may be told that they follow the topic from now on; who is not, did so before."""
        topic = {"stream_id": message["stream_id"], "topic_name": message["subject"]}
        told = any(who == listener and event["type"] == "user_topic" and is_about(event, topic) for who, event in case.received())
        if told or not self.settings_of(listener).get("automatically_follow_topics_where_mentioned"):
            return
        if not any(is_about(one, topic) for one in self.user_topics(listener)):
            self.api(listener, "POST", "/user_topics", stream_id=topic["stream_id"], topic=topic["topic_name"], visibility_policy=3)

    def indifferent(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is not told that a policy moved with a topic had none for it."""
        left = {"stream_id": event["stream_id"], "topic_name": event["orig_subject"]}
        told = any(who == listener and one["type"] == "user_topic" for who, one in case.received())
        if not told and any(is_about(one, left) for one in self.user_topics(listener)):
            self.api(listener, "POST", "/user_topics", stream_id=left["stream_id"], topic=left["topic_name"], visibility_policy=0)

    def hears(self, case: recordings.Case, listener: str, message: dict) -> None:
        """Who is told of a message without asking for all public streams is subscribed."""
        queues = [(label, queue) for label, queue in case.queues.items() if queue["user"] == listener and not {"all_public_streams", "narrow"} & queue["register_params"].keys()]
        told = any(one["type"] == "message" and one["message"]["id"] == message["id"] for label, _ in queues for one in case.events.get(label, []))
        stream = self.streams_by_id().get(message["stream_id"])
        if stream is None or stream["is_archived"] or not queues or ("streams", message["stream_id"]) not in self.made:
            return
        if told:
            self.subscribed(listener, message["stream_id"])
        elif self.is_subscribed(listener, message["stream_id"]):
            self.api(listener, "DELETE", "/users/me/subscriptions", subscriptions=[stream["name"]])

    def show_addresses(self, listener: str, shown) -> None:
        """People have the names and addresses with which events show them: everybody's first address is a made-up one."""
        if isinstance(shown, list):
            for one in shown:
                self.show_addresses(listener, one)
        if not isinstance(shown, dict):
            return
        for id_name, name in (("user_id", "email"), ("id", "email"), ("sender_id", "sender_email")):
            user = self.world.users.get(shown.get(id_name))
            if user and isinstance(shown.get(name), str) and not user.get("is_bot") and not user["system"]:
                self.show_address(listener, shown[id_name], shown[name])
                self.name_user(shown[id_name], shown.get("full_name"))
        for inner in shown.values():
            self.show_addresses(listener, inner)

    def show_address(self, listener: str, number: int, shown: str) -> None:
        """Somebody's address is the one that they log in with if everybody may see that."""
        now = self.api(listener, "GET", f"/users/{number}").get("user") or {}
        own = self.world.email_of(number)
        if now and now["email"] != shown and own in (now["email"], shown):
            self.api(own, "PATCH", "/settings", email_address_visibility=1 if shown == own else 3)

    def name_sender(self, message: dict) -> None:
        """The sender is called as the message says."""
        known = self.world.users.get(message["sender_id"])
        if known is None or known.get("is_bot") or known["system"]:
            return
        self.name_user(message["sender_id"], message["sender_full_name"])

    def name_user(self, number: int, name: str | None) -> None:
        """Somebody is called like this, so far as a name is known."""
        now = self.api(self.admin, "GET", f"/users/{number}").get("user") or {} if name else {}
        if now and not now["is_bot"] and now["full_name"] != name:
            self.api(self.admin, "PATCH", f"/users/{number}", full_name=name)

    def mentionable(self, number: int, name: str, listener: str, inside: bool) -> None:
        """The group is called as the mention says, and the listener is in it or not."""
        if ("user_groups", number) not in self.made:
            self.made.add(("user_groups", number))
            self.next_id("user_groups", number)
            self.api(self.admin, "POST", "/user_groups/create", name=name, description="", members=[])
            self.go_on("user_groups")
        group = next((one for one in self.api(self.admin, "GET", "/user_groups").get("user_groups", []) if one["id"] == number), None)
        if group is None:
            return
        if group["name"] != name:
            self.api(self.admin, "PATCH", f"/user_groups/{number}", name=name)
        user = self.world.user_id(listener)
        if inside and not group["is_system_group"] and not self.api(self.admin, "GET", f"/user_groups/{number}/members/{user}").get("is_user_group_member"):
            self.api(self.admin, "POST", f"/user_groups/{number}/members", add=[user])


def listener_of(case: recordings.Case) -> str:
    """Somebody who hears of what happens."""
    return next((queue["user"] for queue in case.queues.values()), case.request.user)
