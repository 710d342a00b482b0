"""What the tests of the clients have in common."""

import unittest

from world import client, me, succeeded, unique, users


class ClientTest(unittest.TestCase):
    """Three users, and a stream of their own in every test."""

    @classmethod
    def setUpClass(cls):
        cls.admin = client(users("admin")[0])
        cls.ann, cls.ben, cls.cleo = (client(user) for user in users("member")[:3])
        cls.ann_me, cls.ben_me, cls.cleo_me = me(cls.ann), me(cls.ben), me(cls.cleo)

    def setUp(self):
        self.stream = self.make_stream(self.admin, self.ann, self.ben)

    def make_stream(self, *members, **options) -> str:
        """A stream with these subscribers, the first of whom made it."""
        name = unique("clients")
        principals = [me(member)["user_id"] for member in members]
        succeeded(members[0].add_subscriptions([{"name": name}], principals=principals, **options))
        return name

    def stream_id(self, name: str) -> int:
        return succeeded(self.admin.get_stream_id(name))["stream_id"]

    def send(self, sender, content: str, topic: str = "plans", stream: str | None = None) -> int:
        message = {"type": "stream", "to": stream or self.stream, "topic": topic, "content": content}
        return succeeded(sender.send_message(message))["id"]

    def send_direct(self, sender, recipients: list, content: str) -> int:
        message = {"type": "private", "to": recipients, "content": content}
        return succeeded(sender.send_message(message))["id"]

    def fetch(self, reader, narrow: list, **options) -> list[dict]:
        request = {"anchor": "newest", "num_before": 50, "num_after": 0, "narrow": narrow, **options}
        return succeeded(reader.get_messages(request))["messages"]

    def ids(self, reader, narrow: list, **options) -> list[int]:
        return [message["id"] for message in self.fetch(reader, narrow, **options)]

    def message(self, reader, message_id: int) -> dict:
        return succeeded(reader.call_endpoint(f"messages/{message_id}", method="GET"))["message"]

    def in_stream(self, *terms) -> list[dict]:
        return [{"operator": "channel", "operand": self.stream}, *terms]
