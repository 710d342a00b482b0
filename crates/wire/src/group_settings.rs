//! Settings whose value says who may: a group of the realm, or people and groups.

use schemars::{Schema, SchemaGenerator, json_schema};

/// What such a value is in answers and events.
fn group_setting() -> Schema {
    json_schema!({
        "anyOf": [
            { "type": "integer", "description": "The id of a group." },
            {
                "type": "object",
                "description": "These people, and the members of these groups.",
                "properties": {
                    "direct_members": { "type": "array", "items": { "type": "integer" } },
                    "direct_subgroups": { "type": "array", "items": { "type": "integer" } },
                },
                "required": ["direct_members", "direct_subgroups"],
            },
        ],
    })
}

/// The members of an object whose names end in `_group`, each with such a value.
pub fn group_settings(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "object", "patternProperties": { "^can_[a-z_]+_group$": group_setting() } })
}
