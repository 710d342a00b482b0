"""`python3 -m unittest dev.conformance.tests`: what is masked and what is not."""

import unittest

from dev.conformance import html, markdown, recordings, schema, story, values, world
from dev.conformance.compare import Comparison
from dev.conformance.deviations import Deviation
from dev.conformance.replay import Replay, is_translated


def paths(expected, got) -> list[str]:
    """Where two values differ."""
    return [difference.path for difference in Comparison().diff(expected, got)]


class Comparing(unittest.TestCase):
    """Made-up answers."""

    def test_more_fields_are_welcome_and_fewer_are_not(self):
        self.assertEqual(paths({"a": 1}, {"a": 1, "b": 2}), [])
        self.assertEqual(paths({"a": 1, "b": 2}, {"a": 1}), ["b"])

    def test_values_and_types_count(self):
        self.assertEqual(paths({"a": [1, {"b": True}]}, {"a": [1, {"b": 1}]}), ["a[1].b"])
        self.assertEqual(paths({"a": None}, {"a": ""}), ["a"])

    def test_times_are_any_times_of_the_same_type(self):
        self.assertEqual(paths({"timestamp": 1795231324}, {"timestamp": 1800000000}), [])
        self.assertEqual(paths({"timestamp": 1795231324}, {"timestamp": 1800000000.5}), ["timestamp"])
        self.assertEqual(paths({"timestamp": 1795231324}, {"timestamp": 3}), ["timestamp"])
        self.assertEqual(paths({"user_id": 1795231324}, {"user_id": 1795231325}), ["user_id"])
        iso = {"date_joined": "2026-11-21T03:20:37.374713+00:00"}
        self.assertEqual(paths(iso, {"date_joined": "2027-01-01T00:00:00.1+00:00"}), [])
        self.assertEqual(paths(iso, {"date_joined": "2027-01-01"}), ["date_joined"])

    def test_recipients_are_mapped_one_to_one(self):
        theirs = [{"recipient_id": 8}, {"recipient_id": 8}, {"recipient_id": 9}]
        self.assertEqual(paths(theirs, [{"recipient_id": 1}, {"recipient_id": 1}, {"recipient_id": 2}]), [])
        self.assertEqual(paths(theirs, [{"recipient_id": 1}, {"recipient_id": 2}, {"recipient_id": 2}]), ["[1].recipient_id"])

    def test_random_parts_of_texts(self):
        self.assertEqual(paths("see /user_uploads/2/d6/DP07bNu1_1fQLM/a.txt", "see /user_uploads/2/00/zzzzzzzzzzzzz/a.txt"), [])
        self.assertEqual(paths("see /user_uploads/2/d6/DP07bNu1_1fQLM/a.txt", "see /user_uploads/2/00/zzzzzzzzzzzzz/b.txt"), ["."])

    def test_what_was_random_in_an_answer_is_translated_in_later_requests(self):
        comparison = Comparison()
        comparison.diff({"uri": "/user_uploads/2/d6/DP07bNu1_1fQLM/a.txt"}, {"uri": "/user_uploads/2/00/zzzzzzzzzzzzz/a.txt"})
        told = comparison.in_our_words({"content": "[a](/user_uploads/2/d6/DP07bNu1_1fQLM/a.txt)"})
        self.assertEqual(told, {"content": "[a](/user_uploads/2/00/zzzzzzzzzzzzz/a.txt)"})

    def test_sets_have_no_order_and_lists_of_messages_have(self):
        self.assertEqual(paths({"subscribers": [1, 2]}, {"subscribers": [2, 1]}), [])
        self.assertEqual(paths({"topics": [1, 2]}, {"topics": [2, 1]}), ["topics[0]", "topics[1]"])
        self.assertEqual(paths({"members": [{"user_id": 1}, {"user_id": 2}]}, {"members": [{"user_id": 2}, {"user_id": 1}]}), [])
        self.assertEqual(paths({"messages": [{"id": 1}, {"id": 2}]}, {"messages": [{"id": 2}, {"id": 1}]}), ["messages(order)"])

    def test_elements_are_paired_by_name(self):
        theirs = {"members": [{"user_id": 1, "role": 400}, {"user_id": 2, "role": 400}]}
        self.assertEqual(paths(theirs, {"members": [{"user_id": 2, "role": 100}]}), ["members[user_id=1]", "members[user_id=2].role"])

    def test_deviations_name_cases_and_places(self):
        difference = Comparison().diff({"response": {"users": [{"id": 1, "x": 1}]}}, {"response": {"users": [{"id": 1, "x": 2}]}})[0]
        self.assertTrue(Deviation("get/*", ["response.users[*].x"], "why").covers("get/users", difference))
        self.assertFalse(Deviation("events/*", ["response.users[*].x"], "why").covers("get/users", difference))
        self.assertTrue(Deviation("get GET /users/* *", ["response.users[*].x"], "why").covers("get/any", difference, "get GET /users/7 {}"))


def case(name: str, ids: dict[str, list[int]], **request) -> recordings.Case:
    """An action with the ids of the events of each queue."""
    asked = recordings.Request.of({"user": "ann@example.com", "method": "POST", "path": "/messages", **request})
    made = recordings.Case("events", name, asked, 200, {"result": "success"})
    made.queues = {label: {"user": label} for label in ids}
    made.events = {label: [{"type": "x", "id": one} for one in numbers] for label, numbers in ids.items()}
    return made


class Describing(unittest.TestCase):
    """Schemas as OpenAPI writes them."""

    def test_more_fields_are_welcome_and_null_is_a_value_where_it_is_one(self):
        opened = schema.open_up({"additionalProperties": False, "properties": {"a": {"type": "string", "nullable": True}}})
        self.assertEqual(opened, {"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}})

    def test_fields_are_found_through_parts_and_references(self):
        looking = schema.Schema.__new__(schema.Schema)
        looking.document = schema.open_up({"components": {"Base": {"properties": {"id": {"type": "integer"}}}}})
        whole = schema.open_up({"allOf": [{"$ref": "#/components/Base"}, {"properties": {"op": {"enum": ["add"]}}}]})
        self.assertEqual(sorted(looking.properties(whole)), ["id", "op"])

    def test_misfits_are_told_once_for_each_place(self):
        looking = schema.Schema.__new__(schema.Schema)
        looking.misfits = {}
        for at in (0, 1):
            looking.add(schema.Misfit(f"GET /messages.messages[{at}].id", f"'x{at}' is not of type 'integer'", "x"))
        self.assertEqual([count for _, count in looking.misfits.values()], [2])


class Recorded(unittest.TestCase):
    """What recordings tell beside the answers."""

    def test_actions_are_ordered_by_every_queue(self):
        cases = [case("late", {"a": [9]}), case("only b", {"b": [4]}), case("early", {"a": [2], "b": [3]})]
        names = [one.name for one in recordings.chronological(cases)]
        self.assertLess(names.index("early"), names.index("late"))
        self.assertLess(names.index("early"), names.index("only b"))

    def test_an_action_needs_what_its_request_and_its_events_name(self):
        one = case("react", {}, method="PATCH", path="/messages/101", params={"stream_id": 4})
        self.assertEqual(story.needs(one), [("messages", 101), ("streams", 4)])

    def test_what_is_said_not_to_be_there_is_not_needed(self):
        one = case("edit", {}, method="PATCH", path="/drafts/9999")
        self.assertEqual(story.needs(one), [("drafts", 9999)])
        one.status, one.response = 404, {"result": "error", "msg": "Draft does not exist"}
        self.assertEqual(story.needs(one), [])

    def test_an_action_makes_what_its_answer_names(self):
        one = case("send", {})
        one.response = {"result": "success", "id": 7}
        self.assertEqual(story.makes(one), [("messages", 7)])

    def test_events_are_paired_by_kind(self):
        replay = Replay.__new__(Replay)
        replay.comparison = Comparison()
        expected = [{"type": "a", "op": "add", "v": 1, "id": 5}, {"type": "b", "id": 6}]
        self.assertEqual(replay.queue("q", expected, [{"type": "a", "op": "add", "v": 1, "id": 90}, {"type": "b", "id": 91}]), [])
        self.assertEqual([one.path for one in replay.queue("q", expected, [{"type": "a", "op": "add", "v": 2, "id": 1}, {"type": "c", "id": 2}])], ["q.a/add.v", "q.b", "q.c"])

    def test_markdown_is_guessed_from_html(self):
        text = '<p>a <strong>b</strong> <a href="https://example.com">https://example.com</a></p>'
        self.assertEqual(markdown.markdown_of({"html": text}), "a **b** https://example.com")
        text = '<p><span class="user-mention silent" data-user-id="7">Ann</span> in <a class="stream-topic" href="/#narrow/x">#b &gt; c</a></p>'
        self.assertEqual(markdown.markdown_of({"html": text}), "@_**Ann|7** in #**b>c**")
        text = '<ul>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n<div class="codehilite" data-code-language="Python"><pre><span></span><code><span class="k">def</span> x\n</code></pre></div>'
        self.assertEqual(markdown.markdown_of({"html": text}), "* a\n  * b\n\n```python\ndef x\n```")

    def test_html_differs_by_a_byte_but_not_by_the_order_of_attributes(self):
        self.assertEqual(html.normal('<a title="x" href="y">z</a>'), html.normal('<a href="y" title="x">z</a>'))
        self.assertNotEqual(html.normal("<p>a &gt; b</p>"), html.normal("<p>a > b</p>"))
        self.assertNotEqual(html.normal('<a href="y&amp;z">q</a>'), html.normal('<a href="y&z">q</a>'))

    def test_emoticons_were_translated_where_nothing_else_makes_the_emoji(self):
        smile = '<span aria-label="smile" class="emoji emoji-1f642" role="img" title="smile">:smile:</span>'
        self.assertTrue(is_translated(":)", smile))
        self.assertFalse(is_translated(":smile: \U0001f642", smile + smile))
        self.assertFalse(is_translated(":)", "<p>:)</p>"))

    def test_what_a_folder_leaves_open_is_as_in_the_same_realm_and_in_no_other(self):
        known = world.World.known()
        one = world.World()
        one.learn_user({**known.users[10], "full_name": "Another Name"})
        one.fill_from(known)
        self.assertEqual((one.users[10]["full_name"], one.stream_id("Verona")), ("Another Name", known.stream_id("Verona")))
        other = world.World()
        other.learn_user({"user_id": 10, "email": "ann@example.com", "full_name": "Ann"})
        other.fill_from(known)
        self.assertEqual((list(other.users), other.streams), ([10], {}))

    def test_people_are_known_by_the_address_with_which_they_listen(self):
        known = world.World.known()
        one = case("send", {})
        one.queues = {"actor": {"user": "ann@example.com", "user_id": 10}, "admin": {"user": "iago@zulip.com", "user_id": 1011}}
        known.learn_cast([one])
        self.assertEqual((known.user_id("ann@example.com"), known.user_id("iago@zulip.com")), (10, 1011))
        self.assertEqual(known.users[1011]["role"], world.ADMIN_ROLE)
        self.assertNotIn(11, known.users)

    def test_a_list_that_goes_on_has_an_older_message(self):
        one = world.World()
        one.messages = {5: {"to": 3, "subject": "a", "sender_id": 7, "flags": {}}}
        one.windows = [("ann@example.com", [["channel", "Verona"]], [5], False)]
        one.reach_back()
        self.assertEqual(one.messages[4]["to"], 3)
        one.windows = [("ann@example.com", [["channel", "Verona"]], [4, 5], True)]
        one.reach_back()
        self.assertEqual(sorted(one.messages), [4, 5])

    def test_streams_are_called_as_events_tell(self):
        renamed = {"type": "stream", "op": "update", "property": "name", "stream_id": 3, "name": "old", "value": "new"}
        self.assertEqual(story.names_of_streams(renamed), [(3, "old")])
        message = {"type": "message", "message": {"type": "stream", "stream_id": 4, "display_recipient": "here"}}
        self.assertEqual(story.names_of_streams(message), [(4, "here")])

    def test_settings_are_others_before_they_are_set(self):
        for name, value in (("enter_sends", True), ("default_language", "de"), ("timezone", "UTC"), ("color_scheme", 2), ("new_stream_id", 3), ("description", "x")):
            self.assertNotEqual(values.other_than(name, value), value)

    def test_a_world_is_known_without_recordings_of_it(self):
        known = world.World.known()
        self.assertIsNotNone(known.stream_id("Verona"))
        self.assertEqual(known.email_of(known.user_id("hamlet@zulip.com")), "hamlet@zulip.com")


if __name__ == "__main__":
    unittest.main()
