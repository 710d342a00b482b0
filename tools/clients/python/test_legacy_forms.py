"""The forms that clients used years ago and still send: zulip-terminal, old bots, the mobile apps of the past."""

import json
import unittest
import urllib.parse

import requests
from base import ClientTest
from world import site, users

NEWEST_OF_OLD = "10000000000000000"


class LegacyForms(ClientTest):
    def setUp(self):
        super().setUp()
        self.user = users("member")[0]

    def call(self, method: str, path: str, *, user: dict | None = None, **where) -> dict:
        """A request as it is, which must succeed."""
        answer = self.request(method, path, user=user, **where)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        return answer.json()

    def request(self, method: str, path: str, *, user: dict | None = None, **where) -> requests.Response:
        user = user or self.user
        login = (user["email"], user["api_key"])
        return requests.request(method, f"{site()}/api/v1/{path}", auth=login, timeout=30, **where)

    def read(self, narrow: list, **query) -> dict:
        parameters = {"anchor": NEWEST_OF_OLD, "num_before": 20, "num_after": 0, **query}
        return self.call("GET", "messages", params={**parameters, "narrow": json.dumps(narrow)})

    def numbers(self, narrow: list, **query) -> list[int]:
        return [message["id"] for message in self.read(narrow, **query)["messages"]]

    def test_subject_stands_for_topic(self):
        form = {"type": "stream", "to": self.stream, "subject": "old times", "content": "as we did"}
        number = self.call("POST", "messages", data=form)["id"]
        message = self.message(self.ann, number)
        self.assertEqual((message["subject"], message["display_recipient"]), ("old times", self.stream))

    def test_to_may_be_a_name_a_list_or_an_id(self):
        forms = [self.stream, json.dumps([self.stream]), json.dumps(self.stream_id(self.stream))]
        for to in forms:
            with self.subTest(to=to):
                form = {"type": "stream", "to": to, "topic": "t", "content": f"to {to}"}
                self.assertEqual(self.message(self.ann, self.call("POST", "messages", data=form)["id"])["display_recipient"], self.stream)

    def test_new_types_are_the_old_ones(self):
        form = {"type": "channel", "to": self.stream, "topic": "t", "content": "new word"}
        self.assertEqual(self.message(self.ann, self.call("POST", "messages", data=form)["id"])["type"], "stream")
        form = {"type": "direct", "to": json.dumps([self.ben_me["user_id"]]), "content": "new word"}
        self.assertEqual(self.message(self.ann, self.call("POST", "messages", data=form)["id"])["type"], "private")

    def test_private_messages_to_addresses(self):
        for to in (self.ben_me["email"], json.dumps([self.ben_me["email"]])):
            with self.subTest(to=to):
                form = {"type": "private", "to": to, "content": "psst"}
                number = self.call("POST", "messages", data=form)["id"]
                self.assertIn(number, self.numbers([["pm-with", self.ben_me["email"]]]))

    def test_a_group_by_addresses(self):
        addresses = [self.ben_me["email"], self.cleo_me["email"]]
        form = {"type": "private", "to": json.dumps(addresses), "content": "we three"}
        number = self.call("POST", "messages", data=form)["id"]
        self.assertIn(number, self.numbers([["pm-with", ",".join(addresses)]]))
        self.assertIn(number, self.numbers([["is", "private"]]))
        self.assertNotIn(number, self.numbers([["pm-with", self.ben_me["email"]]]))

    def test_narrows_as_pairs(self):
        one = self.send(self.ben, "one", "first")
        two = self.send(self.ben, "two", "second")
        self.assertEqual(self.numbers([["stream", self.stream], ["topic", "first"]])[-1], one)
        self.assertEqual(self.numbers([["stream", self.stream]])[-2:], [one, two])
        self.assertEqual(self.numbers([["stream", self.stream], ["sender", self.ann_me["email"]]]), [])

    def test_the_first_unread_as_anchor(self):
        read, unread = self.send(self.ben, "read"), self.send(self.ben, "unread")
        flags = {"messages": json.dumps([read]), "op": "add", "flag": "read"}
        self.call("POST", "messages/flags", data=flags)
        query = {"anchor": 0, "use_first_unread_anchor": "true", "num_before": 0, "num_after": 5}
        answer = self.read([["stream", self.stream], ["topic", "plans"]], **query)
        self.assertEqual([message["id"] for message in answer["messages"]], [unread])
        self.assertEqual(answer["anchor"], unread)

    def test_the_largest_anchor_means_the_newest(self):
        number = self.send(self.ben, "the newest")
        answer = self.read([["stream", self.stream]])
        self.assertEqual(answer["messages"][-1]["id"], number)
        self.assertTrue(answer["found_newest"])

    def test_a_double_slash_in_the_path(self):
        profile = self.call("GET", "/users/me")
        self.assertEqual(profile["user_id"], self.ann_me["user_id"])

    def test_every_method_takes_query_form_and_multipart(self):
        number = self.send(self.ann, "version 0")
        path = f"messages/{number}"
        self.call("PATCH", path, params={"content": "version 1"})
        self.assertEqual(self.message(self.ann, number)["content"], "<p>version 1</p>")
        self.call("PATCH", path, data={"content": "version 2"})
        self.assertEqual(self.message(self.ann, number)["content"], "<p>version 2</p>")
        self.call("POST", f"{path}/reactions", files={"emoji_name": (None, "tada")})
        self.call("DELETE", f"{path}/reactions", params={"emoji_name": "tada"})
        self.call("POST", f"{path}/reactions", data={"emoji_name": "tada"})
        self.call("DELETE", f"{path}/reactions", data={"emoji_name": "tada"})
        self.assertEqual(self.message(self.ann, number)["reactions"], [])

    def test_unknown_parameters_are_named(self):
        answer = self.call("GET", "users/me", params={"frobnicate": "1"})
        self.assertEqual(answer["ignored_parameters_unsupported"], ["frobnicate"])

    def test_presence_keyed_by_address(self):
        form = {"status": "active", "ping_only": "false", "new_user_input": "true"}
        self.call("POST", "users/me/presence", data=form)
        answer = self.call("POST", "users/me/presence", data=form, user=users("member")[1])
        mine = answer["presences"][self.ann_me["email"]]
        self.assertEqual(mine["aggregated"]["status"], "active")

    def test_a_client_without_capabilities(self):
        types = json.dumps(["message", "subscription"])
        state = self.call("POST", "register", data={"event_types": types, "client_gravatar": "false"})
        queue_id, last = state["queue_id"], state["last_event_id"]
        number = self.send(self.ben, "a **bold** word")
        query = urllib.parse.urlencode({"queue_id": queue_id, "last_event_id": last})
        events = self.call("GET", f"events?{query}")["events"]
        message = next(event["message"] for event in events if event["type"] == "message")
        # Without apply_markdown the text comes as it was typed; who cannot compute gravatars gets their URLs.
        self.assertEqual((message["id"], message["content"]), (number, "a **bold** word"))
        self.assertIsInstance(message["avatar_url"], str)
        self.call("DELETE", "events", data={"queue_id": queue_id})

    def test_fetching_the_key_by_password(self):
        form = {"username": self.user["email"], "password": self.user["password"]}
        answer = requests.post(f"{site()}/api/v1/fetch_api_key", data=form, timeout=30)
        self.assertEqual(answer.status_code, 200, answer.text[:500])
        self.assertEqual(answer.json()["user_id"], self.ann_me["user_id"])
        login = (answer.json()["email"], answer.json()["api_key"])
        profile = requests.get(f"{site()}/api/v1/users/me", auth=login, timeout=30).json()
        self.assertEqual(profile["user_id"], self.ann_me["user_id"])

    def test_a_wrong_key_is_refused(self):
        answer = self.request("GET", "users/me", user={**self.user, "api_key": "x" * 32})
        self.assertEqual((answer.status_code, answer.json()["code"]), (401, "UNAUTHORIZED"))


if __name__ == "__main__":
    unittest.main()
