"""Whether answers and events fit the API's OpenAPI document and what the mobile app demands.

Both are beside the recordings: `zulip-openapi.yaml` and `clients/flutter_contract.json`; without them nothing is checked.
More fields than described are welcome. The OpenAPI document is of an older level of the API than ours: where a newer
one has changed what it describes, `deviations.toml` says so, as for recordings.
"""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

from dev import paths, process, progress

DOCUMENT = "zulip-openapi.yaml"
CONTRACT = Path("clients", "check_flutter_contract.py")
HOME = paths.VAR / "schema" / "venv"
PACKAGES = ("jsonschema==4.26.0", "PyYAML==6.0.3")
# Which object of the mobile app an answer is.
OBJECTS = {
    ("GET", "/messages"): "GetMessagesResult", ("GET", "/messages/{message_id}"): "GetMessageResult",
    ("GET", "/users/me"): "GetOwnUserResult", ("POST", "/messages"): "SendMessageResult",
    ("PATCH", "/messages/{message_id}"): "UpdateMessageResult", ("POST", "/messages/flags"): "UpdateMessageFlagsResult",
    ("POST", "/messages/flags/narrow"): "UpdateMessageFlagsForNarrowResult", ("POST", "/user_uploads"): "UploadFileResult",
    ("GET", "/users/me/{stream_id}/topics"): "GetChannelTopicsResult", ("POST", "/users/me/presence"): "UpdatePresenceResult",
    ("GET", "/messages/{message_id}/read_receipts"): "GetReadReceiptsResult", ("POST", "/fetch_api_key"): "FetchApiKeyResult",
}
# Registrations of the mobile app ask for everything with these.
MODERN = ("notification_settings_null", "bulk_message_deletion", "user_avatar_url_field_optional", "user_settings_object")


class Misfit:
    """Something that does not fit; reads like a difference of a recording."""

    def __init__(self, path: str, expected: object, got: object):
        self.path, self.expected, self.got = path, expected, got

    def __str__(self) -> str:
        return f"{self.path}: {self.expected}, got {str(self.got)[:160]}"


class Schema:
    """Looks at every answer and event that passes by."""

    def __init__(self, folder: Path):
        self.seen = 0
        # By place, the first of its kind and how many.
        self.misfits: dict[tuple[str, str], tuple[Misfit, int]] = {}
        self.paths: dict[str, dict] = {}
        self.validators: dict = {}
        self.contract = None
        self.missing = self.load(folder)

    def load(self, folder: Path) -> str | None:
        """Read the documents; why that cannot be, if it cannot."""
        if not (folder / DOCUMENT).exists():
            return f"{folder / DOCUMENT} is not there"
        problem = install()
        if problem:
            return problem
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.document = open_up(yaml.load((folder / DOCUMENT).read_text(encoding="utf-8"), Loader=loader))
        self.paths = {path: re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path) + r"/?$") for path in self.document["paths"]}
        answer = self.document["paths"]["/events"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        self.events = answer["allOf"][1]["properties"]["events"].pop("items")["anyOf"]
        if (folder / CONTRACT).exists():
            module = importlib.util.spec_from_file_location("flutter_contract", folder / CONTRACT)
            self.contract = importlib.util.module_from_spec(module)
            module.loader.exec_module(self.contract)
        return None

    # Looking --------------------------------------------------------------------------------------------------

    def saw(self, method: str, path: str, params: dict, status: int, answer: object) -> None:
        """An answer."""
        resource = path.split("?")[0].removeprefix("/api/v1").removeprefix("/json")
        if self.missing or not isinstance(answer, dict) or path == resource:
            return
        found = self.place(method, resource)
        if status != 200:
            self.note(f"{method} errors", "error", ["result", "msg", "code"], answer)
            return
        if found is None:
            return
        self.seen += 1
        place = f"{method} {found}"
        schema = self.document["paths"][found][method.lower()]["responses"].get("200") or {}
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        schema = self.document["components"]["responses"][name] if name else schema
        if "content" in schema:
            self.validate(place, schema["content"]["application/json"]["schema"], answer)
        for event in answer.get("events") or [] if found == "/events" else []:
            self.saw_event(event)
        self.saw_by_app(method, found, params, answer)

    def place(self, method: str, resource: str) -> str | None:
        """The path of the document that describes a URL: of several, the one with the fewest parameters."""
        fits = [path for path, pattern in self.paths.items() if pattern.match(resource) and method.lower() in self.document["paths"][path]]
        return min(fits, key=lambda path: path.count("{"), default=None)

    def saw_event(self, event: dict) -> None:
        """An event."""
        kind = f"{event['type']}/{event['op']}" if "op" in event else event["type"]
        fitting = [one for one in self.events if self.is_of(one, event)]
        if not fitting:
            return
        self.seen += 1
        tried = [self.errors(one, event) for one in fitting]
        for path, text, value in min(tried, key=len):
            self.add(Misfit(f"event {kind}{path}", text, value))

    def is_of(self, schema: dict, event: dict) -> bool:
        """Whether a schema describes events of this type and operation."""
        properties = self.properties(schema)
        return all(
            name not in properties or not self.errors(properties[name], event[name])
            for name in ("type", "op", "property") if name in event
        ) and ("op" in properties) == ("op" in event)

    def properties(self, schema: dict) -> dict:
        """The fields of an object, whatever it is put together from."""
        found = dict(schema.get("properties", {}))
        parts = list(schema.get("allOf", []))
        if "$ref" in schema:
            part = self.document
            for name in schema["$ref"].removeprefix("urn:api#/").split("/"):
                part = part[name]
            parts.append(part)
        for part in parts:
            found = self.properties(part) | found
        return found

    def saw_by_app(self, method: str, path: str, params: dict, answer: dict) -> None:
        """What the mobile app would make of it."""
        if self.contract is None:
            return
        name = OBJECTS.get((method, path))
        if name == "UpdatePresenceResult" and "last_update_id" not in params:
            # The form for older clients.
            name = None
        abilities = params.get("client_capabilities") or {}
        if path == "/register" and all(abilities.get(one) for one in MODERN) and not {"fetch_event_types", "event_types"} & params.keys():
            name = "InitialSnapshot"
        if name:
            self.tell_contract(name, answer)

    def event_for_app(self, event: dict) -> None:
        """An event of a queue as the mobile app registers it."""
        if self.contract is not None:
            self.tell_contract("Event", event)

    def tell_contract(self, name: str, value: dict) -> None:
        """Check against an object of the app."""
        self.seen += 1
        shown = f"{value.get('type')}/{value['op']}" if name == "Event" and "op" in value else value.get("type", "") if name == "Event" else ""
        for line in self.contract.check(name, value):
            path, _, text = line.partition(": ")
            self.add(Misfit(f"app {name} {shown} {path}", text, ""))

    def note(self, place: str, kind: str, names: list[str], answer: dict) -> None:
        """An error says what went wrong."""
        self.seen += 1
        for name in names:
            if not isinstance(answer.get(name), str):
                self.add(Misfit(f"{place}.{name}", "a text is missing", answer))

    # Validating -----------------------------------------------------------------------------------------------

    def validate(self, place: str, schema: dict, value: object) -> None:
        """Note every error."""
        for path, text, got in self.errors(schema, value):
            self.add(Misfit(f"{place}{path}", text, got))

    def errors(self, schema: dict, value: object) -> list[tuple[str, str, object]]:
        """Where and why a value does not fit."""
        validator = self.validators.get(id(schema))
        if validator is None:
            import jsonschema
            import referencing
            from referencing.jsonschema import DRAFT202012

            root = referencing.Resource(contents=self.document, specification=DRAFT202012)
            registry = referencing.Registry().with_resource("urn:api", root)
            validator = self.validators[id(schema)] = jsonschema.Draft202012Validator(schema, registry=registry)
        found = []
        for error in validator.iter_errors(value):
            found += innermost(error)
        return [("".join(f".{one}" if isinstance(one, str) else "[*]" for one in error.absolute_path), error.message[:160], error.instance) for error in found]

    def add(self, misfit: Misfit) -> None:
        """One more."""
        key = (re.sub(r"\[\d+\]|\.\d+(?=\.|$)", "[*]", misfit.path), re.sub(r"^.*? (is|are|does) ", r"\1 ", str(misfit.expected)))
        first, count = self.misfits.get(key, (misfit, 0))
        self.misfits[key] = (first, count + 1)


def innermost(error) -> list:
    """The errors that matter of alternatives: of the one that fits best."""
    if error.validator not in ("oneOf", "anyOf") or not error.context:
        return [error]
    by_choice: dict = {}
    for inner in error.context:
        by_choice.setdefault(inner.schema_path[0], []).append(inner)
    best = min(by_choice.values(), key=len)
    return [one for inner in best for one in innermost(inner)]


def open_up(schema):
    """More fields are welcome; `nullable`; references lead into the document; one alternative is enough."""
    if isinstance(schema, list):
        return [open_up(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    opened = {key: open_up(value) for key, value in schema.items() if not (key == "additionalProperties" and value is False)}
    if isinstance(opened.get("$ref"), str) and opened["$ref"].startswith("#/"):
        opened["$ref"] = "urn:api" + opened["$ref"]
    if isinstance(opened.get("oneOf"), list) and "anyOf" not in opened and "properties" not in opened:
        opened["anyOf"] = opened.pop("oneOf")
    if opened.pop("nullable", False) is True:
        return {"anyOf": [opened, {"type": "null"}]}
    opened.pop("example", None)
    return opened


def install() -> str | None:
    """Have what reads and validates; why not, if not."""
    try:
        import jsonschema  # noqa: F401
        import yaml  # noqa: F401

        return None
    except ImportError:
        pass
    try:
        if not HOME.exists():
            log = paths.LOG / "schema.log"
            paths.LOG.mkdir(parents=True, exist_ok=True)
            progress.run_logged("venv", [sys.executable, "-m", "venv", str(HOME)], log)
            progress.run_logged("pip", [str(HOME / "bin" / "pip"), "install", *PACKAGES], log)
        site = subprocess.run([HOME / "bin" / "python", "-c", "import json, sysconfig; print(json.dumps(sysconfig.get_paths()['purelib']))"], capture_output=True, text=True, check=True)
        sys.path.append(json.loads(site.stdout))
        import jsonschema  # noqa: F401
        import yaml  # noqa: F401
    except (ImportError, OSError, process.ProcessFailed, subprocess.CalledProcessError) as error:
        return f"{' and '.join(PACKAGES)} cannot be installed ({error})"
    return None
