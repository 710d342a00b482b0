"""The PyPI package `zulip` at work: what bots, scripts and bridges do all day."""

import unittest

from base import ClientTest
from world import Listener, succeeded, unique, users


class Registering(ClientTest):
    def test_state_names_the_user_the_realm_and_the_subscriptions(self):
        state = succeeded(self.ann.register())
        self.addCleanup(self.ann.deregister, state["queue_id"])
        self.assertEqual(state["user_id"], self.ann_me["user_id"])
        self.assertIn(self.ben_me["user_id"], [user["user_id"] for user in state["realm_users"]])
        self.assertIn(self.stream, [stream["name"] for stream in state["subscriptions"]])
        self.assertIsInstance(state["last_event_id"], int)
        self.assertEqual(state["zulip_feature_level"], self.ann.get_server_settings()["zulip_feature_level"])

    def test_only_the_wanted_state_and_events_come(self):
        state = succeeded(self.ann.register(["message"]))
        self.assertIn("max_message_id", state)
        self.assertNotIn("realm_users", state)
        number = self.send(self.ben, "for the queue")
        succeeded(self.ben.add_reaction({"message_id": number, "emoji_name": "tada"}))
        last = self.send(self.ben, "the last one")
        seen, after = [], state["last_event_id"]
        while last not in seen:
            answer = succeeded(self.ann.get_events(queue_id=state["queue_id"], last_event_id=after))
            events = [event for event in answer["events"] if event["type"] != "heartbeat"]
            self.assertEqual({event["type"] for event in events} - {"message"}, set())
            self.assertTrue(all(event["id"] > after for event in answer["events"]))
            after = max([after, *(event["id"] for event in answer["events"])])
            seen += [event["message"]["id"] for event in events]
        self.assertEqual([one for one in seen if one >= number], [number, last])
        succeeded(self.ann.deregister(state["queue_id"]))
        gone = self.ann.get_events(queue_id=state["queue_id"], last_event_id=after)
        self.assertEqual((gone["result"], gone["code"]), ("error", "BAD_EVENT_QUEUE_ID"))

    def test_a_narrowed_queue_gets_its_topic_only(self):
        narrow = [["stream", self.stream], ["topic", "wanted"]]
        state = succeeded(self.ann.register(["message"], narrow))
        self.addCleanup(self.ann.deregister, state["queue_id"])
        self.send(self.ben, "elsewhere", "unwanted")
        wanted = self.send(self.ben, "here", "wanted")
        events = succeeded(self.ann.get_events(queue_id=state["queue_id"], last_event_id=state["last_event_id"]))["events"]
        self.assertEqual([event["message"]["id"] for event in events if event["type"] == "message"], [wanted])

    def test_profile_users_and_settings(self):
        self.assertEqual(self.ann_me["delivery_email"] or self.ann_me["email"], users("member")[0]["email"])
        members = succeeded(self.ann.get_members())["members"]
        names = {user["user_id"]: user["full_name"] for user in members}
        self.assertEqual(names[self.ben_me["user_id"]], self.ben_me["full_name"])
        settings = succeeded(self.ann.get_server_settings())
        self.assertTrue(settings["zulip_version"])


class Sending(ClientTest):
    def test_a_stream_message_reaches_a_subscriber_rendered(self):
        with Listener(self.ann, ["message"], apply_markdown=True) as events:
            number = self.send(self.ben, "the **build** is green", "release")
            event = events.wait(lambda event: event["message"]["id"] == number)
        message = event["message"]
        self.assertEqual(message["type"], "stream")
        self.assertEqual(message["display_recipient"], self.stream)
        self.assertEqual(message["subject"], "release")
        self.assertEqual(message["sender_id"], self.ben_me["user_id"])
        self.assertEqual(message["content"], "<p>the <strong>build</strong> is green</p>")
        self.assertNotIn("read", event["flags"])

    def test_a_mention_is_flagged(self):
        with Listener(self.ann, ["message"]) as events:
            number = self.send(self.ben, f"@**{self.ann_me['full_name']}** look")
            event = events.wait(lambda event: event["message"]["id"] == number)
        self.assertIn("mentioned", event["flags"])

    def test_a_direct_message_reaches_the_other_and_nobody_else(self):
        with Listener(self.ann, ["message"]) as for_ann, Listener(self.cleo, ["message"]) as for_cleo:
            number = self.send_direct(self.ben, [self.ann_me["email"]], "between us")
            event = for_ann.wait(lambda event: event["message"]["id"] == number)
            after = self.send_direct(self.ben, [self.cleo_me["email"]], "for Cleo")
            seen = for_cleo.wait(lambda event: event["message"]["id"] in (number, after))
        self.assertEqual(seen["message"]["id"], after)
        self.assertEqual(event["message"]["type"], "private")
        people = {user["id"] for user in event["message"]["display_recipient"]}
        self.assertEqual(people, {self.ann_me["user_id"], self.ben_me["user_id"]})

    def test_a_group_direct_message_is_one_conversation_for_all(self):
        ids = [self.ann_me["user_id"], self.ben_me["user_id"], self.cleo_me["user_id"]]
        first = self.send_direct(self.ben, [ids[0], ids[2]], "three of us")
        reply = self.send_direct(self.cleo, [ids[1], ids[0]], "yes")
        narrow = [{"operator": "dm", "operand": ids[1:]}]
        conversation = self.fetch(self.ann, narrow)
        self.assertEqual([message["id"] for message in conversation][-2:], [first, reply])
        self.assertEqual({user["id"] for user in conversation[-1]["display_recipient"]}, set(ids))
        self.assertEqual(conversation[-1]["recipient_id"], conversation[-2]["recipient_id"])

    def test_an_unknown_stream_is_refused(self):
        answer = self.ann.send_message({"type": "stream", "to": unique("nowhere"), "topic": "t", "content": "c"})
        self.assertEqual((answer["result"], answer["code"]), ("error", "STREAM_DOES_NOT_EXIST"))

    def test_empty_content_is_refused(self):
        before = self.ids(self.ann, self.in_stream())
        answer = self.ann.send_message({"type": "stream", "to": self.stream, "topic": "t", "content": " "})
        self.assertEqual((answer["result"], answer["code"]), ("error", "BAD_REQUEST"))
        self.assertEqual(self.ids(self.ann, self.in_stream()), before)


class Reading(ClientTest):
    def test_narrows(self):
        one = self.send(self.ann, "alpha word", "first")
        two = self.send(self.ben, "beta word", "first")
        three = self.send(self.ben, "gamma", "second")
        topic = {"operator": "topic", "operand": "first"}
        sender = {"operator": "sender", "operand": self.ben_me["email"]}
        cases = [
            (self.in_stream(topic), [one, two]),
            (self.in_stream({**topic, "negated": True}, sender), [three]),
            (self.in_stream(sender), [two, three]),
            (self.in_stream({"operator": "search", "operand": "beta"}), [two]),
            (self.in_stream({"operator": "id", "operand": str(one)}), [one]),
            ([{"operator": "stream", "operand": self.stream_id(self.stream)}, topic], [one, two]),
        ]
        for narrow, expected in cases:
            with self.subTest(narrow=narrow):
                self.assertEqual([found for found in self.ids(self.ann, narrow) if found >= one], expected)

    def test_anchors(self):
        numbers = [self.send(self.ben, f"number {n}", "count") for n in range(6)]
        narrow = self.in_stream({"operator": "topic", "operand": "count"})
        around = {"anchor": numbers[3], "num_before": 1, "num_after": 1}
        answer = succeeded(self.ann.get_messages({"narrow": narrow, **around}))
        self.assertEqual([message["id"] for message in answer["messages"]], numbers[2:5])
        self.assertTrue(answer["found_anchor"])
        self.assertFalse(answer["found_newest"])
        oldest = self.ids(self.ann, narrow, anchor="oldest", num_before=0, num_after=2)
        self.assertEqual(oldest, numbers[:2])
        first_unread = {"anchor": "first_unread", "num_before": 0, "num_after": 1}
        succeeded(self.ann.update_message_flags({"messages": numbers[:4], "op": "add", "flag": "read"}))
        # The anchor comes in addition to those after it.
        self.assertEqual(self.ids(self.ann, narrow, **first_unread), numbers[4:])

    def test_a_bad_narrow_is_an_error(self):
        request = {"anchor": "newest", "num_before": 1, "num_after": 0, "narrow": [["bogus", "x"]]}
        answer = self.ann.get_messages(request)
        self.assertEqual((answer["result"], answer["code"]), ("error", "BAD_NARROW"))

    def test_topics_raw_text_and_rendering(self):
        number = self.send(self.ann, "some *text*", "deep thought")
        topics = succeeded(self.ann.get_stream_topics(self.stream_id(self.stream)))["topics"]
        self.assertEqual((topics[0]["name"], topics[0]["max_id"]), ("deep thought", number))
        self.assertEqual(succeeded(self.ben.get_raw_message(number))["raw_content"], "some *text*")
        rendered = succeeded(self.ann.render_message({"content": "some *text*"}))["rendered"]
        self.assertEqual(rendered, "<p>some <em>text</em></p>")


class Changing(ClientTest):
    def test_reactions_come_and_go(self):
        number = self.send(self.ann, "shipped")
        with Listener(self.ann, ["reaction"]) as events:
            succeeded(self.ben.add_reaction({"message_id": number, "emoji_name": "tada"}))
            added = events.wait_type("reaction", op="add", message_id=number)
            self.assertEqual((added["emoji_name"], added["user_id"]), ("tada", self.ben_me["user_id"]))
            again = self.ben.add_reaction({"message_id": number, "emoji_name": "tada"})
            self.assertEqual(again["code"], "REACTION_ALREADY_EXISTS")
            there = self.message(self.ann, number)["reactions"]
            self.assertEqual([reaction["emoji_code"] for reaction in there], ["1f389"])
            succeeded(self.ben.remove_reaction({"message_id": number, "emoji_name": "tada"}))
            events.wait_type("reaction", op="remove", message_id=number)
        self.assertEqual(self.message(self.ann, number)["reactions"], [])

    def test_an_edit_keeps_its_history(self):
        number = self.send(self.ann, "first draft")
        with Listener(self.ben, ["update_message"]) as events:
            succeeded(self.ann.update_message({"message_id": number, "content": "second draft"}))
            event = events.wait_type("update_message", message_id=number)
        self.assertEqual((event["orig_content"], event["content"]), ("first draft", "second draft"))
        history = succeeded(self.ben.get_message_history(number))["message_history"]
        self.assertEqual([entry["content"] for entry in history], ["first draft", "second draft"])
        self.assertEqual(history[1]["prev_content"], "first draft")

    def test_nobody_edits_what_another_wrote(self):
        number = self.send(self.ann, "mine")
        self.assertEqual(self.ben.update_message({"message_id": number, "content": "yours"})["result"], "error")
        self.assertEqual(succeeded(self.ann.get_raw_message(number))["raw_content"], "mine")

    def test_a_topic_moves_as_a_whole(self):
        numbers = [self.send(self.ann, f"part {n}", "old name") for n in range(3)]
        change = {"message_id": numbers[1], "topic": "new name", "propagate_mode": "change_all"}
        with Listener(self.ben, ["update_message"]) as events:
            succeeded(self.admin.update_message({**change, "send_notification_to_new_thread": False}))
            event = events.wait(lambda event: numbers[0] in event["message_ids"])
        self.assertEqual(sorted(event["message_ids"]), numbers)
        self.assertEqual((event["orig_subject"], event["subject"]), ("old name", "new name"))
        self.assertEqual(event["propagate_mode"], "change_all")
        moved = self.ids(self.ben, self.in_stream({"operator": "topic", "operand": "new name"}))
        self.assertEqual(moved, numbers)

    def test_the_rest_of_a_topic_moves_to_another_stream(self):
        numbers = [self.send(self.ann, f"part {n}", "wandering") for n in range(3)]
        target = self.make_stream(self.admin, self.ann)
        change = {
            "message_id": numbers[1],
            "stream_id": self.stream_id(target),
            "propagate_mode": "change_later",
            "send_notification_to_new_thread": False,
            "send_notification_to_old_thread": False,
        }
        succeeded(self.admin.update_message(change))
        there = [{"operator": "channel", "operand": target}, {"operator": "topic", "operand": "wandering"}]
        self.assertEqual(self.ids(self.ann, there), numbers[1:])
        left = self.ids(self.ann, self.in_stream({"operator": "topic", "operand": "wandering"}))
        self.assertEqual(left, numbers[:1])

    def test_a_topic_is_resolved(self):
        number = self.send(self.ann, "done?", "question")
        succeeded(self.admin.update_message({"message_id": number, "topic": "✔ question", "propagate_mode": "change_all"}))
        resolved = self.ids(self.ann, self.in_stream({"operator": "is", "operand": "resolved"}))
        self.assertIn(number, resolved)
        self.assertEqual(self.message(self.ann, number)["subject"], "✔ question")

    def test_a_deleted_message_is_gone(self):
        number = self.send(self.ann, "away with it")
        with Listener(self.ben, ["delete_message"]) as events:
            succeeded(self.admin.delete_message(number))
            event = events.wait_type("delete_message")
        self.assertIn(number, event.get("message_ids", [event.get("message_id")]))
        self.assertEqual(self.ben.get_raw_message(number)["result"], "error")
        self.assertNotIn(number, self.ids(self.ann, self.in_stream()))


class Subscribing(ClientTest):
    def names(self, zulip_client) -> list[str]:
        return [stream["name"] for stream in succeeded(zulip_client.get_subscriptions())["subscriptions"]]

    def test_oneself(self):
        with Listener(self.cleo, ["subscription"]) as events:
            added = succeeded(self.cleo.add_subscriptions([{"name": self.stream}]))
            self.assertEqual(list(added["subscribed"].values()), [[self.stream]])
            event = events.wait_type("subscription", op="add")
            self.assertEqual([stream["name"] for stream in event["subscriptions"]], [self.stream])
            again = succeeded(self.cleo.add_subscriptions([{"name": self.stream}]))
            self.assertEqual(again["subscribed"], {})
            self.assertEqual(list(again["already_subscribed"].values()), [[self.stream]])
            self.assertIn(self.stream, self.names(self.cleo))
            removed = succeeded(self.cleo.remove_subscriptions([self.stream]))
            self.assertEqual(removed["removed"], [self.stream])
            events.wait_type("subscription", op="remove")
        self.assertNotIn(self.stream, self.names(self.cleo))

    def test_others(self):
        with Listener(self.cleo, ["subscription", "message"]) as events:
            principals = [self.cleo_me["user_id"]]
            succeeded(self.admin.add_subscriptions([{"name": self.stream}], principals=principals))
            events.wait_type("subscription", op="add")
            number = self.send(self.ann, "welcome")
            events.wait(lambda event: event["type"] == "message" and event["message"]["id"] == number)
            members = succeeded(self.ann.get_subscribers(stream=self.stream))["subscribers"]
            self.assertIn(self.cleo_me["user_id"], members)
            succeeded(self.admin.remove_subscriptions([self.stream], principals=principals))
            events.wait_type("subscription", op="remove")
        members = succeeded(self.ann.get_subscribers(stream=self.stream))["subscribers"]
        self.assertNotIn(self.cleo_me["user_id"], members)

    def test_after_leaving_no_message_comes(self):
        succeeded(self.cleo.add_subscriptions([{"name": self.stream}]))
        with Listener(self.cleo, ["message"]) as events:
            succeeded(self.cleo.remove_subscriptions([self.stream]))
            unseen = self.send(self.ann, "after you left")
            seen = self.send_direct(self.ann, [self.cleo_me["user_id"]], "goodbye")
            event = events.wait(lambda event: event["message"]["id"] in (unseen, seen))
        self.assertEqual(event["message"]["id"], seen)

    def test_a_private_stream_is_unknown_to_others(self):
        secret = self.make_stream(self.admin, self.ann, invite_only=True)
        number = self.send(self.ann, "between us", stream=secret)
        self.assertNotIn(secret, [stream["name"] for stream in succeeded(self.cleo.get_streams())["streams"]])
        self.assertEqual(self.cleo.get_raw_message(number)["result"], "error")
        answer = self.cleo.send_message({"type": "stream", "to": secret, "topic": "t", "content": "hello?"})
        self.assertEqual((answer["result"], answer["code"]), ("error", "STREAM_DOES_NOT_EXIST"))

    def test_settings_of_a_subscription(self):
        stream_id = self.stream_id(self.stream)
        with Listener(self.ann, ["subscription"]) as events:
            data = [{"stream_id": stream_id, "property": "pin_to_top", "value": True}]
            succeeded(self.ann.update_subscription_settings(data))
            event = events.wait_type("subscription", op="update", property="pin_to_top")
        self.assertEqual((event["stream_id"], event["value"]), (stream_id, True))
        mine = [stream for stream in self.ann.get_subscriptions()["subscriptions"] if stream["stream_id"] == stream_id]
        self.assertTrue(mine[0]["pin_to_top"])


class Noticing(ClientTest):
    def test_typing_to_a_person(self):
        with Listener(self.ann, ["typing"]) as events:
            succeeded(self.ben.set_typing_status({"op": "start", "to": [self.ann_me["user_id"]]}))
            event = events.wait_type("typing", op="start")
            self.assertEqual(event["sender"]["user_id"], self.ben_me["user_id"])
            people = {user["user_id"] for user in event["recipients"]}
            self.assertEqual(people, {self.ann_me["user_id"], self.ben_me["user_id"]})
            succeeded(self.ben.set_typing_status({"op": "stop", "to": [self.ann_me["user_id"]]}))
            events.wait_type("typing", op="stop")

    def test_typing_in_a_stream(self):
        place = {"type": "stream", "stream_id": self.stream_id(self.stream), "topic": "plans"}
        with Listener(self.ann, ["typing"]) as events:
            succeeded(self.ben.set_typing_status({"op": "start", **place}))
            event = events.wait_type("typing", op="start", message_type="stream")
        self.assertEqual((event["stream_id"], event["topic"]), (place["stream_id"], "plans"))

    def test_presence(self):
        succeeded(self.ben.update_presence({"status": "active", "ping_only": False, "new_user_input": True}))
        presence = succeeded(self.ann.get_user_presence(self.ben_me["email"]))["presence"]
        self.assertEqual(presence["aggregated"]["status"], "active")
        everybody = succeeded(self.ann.get_realm_presence())["presences"]
        self.assertIn(self.ben_me["email"], everybody)


class Flags(ClientTest):
    def test_a_star(self):
        number = self.send(self.ben, "remember this")
        starred = self.in_stream({"operator": "is", "operand": "starred"})
        with Listener(self.ann, ["update_message_flags"]) as events:
            succeeded(self.ann.update_message_flags({"messages": [number], "op": "add", "flag": "starred"}))
            event = events.wait_type("update_message_flags", op="add", flag="starred")
        self.assertEqual(event["messages"], [number])
        self.assertEqual(self.ids(self.ann, starred), [number])
        self.assertEqual(self.ids(self.ben, starred), [])
        succeeded(self.ann.update_message_flags({"messages": [number], "op": "remove", "flag": "starred"}))
        self.assertEqual(self.ids(self.ann, starred), [])

    def test_reading_some_a_topic_and_a_stream(self):
        unread = self.in_stream({"operator": "is", "operand": "unread"})
        one, two = (self.send(self.ben, text, "first") for text in ("one", "two"))
        three, four = self.send(self.ben, "three", "second"), self.send(self.ben, "four", "third")
        mine = [one, two, three, four]

        def left():
            return [number for number in self.ids(self.ann, unread) if number in mine]

        self.assertEqual(left(), mine)
        with Listener(self.ann, ["update_message_flags"]) as events:
            marked = succeeded(self.ann.update_message_flags({"messages": [one], "op": "add", "flag": "read"}))
            self.assertEqual(marked["messages"], [one])
            events.wait_type("update_message_flags", op="add", flag="read", messages=[one])
        self.assertEqual(left(), [two, three, four])
        succeeded(self.ann.mark_topic_as_read(self.stream_id(self.stream), "second"))
        self.assertEqual(left(), [two, four])
        succeeded(self.ann.update_message_flags({"messages": [one], "op": "remove", "flag": "read"}))
        self.assertEqual(left(), [one, two, four])
        succeeded(self.ann.mark_stream_as_read(self.stream_id(self.stream)))
        self.assertEqual(left(), [])

    def test_what_a_script_sent_is_read_if_it_says_so(self):
        def flags(number):
            return next(message["flags"] for message in self.fetch(self.ann, self.in_stream()) if message["id"] == number)

        self.assertNotIn("read", flags(self.send(self.ann, "Nobody looked at this")))
        said = {"type": "stream", "to": self.stream, "topic": "t", "content": "Somebody did", "read_by_sender": True}
        self.assertIn("read", flags(succeeded(self.ann.send_message(said))["id"]))

    def test_all_is_read(self):
        number = self.send(self.ben, "news")
        succeeded(self.ann.mark_all_as_read())
        self.assertEqual(self.ids(self.ann, [{"operator": "is", "operand": "unread"}, {"operator": "id", "operand": str(number)}]), [])


if __name__ == "__main__":
    unittest.main()
