"""What the Flutter app reads at start-up and from events, checked field by field."""

import copy
import json
import unittest

import requests
from contract import violations
from base import ClientTest
from world import MODERN, Listener, site, succeeded, users


class Checker(unittest.TestCase):
    """The checker itself finds what is wrong."""

    GOOD = {"type": "alert_words", "id": 4, "alert_words": ["lunch"]}

    def test_a_good_event_passes(self):
        self.assertEqual(violations("Event", self.GOOD), [])

    def test_each_kind_of_breach_is_found(self):
        for change in ({"alert_words": None}, {"alert_words": "lunch"}, {"alert_words": [3]}, {"id": True}):
            self.assertEqual(len(violations("Event", {**self.GOOD, **change})), 1, change)
        missing = copy.copy(self.GOOD)
        del missing["id"]
        self.assertEqual(violations("Event", missing), ["Event.id: missing"])


class FlutterApp(ClientTest):
    def assert_readable(self, name: str, value) -> None:
        found = violations(name, value)
        self.assertEqual(found, [], f"{len(found)} breaches of {name}")

    def test_server_settings(self):
        answer = requests.get(f"{site()}/api/v1/server_settings", timeout=15).json()
        self.assert_readable("ServerSettings", answer)

    def test_initial_snapshots_of_all_roles(self):
        for role in ("owner", "admin", "moderator", "member", "guest"):
            with self.subTest(role=role):
                user = users(role)[0]
                answer = self.call(user, "POST", "register", {
                    "apply_markdown": "true",
                    "slim_presence": "true",
                    "client_gravatar": "false",
                    "client_capabilities": json.dumps(MODERN),
                    "include_subscribers": "false",
                })
                self.addCleanup(self.call, user, "DELETE", "events", {"queue_id": answer["queue_id"]})
                self.assert_readable("InitialSnapshot", answer)

    def test_messages_of_streams_and_people(self):
        number = self.send(self.ben, f"look, @**{self.ann_me['full_name']}**: `code` and :tada:")
        succeeded(self.ann.add_reaction({"message_id": number, "emoji_name": "tada"}))
        succeeded(self.ben.update_message({"message_id": number, "content": "look again"}))
        direct = self.send_direct(self.ben, [self.ann_me["user_id"], self.cleo_me["user_id"]], "hello")
        user = users("member")[0]
        answer = self.call(user, "GET", "messages", {
            "anchor": "newest", "num_before": "50", "num_after": "0", "narrow": "[]", "allow_empty_topic_name": "true",
        })
        seen = {message["id"] for message in answer["messages"]}
        self.assertLessEqual({number, direct}, seen)
        for message in answer["messages"]:
            self.assert_readable("Message", message)

    def test_events_of_a_busy_minute(self):
        with Listener(self.ann, None, apply_markdown=True, slim_presence=True) as events:
            number = self.send(self.ben, "first", "before")
            last = self.act(number)
            while True:
                event = events.wait(lambda _: True)
                self.assert_readable("Event", event)
                if event["type"] == "message" and event["message"]["id"] == last:
                    return

    def act(self, number: int) -> int:
        """A little of everything; the id of the last message."""
        succeeded(self.ann.add_reaction({"message_id": number, "emoji_name": "tada"}))
        succeeded(self.ann.remove_reaction({"message_id": number, "emoji_name": "tada"}))
        succeeded(self.ben.update_message({"message_id": number, "content": "second"}))
        succeeded(self.admin.update_message({"message_id": number, "topic": "after", "propagate_mode": "change_all"}))
        for op in ("add", "remove"):
            for flag in ("read", "starred"):
                succeeded(self.ann.update_message_flags({"messages": [number], "op": op, "flag": flag}))
        succeeded(self.ben.set_typing_status({"op": "start", "to": [self.ann_me["user_id"]]}))
        place = {"type": "stream", "stream_id": self.stream_id(self.stream), "topic": "after"}
        succeeded(self.ben.set_typing_status({"op": "start", **place}))
        succeeded(self.ben.update_presence({"status": "active", "ping_only": False, "new_user_input": True}))
        made = self.make_stream(self.admin, self.ann, self.ben)
        succeeded(self.admin.remove_subscriptions([made], principals=[self.ben_me["user_id"]]))
        succeeded(self.ann.remove_subscriptions([made]))
        succeeded(self.admin.delete_message(number))
        return self.send(self.ben, "the last one")

    def call(self, user: dict, method: str, path: str, parameters: dict) -> dict:
        """As the app calls: GET with a query, everything else with a form."""
        where = {"params" if method == "GET" else "data": parameters}
        login = (user["email"], user["api_key"])
        answer = requests.request(method, f"{site()}/api/v1/{path}", auth=login, timeout=30, **where)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()


if __name__ == "__main__":
    unittest.main()
