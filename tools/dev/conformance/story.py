"""What a recorded action is about: things that it needs, and things that it makes, each as (kind, id)."""

import re

from dev.conformance import recordings

# Where a path has an id, and of what.
PATH_IDS = (
    (re.compile(r"^/messages/(\d+)"), "messages"),
    (re.compile(r"^/streams/(\d+)"), "streams"),
    (re.compile(r"^/users/me/(\d+)/topics"), "streams"),
    (re.compile(r"^/users/(\d+)"), "users"),
    (re.compile(r"^/bots/(\d+)"), "users"),
    (re.compile(r"^/user_groups/(\d+)"), "user_groups"),
    (re.compile(r"^/scheduled_messages/(\d+)"), "scheduled_messages"),
    (re.compile(r"^/drafts/(\d+)"), "drafts"),
    (re.compile(r"^/saved_snippets/(\d+)"), "saved_snippets"),
    (re.compile(r"^/realm/filters/(\d+)"), "linkifiers"),
    (re.compile(r"^/realm/playgrounds/(\d+)"), "playgrounds"),
    (re.compile(r"^/realm/profile_fields/(\d+)"), "profile_fields"),
    (re.compile(r"^/attachments/(\d+)"), "attachments"),
)
# Ids that stand for something that is not there.
NOWHERE = 99_999
# How answers say that something is not there.
ABSENT = re.compile(r"do(es)?(n't| not) exist|not found|No such|^Invalid ")
# What a request makes, by its path: the kind, and where its events show the id.
MAKES = {
    "/messages": "messages",
    "/users": "users",
    "/user_groups/create": "user_groups",
    "/users/me/subscriptions": "streams",
    "/scheduled_messages": "scheduled_messages",
    "/drafts": "drafts",
    "/saved_snippets": "saved_snippets",
    "/realm/filters": "linkifiers",
    "/realm/playgrounds": "playgrounds",
    "/realm/profile_fields": "profile_fields",
    "/user_uploads": "attachments",
    "/bots": "users",
    "/invites/multiuse": "invites",
}


def needs(case: recordings.Case) -> list[tuple[str, int]]:
    """What a case touches: (kind, id)."""
    found: list[tuple[str, int]] = []
    for pattern, kind in PATH_IDS:
        match = pattern.match(case.request.resource)
        if match:
            found.append((kind, int(match.group(1))))
    params = case.request.params
    for key, kind in (("messages", "messages"), ("message_ids", "messages"), ("message_id", "messages"), ("stream_id", "streams"), ("principals", "users"), ("members", "users"), ("add", "users"), ("delete", "users")):
        if key in ("add", "delete") and not case.request.resource.startswith("/user_groups/"):
            continue
        if case.request.resource.endswith("/subgroups") and key in ("add", "delete"):
            kind = "user_groups"
        value = params.get(key)
        found += [(kind, one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, int) and not isinstance(one, bool)]
    if case.request.resource == "/messages" and params.get("type") in ("direct", "private") and isinstance(params.get("to"), list):
        found += [("users", one) for one in params["to"] if isinstance(one, int)]
    for _, event in case.received():
        found += touched(event)
    if case.status != 200 and ABSENT.search(str(case.answer.get("msg"))):
        # Messages may be there, out of the asker's sight or without what is looked for at them.
        found = [one for one in found if one[0] == "messages"]
    return list(dict.fromkeys(found))


def touched(event: dict) -> list[tuple[str, int]]:
    """What an event is about and does not bring along."""
    if event["type"] in ("update_message", "delete_message", "reaction", "submessage"):
        ids = (event.get("message_ids") or []) + ([event["message_id"]] if "message_id" in event else [])
        return [("messages", one) for one in ids]
    if event["type"] == "update_message_flags":
        return [("messages", one) for one in event["messages"]]
    if event["type"] == "message":
        message = event["message"]
        return [("streams", message["stream_id"])] if message["type"] == "stream" else []
    return []


def makes(case: recordings.Case) -> list[tuple[str, int]]:
    """What a case makes: (kind, id)."""
    found = []
    kind = MAKES.get(case.request.resource) if case.request.method == "POST" and case.status == 200 else None
    for key in ("id", "user_id", "scheduled_message_id", "saved_snippet_id"):
        if kind and isinstance(case.answer.get(key), int):
            found.append((kind, case.answer[key]))
    for _, event in case.received():
        if event["type"] == "message":
            found.append(("messages", event["message"]["id"]))
            found += [("submessages", one["id"]) for one in event["message"].get("submessages") or []]
        elif event["type"] == "submessage":
            found.append(("submessages", event["submessage_id"]))
        elif event["type"] == "stream" and event.get("op") == "create":
            found += [("streams", one["stream_id"]) for one in event["streams"]]
        elif event["type"] == "subscription" and event.get("op") == "add" and kind == "streams" and case.answer.get("subscribed"):
            pass
        elif event["type"] == "user_group" and event.get("op") == "add":
            found.append(("user_groups", event["group"]["id"]))
        elif event["type"] == "realm_user" and event.get("op") == "add":
            found.append(("users", event["person"]["user_id"]))
        elif event["type"] == "scheduled_messages" and event.get("op") == "add":
            found += [("scheduled_messages", one["scheduled_message_id"]) for one in event["scheduled_messages"]]
        elif event["type"] == "attachment" and event.get("op") == "add":
            found.append(("attachments", event["attachment"]["id"]))
    return list(dict.fromkeys(sorted(found)))


def names_of_streams(event: dict) -> list[tuple[int, str]]:
    """What streams are called just before an event, as it tells: (id, name)."""
    message = event.get("message") or {}
    shown = [one for one in (event.get("streams") or []) + (event.get("subscriptions") or []) if isinstance(one, dict)]
    if event["type"] == "stream" and event["op"] == "update":
        shown.append(event)
    found = [(one["stream_id"], one["name"]) for one in shown if "name" in one]
    if message.get("type") == "stream":
        found.append((message["stream_id"], message["display_recipient"]))
    if "stream_name" in event:
        found.append((event["stream_id"], event["stream_name"]))
    return found
