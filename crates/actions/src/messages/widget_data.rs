//! What people say to a poll or a to-do list.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// What a member has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// For or against.
    Vote,
}

/// The members of an object beside its `type`: all of them have to be there, and no others.
type Shape = &'static [(&'static str, Kind)];

/// What may be said to a poll.
const POLL: &[(&str, Shape)] = &[
    ("vote", &[("key", Kind::Text), ("vote", Kind::Vote)]),
    ("question", &[("question", Kind::Text)]),
    (
        "new_option",
        &[("option", Kind::Text), ("idx", Kind::Integer)],
    ),
];

/// What may be said to a to-do list.
const TODO: &[(&str, Shape)] = &[
    (
        "new_task",
        &[
            ("key", Kind::Integer),
            ("task", Kind::Text),
            ("desc", Kind::Text),
            ("completed", Kind::Boolean),
        ],
    ),
    ("strike", &[("key", Kind::Text)]),
    ("new_task_list_title", &[("title", Kind::Text)]),
];

/// Checks what somebody says to a widget; some of it only its author (`own`) may say. A widget that this server does not
/// know is left to its clients.
pub(super) fn check_data(widget: Option<&str>, data: &Value, own: bool) -> Result<()> {
    let (widget, sayings) = match widget {
        Some("poll") => ("poll", POLL),
        Some("todo") => ("todo", TODO),
        _ => return Ok(()),
    };
    let what = format!("{widget} data");
    let Value::Object(data) = data else {
        return Err(Error::bad_request(format!("{what} is not a dict")));
    };
    check_member(&what, data, "type", Kind::Text)?;
    let kind = data.get("type").and_then(Value::as_str).unwrap_or_default();
    let Some((_, shape)) = sayings.iter().find(|(name, _)| *name == kind) else {
        let msg = format!("Unknown type for {what}: {kind}");
        return Err(Error::bad_request(msg));
    };
    match kind {
        "question" if !own => Err(Error::bad_request(
            "You can't edit a question unless you are the author.",
        )),
        "new_task_list_title" if !own => Err(Error::bad_request(
            "You can't edit the task list title unless you are the author.",
        )),
        _ => check_shape(&what, data, shape),
    }
}

fn check_shape(what: &str, data: &Map<String, Value>, shape: Shape) -> Result<()> {
    for (key, kind) in shape {
        check_member(what, data, key, *kind)?;
    }
    let known = |key: &str| key == "type" || shape.iter().any(|(name, _)| *name == key);
    let others: Vec<&str> = data
        .keys()
        .map(String::as_str)
        .filter(|key| !known(key))
        .collect();
    match others.is_empty() {
        true => Ok(()),
        false => Err(Error::bad_request(format!(
            "Unexpected arguments: {}",
            others.join(", ")
        ))),
    }
}

fn check_member(what: &str, data: &Map<String, Value>, key: &str, kind: Kind) -> Result<()> {
    let msg = match (data.get(key), kind) {
        (None, _) => format!("{key} key is missing from {what}"),
        (Some(Value::String(_)), Kind::Text) | (Some(Value::Bool(_)), Kind::Boolean) => {
            return Ok(());
        }
        (Some(value), Kind::Integer) if value.is_i64() => return Ok(()),
        (Some(value), Kind::Vote) if value.is_i64() => match value.as_i64() {
            Some(1 | -1) => return Ok(()),
            _ => format!("Invalid {what}[\"{key}\"]"),
        },
        (Some(_), Kind::Text) => format!("{what}[\"{key}\"] is not a string"),
        (Some(_), Kind::Boolean) => format!("{what}[\"{key}\"] is not a boolean"),
        (Some(_), Kind::Integer | Kind::Vote) => format!("{what}[\"{key}\"] is not an integer"),
    };
    Err(Error::bad_request(msg))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_told() {
        let vote = json!({ "type": "vote", "key": "canned,0", "vote": 1 });
        assert!(check_data(Some("poll"), &vote, false).is_ok());
        assert!(check_data(Some("chess"), &json!(1), false).is_ok());
        for (widget, data, msg) in [
            ("poll", json!([]), "poll data is not a dict"),
            ("todo", json!({}), "type key is missing from todo data"),
            (
                "todo",
                json!({ "type": 1 }),
                "todo data[\"type\"] is not a string",
            ),
            (
                "poll",
                json!({ "type": "x" }),
                "Unknown type for poll data: x",
            ),
            (
                "poll",
                json!({ "type": "vote", "key": "k" }),
                "vote key is missing from poll data",
            ),
            (
                "poll",
                json!({ "type": "vote", "key": "k", "vote": 2 }),
                "Invalid poll data[\"vote\"]",
            ),
            (
                "poll",
                json!({ "type": "new_option", "option": "o", "idx": "1" }),
                "poll data[\"idx\"] is not an integer",
            ),
            (
                "todo",
                json!({ "type": "new_task", "key": 1, "task": "", "desc": "", "completed": 0 }),
                "todo data[\"completed\"] is not a boolean",
            ),
            (
                "todo",
                json!({ "type": "strike", "key": "k", "more": 1 }),
                "Unexpected arguments: more",
            ),
        ] {
            let error = check_data(Some(widget), &data, true).expect_err(msg);
            assert_eq!(error.to_string(), msg);
        }
    }
}
