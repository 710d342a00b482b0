"""The configuration of the development processes: every NARROWS_* variable that they get, in one place."""

import os

from dev import paths
from dev.instance import Instance

# Offsets from the port of the app server, which is the one that clients use.
PUSH, SERVER_METRICS, PUSH_METRICS, WORKER_METRICS, MAIL = 1, 2, 3, 4, 5
PORT_COUNT = 6
DEFAULT_PORT = 9991

# The subdomain of the realm that is served at the bare host, so that any client reaches it without DNS.
ROOT_SUBDOMAIN = "demo"

METRICS_PORTS = {"server": SERVER_METRICS, "push": PUSH_METRICS, "worker": WORKER_METRICS}


def for_command(instance: Instance, port: int) -> dict[str, str]:
    """What every `narrows` command gets."""
    known = instance.secrets()
    outer = {key: value for key, value in os.environ.items() if not key.startswith("NARROWS_")}
    return {
        **outer,
        **instance.services.environment(),
        "NARROWS_DEVELOPMENT": "true",
        "NARROWS_EXTERNAL_HOST": f"localhost:{port}",
        "NARROWS_ROOT_SUBDOMAIN": ROOT_SUBDOMAIN,
        "NARROWS_DATA_DIR": str(instance.data),
        "NARROWS_SERVER_BIND": f"127.0.0.1:{port}",
        "NARROWS_SERVER_URL": f"http://127.0.0.1:{port}",
        "NARROWS_PUSH_BIND": f"127.0.0.1:{port + PUSH}",
        "NARROWS_PUSH_URL": f"http://127.0.0.1:{port + PUSH}",
        "NARROWS_MAIL_URL": f"smtp://127.0.0.1:{port + MAIL}",
        "NARROWS_INTERNAL_SECRET": known["internal_secret"],
        "NARROWS_SECRET_KEY": known["secret_key"],
    }


def for_process(name: str, instance: Instance, port: int) -> dict[str, str]:
    """What the server, the push server or the worker gets."""
    return {**for_command(instance, port), "NARROWS_METRICS_BIND": f"127.0.0.1:{port + METRICS_PORTS[name]}"}


def for_tests() -> dict[str, str]:
    """What test runners get beside the URLs of services: nothing of Narrows from outside."""
    return {key: value for key, value in paths.tool_environment().items() if not key.startswith("NARROWS_")}
