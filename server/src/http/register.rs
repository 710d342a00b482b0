//! `POST /register`.

use actix_web::web;
use narrows_actions::register::{self, Register, State};
use narrows_actions::{Ctx, Error};
use narrows_wire::queue::{Capabilities, NarrowTerm};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::extract::{Params, Visitor};
use crate::reply::{Reply, Success};

/// Parameters of [`post`].
#[derive(Deserialize, JsonSchema)]
pub struct Post {
    /// Which events are wanted; all if not given.
    event_types: Option<Vec<String>>,
    /// Which state is wanted; that of `event_types` if not given.
    fetch_event_types: Option<Vec<String>>,
    /// HTML rather than text.
    apply_markdown: Option<bool>,
    /// The client computes the URLs of Gravatars; they are left out.
    client_gravatar: Option<bool>,
    /// By id rather than by address.
    slim_presence: Option<bool>,
    /// With who is subscribed.
    include_subscribers: Option<Value>,
    /// Messages of all public streams.
    all_public_streams: Option<bool>,
    /// Which messages: terms as `{"operator", "operand", "negated"}` or `[operator, operand]`; all if not given.
    narrow: Option<Vec<Value>>,
    /// What the client understands.
    client_capabilities: Option<Capabilities>,
    /// How long the queue lives without being asked: seconds, or `mobile`.
    idle_queue_timeout: Option<Value>,
    /// Seconds, the older name.
    queue_lifespan_secs: Option<u64>,
    /// Of how many days presence is wanted; 14 if not given.
    presence_history_limit_days: Option<i64>,
}

/// Seconds that a queue lives for clients that say "mobile": a phone sleeps for hours (feature level 406).
const MOBILE_IDLE_SECONDS: u64 = 7 * 24 * 3600;

/// Makes an event queue and answers with the state. Spectators have no queue.
pub async fn post(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    Params(args): Params<Post>,
) -> Reply<State> {
    let request = Register {
        narrow: narrow(args.narrow.unwrap_or_default())?,
        event_types: args.event_types,
        fetch_event_types: args.fetch_event_types,
        apply_markdown: args.apply_markdown.unwrap_or(false),
        client_gravatar: args.client_gravatar.unwrap_or(true),
        slim_presence: args.slim_presence.unwrap_or(false),
        // "partial" (feature level 412) may be answered with all of them.
        include_subscribers: args
            .include_subscribers
            .is_some_and(|wanted| wanted != Value::Bool(false)),
        presence_history_limit_days: args.presence_history_limit_days,
        all_public_streams: args.all_public_streams.unwrap_or(false),
        capabilities: args.client_capabilities.unwrap_or_default(),
        idle_timeout: idle_timeout(args.idle_queue_timeout.as_ref()).or(args.queue_lifespan_secs),
    };
    let state = match visitor {
        Visitor::User(caller) => register::register(&ctx, &caller, &request).await?,
        Visitor::Spectator(spectator) => register::spectate(&ctx, &spectator, &request).await?,
    };
    Ok(Success::from_json(state.into_json()))
}

fn idle_timeout(wanted: Option<&Value>) -> Option<u64> {
    match wanted? {
        Value::String(word) if word == "mobile" => Some(MOBILE_IDLE_SECONDS),
        number => number.as_u64(),
    }
}

/// Terms as pairs `["stream", "Denmark"]` or as objects `{"operator", "operand", "negated"}`.
fn narrow(terms: Vec<Value>) -> Result<Vec<NarrowTerm>, Error> {
    let named = |(at, one)| term(one, &format!("narrow[{at}]"));
    terms.into_iter().enumerate().map(named).collect()
}

/// The operators by which queues can filter messages.
const OPERATORS: [&str; 8] = [
    "stream", "channel", "topic", "sender", "from", "is", "dm", "pm-with",
];

fn term(term: Value, name: &str) -> Result<NarrowTerm, Error> {
    let term = shape(term, name)?;
    if !OPERATORS.contains(&term.operator.as_str()) {
        let msg = format!("Operator {} not supported.", term.operator);
        return Err(Error::bad_request(msg));
    }
    Ok(term)
}

fn shape(term: Value, name: &str) -> Result<NarrowTerm, Error> {
    let malformed = || Error::bad_request("Bad value for 'narrow'");
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(malformed()),
    };
    match &term {
        Value::Array(pair) => match pair.as_slice() {
            [operator, operand] => Ok(NarrowTerm {
                operator: text(operator)?,
                operand: text(operand)?,
                negated: false,
            }),
            _ => Err(Error::bad_request(format!(
                "{name} should have exactly 2 items"
            ))),
        },
        Value::Object(fields) => {
            let field = |name: &str| fields.get(name).ok_or_else(malformed).and_then(text);
            let negated = fields
                .get("negated")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            Ok(NarrowTerm {
                operator: field("operator")?,
                operand: field("operand")?,
                negated,
            })
        }
        _ => Err(malformed()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_narrow_comes_in_pairs_or_objects() {
        let terms = narrow(vec![
            json!(["stream", "Denmark"]),
            json!({"operator": "sender", "operand": 7, "negated": true}),
        ]);
        let terms = terms.expect("well formed");
        assert_eq!(
            (
                terms[0].operator.as_str(),
                terms[0].operand.as_str(),
                terms[0].negated
            ),
            ("stream", "Denmark", false)
        );
        assert_eq!(
            (
                terms[1].operator.as_str(),
                terms[1].operand.as_str(),
                terms[1].negated
            ),
            ("sender", "7", true)
        );
        assert!(narrow(vec![json!(["stream"])]).is_err());
        assert!(narrow(vec![json!("stream")]).is_err());
    }
}
