"""The configuration of the development processes: every NARROWS_* variable that they get, in one place."""

import json
import os
import secrets
from collections.abc import Mapping

from dev import paths, process

# Offsets from the port of the app server, which is the one that clients use.
PUSH, SERVER_METRICS, PUSH_METRICS, WORKER_METRICS, MAIL = 1, 2, 3, 4, 5
PORT_COUNT = 6
DEFAULT_PORT = 9991

METRICS_PORTS = {"server": SERVER_METRICS, "push": PUSH_METRICS, "worker": WORKER_METRICS}


def for_command(port: int, services: Mapping[str, str]) -> dict[str, str]:
    """What every `narrows` command gets."""
    known = remembered_secrets()
    outer = {key: value for key, value in os.environ.items() if not key.startswith("NARROWS_")}
    return {
        **outer,
        **services,
        "NARROWS_DEVELOPMENT": "true",
        "NARROWS_EXTERNAL_HOST": f"localhost:{port}",
        # The realm with the empty subdomain is served at the bare host.
        "NARROWS_ROOT_SUBDOMAIN": "",
        "NARROWS_SERVER_BIND": f"127.0.0.1:{port}",
        "NARROWS_PUSH_BIND": f"127.0.0.1:{port + PUSH}",
        "NARROWS_PUSH_URL": f"http://127.0.0.1:{port + PUSH}",
        "NARROWS_MAIL_URL": f"smtp://127.0.0.1:{port + MAIL}",
        "NARROWS_INTERNAL_SECRET": known["internal_secret"],
        "NARROWS_SECRET_KEY": known["secret_key"],
    }


def for_process(name: str, port: int, services: Mapping[str, str]) -> dict[str, str]:
    """What the server, the push server or the worker gets."""
    return {**for_command(port, services), "NARROWS_METRICS_BIND": f"127.0.0.1:{port + METRICS_PORTS[name]}"}


def for_tests(services: Mapping[str, str]) -> dict[str, str]:
    """What the Rust and client tests get; they choose ports and secrets themselves."""
    outer = {key: value for key, value in paths.tool_environment().items() if not key.startswith("NARROWS_")}
    return {**outer, **services}


def remembered_secrets() -> dict[str, str]:
    """The secrets of this clone, made once."""
    file = paths.VAR / "secrets.json"
    if not file.exists():
        made = {"internal_secret": secrets.token_hex(32), "secret_key": secrets.token_hex(32)}
        process.write_atomically(file, json.dumps(made) + "\n", mode=0o600)
    return json.loads(file.read_text(encoding="utf-8"))
