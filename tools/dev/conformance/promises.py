"""Write down the facts about answers and events that the Rust tests check: `tools/conformance promises DIR`.

DIR holds `zulip-openapi.yaml` and `clients/flutter_contract.json`. Of both only types, names of fields and which of them
have to be there are kept, in `crates/testkit/facts/api.json`, with the places where we differ on purpose
(`deviations.toml`).
"""

import argparse
import json
import sys
from pathlib import Path

from dev import paths
from dev.conformance import deviations, schema

OUT = paths.ROOT / "crates" / "testkit" / "facts" / "api.json"
KEPT = {"type", "enum", "$ref", "required"}
# Which fields an object of the app has to have, if a field has this value.
IF_STREAM = {
    "DeleteMessageEvent": ("message_type", ["stream_id", "topic"], []),
    "TypingEvent": ("message_type", ["stream_id", "topic"], ["recipients"]),
    "UpdateMessageFlagsMessageDetail": ("type", ["stream_id", "topic"], ["user_ids"]),
}
# The app takes the value where the object is, if it is there at all.
LENIENT = {("User", "is_active")}


def main() -> int:
    parser = argparse.ArgumentParser(prog="tools/conformance promises", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of the two documents")
    folder = parser.parse_args().folder
    known = schema.Schema(folder)
    if known.missing:
        parser.error(known.missing)
    contract = json.loads((folder / "clients" / "flutter_contract.json").read_text(encoding="utf-8"))
    used: set[str] = set()
    facts = {
        "answers": answers(known, used),
        "events": [event(known, one, used) for one in known.events],
        "app": {"answers": {" ".join(place): name for place, name in schema.OBJECTS.items()}, "modern": list(schema.MODERN)},
        "deviations": [path for one in deviations.load() if one.cases == "schema" for path in one.paths],
    }
    facts["schemas"] = components(known, used)
    facts["objects"] = {name: app_object(contract["objects"], name, fields) for name, fields in contract["objects"].items()}
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(facts, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(facts['answers'])} answers, {len(facts['events'])} events, {OUT.stat().st_size} bytes")
    return 0


def answers(known: schema.Schema, used: set[str]) -> dict:
    """By method and path, what a successful answer is."""
    found = {}
    for path, methods in known.document["paths"].items():
        for method, operation in methods.items():
            response = operation["responses"].get("200") or {} if isinstance(operation, dict) and "responses" in operation else {}
            name = response.get("$ref", "").rsplit("/", 1)[-1]
            response = known.document["components"]["responses"][name] if name else response
            if "content" in response:
                found[f"{method.upper()} {path}"] = trimmed(response["content"]["application/json"]["schema"], used)
    return found


def event(known: schema.Schema, one: dict, used: set[str]) -> dict:
    """An event, with what tells it from others."""
    properties = known.properties(one)
    telling: dict = {name: found for name in ("type", "op", "property") if (found := choices(known, properties.get(name, {})))}
    telling["has_op"] = "op" in properties
    return {**telling, "schema": trimmed(one, used)}


def choices(known: schema.Schema, of: dict) -> list:
    """The values that a field may have, wherever its schema says so."""
    if "$ref" in of:
        return choices(known, known.document["components"]["schemas"][of["$ref"].rsplit("/", 1)[-1]])
    return of.get("enum") or next((found for part in of.get("allOf", []) if (found := choices(known, part))), [])


def trimmed(value: object, used: set[str]) -> object:
    """Only what checks something."""
    if not isinstance(value, dict):
        return {}
    kept = {key: inner for key, inner in value.items() if key in KEPT}
    if "$ref" in kept:
        name = kept["$ref"].rsplit("/", 1)[-1]
        used.add(name)
        kept["$ref"] = f"#/schemas/{name}"
    for key in ("properties", "patternProperties"):
        if key in value:
            inner = {name: trimmed(one, used) for name, one in value[key].items()}
            kept[key] = {name: one for name, one in inner.items() if one}
    for key in ("items", "additionalProperties"):
        if isinstance(value.get(key), dict) and (inner := trimmed(value[key], used)):
            kept[key] = inner
    for key in ("allOf", "anyOf", "oneOf"):
        if key in value:
            kept[key] = [trimmed(one, used) for one in value[key]]
    return kept


def components(known: schema.Schema, used: set[str]) -> dict:
    """What is referred to, and what that refers to."""
    found: dict = {}
    while missing := used - found.keys():
        for name in missing:
            found[name] = trimmed(known.document["components"]["schemas"][name], used)
    return found


def app_object(objects: dict, name: str, fields: dict) -> dict:
    """An object of the mobile app. What is null counts as missing."""
    if name == "GroupSettingValue":
        return {"anyOf": [{"type": "integer"}, {"$ref": "#/objects/GroupSettingValueNameless"}]}
    if name == "Message":
        return {"anyOf": [{"$ref": "#/objects/StreamMessage"}, {"$ref": "#/objects/DmMessage"}]}
    if name == "Event":
        return {"one_of": [one for one in fields["one_of"] if one in objects]}
    fields = {key: spec for key, spec in fields.items() if isinstance(spec, dict) and "required" in spec}
    required = [key for key, spec in fields.items() if spec["required"] and (name, key) not in LENIENT]
    properties = {key: app_value(spec, not spec["required"] or (name, key) in LENIENT) for key, spec in fields.items()}
    found: dict = {"type": "object", "properties": properties, "required": required}
    if name in IF_STREAM:
        field, then, otherwise = IF_STREAM[name]
        condition = {"properties": {field: {"const": "stream"}}}
        found |= {"if": condition, "then": {"required": then}, "else": {"required": otherwise}}
    if name == "UpdateMessageFlagsRemoveEvent":
        found |= {"if": {"properties": {"flag": {"const": "read"}}}, "then": {"required": ["message_details"]}}
    return found


def app_value(spec: dict, optional: bool) -> dict:
    """A value of a field."""
    if "$ref" in spec:
        found: dict = {"$ref": f"#/objects/{spec['$ref']}"}
    else:
        # 3.0 is an integer too, there and here.
        found = {} if spec.get("type", "any") == "any" else {"type": spec["type"]}
        if "enum" in spec and spec.get("unknown_values", "CRASH") == "CRASH":
            found["enum"] = spec["enum"]
        if "pattern" in spec:
            found["pattern"] = spec["pattern"]
        if "items" in spec:
            found["items"] = app_value(spec["items"], False)
        if "values" in spec:
            found["additionalProperties"] = app_value(spec["values"], False)
            if spec["keys"] != "string":
                found["propertyNames"] = {"pattern": "^-?[0-9]+$"}
    return {"anyOf": [found, {"type": "null"}]} if optional and found else found


if __name__ == "__main__":
    sys.exit(main())
