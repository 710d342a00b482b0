"""What single answers show of the realm in which they were recorded."""

import re

from dev.conformance import recordings

USER_LISTS = ("realm_users", "realm_non_active_users", "cross_realm_bots", "members")
STREAM_LISTS = ("subscriptions", "unsubscribed", "never_subscribed", "streams", "realm_default_streams")
SUBSCRIPTION_FIELDS = (
    "color", "is_muted", "pin_to_top", "audible_notifications", "desktop_notifications", "email_notifications",
    "push_notifications", "wildcard_mentions_notify",
)
MESSAGE_FIELDS = ("sender_id", "client", "type", "subject", "reactions", "submessages")
# What everybody of the realm shares, by the names under which registrations and single requests show it.
SHARED = {
    "realm_linkifiers": "realm_linkifiers", "linkifiers": "realm_linkifiers", "realm_playgrounds": "realm_playgrounds",
    "realm_emoji": "realm_emoji", "emoji": "realm_emoji", "realm_domains": "realm_domains", "domains": "realm_domains",
    "custom_profile_fields": "custom_profile_fields", "custom_fields": "custom_profile_fields",
    "realm_user_settings_defaults": "realm_user_settings_defaults", "user_status": "user_status",
}
# What only its owner is shown.
OWN = ("user_settings", "alert_words", "user_topics", "muted_users", "starred_messages", "drafts", "scheduled_messages")


class Learning:
    """Part of a world: takes over what answers show."""

    def learn(self, case: recordings.Case) -> None:
        """Take over what an answer shows."""
        answer, viewer = case.answer, (case.request.user or "").lower()
        self.learn_users(answer, viewer)
        self.learn_streams(case, viewer)
        for group in answer.get("realm_user_groups") or answer.get("user_groups") or []:
            self.groups[group["id"]] = group
        self.learn_messages(case, viewer)
        for key, name in SHARED.items():
            if answer.get(key):
                self.collections.setdefault(name, answer[key])
        presences = answer.get("presences") or {}
        if presences and all(key.isdigit() for key in presences):
            self.collections.setdefault("presences", presences)
        mine = self.personal.setdefault(viewer, {})
        mine.update({key: answer[key] for key in OWN if answer.get(key)})
        if case.kind == "register":
            self.learn_state(answer, viewer)

    def learn_users(self, answer: dict, viewer: str) -> None:
        """Users, however they are shown."""
        for key in USER_LISTS:
            for user in answer.get(key) or []:
                self.learn_user(user, viewer, system=key == "cross_realm_bots", active=key != "realm_non_active_users")
        for bot in answer.get("realm_bots") or []:
            if isinstance(bot, dict) and "user_id" in bot:
                self.learn_user({"bot_owner_id": bot.get("owner_id"), **bot, "is_bot": True})
        for user in (answer, answer.get("user")):
            if isinstance(user, dict) and {"user_id", "email", "full_name", "is_active"} <= user.keys():
                self.learn_user({key: value for key, value in user.items() if key not in ("msg", "result")}, viewer, active=user["is_active"])

    def learn_user(self, user: dict, viewer: str = "", system: bool = False, active: bool = True) -> None:
        """A user, from any object that shows one."""
        if viewer and "delivery_email" in user and not user.get("is_bot"):
            self.sightings.add((viewer, user["user_id"], user["delivery_email"] is not None))
        known = self.users.setdefault(user["user_id"], {})
        known.update({key: value for key, value in user.items() if value is not None or key not in known})
        known["system"] = known.get("system", False) or system
        known["active"] = active

    def learn_streams(self, case: recordings.Case, viewer: str) -> None:
        """Streams, however they are shown."""
        answer = case.answer
        # Without this ability, null settings are shown as the defaults that they stand for.
        abilities = case.request.params.get("client_capabilities") or {}
        exact = case.kind != "register" or abilities.get("notification_settings_null", False)
        for key in STREAM_LISTS:
            for stream in answer.get(key) or []:
                if isinstance(stream, dict) and "stream_id" in stream:
                    self.learn_stream(stream, viewer, subscribed=exact and key == "subscriptions")
        if isinstance(answer.get("stream"), dict):
            self.learn_stream(answer["stream"], viewer, subscribed=False)
        members = re.fullmatch(r"/streams/(\d+)/members", case.request.resource)
        if members and int(members[1]) in self.streams:
            self.streams[int(members[1])]["subscribers"] |= set(answer.get("subscribers") or [])

    def learn_stream(self, stream: dict, viewer: str, subscribed: bool) -> None:
        """A stream, and how the viewer is subscribed to it."""
        known = self.streams.setdefault(stream["stream_id"], {"subscribers": set()})
        subscribers = known["subscribers"] | set(stream.get("subscribers") or [])
        known.update({key: value for key, value in stream.items() if key not in SUBSCRIPTION_FIELDS})
        known["subscribers"] = subscribers
        if subscribed and viewer and "color" in stream:
            mine = {key: stream[key] for key in SUBSCRIPTION_FIELDS if key in stream}
            self.subscriptions.setdefault(viewer, {})[stream["stream_id"]] = mine

    def learn_messages(self, case: recordings.Case, viewer: str) -> None:
        """Messages, and what else tells of them."""
        answer = case.answer
        raw = case.request.params.get("apply_markdown") is False
        for message in [*(answer.get("messages") or []), answer.get("message")]:
            if isinstance(message, dict) and "content" in message:
                self.learn_message(message, raw, viewer)
        if "found_oldest" in answer and answer.get("messages"):
            self.windows.append((viewer, case.request.params.get("narrow") or [], [one["id"] for one in answer["messages"]], answer["found_oldest"]))
        one = re.fullmatch(r"/messages/(\d+)(?:/history)?", case.request.resource)
        snapshots = answer.get("message_history") or [{"content": answer.get("raw_content")}]
        if one and snapshots[-1].get("content"):
            self.messages.setdefault(int(one[1]), {"flags": {}})["raw"] = snapshots[-1]["content"]
        topics = re.fullmatch(r"/users/me/(\d+)/topics", case.request.resource)
        for topic in answer.get("topics") or [] if topics else []:
            self.messages.setdefault(topic["max_id"], {"flags": {}}).update({"type": "stream", "to": int(topics[1]), "subject": topic["name"]})

    def learn_message(self, message: dict, raw: bool, viewer: str) -> None:
        """A message, as Markdown if it was shown so."""
        known = self.messages.setdefault(message["id"], {"flags": {}})
        known.update({key: message[key] for key in MESSAGE_FIELDS if key in message})
        known["to"] = message.get("stream_id") or sorted(one["id"] for one in message["display_recipient"])
        known["raw" if raw else "html"] = message["content"]
        known["flags"][viewer] = message.get("flags") or []

    def learn_state(self, state: dict, viewer: str) -> None:
        """What only a registration shows."""
        self.realm.update({key: value for key, value in state.items() if key.startswith("realm_") and not isinstance(value, (list, dict))})
        if "realm_default_streams" in state:
            self.collections["default_streams"] = [one["stream_id"] if isinstance(one, dict) else one for one in state["realm_default_streams"]]
        self.server.update({key: value for key, value in state.items() if key.startswith("server_") and isinstance(value, (bool, str, int))})
        for talk in state.get("recent_private_conversations") or []:
            people = sorted({*talk["user_ids"], state.get("user_id") or self.user_id(viewer)} - {None})
            self.messages.setdefault(talk["max_message_id"], {"flags": {}, "type": "private", "to": people, "sender_id": people[0]})
        if "unread_msgs" in state:
            self.personal[viewer]["unread"] = sorted(self.learn_unread(state["unread_msgs"]))
        self.last_message_id = max(self.last_message_id, state.get("max_message_id") or 0)

    def learn_unread(self, unread: dict) -> set[int]:
        """Where unread messages are; their ids."""
        ids: set[int] = set()
        for group in unread.get("streams") or []:
            for message in group["unread_message_ids"]:
                self.messages.setdefault(message, {"flags": {}, "to": group["stream_id"], "subject": group["topic"], "type": "stream"})
            ids |= set(group["unread_message_ids"])
        for group in (unread.get("pms") or []) + (unread.get("huddles") or []):
            ids |= set(group["unread_message_ids"])
        return ids

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
