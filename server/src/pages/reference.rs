//! The API's reference, for people: what [`crate::openapi`] says, on one page.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use narrows_wire::feature_level::{FEATURE_LEVEL, NARROWS_VERSION};
use serde_json::Value;

use super::{assets, html};
use crate::error::ServerError;
use crate::openapi::{self, OpenApi, Operation, Parameter};

#[derive(Template)]
#[template(path = "reference.html")]
pub(crate) struct ReferencePage<'a> {
    pub(crate) version: &'static str,
    pub(crate) level: u32,
    pub(crate) groups: &'a [Group],
    pub(crate) objects: &'a [Object],
    pub(crate) styles: Option<String>,
}

/// Operations about the same.
pub(crate) struct Group {
    title: &'static str,
    /// Its place on the page.
    anchor: String,
    operations: Vec<Shown>,
}

/// An operation as it is shown.
struct Shown {
    anchor: String,
    method: String,
    path: String,
    summary: &'static str,
    who: &'static str,
    limited: bool,
    takes_file: bool,
    parameters: Vec<Field>,
    /// `None`: it goes on as a websocket.
    answer: Option<Vec<Field>>,
    curl: String,
}

/// What answers refer to.
pub(crate) struct Object {
    name: String,
    about: String,
    fields: Vec<Field>,
    /// Of what has no fields: what it is.
    kind: String,
}

/// A parameter, or a field of an answer.
struct Field {
    name: String,
    /// Its type in words.
    kind: String,
    /// The object that it is made of.
    object: Option<String>,
    /// It is always there, or has to be.
    required: bool,
    about: String,
}

/// `GET /api/`.
pub async fn get() -> Result<HttpResponse, ServerError> {
    static SHOWN: LazyLock<(Vec<Group>, Vec<Object>)> = LazyLock::new(|| {
        let api = openapi::api();
        (groups(api), objects(api))
    });
    let (groups, objects) = &*SHOWN;
    let page = ReferencePage {
        version: NARROWS_VERSION,
        level: FEATURE_LEVEL,
        groups,
        objects,
        styles: assets::page_styles(),
    };
    html(&page, StatusCode::OK)
}

pub(crate) fn groups(api: &OpenApi) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for operation in &api.operations {
        let shown = Shown::of(operation);
        match groups.last_mut() {
            Some(group) if group.title == operation.tag => group.operations.push(shown),
            _ => groups.push(Group {
                title: operation.tag,
                anchor: format!("group-{}", groups.len() + 1),
                operations: vec![shown],
            }),
        }
    }
    groups
}

pub(crate) fn objects(api: &OpenApi) -> Vec<Object> {
    let schemas = api.document.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
    let object = |(name, schema): (&String, &Value)| Object {
        name: name.clone(),
        about: text(schema, "description"),
        fields: fields(schema),
        kind: kind(schema),
    };
    schemas.map(object).collect()
}

impl Shown {
    fn of(operation: &Operation) -> Shown {
        let in_path = operation.in_path.iter();
        let parameters = in_path.chain(&operation.parameters);
        Shown {
            anchor: operation.id(),
            method: operation.method.to_string(),
            path: format!("/api/v1{}", operation.path),
            summary: operation.summary,
            who: operation.who,
            limited: operation.limited,
            takes_file: operation.takes_file,
            parameters: parameters.map(Field::of_parameter).collect(),
            answer: operation
                .answer
                .as_ref()
                .map(|answer| fields(answer.as_value())),
            curl: curl(operation),
        }
    }
}

impl Field {
    fn of_parameter(parameter: &Parameter) -> Field {
        let json = if parameter.is_json() { " (JSON)" } else { "" };
        Field {
            name: parameter.name.clone(),
            kind: format!("{}{json}", kind(&parameter.schema)),
            object: None,
            required: parameter.required,
            about: parameter.about.as_deref().map(unlinked).unwrap_or_default(),
        }
    }
}

fn text(schema: &Value, name: &str) -> String {
    unlinked(schema.get(name).and_then(Value::as_str).unwrap_or_default())
}

/// Documentation without its links.
fn unlinked(text: &str) -> String {
    text.replace("[`", "`").replace("`]", "`")
}

/// The fields of an object, those of its alternatives too.
fn fields(schema: &Value) -> Vec<Field> {
    let required: Vec<&str> = list(schema, "required")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let own = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let own = own.map(|(name, schema)| Field {
        name: name.clone(),
        kind: kind(schema),
        object: object(schema),
        required: required.contains(&name.as_str()),
        about: text(schema, "description"),
    });
    let mut all: Vec<Field> = own.collect();
    for alternative in list(schema, "anyOf").iter().chain(list(schema, "oneOf")) {
        for mut field in fields(alternative) {
            if all.iter().all(|known| known.name != field.name) {
                field.required = false;
                all.push(field);
            }
        }
    }
    all
}

fn list<'a>(schema: &'a Value, name: &str) -> &'a [Value] {
    schema
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The first object that a schema refers to.
fn object(schema: &Value) -> Option<String> {
    match schema {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|path| Some(path.rsplit('/').next()?.to_owned()));
            let inner = ["items", "additionalProperties", "anyOf", "oneOf"];
            own.or_else(|| inner.iter().find_map(|name| object(members.get(*name)?)))
        }
        Value::Array(choices) => choices.iter().find_map(object),
        _ => None,
    }
}

/// What a schema asks for, in words.
fn kind(schema: &Value) -> String {
    if let Some(object) = schema.get("$ref").and_then(Value::as_str) {
        return object.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(only) = schema.get("const") {
        return only.to_string();
    }
    let choices = [list(schema, "anyOf"), list(schema, "oneOf")].concat();
    if !choices.is_empty() {
        return either(choices.iter().map(kind));
    }
    if !list(schema, "enum").is_empty() {
        return either(list(schema, "enum").iter().map(Value::to_string));
    }
    match schema.get("type") {
        Some(Value::String(name)) => named(name, schema),
        Some(Value::Array(names)) => either(
            names
                .iter()
                .filter_map(Value::as_str)
                .map(|name| named(name, schema)),
        ),
        _ => "anything".to_owned(),
    }
}

fn either(kinds: impl Iterator<Item = String>) -> String {
    let mut kinds: Vec<String> = kinds.collect();
    kinds.dedup();
    kinds.join(" or ")
}

fn named(name: &str, schema: &Value) -> String {
    match (
        name,
        schema.get("items"),
        schema.get("additionalProperties"),
    ) {
        ("array", Some(items), _) => format!("list of {}", kind(items)),
        ("array", None, _) => "list".to_owned(),
        ("object", _, Some(values @ Value::Object(_))) => format!("object of {}", kind(values)),
        ("string", ..) => "text".to_owned(),
        ("boolean", ..) => "true or false".to_owned(),
        (name, ..) => name.to_owned(),
    }
}

/// How to call it from a shell, with what it has to be given.
fn curl(operation: &Operation) -> String {
    let mut command = vec!["curl".to_owned()];
    match (operation.method.as_str(), operation.has_body()) {
        ("GET", _) => {}
        ("POST", true) if operation.takes_file || !operation.parameters.is_empty() => {}
        (method, _) => command.push(format!("-X {method}")),
    }
    if operation.needs_login != Some(false) {
        command.push("-u you@example.com:KEY".to_owned());
    }
    let required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required);
    let given: Vec<String> = required
        .map(|one| format!("{}={}", one.name, example(&one.schema)))
        .collect();
    if !given.is_empty() && !operation.has_body() {
        command.push("-G".to_owned());
    }
    let flag = if operation.takes_file {
        "-F"
    } else {
        "--data-urlencode"
    };
    command.extend(given.iter().map(|pair| format!("{flag} '{pair}'")));
    if operation.takes_file {
        command.push("-F 'file=@picture.png'".to_owned());
    }
    command.push(format!(
        "'https://chat.example.com/api/v1{}'",
        operation.path
    ));
    command.join(" ")
}

fn example(schema: &Value) -> &'static str {
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number") => "1",
        Some("boolean") => "true",
        Some("array") => "[…]",
        Some("object") => "{…}",
        _ => "…",
    }
}
