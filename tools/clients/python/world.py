"""The running server, its users, and names that no other test uses."""

import functools
import itertools
import json
import os
import queue
import secrets
import threading
import time
from pathlib import Path

import zulip

# Long enough for a slow machine; a test that passes never waits for it.
PATIENCE = 30

_numbers = itertools.count(1)
_run = secrets.token_hex(3)

MODERN = {
    "notification_settings_null": True,
    "bulk_message_deletion": True,
    "user_avatar_url_field_optional": True,
    "stream_typing_notifications": True,
    "user_settings_object": True,
    "empty_topic_name": True,
}


@functools.cache
def realm() -> dict:
    """The first realm of the running server."""
    return json.loads(Path(os.environ["NARROWS_DEV_JSON"]).read_text(encoding="utf-8"))["realms"][0]


def site() -> str:
    """Where clients find it."""
    return realm()["url"].rstrip("/")


def users(role: str) -> list[dict]:
    """The users with a role."""
    return [user for user in realm()["users"] if user["role"] == role]


def client(user: dict) -> zulip.Client:
    """The real client, as a user."""
    return zulip.Client(email=user["email"], api_key=user["api_key"], site=site(), client="ClientTests")


def unique(word: str) -> str:
    """A name that nothing else has."""
    return f"{word} {_run}{next(_numbers)}"


def succeeded(answer: dict) -> dict:
    """The answer, which must be a success."""
    assert answer.get("result") == "success", answer
    return answer


def me(zulip_client: zulip.Client) -> dict:
    """The client's own user."""
    return succeeded(zulip_client.get_profile())


class Listener:
    """Events that `call_on_each_event` hands to a client, from the moment that its queue is registered.

    with Listener(client, ["message"]) as events:
        …
        event = events.wait(lambda event: event["message"]["content"] == "…")
    """

    def __init__(self, zulip_client: zulip.Client, event_types: list[str] | None, **register):
        self._client = zulip_client
        self._event_types = event_types
        self._register_parameters = {"client_capabilities": MODERN, **register}
        self._events: queue.Queue[dict] = queue.Queue()
        self._registered = threading.Event()
        self._queue_id = None
        self._seen: list[dict] = []
        self._over = False

    def __enter__(self):
        register = self._client.register

        def noting(*arguments, **parameters):
            answer = register(*arguments, **parameters)
            if answer["result"] == "success":
                self._queue_id = answer["queue_id"]
                self._registered.set()
            return answer

        self._client.register = noting
        threading.Thread(target=self._run, daemon=True).start()
        assert self._registered.wait(PATIENCE), "no queue was registered"
        return self

    def __exit__(self, *_):
        self._over = True
        self._client.deregister(self._queue_id)

    def _run(self):
        try:
            self._client.call_on_each_event(self._take, self._event_types, **self._register_parameters)
        except SystemExit:
            pass

    def _take(self, event: dict) -> None:
        if self._over:
            raise SystemExit
        self._events.put(event)

    def wait(self, wanted) -> dict:
        """The first event for which `wanted` holds; those before it are gone."""
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            try:
                event = self._events.get(timeout=left)
            except queue.Empty:
                break
            self._seen.append(event)
            if wanted(event):
                return event
        raise AssertionError(f"the event did not come; these did: {json.dumps(self._seen)[:4000]}")

    def wait_type(self, event_type: str, **fields) -> dict:
        """The first event of a type whose fields have these values."""
        return self.wait(
            lambda event: event["type"] == event_type and all(event.get(name) == value for name, value in fields.items())
        )
