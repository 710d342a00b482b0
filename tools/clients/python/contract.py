"""Is an answer what the Flutter app can read?

`flutter_contract.json` lists, for each object that the app reads, its fields: type, whether the app breaks without it,
the values that it knows. `violations("Message", value)` names every place where a value breaks the contract.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

OBJECTS = json.loads(Path(__file__).with_name("flutter_contract.json").read_text(encoding="utf-8"))["objects"]

# Users in these lists are known to be active or not from the list that they are in.
_ACTIVITY_IS_IMPLIED = re.compile(r"\.(realm_users|realm_non_active_users|cross_realm_bots)\[\d+\]$")

_TYPES = {
    "string": str,
    "boolean": bool,
    "array": list,
    "object": dict,
    "integer": (int, float),
    "number": (int, float),
    "any": object,
}


def violations(name: str, value) -> list[str]:
    """Every breach of the contract of an object; none if the app can read it."""
    return list(_object(name, value, name))


def _object(name: str, value, where: str) -> Iterator[str]:
    if name == "GroupSettingValue":
        # A group's id, or who is in a group without a name.
        if isinstance(value, int) and not isinstance(value, bool):
            return
        name = "GroupSettingValueNameless"
    if not isinstance(value, dict):
        yield f"{where}: not an object but {value!r:.40}"
        return
    if name == "Message":
        kinds = {"stream": "StreamMessage", "private": "DmMessage"}
        if value.get("type") not in kinds:
            yield f"{where}.type: {value.get('type')!r}"
            return
        name = kinds[value["type"]]
    if name == "Event":
        name = _event(value)
    if name == "MessageEvent" and isinstance(value.get("message"), dict):
        # The app copies the event's flags into the message before reading it.
        value = {**value, "message": {**value["message"], "flags": value.get("flags")}}
    for field, spec in OBJECTS[name].items():
        if isinstance(spec, dict) and "required" in spec:
            yield from _field(spec, field, value, where)


def _event(event: dict) -> str:
    """The name of the contract for an event."""
    for name in OBJECTS["Event"]["one_of"]:
        contract = OBJECTS[name]
        operations = contract.get("op", {}).get("enum", [event.get("op")])
        if event.get("type") in contract["type"]["enum"] and event.get("op") in operations:
            return name
    return "UnexpectedEvent"


def _field(spec: dict, field: str, owner: dict, where: str) -> Iterator[str]:
    value = owner.get(field)
    if value is not None:
        yield from _value(spec, value, f"{where}.{field}")
    elif spec["required"] and not (field == "is_active" and _ACTIVITY_IS_IMPLIED.search(where)):
        yield f"{where}.{field}: {'null' if field in owner else 'missing'}"


def _value(spec: dict, value, where: str) -> Iterator[str]:
    if "$ref" in spec:
        yield from _object(spec["$ref"], value, where)
        return
    kind = spec.get("type", "any")
    is_number = kind in ("integer", "number")
    if not isinstance(value, _TYPES[kind]) or (is_number and isinstance(value, bool)):
        yield f"{where}: not {kind} but {value!r:.40}"
        return
    if "enum" in spec and value not in spec["enum"] and spec.get("unknown_values") != "tolerated":
        yield f"{where}: {value!r} is not one of {spec['enum']}"
    if "pattern" in spec and not re.search(spec["pattern"], value):
        yield f"{where}: {value!r} does not match {spec['pattern']}"
    if kind == "array" and "items" in spec:
        for index, item in enumerate(value):
            yield from _value(spec["items"], item, f"{where}[{index}]")
    if kind == "object" and "values" in spec:
        for key, item in value.items():
            if spec["keys"] != "string" and not re.fullmatch(r"-?\d+", key):
                yield f"{where}: key {key!r} is not a number"
            yield from _value(spec["values"], item, f"{where}.{key}")
