"""What is as it was before an event: whatever the event is going to tell is undone, if it is so already."""

import re

from dev.conformance import recordings
from dev.conformance.seed import PIXEL
from dev.conformance.story import makes

GROUP_MENTION = re.compile(r'data-user-group-id="(\d+)">@?([^<]+)<')


class Before:
    """Part of a stage: a method for each type of events that needs one."""

    def before_event(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Undo what the event is going to tell, if it is so already."""
        name = f"before_{event['type']}"
        if hasattr(self, name):
            getattr(self, name)(case, listener, event)

    def before_update_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Messages are in the topic from which they are moved."""
        if "orig_subject" in event:
            self.put(event["message_ids"], event["stream_id"], event["orig_subject"])

    def before_delete_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Messages are in the topic from which they are deleted, and nothing else is, if the whole of it is."""
        if event.get("message_type") == "stream":
            self.put(event.get("message_ids") or [event["message_id"]], event["stream_id"], event["topic"])

    def put(self, message_ids: list[int], stream_id: int, topic: str) -> None:
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

    def before_realm_user(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who comes back had left; roles and names were others; pictures were changed as often as their versions say."""
        person = event.get("person") or {}
        path = f"/users/{person.get('user_id')}"
        if event["op"] == "update" and {"is_active", "role", "full_name"} & person.keys():
            now = self.api(self.somebody(100), "GET", path).get("user") or {}
            if "is_active" in person and now.get("is_active") == person["is_active"]:
                self.api(self.somebody(100), *(("DELETE", path) if person["is_active"] else ("POST", f"{path}/reactivate")))
            if "role" in person and now.get("role") == person["role"]:
                self.api(self.somebody(100), "PATCH", path, role=400 if person["role"] != 400 else 300)
            if "full_name" in person and now.get("full_name") == person["full_name"]:
                self.api(self.admin, "PATCH", path, full_name=f"Not {person['full_name']}"[:60])
        if case.request.resource != "/users/me/avatar" or "avatar_version" not in person:
            return
        shown = self.api(case.request.user, "GET", "/users/me").get("avatar_version", 1)
        for _ in range(shown, person["avatar_version"] - 1):
            self.host.exchange("POST", "/api/v1/users/me/avatar", {}, case.request.user, files=[("file", "picture.png", PIXEL)])

    def before_realm_domains(self, case: recordings.Case, listener: str, event: dict) -> None:
        """A domain that is added is not there, one that goes or changes is, the other way round."""
        shown = event.get("realm_domain") or {"domain": event.get("domain"), "allow_subdomains": True}
        owner = self.somebody(100)
        there = {one["domain"] for one in self.api(owner, "GET", "/realm/domains").get("domains", [])}
        if shown["domain"] in there:
            self.api(owner, "DELETE", f"/realm/domains/{shown['domain']}")
        if event["op"] != "add":
            self.api(owner, "POST", "/realm/domains", domain=shown["domain"], allow_subdomains=not shown["allow_subdomains"])

    def before_realm_emoji(self, case: recordings.Case, listener: str, event: dict) -> None:
        """An emoji that is added is not there, one that goes is."""
        name = case.request.resource.rsplit("/", 1)[-1]
        listed = self.api(self.admin, "GET", "/realm/emoji").get("emoji", {}).values()
        there = any(one["name"] == name and not one["deactivated"] for one in listed)
        if there and case.request.method == "POST":
            self.api(self.admin, "DELETE", f"/realm/emoji/{name}")
        elif not there and case.request.method == "DELETE":
            self.host.exchange("POST", f"/api/v1/realm/emoji/{name}", {}, case.request.user, files=[("filename", f"{name}.png", PIXEL)])

    def before_user_settings(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The setting is another."""
        name, value = event.get("property"), event.get("value")
        state = self.api(listener, "POST", "/register", fetch_event_types=["user_settings"], event_types=["user_settings"], client_capabilities={"notification_settings_null": True, "user_settings_object": True})
        if (state.get("user_settings") or {}).get(name) == value:
            self.api(listener, "PATCH", "/settings", **{name: other_than(value)})

    def before_realm(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The settings of the realm are others."""
        changed = event["data"] if event["op"] == "update_dict" else {event.get("property"): event.get("value")}
        state = self.api(self.admin, "POST", "/register", fetch_event_types=["realm"], event_types=["realm"])
        for name, value in changed.items():
            if name in case.request.params and state.get(f"realm_{name}") == value:
                self.api(self.somebody(100), "PATCH", "/realm", **{name: other_than(value)})

    def before_user_topic(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The policy is another, if that is what the request is about."""
        if not case.request.resource.endswith(("/user_topics", "/muted_topics")):
            return
        state = self.api(listener, "POST", "/register", fetch_event_types=["user_topic"], event_types=["user_topic"])
        topic = {"stream_id": event["stream_id"], "topic_name": event["topic_name"]}
        now = next((one["visibility_policy"] for one in state.get("user_topics", []) if topic.items() <= one.items()), 0)
        if now == event["visibility_policy"]:
            other = 0 if now else 1
            self.api(listener, "POST", "/user_topics", stream_id=event["stream_id"], topic=event["topic_name"], visibility_policy=other)

    def before_user_group(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is added is no member, who is removed is one; names and descriptions are others."""
        number = event.get("group_id")
        group = next((one for one in self.api(self.admin, "GET", "/user_groups").get("user_groups", []) if one["id"] == number), None)
        if group is None:
            return
        inside = set(group["members"]) & set(event.get("user_ids") or [])
        if event["op"] == "add_members" and inside:
            self.api(self.admin, "POST", f"/user_groups/{number}/members", delete=sorted(inside))
        elif event["op"] == "remove_members" and set(event["user_ids"]) - inside:
            self.api(self.admin, "POST", f"/user_groups/{number}/members", add=sorted(set(event["user_ids"]) - inside))
        elif event["op"] == "update":
            same = {key: other_than(value) for key, value in event["data"].items() if isinstance(value, str) and group.get(key) == value}
            if same:
                self.api(self.admin, "PATCH", f"/user_groups/{number}", **same)

    def before_stream(self, case: recordings.Case, listener: str, event: dict) -> None:
        """What is going to change of a stream is otherwise."""
        name, value = event.get("property"), event.get("value")
        stream = self.streams_by_id().get(event.get("stream_id"))
        if event["op"] != "update" or stream is None or stream.get(name) != value:
            return
        if name == "invite_only":
            self.api(self.somebody(100), "PATCH", f"/streams/{event['stream_id']}", is_private=not value)
        elif name in ("description", "stream_post_policy", "message_retention_days"):
            self.api(self.somebody(100), "PATCH", f"/streams/{event['stream_id']}", **{name: other_than(value)})

    def before_reaction(self, case: recordings.Case, listener: str, event: dict) -> None:
        """A reaction that is taken back is there; one that is added is not."""
        message_id, user = event["message_id"], self.world.email_of(event["user_id"])
        shown = self.api(user, "GET", f"/messages/{message_id}").get("message") or {}
        there = any(one["user_id"] == event["user_id"] and one["emoji_code"] == event["emoji_code"] for one in shown.get("reactions", []))
        if there != (event["op"] == "remove"):
            method = "DELETE" if there else "POST"
            self.api(user, method, f"/messages/{message_id}/reactions", **{key: event[key] for key in ("emoji_name", "emoji_code", "reaction_type")})

    def before_update_message_flags(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The flag is not yet as it will be; of those that one request sweeps up, the others are already."""
        messages, flag = event["messages"], event["flag"]
        opposite = "remove" if event["op"] == "add" else "add"
        if not messages:
            return
        if flag == "read" and event["op"] == "add" and not case.request.params.get("messages"):
            self.api(listener, "POST", "/mark_all_as_read")
        self.api(listener, "POST", "/messages/flags", messages=messages, op=opposite, flag=flag)

    def before_subscription(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is going to be subscribed is not, and the other way round."""
        operation = event["op"]
        if operation == "update":
            self.before_property(listener, event)
            return
        streams = event.get("stream_ids") or [one["stream_id"] for one in event.get("subscriptions") or []]
        people = event.get("user_ids") or [self.world.user_id(listener)]
        made = {number for kind, number in makes(case) if kind == "streams"}
        for stream in (one for one in streams if one not in made):
            known = self.streams_by_id().get(stream)
            for person in people if known else []:
                email = self.world.email_of(person) or listener
                subscribed = self.is_subscribed(email, stream)
                if operation in ("remove", "peer_remove") and not subscribed:
                    self.api(email, "POST", "/users/me/subscriptions", subscriptions=[{"name": known["name"]}])
                elif operation in ("add", "peer_add") and subscribed:
                    self.api(self.admin, "DELETE", "/users/me/subscriptions", subscriptions=[known["name"]], principals=[person])

    def before_property(self, listener: str, event: dict) -> None:
        """A property of a subscription is another."""
        mine = self.api(listener, "GET", "/users/me/subscriptions").get("subscriptions", [])
        now = next((one for one in mine if one["stream_id"] == event["stream_id"]), {})
        if event["property"] in now and now[event["property"]] == event["value"] and isinstance(event["value"], bool):
            change = {"stream_id": event["stream_id"], "property": event["property"], "value": not event["value"]}
            self.api(listener, "POST", "/users/me/subscriptions/properties", subscription_data=[change])

    def before_message(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Who is told of a message without asking for all public streams is subscribed."""
        message = event["message"]
        self.name_sender(message)
        for group in GROUP_MENTION.finditer(message["content"]):
            self.name_group(int(group.group(1)), group.group(2))
        if message["type"] != "stream" or ("streams", message["stream_id"]) not in self.made:
            return
        asked = [queue for queue in case.queues.values() if queue["user"] == listener and not queue["register_params"].get("all_public_streams")]
        stream = self.streams_by_id().get(message["stream_id"])
        if asked and stream and not stream["is_archived"] and not self.is_subscribed(listener, message["stream_id"]):
            # By themselves, for others would be announced.
            self.api(listener, "POST", "/users/me/subscriptions", subscriptions=[{"name": stream["name"]}])

    def name_sender(self, message: dict) -> None:
        """The sender is called as the message says."""
        known = self.world.users.get(message["sender_id"])
        if known is None or known.get("is_bot") or known["system"]:
            return
        path = f"/users/{message['sender_id']}"
        now = self.api(self.admin, "GET", path).get("user") or {}
        if now and now["full_name"] != message["sender_full_name"]:
            self.api(self.admin, "PATCH", path, full_name=message["sender_full_name"])

    def name_group(self, number: int, name: str) -> None:
        """The group is called as the mention says."""
        groups = self.api(self.admin, "GET", "/user_groups").get("user_groups", [])
        if any(group["id"] == number and group["name"] != name for group in groups):
            self.api(self.admin, "PATCH", f"/user_groups/{number}", name=name)

    def streams_by_id(self) -> dict[int, dict]:
        """All streams as they are now."""
        return {one["stream_id"]: one for one in self.api(self.admin, "GET", "/streams", include_all_active=True).get("streams", [])}

    def is_subscribed(self, email: str, stream_id: int) -> bool:
        """Whether somebody is subscribed to a stream."""
        return self.api(email, "GET", f"/users/{self.world.user_id(email)}/subscriptions/{stream_id}").get("is_subscribed", False)

    def before_muted_users(self, case: recordings.Case, listener: str, event: dict) -> None:
        """Unmuting somebody needs somebody muted."""
        found = re.match(r"/users/me/muted_users/(\d+)", case.request.resource)
        if found and case.request.method == "DELETE":
            if int(found.group(1)) not in [one["id"] for one in self.api(case.request.user, "POST", "/register", fetch_event_types=["muted_users"], event_types=["muted_users"]).get("muted_users", [])]:
                self.api(case.request.user, "POST", f"/users/me/muted_users/{found.group(1)}")
        elif found:
            self.api(case.request.user, "DELETE", f"/users/me/muted_users/{found.group(1)}")

    def before_default_streams(self, case: recordings.Case, listener: str, event: dict) -> None:
        """A stream that stops being a default one, is one."""
        stream = case.request.params.get("stream_id")
        if stream is not None:
            method = "POST" if case.request.method == "DELETE" else "DELETE"
            self.api(self.admin, method, "/default_streams", stream_id=stream)

    def before_alert_words(self, case: recordings.Case, listener: str, event: dict) -> None:
        """The list is as it will be, but for what the request changes."""
        words = case.request.params.get("alert_words") or []
        now = self.api(listener, "GET", "/users/me/alert_words").get("alert_words", [])
        wanted = [one for one in event["alert_words"] if one not in words] + (words if case.request.method == "DELETE" else [])
        if set(now) - set(wanted):
            self.api(listener, "DELETE", "/users/me/alert_words", alert_words=sorted(set(now) - set(wanted)))
        if set(wanted) - set(now):
            self.api(listener, "POST", "/users/me/alert_words", alert_words=sorted(set(wanted) - set(now)))


def other_than(value):
    """A value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value - 1 if value > 1 else value + 1
    return f"not {value}"
