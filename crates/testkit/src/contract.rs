//! Every answer that a test receives fits what the API says of itself (`/api/openapi.json`), without being asked for.
//! A field that is not described is as wrong as one that is missing: so the description stays complete.

use anyhow::{Context as _, bail};
use narrows_server::openapi::api;
use reqwest::Method;
use serde_json::{Map, Value, json};

use crate::validators::Validators;

/// What was asked, and what came back.
pub(crate) struct Exchange<'a> {
    pub(crate) method: &'a Method,
    /// The path of the URL.
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    /// Of query and form.
    pub(crate) params: Vec<(String, String)>,
    /// `null` if the body is not JSON.
    pub(crate) body: &'a Value,
}

/// The path of an operation below its prefix; `None` for pages.
pub(crate) fn below_prefix(path: &str) -> Option<&str> {
    ["/api/v1", "/json"]
        .iter()
        .find_map(|prefix| path.strip_prefix(prefix))
}

/// Fails if an answer is not what the API's description promises. Pages are not described.
pub(crate) fn check(exchange: &Exchange<'_>) -> anyhow::Result<()> {
    let Some(path) = below_prefix(exchange.path) else {
        return Ok(());
    };
    // As GET, but without a body.
    if exchange.method == Method::HEAD {
        return Ok(());
    }
    let told = || {
        format!(
            "{} {} answered {}",
            exchange.method, exchange.path, exchange.status
        )
    };
    let Some(place) = place(exchange.method, path) else {
        // What is not described is not there, or not for this method.
        return match exchange.status {
            404 | 405 => Ok(()),
            _ => bail!("{}, but is not described", told()),
        };
    };
    let pointer = format!("{place}/responses/{}", exchange.status);
    let response = api().document.pointer(&pointer);
    let response = response.with_context(|| format!("{}, which is not described", told()))?;
    let (pointer, response) = match response.get("$ref").and_then(Value::as_str) {
        Some(path) => {
            let pointer = path.trim_start_matches('#').to_owned();
            let response = api().document.pointer(&pointer).unwrap_or(response);
            (pointer, response)
        }
        None => (pointer, response),
    };
    let content = response.get("content");
    if exchange.body.is_null() && content.is_none_or(|all| all.get("text/html").is_some()) {
        return Ok(());
    }
    if content
        .and_then(|all| all.get("application/json"))
        .is_none()
    {
        bail!("{}, whose body is not described", told());
    }
    let pointer = format!("{pointer}/content/application~1json/schema");
    let misfits = CLOSED.with(|closed| closed.misfits(&pointer, "", exchange.body))?;
    if misfits.is_empty() {
        return Ok(());
    }
    let lines = misfits
        .iter()
        .take(5)
        .map(|misfit| format!("{}: {}", misfit.at, misfit.why));
    let lines = lines.collect::<Vec<_>>().join("\n");
    bail!("{}, which does not fit its description:\n{lines}", told())
}

/// Where a URL's operation is described: of several, as the router takes them.
fn place(method: &Method, url: &str) -> Option<String> {
    let paths = api().document.get("paths")?.as_object()?;
    let method = method.as_str().to_lowercase();
    let fitting = paths
        .iter()
        .filter(|(_, methods)| methods.get(&method).is_some());
    let fitting = fitting.filter_map(|(path, _)| Some((generality(path, url)?, path)));
    let (_, path) = fitting.min_by_key(|(generality, _)| generality.clone())?;
    Some(format!(
        "/paths/{}/{method}",
        path.replace('~', "~0").replace('/', "~1")
    ))
}

/// How far a described path leaves open what the segments are; `None`: it does not fit them.
pub(crate) fn generality(path: &str, url: &str) -> Option<Vec<u8>> {
    let segments: Vec<&str> = url.split('/').filter(|one| !one.is_empty()).collect();
    let pattern: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let rest = ["{path}", "{fragment}"];
    let open_end = pattern.last().is_some_and(|last| rest.contains(last));
    let fits = match open_end {
        true => segments.len() >= pattern.len(),
        false => segments.len() == pattern.len(),
    };
    let general = |(pattern, segment): (&&str, &&str)| match pattern.strip_prefix('{') {
        None => (pattern == segment).then_some(0),
        Some(name) if name.ends_with("_id}") && digits(segment) => Some(1),
        // The user of this one may also be named by address.
        Some(name) if name.ends_with("_id}") && path != "/users/{user_id}" => None,
        Some(_) => Some(2),
    };
    fits.then(|| pattern.iter().zip(&segments).map(general).collect())?
}

fn digits(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
}

thread_local! {
    static CLOSED: Validators = closed_document();
}

/// The document, but that answers have no fields beside those that are described. Errors bring what they like.
#[expect(clippy::expect_used, reason = "tests cannot go on without it")]
fn closed_document() -> Validators {
    let mut document = api().document.clone();
    if let Some(Value::Object(schemas)) = document.pointer_mut("/components/schemas") {
        for (name, schema) in schemas {
            if name != "Error" {
                *schema = inside_closed(schema);
            }
        }
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for operation in paths
        .into_iter()
        .flatten()
        .filter_map(|(_, path)| path.as_object_mut())
        .flatten()
    {
        if let Some(schema) = operation
            .1
            .pointer_mut("/responses/200/content/application~1json/schema")
        {
            *schema = closed(schema);
        }
    }
    Validators::of(document).expect("the document holds schemas")
}

/// A schema of a value that has no fields beside those that are described.
fn closed(schema: &Value) -> Value {
    let mut closed = inside_closed(schema);
    if let Value::Object(fields) = &mut closed {
        let about_fields = [
            "properties",
            "patternProperties",
            "$ref",
            "allOf",
            "anyOf",
            "oneOf",
        ];
        let is_open = ["additionalProperties", "unevaluatedProperties"];
        if about_fields.iter().any(|name| fields.contains_key(*name))
            && !is_open.iter().any(|name| fields.contains_key(*name))
        {
            fields.insert("unevaluatedProperties".to_owned(), json!(false));
        }
    }
    closed
}

/// The same for the values that are within a value of this schema, which may be only a part of what describes it.
fn inside_closed(schema: &Value) -> Value {
    let Value::Object(fields) = schema else {
        return schema.clone();
    };
    let all = |of: &Map<String, Value>, each: fn(&Value) -> Value| -> Value {
        Value::Object(
            of.iter()
                .map(|(name, schema)| (name.clone(), each(schema)))
                .collect(),
        )
    };
    let field = |(name, value): (&String, &Value)| {
        let value = match (name.as_str(), value) {
            ("properties" | "patternProperties", Value::Object(of)) => all(of, closed),
            ("items" | "additionalProperties", inner) => closed(inner),
            ("prefixItems", Value::Array(of)) => of.iter().map(closed).collect(),
            ("allOf" | "anyOf" | "oneOf", Value::Array(of)) => {
                of.iter().map(inside_closed).collect()
            }
            (_, other) => other.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(fields.iter().map(field).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: Method, path: &str, status: u16, body: &Value) -> anyhow::Result<()> {
        check(&Exchange {
            method: &method,
            path,
            params: vec![],
            status,
            body,
        })
    }

    #[test]
    fn an_answer_has_the_fields_that_are_described_and_no_others() {
        let path = "/api/v1/get_stream_id";
        let fitting = json!({ "result": "success", "msg": "", "stream_id": 7 });
        checked(Method::GET, path, 200, &fitting).expect("fits");
        let more = json!({ "result": "success", "msg": "", "stream_id": 7, "more": 1 });
        checked(Method::GET, path, 200, &more).expect_err("a field that is not described");
        let less = json!({ "result": "success", "msg": "" });
        checked(Method::GET, path, 200, &less).expect_err("a field is missing");
        let other = json!({ "result": "success", "msg": "", "stream_id": "7" });
        checked(Method::GET, path, 200, &other).expect_err("a field of another type");
    }

    #[test]
    fn objects_within_an_answer_are_no_exception() {
        let pin = json!({ "result": "success", "msg": "", "navigation_views": [
            { "fragment": "inbox", "is_pinned": true, "name": null },
        ] });
        checked(Method::GET, "/json/navigation_views", 200, &pin).expect("fits");
        let more = json!({ "result": "success", "msg": "", "navigation_views": [
            { "fragment": "inbox", "is_pinned": true, "name": null, "more": 1 },
        ] });
        checked(Method::GET, "/json/navigation_views", 200, &more).expect_err("not described");
    }

    #[test]
    fn statuses_and_operations_are_described() {
        let error =
            json!({ "result": "error", "msg": "No", "code": "BAD_REQUEST", "var_name": "x" });
        checked(Method::POST, "/api/v1/messages", 400, &error).expect("fits");
        checked(Method::POST, "/api/v1/messages", 418, &error).expect_err("no such status");
        checked(Method::POST, "/api/v1/messages", 400, &json!({})).expect_err("no error");
        checked(Method::GET, "/api/v1/nowhere", 404, &Value::Null).expect("is not there");
        checked(Method::GET, "/api/v1/nowhere", 200, &json!({})).expect_err("is not described");
        checked(Method::GET, "/health", 200, &json!({})).expect("no operation");
    }

    #[test]
    fn a_url_is_of_the_operation_that_the_router_takes() {
        let place = |path: &str| place(&Method::GET, path).unwrap_or_default();
        assert!(place("/users/me").ends_with("~1users~1me/get"));
        assert!(place("/users/7").ends_with("~1users~1{user_id}/get"));
        assert!(place("/users/a@b").ends_with("~1users~1{user_id}/get"));
        assert!(place("/user_uploads/2/a/b/c.txt").contains("user_uploads"));
        assert_eq!(place("/streams/x"), "");
    }
}
