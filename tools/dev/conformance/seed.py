"""Making a fresh server hold a recorded world.

Rows that nobody is told about (people, streams, memberships) are written to the database before any process runs, with
the ids that they have in the recordings. What has behaviour of its own (messages, settings, custom fields …) goes
through the API, so that a server which lacks it shows that in the comparison.
"""

import json
import re
import struct
import zlib

from dev import progress
from dev.conformance import host as hosts
from dev.conformance.markdown import markdown_of
from dev.conformance.world import World

PASSWORD = "conformance"
# The colours of streams, in the order in which they are given out.
PALETTE = (
    "#76ce90", "#fae589", "#a6c7e5", "#e79ab5", "#bfd56f", "#f4ae55", "#b0a5fd", "#addfe5",
    "#f5ce6e", "#c2726a", "#94c849", "#bd86e5", "#ee7e4a", "#a6dcbf", "#95a5fd", "#53a063",
    "#9987e1", "#e4523d", "#c2c2c2", "#4f8de4", "#c6a8ad", "#e7cc4d", "#c8bebf", "#a47462",
)


def build(host: hosts.Host, world: World) -> list[str]:
    """Make the world; what could not be made."""
    refused: list[str] = []
    host.settings = settings(world)
    make_realm(host, world)
    people(host, world)
    streams(host, world)
    groups(host, world)
    reset(host)
    host.start()
    attempt = Attempt(host, refused)
    realm(attempt, world)
    words(attempt, world)
    messages(attempt, world)
    # What people follow because of what they wrote is shown where it counts.
    host.sql("DELETE FROM user_topics;")
    personal(attempt, world)
    flags(attempt, world)
    host.stop()
    host.sql("\n".join(afterwards(world)))
    host.remember()
    return refused


def settings(world: World) -> dict[str, str]:
    """How the recorded server was set up, as far as clients are told."""
    known = {"NARROWS_FAKE_EMAIL_DOMAIN": world.realm.get("realm_bot_domain")}
    if "server_inline_url_embed_preview" in world.server:
        known["NARROWS_WEBSITE_PREVIEWS"] = str(world.server["server_inline_url_embed_preview"]).lower()
    return {key: value for key, value in known.items() if value}


def afterwards(world: World) -> list[str]:
    """What would have been in the way of the messages."""
    statements = ["SELECT 1;"]
    for stream_id, stream in world.streams.items():
        statements.append(f"UPDATE streams SET post_policy = {stream.get('stream_post_policy') or 1} WHERE id = {stream_id};")
    for mine in world.personal.values():
        for one in mine.get("drafts") or []:
            # Written like that by whoever set up the server, too.
            statements.append(f"UPDATE drafts SET topic = {literal(one['topic'])}, content = {literal(one['content'])} WHERE id = {one['id']};")
    for message_id, message in sorted(world.messages.items()):
        ending = re.search(r"(\s+)</p>$", message.get("html", ""))
        if ending:
            # Some were not sent, but written by whoever set up the server: sending takes such ends off.
            rendered = f"regexp_replace(rendered_content, '</p>$', {literal(ending.group(0))})"
            statements.append(f"UPDATE messages SET content = content || {literal(ending.group(1))}, rendered_content = {rendered} WHERE id = {message_id};")
        for one in message.get("reactions") or []:
            values = {"message_id": message_id, **{key: one[key] for key in ("user_id", "emoji_name", "emoji_code", "reaction_type")}}
            statements.append(insert("reactions", values) + ";")
    return statements


class Attempt:
    """Calls of which each may fail: what depends on it will differ."""

    def __init__(self, host: hosts.Host, refused: list[str]):
        self.host = host
        self.refused = refused

    def __call__(self, user: str | None, method: str, path: str, client: str | None = None, **params) -> dict | None:
        try:
            return self.host.api(user, method, path, client, **params)
        except hosts.Refused as problem:
            self.refused.append(str(problem))
            return None


# Before any process runs --------------------------------------------------------------------------------------


def make_realm(host: hosts.Host, world: World) -> None:
    """A realm with the recorded ids of its system groups."""
    system = [key for key, group in world.groups.items() if group.get("is_system_group")]
    host.create()
    host.next_id("realms", realm_id(world))
    if system:
        host.next_id("user_groups", min(system))
    bots = [key for key, user in world.users.items() if user["system"] and user["email"].startswith("notification")]
    if bots:
        host.next_id("users", bots[0])
    host.command(
        "realm", "create", "--subdomain", hosts.SUBDOMAIN, "--name", world.realm["realm_name"],
        "--description", world.realm.get("realm_description", ""), "--owner-email", "first@example.com",
        "--owner-name", "First", NARROWS_OWNER_PASSWORD=PASSWORD,
    )


def realm_id(world: World) -> int:
    """The id of the recorded realm, which paths of its files show."""
    emoji = world.collections.get("realm_emoji") or {}
    for one in emoji.values():
        parts = one["source_url"].split("/")
        if len(parts) > 2 and parts[2].isdigit():
            return int(parts[2])
    return 2


def people(host: hosts.Host, world: World) -> None:
    """Everybody, instead of the owner with whom the realm was made."""
    statements = ["CREATE TEMP TABLE hash AS SELECT password_hash FROM users WHERE password_hash IS NOT NULL LIMIT 1;"]
    statements.append("DELETE FROM streams; DELETE FROM recipients; DELETE FROM users WHERE NOT is_system_bot;")
    statements.append("UPDATE users SET email = 'notification-bot@zulip.com', delivery_email = 'notification-bot@zulip.com';")
    for user_id, user in sorted(world.users.items()):
        statements.append(insert_user(user_id, user))
    statements.append("UPDATE users SET password_hash = (SELECT password_hash FROM hash) WHERE NOT is_bot;")
    for user_id, user in sorted(world.users.items()):
        if user.get("bot_owner_id"):
            statements.append(f"UPDATE users SET bot_owner_id = {user['bot_owner_id']} WHERE id = {user_id};")
    for user_id, user in sorted(world.users.items()):
        own = world.personal.get((world.email_of(user_id) or "").lower(), {}).get("user_settings")
        settings = own or ({} if user.get("is_bot") else common_settings(world))
        chosen = {key: value for key, value in settings.items() if not isinstance(value, list) and key != "timezone"}
        if own is None and user_id in world.visibility:
            chosen["email_address_visibility"] = world.visibility[user_id]
        if chosen:
            statements.append(f"UPDATE users SET settings = {literal(json.dumps(chosen))} WHERE id = {user_id};")
    statements.append("SELECT setval(pg_get_serial_sequence('users', 'id'), (SELECT max(id) FROM users));")
    statements += bots(world)
    host.sql("\n".join(statements))
    for user_id, user in sorted(world.users.items()):
        host.add_key(user_id, world.email_of(user_id))
        host.keys.setdefault(user["email"].lower(), host.keys[world.email_of(user_id).lower()])


def common_settings(world: World) -> dict:
    """What somebody has who has not shown their settings: what those who have agree upon."""
    people = {(world.email_of(key) or "").lower() for key, user in world.users.items() if not user.get("is_bot")}
    shown = [mine["user_settings"] for email, mine in world.personal.items() if mine.get("user_settings") and email in people]
    if not shown:
        return {}
    return {key: value for key, value in shown[0].items() if all(other.get(key) == value for other in shown)}


def bots(world: World) -> list[str]:
    """What bots have beside other users. Their keys are made when they ask for them."""
    known = [key for key, user in sorted(world.users.items()) if user.get("is_bot") and not user["system"]]
    return [insert("bots", {"user_id": key}) + " ON CONFLICT DO NOTHING;" for key in known]


def insert_user(user_id: int, user: dict) -> str:
    """One user."""
    values = {
        "id": user_id, "realm_id": ("SELECT id FROM realms",), "email": user["email"],
        "delivery_email": user.get("delivery_email") or user["email"], "full_name": user["full_name"],
        "role": user.get("role") or 400, "is_active": user.get("active", True), "is_bot": bool(user.get("is_bot")),
        "bot_type": user.get("bot_type"), "is_system_bot": user["system"], "date_joined": user.get("date_joined") or "now",
        "timezone": user.get("timezone") or "", "avatar_version": user.get("avatar_version") or 1,
    }
    return f"{insert('users', values)} ON CONFLICT (id) DO NOTHING;"


def streams(host: hosts.Host, world: World) -> None:
    """Streams with their subscribers, and the colours that they chose."""
    statements = []
    default = world.collections.get("default_streams") or []
    chosen = {key: colors(world, key) for key in world.users}
    for stream_id, stream in sorted(world.streams.items()):
        statements.append(f"INSERT INTO recipients (realm_id, kind) SELECT id, 2 FROM realms; {insert_stream(stream_id, stream, default)};")
        for user_id in sorted(stream["subscribers"]):
            mine = world.subscriptions.get((world.email_of(user_id) or "").lower(), {}).get(stream_id, {})
            values = {
                "user_id": user_id, "stream_id": stream_id, "color": chosen[user_id][stream_id],
                "is_muted": mine.get("is_muted", False), "pin_to_top": mine.get("pin_to_top", False),
            }
            values |= {key: mine.get(key) for key in mine if key.endswith(("_notifications", "_notify"))}
            statements.append(insert("subscriptions", values) + ";")
    statements.append(
        "INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)"
        " SELECT user_id, recipient_id, 0 FROM subscriptions JOIN streams ON streams.id = stream_id;"
    )
    statements.append("SELECT setval(pg_get_serial_sequence('streams', 'id'), (SELECT max(id) FROM streams));")
    host.sql("\n".join(statements))


def colors(world: World, user_id: int) -> dict[int, str]:
    """The colours of somebody's streams; what nobody showed is the first that they have not given to another."""
    shown = {key: mine["color"] for key, mine in world.subscriptions.get((world.email_of(user_id) or "").lower(), {}).items() if "color" in mine}
    for stream_id, stream in sorted(world.streams.items()):
        if user_id in stream["subscribers"] and stream_id not in shown:
            free = [color for color in PALETTE if color not in shown.values()]
            shown[stream_id] = (free or PALETTE)[0]
    return shown


def insert_stream(stream_id: int, stream: dict, default: list[int]) -> str:
    """One stream."""
    values = {
        "id": stream_id, "realm_id": ("SELECT id FROM realms",), "recipient_id": ("SELECT max(id) FROM recipients",),
        "name": stream["name"], "description": stream["description"], "rendered_description": stream["rendered_description"],
        "invite_only": stream["invite_only"], "history_public_to_subscribers": stream["history_public_to_subscribers"],
        "is_web_public": stream["is_web_public"], "is_default": stream_id in default, "creator_id": stream.get("creator_id"),
        "message_retention_days": stream.get("message_retention_days"),
    }
    return insert("streams", values)


def groups(host: hosts.Host, world: World) -> None:
    """User groups that people made."""
    statements = []
    for group_id, group in sorted(world.groups.items()):
        if group.get("is_system_group"):
            continue
        values = {"id": group_id, "realm_id": ("SELECT id FROM realms",), "name": group["name"], "description": group["description"]}
        statements.append(insert("user_groups", values) + ";")
        statements += [insert("user_group_members", {"group_id": group_id, "user_id": one}) + ";" for one in group["members"]]
    statements.append("SELECT setval(pg_get_serial_sequence('user_groups', 'id'), (SELECT max(id) FROM user_groups));")
    host.sql("\n".join(statements))


def reset(host: hosts.Host) -> None:
    """Nothing was ever said."""
    host.sql("TRUNCATE messages, topics, outbox CASCADE; DELETE FROM unread; ALTER SEQUENCE messages_id_seq RESTART; UPDATE realms SET version = version + 1;")


def insert(table: str, values: dict) -> str:
    """An INSERT; a tuple holds SQL."""
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(map(literal, values.values()))})"


def literal(value) -> str:
    """A value in SQL."""
    if isinstance(value, tuple):
        return f"({value[0]})"
    if value is None or isinstance(value, (bool, int)):
        return {None: "NULL", True: "true", False: "false"}.get(value, str(value)) if not isinstance(value, int) or isinstance(value, bool) else str(value)
    return "'" + str(value).replace("'", "''") + "'"


# Through the API ----------------------------------------------------------------------------------------------


def realm(attempt: Attempt, world: World) -> None:
    """Settings of the realm that are not our defaults, and what administrators have added."""
    owner = world.email_of(world.somebody(100))
    ours = attempt(owner, "POST", "/register", fetch_event_types=["realm"], event_types=["realm"]) or {}
    names = {key.removeprefix("realm_"): value for key, value in world.realm.items()}
    changed = {key: value for key, value in names.items() if f"realm_{key}" in ours and ours[f"realm_{key}"] != value}
    for key, value in changed.items():
        if not key.startswith(("url", "uri", "icon", "logo", "night_logo", "date_created", "plan", "push_notifications")):
            attempt(owner, "PATCH", "/realm", **{key: value})
    defaults = world.collections.get("realm_user_settings_defaults") or {}
    attempt(owner, "PATCH", "/realm/user_settings_defaults", **{key: value for key, value in defaults.items() if not isinstance(value, list)})
    for one in world.collections.get("realm_linkifiers") or []:
        attempt(owner, "POST", "/realm/filters", pattern=one["pattern"], url_template=one["url_template"])
    for one in world.collections.get("realm_playgrounds") or []:
        attempt(owner, "POST", "/realm/playgrounds", **{key: one[key] for key in ("name", "pygments_language", "url_template")})
    for one in world.collections.get("realm_domains") or []:
        attempt(owner, "POST", "/realm/domains", domain=one["domain"], allow_subdomains=one["allow_subdomains"])
    for one in world.collections.get("custom_profile_fields") or []:
        data = json.loads(one["field_data"]) if one["field_data"] else {}
        more = {key: one[key] for key in ("display_in_profile_summary", "required") if one.get(key)}
        attempt(owner, "POST", "/realm/profile_fields", name=one["name"], hint=one["hint"], field_type=one["type"], field_data=data, **more)
    for one in (world.collections.get("realm_emoji") or {}).values():
        author = world.email_of(one.get("author_id") or 0) or owner
        add_emoji(attempt, author, one["name"])


def add_emoji(attempt: Attempt, author: str, name: str) -> None:
    """A custom emoji."""
    status, answer, _ = attempt.host.exchange(
        "POST", f"/api/v1/realm/emoji/{name}", {}, author, files=[("filename", f"{name}.png", PIXEL)]
    )
    if status != 200:
        attempt.refused.append(f"custom emoji {name}: {status} {str(answer)[:200]}")


def words(attempt: Attempt, world: World) -> None:
    """What people want to be alerted to, before it is said."""
    for user, mine in sorted(world.personal.items()):
        if mine.get("alert_words") and world.user_id(user) is not None:
            attempt(user, "POST", "/users/me/alert_words", alert_words=mine["alert_words"])


def personal(attempt: Attempt, world: World) -> None:
    """What people have set for themselves."""
    for user, mine in sorted(world.personal.items()):
        if not user or world.user_id(user) is None:
            continue
        for topic in mine.get("user_topics") or []:
            attempt(user, "POST", "/user_topics", stream_id=topic["stream_id"], topic=topic["topic_name"], visibility_policy=topic["visibility_policy"])
        for other in mine.get("muted_users") or []:
            attempt(user, "POST", f"/users/me/muted_users/{other['id']}")
        drafts = sorted(mine.get("drafts") or [], key=lambda one: one["id"])
        if drafts:
            attempt(user, "POST", "/drafts", drafts=[{key: value for key, value in one.items() if key != "id"} for one in drafts])
        for later in sorted(mine.get("scheduled_messages") or [], key=lambda one: one["scheduled_message_id"]):
            taken = {key: later[key] for key in ("type", "to", "topic", "content", "scheduled_delivery_timestamp") if key in later}
            attempt(user, "POST", "/scheduled_messages", **taken)
    owner = world.email_of(world.somebody(100))
    for user_id, user in sorted(world.users.items()):
        if user.get("is_bot") and not user["system"]:
            made = attempt(owner, "POST", f"/bots/{user_id}/api_key/regenerate")
            if made:
                attempt.host.keys[(world.email_of(user_id) or "").lower()] = made["api_key"]
        data = [{"id": int(key), "value": profile_value(one["value"])} for key, one in (user.get("profile_data") or {}).items()]
        if data:
            attempt(world.email_of(user_id), "PATCH", "/users/me/profile_data", data=data)
        status = (world.collections.get("user_status") or {}).get(str(user_id)) or {}
        if status:
            attempt(world.email_of(user_id), "POST", "/users/me/status", **status)
        if str(user_id) in (world.collections.get("presences") or {}):
            attempt(world.email_of(user_id), "POST", "/users/me/presence", client="website", status="active", new_user_input=True)


def profile_value(value: str):
    """Lists of users are sent as lists."""
    return json.loads(value) if value.startswith("[") else value


def messages(attempt: Attempt, world: World) -> None:
    """All messages with their ids; of those that nobody showed, somebody else's chatter."""
    bots = [key for key, user in world.users.items() if user.get("is_bot") and not user["system"]]
    strangers = [key for key in sorted(world.users) if key not in bots][:2]
    firsts = {stream["first_message_id"]: key for key, stream in world.streams.items() if stream.get("first_message_id")}
    with progress.step(f"{world.last_message_id} messages"):
        for message_id in range(1, world.last_message_id + 1):
            message = world.messages.get(message_id)
            attempt.host.next_id("messages", message_id, only_forward=False)
            if message is None or "to" not in message:
                message = {"type": "private", "to": strangers, "sender_id": strangers[0], **(message or {})}
                if message_id in firsts:
                    message |= {"type": "stream", "to": firsts[message_id], "subject": "early days"}
            say(attempt, world, message)


def say(attempt: Attempt, world: World, message: dict) -> None:
    """Send one message as whoever sent it."""
    sender = message.get("sender_id") or sender_for(world, message["to"])
    client = message.get("client", "website")
    where = {"type": "direct", "to": message["to"]}
    if message["type"] == "stream":
        where = {"type": "stream", "to": message["to"], "topic": message["subject"]}
    attempt(world.email_of(sender), "POST", "/messages", client=client, content=markdown_of(message), **where)


def sender_for(world: World, stream_id: int) -> int:
    """Somebody who is subscribed to the stream."""
    subscribers = world.streams.get(stream_id, {}).get("subscribers") or {next(iter(world.users))}
    return min(subscribers)


def flags(attempt: Attempt, world: World) -> None:
    """Everybody has read everything but what was shown as unread; messages are starred as shown."""
    for user_id, user in sorted(world.users.items()):
        email = (world.email_of(user_id) or "").lower()
        if user["system"] or not user["active"]:
            continue
        attempt(email, "POST", "/mark_all_as_read")
        unread = [one for one in world.personal.get(email, {}).get("unread") or []]
        if unread:
            attempt(email, "POST", "/messages/flags", messages=unread, op="remove", flag="read")
        starred = {key for key, one in world.messages.items() if "starred" in one["flags"].get(email, [])}
        starred |= set(world.personal.get(email, {}).get("starred_messages") or [])
        if starred:
            attempt(email, "POST", "/messages/flags", messages=sorted(starred), op="add", flag="starred")


def picture(side: int) -> bytes:
    """A white PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    rows = (b"\0" + b"\xff" * side) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PIXEL = picture(1)
