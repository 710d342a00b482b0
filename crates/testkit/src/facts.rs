//! Every answer and event that a test receives fits what the API's first server promises and what its mobile app
//! demands: `facts/api.json`, written by `tools/conformance promises`. More fields than are known there are welcome.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::bail;
use serde_json::{Value, json};

use crate::contract::{self, Exchange};
use crate::validators::{Misfit, Validators};

static FACTS: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../facts/api.json")).unwrap_or_default());

thread_local! {
    #[expect(clippy::expect_used, reason = "tests cannot go on without it")]
    static VALIDATORS: Validators = Validators::of(FACTS.clone()).expect("the facts are schemas");
}

/// Queues that were registered as the mobile app does.
static OF_APP: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

/// Fails if an answer, or an event in it, is not what clients know.
pub(crate) fn check(exchange: &Exchange<'_>) -> anyhow::Result<()> {
    let Some(path) = contract::below_prefix(exchange.path) else {
        return Ok(());
    };
    if exchange.status != 200 {
        return Ok(());
    }
    let known = FACTS.get("answers").and_then(Value::as_object);
    let method = exchange.method.as_str();
    let known = known.into_iter().flatten().filter_map(|(place, _)| {
        let (known_method, pattern) = place.split_once(' ')?;
        (known_method == method).then(|| Some((contract::generality(pattern, path)?, place)))?
    });
    let mut misfits = Vec::new();
    if let Some((_, place)) = known.min() {
        let pointer = format!("/answers/{}", place.replace('/', "~1"));
        misfits.extend(misfits_of(place, &pointer, exchange.body)?);
        misfits.extend(by_app(place, exchange)?);
        if place == "GET /events" {
            for event in exchange
                .body
                .get("events")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                misfits.extend(event_misfits(event)?);
            }
        }
    }
    misfits.retain(|misfit| !is_meant(&misfit.at));
    match misfits.is_empty() {
        true => Ok(()),
        false => {
            let lines = misfits
                .iter()
                .take(5)
                .map(|misfit| format!("{}: {}", misfit.at, misfit.why));
            let lines = lines.collect::<Vec<_>>().join("\n");
            bail!(
                "{method} {} does not fit what clients know:\n{lines}",
                exchange.path
            )
        }
    }
}

/// `deviations.toml` says why we differ here.
fn is_meant(at: &str) -> bool {
    let segments = |path: &str| -> Vec<String> {
        let path = path.replace("[*]", ".*");
        path.split('.').map(str::to_owned).collect()
    };
    let at = segments(at);
    let meant = FACTS
        .get("deviations")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    meant.filter_map(Value::as_str).any(|path| {
        let path = segments(path);
        path.len() == at.len()
            && path
                .iter()
                .zip(&at)
                .all(|(one, other)| one == "*" || one == other)
    })
}

/// An event is checked as one of those that its type, operation and property fit.
fn event_misfits(event: &Value) -> anyhow::Result<Vec<Misfit>> {
    let fits = |known: &Value| {
        let telling = ["type", "op", "property"].into_iter().all(|name| {
            let choices = known.get(name).and_then(Value::as_array);
            event
                .get(name)
                .is_none_or(|value| choices.is_none_or(|choices| choices.contains(value)))
        });
        telling && known.get("has_op") == Some(&Value::from(event.get("op").is_some()))
    };
    let known = FACTS
        .get("events")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut best: Option<Vec<Misfit>> = None;
    let name = |key: &str| event.get(key).and_then(Value::as_str).unwrap_or_default();
    let place = match name("op") {
        "" => format!("event {}", name("type")),
        op => format!("event {}/{op}", name("type")),
    };
    for (at, _) in known.enumerate().filter(|(_, known)| fits(known)) {
        let misfits = misfits_of(&place, &format!("/events/{at}/schema"), event)?;
        if best.as_ref().is_none_or(|best| misfits.len() < best.len()) {
            best = Some(misfits);
        }
    }
    Ok(best.unwrap_or_default())
}

/// What the mobile app would make of it.
fn by_app(place: &str, exchange: &Exchange<'_>) -> anyhow::Result<Vec<Misfit>> {
    let param = |name: &str| {
        exchange
            .params
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    };
    let object = match place {
        // The form for older clients.
        "POST /users/me/presence" if param("last_update_id").is_none() => None,
        // The app does not name messages.
        "GET /messages" if param("message_ids").is_some() => None,
        "POST /register" if is_of_app(&param) => {
            let id = exchange.body.get("queue_id").and_then(Value::as_str);
            let mut queues = OF_APP.lock().unwrap_or_else(PoisonError::into_inner);
            queues.extend(id.map(str::to_owned));
            Some("InitialSnapshot")
        }
        "GET /events" => return app_events(param("queue_id").unwrap_or_default(), exchange.body),
        place => FACTS
            .pointer("/app/answers")
            .and_then(|all| all.get(place)?.as_str()),
    };
    match object {
        Some(name) => misfits_of(
            &format!("app {name}"),
            &format!("/objects/{name}"),
            &without_null(exchange.body),
        ),
        None => Ok(vec![]),
    }
}

/// The app asks for everything, and understands the newer forms.
fn is_of_app<'a>(param: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let abilities =
        param("client_capabilities").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let modern = FACTS
        .pointer("/app/modern")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let mut modern = modern.filter_map(Value::as_str);
    let everything = param("event_types")
        .or(param("fetch_event_types"))
        .is_none();
    everything
        && abilities
            .is_some_and(|abilities| modern.all(|one| abilities.get(one) == Some(&json!(true))))
}

fn app_events(queue: &str, body: &Value) -> anyhow::Result<Vec<Misfit>> {
    let mut misfits = Vec::new();
    if !OF_APP
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .contains(queue)
    {
        return Ok(misfits);
    }
    for event in body
        .get("events")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let names = FACTS
            .pointer("/objects/Event/one_of")
            .and_then(Value::as_array);
        let names = names.into_iter().flatten().filter_map(Value::as_str);
        let fits = |name: &&str, key: &str| {
            let choices = FACTS.pointer(&format!("/objects/{name}/properties/{key}/enum"));
            let choices = choices.and_then(Value::as_array);
            choices
                .is_none_or(|choices| event.get(key).is_some_and(|value| choices.contains(value)))
        };
        let mut event = without_null(event);
        let known: Vec<&str> = names
            .filter(|name| fits(name, "type") && fits(name, "op"))
            .collect();
        // The flags of the message are beside it.
        if let (Some(flags), Some(message)) =
            (event.get("flags").cloned(), event.get_mut("message"))
        {
            message["flags"] = flags;
        }
        for name in known {
            misfits.extend(misfits_of(
                &format!("app {name}"),
                &format!("/objects/{name}"),
                &event,
            )?);
        }
    }
    Ok(misfits)
}

/// To the app, what is null is not there.
fn without_null(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let there = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(
                there
                    .map(|(name, value)| (name.clone(), without_null(value)))
                    .collect(),
            )
        }
        Value::Array(list) => list.iter().map(without_null).collect(),
        other => other.clone(),
    }
}

fn misfits_of(place: &str, pointer: &str, value: &Value) -> anyhow::Result<Vec<Misfit>> {
    VALIDATORS.with(|validators| validators.misfits(pointer, place, value))
}

#[cfg(test)]
mod tests {
    use reqwest::Method;

    use super::*;

    fn checked(path: &str, body: &Value) -> anyhow::Result<()> {
        check(&Exchange {
            method: &Method::GET,
            path,
            params: vec![],
            status: 200,
            body,
        })
    }

    #[test]
    fn answers_have_what_clients_know_and_maybe_more() {
        let path = "/api/v1/get_stream_id";
        let more = json!({ "result": "success", "msg": "", "stream_id": 7, "more": 1 });
        checked(path, &more).expect("more is welcome");
        let other = json!({ "result": "success", "msg": "", "stream_id": "7" });
        checked(path, &other).expect_err("a field of another type");
    }

    #[test]
    fn events_have_what_clients_know() {
        let events = |event: Value| json!({ "result": "success", "msg": "", "queue_id": "q", "events": [event] });
        let word = |words: Value| json!({ "id": 1, "type": "alert_words", "alert_words": words });
        checked("/api/v1/events", &events(word(json!(["a"])))).expect("fits");
        checked("/api/v1/events", &events(word(json!([7])))).expect_err("words are text");
        let newer = json!({ "id": 1, "type": "newer than the facts" });
        checked("/api/v1/events", &events(newer)).expect("nothing is known of it");
    }
}
