//! From JSON to [`Term`]s: objects `{operator, operand, negated}` or, from older clients, pairs `[operator, operand]`.

use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;
use narrows_wire::{ErrorCode, MessageId, StreamId, UserId};
use serde_json::{Map, Value};

use super::term::{Condition, Has, Is, Term, UserName};
use crate::access::streams::StreamRef;
use crate::error::{Error, Result};

/// Most terms of a narrow; clients make a handful.
const MAX_TERMS: usize = 100;

/// The terms of a `narrow` parameter.
pub fn parse(text: &str) -> Result<Vec<Term>> {
    let bad_value = || {
        let error = Error::api(
            ErrorCode::RequestVariableInvalid,
            format!("Bad value for 'narrow': {text}"),
        );
        error.with("var_name", "narrow").with("bad_value", text)
    };
    let Ok(Value::Array(terms)) = serde_json::from_str(text) else {
        return Err(bad_value());
    };
    if terms.len() > MAX_TERMS {
        return Err(bad_value());
    }
    let read = |value: &Value| match value {
        Value::Object(members) => object(members),
        Value::Array(pair) => match &pair[..] {
            [Value::String(operator), operand @ Value::String(_)] => term(operator, operand, false),
            _ => Err(bad_value()),
        },
        _ => Err(bad_value()),
    };
    terms.iter().map(read).collect()
}

/// The narrow cannot be understood.
pub(crate) fn bad_narrow(desc: impl Into<String>) -> Error {
    let desc = desc.into();
    Error::api(
        ErrorCode::BadNarrow,
        format!("Invalid narrow operator: {desc}"),
    )
    .with("desc", desc)
}

fn object(members: &Map<String, Value>) -> Result<Term> {
    let missing = |key: &str| Error::bad_request(format!("{key} key is missing from elem"));
    let operator = members.get("operator").ok_or_else(|| missing("operator"))?;
    let operand = members.get("operand").ok_or_else(|| missing("operand"))?;
    let negated = match members.get("negated") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(negated)) => *negated,
        Some(_) => return Err(Error::bad_request("elem[\"negated\"] is not a boolean")),
    };
    match operator {
        Value::String(operator) => term(operator, operand, negated),
        _ => Err(Error::bad_request("elem[\"operator\"] is not a string")),
    }
}

/// Older clients put the negation into the operator.
fn term(operator: &str, operand: &Value, negated: bool) -> Result<Term> {
    let (operator, negated) = match operator.strip_prefix('-') {
        Some(operator) => (operator, !negated),
        None => (operator, negated),
    };
    Ok(Term {
        negated,
        condition: condition(operator, operand)?,
    })
}

fn condition(operator: &str, operand: &Value) -> Result<Condition> {
    Ok(match operator {
        "channel" | "stream" => Condition::Channel(channel(operand)?),
        "channels" | "streams" => match text(operand)? {
            "public" => Condition::PublicChannels,
            "web-public" => Condition::WebPublicChannels,
            other => return Err(bad_narrow(format!("unknown channels operand {other}"))),
        },
        "topic" | "subject" => match text(operand)? {
            EMPTY_TOPIC_DISPLAY_NAME => Condition::Topic(String::new()),
            name => Condition::Topic(name.to_owned()),
        },
        "dm" | "pm-with" => Condition::Dm(people(operand)?),
        "dm-including" => Condition::DmIncluding(user(operand)?),
        "group-pm-with" => Condition::GroupDmWith(user(operand)?),
        "sender" | "from" => Condition::Sender(user(operand)?),
        "id" => Condition::Id(message(operand)?),
        "with" => Condition::With(message(operand)?),
        "near" => message(operand).map(|_| Condition::Near)?,
        "is" => Condition::Is(is(text(operand)?)?),
        "has" => Condition::Has(has(text(operand)?)?),
        "in" => match text(operand)? {
            "home" => Condition::Home,
            "all" => Condition::All,
            other => return Err(bad_narrow(format!("unknown 'in' operand {other}"))),
        },
        "search" if text(operand)?.trim().is_empty() => {
            let msg = "elem[\"operand\"] cannot be blank.";
            return Err(Error::bad_request(msg));
        }
        "search" => Condition::Search(words(text(operand)?)),
        unknown => return Err(bad_narrow(format!("unknown operator {unknown}"))),
    })
}

fn text(operand: &Value) -> Result<&str> {
    operand
        .as_str()
        .ok_or_else(|| Error::bad_request("elem[\"operand\"] is not a string"))
}

/// A string, or an integer that is an id; large ones are ids that do not exist.
fn text_or_id(operand: &Value) -> Result<Result<&str, i64>> {
    match operand {
        Value::String(text) => Ok(Ok(text)),
        Value::Number(number) if number.is_i64() => Ok(Err(number.as_i64().unwrap_or_default())),
        _ => Err(Error::bad_request(
            "elem[\"operand\"] is not a string or integer",
        )),
    }
}

fn small(id: i64) -> i32 {
    i32::try_from(id).unwrap_or(0)
}

fn channel(operand: &Value) -> Result<StreamRef> {
    Ok(match text_or_id(operand)? {
        Err(id) => StreamRef::Id(StreamId(small(id))),
        Ok(name) => StreamRef::Name(name.to_owned()),
    })
}

fn user(operand: &Value) -> Result<UserName> {
    Ok(match text_or_id(operand)? {
        Err(id) => UserName::Id(UserId(small(id))),
        Ok(email) => UserName::Email(email.trim().to_owned()),
    })
}

fn message(operand: &Value) -> Result<MessageId> {
    let id = match text_or_id(operand)? {
        Err(id) => Some(id),
        Ok(text) => text.trim().parse().ok(),
    };
    id.filter(|id| *id >= 0)
        .map(MessageId)
        .ok_or_else(|| bad_narrow("Invalid message ID"))
}

/// Addresses with commas between them, or a list of ids.
fn people(operand: &Value) -> Result<Vec<UserName>> {
    let malformed = || Error::bad_request("elem[\"operand\"] is not a string or an integer list");
    match operand {
        Value::String(emails) => {
            let emails = emails
                .split(',')
                .map(str::trim)
                .filter(|email| !email.is_empty());
            Ok(emails
                .map(|email| UserName::Email(email.to_owned()))
                .collect())
        }
        Value::Array(ids) => {
            let id = |(at, id): (usize, &Value)| {
                let wrong =
                    || Error::bad_request(format!("elem[\"operand\"][{at}] is not an integer"));
                let id = id.as_i64().ok_or_else(wrong)?;
                Ok(UserName::Id(UserId(small(id))))
            };
            ids.iter().enumerate().map(id).collect()
        }
        _ => Err(malformed()),
    }
}

fn is(operand: &str) -> Result<Is> {
    Ok(match operand {
        "dm" | "private" => Is::Dm,
        "starred" => Is::Starred,
        "mentioned" => Is::Mentioned,
        "unread" => Is::Unread,
        "alerted" => Is::Alerted,
        "resolved" => Is::Resolved,
        "followed" => Is::Followed,
        "muted" => Is::Muted,
        unknown => return Err(bad_narrow(format!("unknown 'is' operand {unknown}"))),
    })
}

fn has(operand: &str) -> Result<Has> {
    Ok(match operand {
        "link" => Has::Link,
        "image" => Has::Image,
        "attachment" | "file" => Has::Attachment,
        "reaction" => Has::Reaction,
        unknown => return Err(bad_narrow(format!("unknown 'has' operand {unknown}"))),
    })
}

/// Words that say nothing by themselves.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it",
    "no", "not", "of", "on", "or", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "to", "was", "will", "with",
];

/// Words, and phrases in quotes. Stop words are left out where something else is asked for.
fn words(query: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (index, part) in query.split('"').enumerate() {
        match index % 2 {
            0 => all.extend(part.split_whitespace().map(str::to_owned)),
            _ if part.trim().is_empty() => {}
            _ => all.push(part.trim().to_owned()),
        }
    }
    let telling: Vec<String> = all
        .iter()
        .filter(|word| !STOP_WORDS.contains(&word.to_lowercase().as_str()))
        .cloned()
        .collect();
    if telling.is_empty() { all } else { telling }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn parsed(narrow: Value) -> Vec<Term> {
        parse(&narrow.to_string()).expect("a narrow")
    }

    fn refused(narrow: &str) -> (String, Value) {
        match parse(narrow).expect_err("no narrow") {
            Error::Api(error) => (error.msg, Value::Object(error.data)),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn both_forms_mean_the_same() {
        let objects = parsed(
            json!([{ "operator": "stream", "operand": "Verona" }, { "operator": "is", "operand": "dm" }]),
        );
        assert_eq!(
            objects,
            parsed(json!([["channel", "Verona"], ["is", "private"]]))
        );
        let negated = parsed(json!([{ "operator": "topic", "operand": "x", "negated": true }]));
        assert_eq!(negated, parsed(json!([["-subject", "x"]])));
    }

    #[test]
    fn operands_are_names_ids_or_lists() {
        let terms = parsed(json!([
            { "operator": "sender", "operand": 7 },
            { "operator": "dm", "operand": [1, 2] },
            { "operator": "pm-with", "operand": "a@x.org, b@x.org" },
            { "operator": "id", "operand": "42" },
        ]));
        let email = |email: &str| UserName::Email(email.to_owned());
        let conditions: Vec<Condition> = terms.into_iter().map(|term| term.condition).collect();
        assert_eq!(
            conditions,
            [
                Condition::Sender(UserName::Id(UserId(7))),
                Condition::Dm(vec![UserName::Id(UserId(1)), UserName::Id(UserId(2))]),
                Condition::Dm(vec![email("a@x.org"), email("b@x.org")]),
                Condition::Id(MessageId(42)),
            ]
        );
    }

    #[test]
    fn what_is_no_narrow_is_told_in_the_apis_words() {
        for text in ["[[", "[[\"channel\"]]", "[5]", "{}", "[[\"id\", 5]]"] {
            let (msg, data) = refused(text);
            assert_eq!(msg, format!("Bad value for 'narrow': {text}"));
            assert_eq!(data, json!({ "var_name": "narrow", "bad_value": text }));
        }
        let (msg, data) = refused(r#"[["bogus", "x"]]"#);
        assert_eq!(msg, "Invalid narrow operator: unknown operator bogus");
        assert_eq!(data, json!({ "desc": "unknown operator bogus" }));
        assert_eq!(
            refused(r#"[["is", "bogus"]]"#).0,
            "Invalid narrow operator: unknown 'is' operand bogus"
        );
        assert_eq!(
            refused(r#"[["id", "abc"]]"#).0,
            "Invalid narrow operator: Invalid message ID"
        );
        let topic = r#"[{"operator": "topic", "operand": 5}]"#;
        assert_eq!(refused(topic).0, "elem[\"operand\"] is not a string");
    }

    #[test]
    fn searches_are_words_and_phrases() {
        assert_eq!(words("the system"), ["system"]);
        assert_eq!(words("big \"de duping\" now"), ["big", "de duping", "now"]);
        assert_eq!(words("to be"), ["to", "be"]);
        assert!(words(" \"\" ").is_empty());
    }

    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        let operator = prop::sample::select(vec![
            "channel",
            "stream",
            "channels",
            "topic",
            "dm",
            "pm-with",
            "dm-including",
            "group-pm-with",
            "sender",
            "id",
            "with",
            "near",
            "is",
            "has",
            "in",
            "search",
            "-is",
            "x",
        ]);
        (
            operator,
            prop_oneof![
                leaf.clone(),
                prop::collection::vec(leaf.clone(), 0..3).prop_map(Value::from)
            ],
            leaf,
        )
            .prop_flat_map(|(operator, operand, negated)| {
                prop_oneof![
                    Just(json!([operator, operand])),
                    Just(json!({ "operator": operator, "operand": operand, "negated": negated })),
                    Just(json!({ "operator": operator, "operand": operand })),
                ]
            })
    }

    proptest! {
        #[test]
        fn any_text_is_a_narrow_or_an_api_error(text in ".{0,40}") {
            prop_assert!(matches!(parse(&text), Ok(_) | Err(Error::Api(_))));
        }

        #[test]
        fn each_term_is_kept_or_refused(terms in prop::collection::vec(json_value(), 0..5)) {
            match parse(&Value::from(terms.clone()).to_string()) {
                Ok(parsed) => prop_assert_eq!(parsed.len(), terms.len()),
                Err(error) => prop_assert!(matches!(error, Error::Api(_))),
            }
        }
    }
}
