//! The OpenAPI document of the operations.

use narrows_wire::ErrorCode;
use narrows_wire::feature_level::{FEATURE_LEVEL, NARROWS_VERSION};
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::operation::{Operation, Parameter};

/// What all clients should know.
const ABOUT: &str = "Every operation is also at `/json`, for browsers that are logged in: with a session cookie and the \
    token of the cookie `csrftoken` in the header `X-CSRFToken`. Parameters may come in the query or in a body, \
    urlencoded or multipart, whatever the method; texts are bare, everything else is JSON. Parameters that an operation \
    does not know are ignored and named in its answer. Answers may have more fields than are described.";

/// The document.
pub(super) fn document(operations: &[Operation], mut schemas: Map<String, Value>) -> Value {
    let mut paths = Map::new();
    for operation in operations {
        let path = paths
            .entry(operation.path.clone())
            .or_insert_with(|| json!({}));
        if let Value::Object(methods) = path {
            methods.insert(
                operation.method.as_str().to_lowercase(),
                described(operation),
            );
        }
    }
    schemas.insert("Error".to_owned(), error());
    let mut tags: Vec<&str> = operations.iter().map(|operation| operation.tag).collect();
    tags.dedup();
    let mut document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Narrows",
            "version": NARROWS_VERSION,
            "description": ABOUT,
            "x-feature-level": FEATURE_LEVEL,
        },
        "servers": [{ "url": "/api/v1" }],
        "tags": tags.iter().map(|tag| json!({ "name": tag })).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "responses": responses(),
            "securitySchemes": {
                "key": { "type": "http", "scheme": "basic", "description": "The e-mail address and an API key." },
            },
        },
    });
    plain(&mut document);
    document
}

fn described(operation: &Operation) -> Value {
    let mut fields = json!({
        "operationId": operation.id(),
        "summary": operation.summary,
        "description": format!("Who may call: {}.", operation.who),
        "tags": [operation.tag],
        "security": match operation.needs_login {
            Some(true) => json!([{ "key": [] }]),
            Some(false) => json!([]),
            None => json!([{}, { "key": [] }]),
        },
        "responses": answers(operation),
    });
    let in_path = operation
        .in_path
        .iter()
        .map(|parameter| in_url("path", parameter));
    let in_query = operation
        .parameters
        .iter()
        .filter(|_| !operation.has_body());
    let in_query = in_query.map(|parameter| in_url("query", parameter));
    let in_url: Vec<Value> = in_path.chain(in_query).collect();
    if let Value::Object(fields) = &mut fields {
        if !in_url.is_empty() {
            fields.insert("parameters".to_owned(), json!(in_url));
        }
        if operation.has_body() && (operation.takes_file || !operation.parameters.is_empty()) {
            fields.insert("requestBody".to_owned(), body(operation));
        }
    }
    fields
}

fn in_url(place: &str, parameter: &Parameter) -> Value {
    let mut fields = json!({ "name": parameter.name, "in": place, "required": parameter.required });
    if let Value::Object(fields) = &mut fields {
        if let Some(about) = &parameter.about {
            fields.insert("description".to_owned(), json!(about));
        }
        match place == "query" && parameter.is_json() {
            true => {
                let content = json!({ "application/json": { "schema": parameter.schema } });
                fields.insert("content".to_owned(), content);
            }
            false => {
                fields.insert("schema".to_owned(), parameter.schema.clone());
            }
        }
    }
    fields
}

fn body(operation: &Operation) -> Value {
    let (mut properties, mut encoding) = (Map::new(), Map::new());
    for parameter in &operation.parameters {
        let mut schema = parameter.schema.clone();
        if let (Value::Object(fields), Some(about)) = (&mut schema, &parameter.about) {
            fields.insert("description".to_owned(), json!(about));
        }
        properties.insert(parameter.name.clone(), schema);
        if parameter.is_json() {
            encoding.insert(
                parameter.name.clone(),
                json!({ "contentType": "application/json" }),
            );
        }
    }
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    let mut required: Vec<&str> = required.map(|parameter| parameter.name.as_str()).collect();
    let kind = match operation.takes_file {
        true => {
            let file = json!({ "type": "string", "format": "binary", "description": "The file." });
            properties.insert("file".to_owned(), file);
            required.push("file");
            "multipart/form-data"
        }
        false => "application/x-www-form-urlencoded",
    };
    let content = json!({
        "schema": { "type": "object", "properties": properties, "required": required },
        "encoding": encoding,
    });
    json!({ "required": !required.is_empty(), "content": { kind: content } })
}

fn answers(operation: &Operation) -> Value {
    let mut answers = Map::new();
    match &operation.answer {
        Some(fields) => answers.insert("200".to_owned(), success(fields, operation.is_lenient)),
        None => answers.insert("101".to_owned(), json!({ "description": "A websocket." })),
    };
    let mut refer = |status: &str| {
        let response = json!({ "$ref": format!("#/components/responses/{status}") });
        answers.insert(status.to_owned(), response);
    };
    ["400", "401", "403", "404", "409", "413", "500", "503"]
        .into_iter()
        .for_each(&mut refer);
    if operation.limited {
        refer("429");
    }
    Value::Object(answers)
}

/// The fields of an operation among those that every answer has.
fn success(fields: &Schema, is_lenient: bool) -> Value {
    let mut schema = fields.clone().to_value();
    let envelope = json!({
        "result": { "const": "success" },
        "msg": { "type": "string", "description": "For people; mostly empty." },
        "ignored_parameters_unsupported": {
            "type": "array",
            "items": { "type": "string" },
            "description": "Parameters that the operation does not know.",
        },
    });
    if let (Value::Object(schema), Value::Object(envelope)) = (&mut schema, envelope) {
        schema.remove("description");
        schema.remove("title");
        schema.insert("type".to_owned(), json!("object"));
        if let Value::Object(properties) = schema.entry("properties").or_insert_with(|| json!({})) {
            properties.extend(envelope);
        }
        if let Value::Array(required) = schema.entry("required").or_insert_with(|| json!([])) {
            required.extend([json!("result"), json!("msg")]);
        }
    }
    if is_lenient {
        schema = json!({ "anyOf": [schema, ignored()] });
    }
    json!({ "description": "Done.", "content": { "application/json": { "schema": schema } } })
}

/// What a service is told of an event that makes no message.
fn ignored() -> Value {
    json!({
        "type": "object",
        "description": "The event makes no message.",
        "properties": {
            "result": { "const": "error" },
            "msg": { "type": "string", "description": "For people." },
            "code": { "const": ErrorCode::UnsupportedWebhookEventType.as_str() },
            "webhook_name": { "type": "string", "description": "The service." },
            "event_type": { "type": "string", "description": "The event." },
        },
        "required": ["result", "msg", "code", "webhook_name", "event_type"],
    })
}

/// The bodies of all errors.
fn error() -> Value {
    let mut codes: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    json!({
        "type": "object",
        "description": "Why nothing was done. Some codes bring more fields.",
        "properties": {
            "result": { "const": "error" },
            "msg": { "type": "string", "description": "For people." },
            "code": { "enum": codes, "description": "For programs." },
        },
        "required": ["result", "msg", "code"],
    })
}

fn responses() -> Value {
    let about = [
        (
            "400",
            "The request is wrong, or the caller may not do this.",
        ),
        (
            "401",
            "The caller does not say who they are, or not convincingly.",
        ),
        (
            "403",
            "The file is not for the caller; at `/json`, the token is missing.",
        ),
        ("404", "There is no such organization or file."),
        ("409", "There is one of this name already."),
        ("413", "The request is too large."),
        (
            "429",
            "Too many requests: `retry-after` says how many seconds to wait.",
        ),
        ("500", "A fault of the server."),
        (
            "503",
            "Something that the server needs does not answer. Try again in a moment.",
        ),
    ];
    let schema = json!({ "$ref": "#/components/schemas/Error" });
    let response = |(status, about): (&str, &str)| {
        let mut content = json!({ "application/json": { "schema": schema } });
        if let (Value::Object(content), "403" | "404") = (&mut content, status) {
            content.insert(
                "text/html".to_owned(),
                json!({ "schema": { "type": "string" } }),
            );
        }
        (
            status.to_owned(),
            json!({ "description": about, "content": content }),
        )
    };
    Value::Object(about.into_iter().map(response).collect())
}

/// Descriptions are the documentation of types: without its links.
fn plain(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(plain),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "description" => {
                        *text = text.replace("[`", "`").replace("`]", "`");
                    }
                    value => plain(value),
                }
            }
        }
        _ => {}
    }
}
