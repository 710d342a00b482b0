//! The operations of the API, gathered from the table of routes and the types of its handlers.

use actix_web::http::Method;
use schemars::Schema;
use serde_json::{Map, Value, json};

use super::signature::{Callers, Schemas, Signature};
use crate::routes::{API, API_V1, About, Access, Entry, Limit};

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path below the prefix, parameters in braces.
    pub path: String,
    /// What it does, in one line.
    pub summary: &'static str,
    /// What it is about.
    pub tag: &'static str,
    /// Who may call it: for people.
    pub who: &'static str,
    /// Whether callers have to say who they are; `None`: they may.
    pub needs_login: Option<bool>,
    /// Calls are counted.
    pub limited: bool,
    /// The parameters of its path.
    pub in_path: Vec<Parameter>,
    /// Its other parameters.
    pub parameters: Vec<Parameter>,
    /// It takes a file beside them.
    pub takes_file: bool,
    /// What is no success may have the status of one.
    pub is_lenient: bool,
    /// The fields of its answer; `None`: it goes on as a websocket.
    pub answer: Option<Schema>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// It has to be there.
    pub required: bool,
    /// What it is for; maybe nothing that its name does not say.
    pub about: Option<String>,
    /// Of its value.
    pub schema: Value,
}

impl Parameter {
    /// Whether its value is written as JSON, rather than as bare text.
    pub fn is_json(&self) -> bool {
        let bare = ["boolean", "integer", "number", "string"];
        let kind = self.schema.get("type").and_then(Value::as_str);
        !kind.is_some_and(|kind| bare.contains(&kind)) && !self.is_choice()
    }

    /// One of some names.
    fn is_choice(&self) -> bool {
        let choices = self.schema.get("oneOf").and_then(Value::as_array);
        choices.is_some_and(|all| {
            all.iter()
                .all(|one| one.get("type") == Some(&json!("string")))
        })
    }
}

/// What the handlers of a module are about.
const TAGS: [(&str, &[&str]); 9] = [
    (
        "Messages",
        &["messages", "messages_read", "flags", "reactions", "calls"],
    ),
    (
        "Events and presence",
        &["register", "events", "presence", "typing"],
    ),
    (
        "Streams and topics",
        &[
            "streams",
            "channels",
            "channel_folders",
            "subscriptions",
            "topics",
        ],
    ),
    (
        "Drafts, reminders and lists of one's own",
        &[
            "drafts",
            "scheduled_messages",
            "saved_snippets",
            "navigation_views",
            "alert_words",
            "muted_users",
        ],
    ),
    ("Files", &["uploads"]),
    (
        "Users",
        &[
            "users",
            "invites",
            "avatars",
            "settings",
            "profile_fields",
            "push_tokens",
        ],
    ),
    ("Groups", &["groups"]),
    (
        "Organization",
        &[
            "realm_domains",
            "realm_emoji",
            "realm_pictures",
            "linkifiers",
            "playgrounds",
            "exports",
        ],
    ),
    (
        "Bots, keys and the server",
        &["bots", "bot_storage", "webhooks", "auth", "server_settings"],
    ),
];

/// All of them, in the order of [`TAGS`] and of the table; what their answers refer to.
pub(super) fn all() -> (Vec<Operation>, Map<String, Value>) {
    let mut schemas = Schemas::new();
    let mut operations: Vec<Operation> = Vec::new();
    for entry in API_V1.iter().chain(API) {
        if let Some(about) = &entry.about {
            let operation = Operation::of(entry, about, &mut schemas);
            match operations.iter_mut().find(|known| known.is_at(&operation)) {
                Some(known) => known.also(operation),
                None => operations.push(operation),
            }
        }
    }
    operations.sort_by_key(|operation| TAGS.iter().position(|(tag, _)| *tag == operation.tag));
    (operations, schemas.into_definitions())
}

impl Operation {
    fn of(entry: &Entry, about: &About, schemas: &mut Schemas) -> Operation {
        let mut signature = Signature::default();
        (about.describe)(&mut signature, schemas);
        let (path, in_path) = path(entry.path);
        let needs_login = match (entry.access, signature.callers) {
            (Access::Public, None) => Some(false),
            (Access::Visitor, None) => None,
            _ => Some(true),
        };
        let who = match (entry.access, signature.callers) {
            (Access::Public, None) => "Anybody",
            (Access::Visitor, None) => {
                "Users, and anybody where the organization can be read without an account"
            }
            (Access::User | Access::Sender | Access::Webhook, None) | (_, Some(Callers::Users)) => {
                "Users"
            }
            (_, Some(Callers::People)) => "Users who are no bots",
            (_, Some(Callers::Administrators)) => "Administrators and owners",
            (_, Some(Callers::Owners)) => "Owners",
        };
        Operation {
            method: entry.method.clone(),
            path,
            summary: about.summary,
            tag: tag(about.handler),
            who,
            needs_login,
            limited: entry.limit == Limit::General,
            in_path,
            parameters: signature.parameters.map(parameters).unwrap_or_default(),
            takes_file: signature.takes_file,
            is_lenient: signature.is_lenient,
            answer: signature.answer,
        }
    }

    /// Unique, and the same for as long as method and path are.
    pub fn id(&self) -> String {
        let words = self.path.split(|c: char| !c.is_ascii_alphanumeric());
        let words = std::iter::once(self.method.as_str()).chain(words);
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        words.join("-").to_lowercase()
    }

    /// Whether its parameters are in the body.
    pub fn has_body(&self) -> bool {
        [Method::POST, Method::PATCH, Method::PUT].contains(&self.method)
    }

    /// To OpenAPI, paths that differ only in the names of parameters are the same path.
    fn is_at(&self, other: &Operation) -> bool {
        let shape = |path: &str| -> Vec<String> {
            let segments = path.split('/');
            segments
                .map(|one| if one.starts_with('{') { "{}" } else { one }.to_owned())
                .collect()
        };
        self.method == other.method && shape(&self.path) == shape(&other.path)
    }

    /// The same operation, its object named in another way.
    fn also(&mut self, other: Operation) {
        for (known, other) in self.in_path.iter_mut().zip(other.in_path) {
            known.about = Some(format!("Or the {}.", other.name));
            known.schema = json!({ "anyOf": [known.schema, other.schema] });
        }
    }
}

/// `http::messages::post` is about messages. A test sees to it that every handler has its place.
fn tag(handler: &str) -> &'static str {
    let module = handler.rsplit("::").nth(1).unwrap_or_default().trim();
    let found = TAGS.iter().find(|(_, modules)| modules.contains(&module));
    found.map_or("", |(tag, _)| tag)
}

/// `/a/{b:.+}` is `/a/{b}` with the parameter `b`.
fn path(pattern: &str) -> (String, Vec<Parameter>) {
    let mut parameters = Vec::new();
    let segments = pattern.split('/').map(|segment| {
        let Some(inner) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            return segment.to_owned();
        };
        let name = inner.split(':').next().unwrap_or(inner);
        let schema = match name.ends_with("_id") {
            true => json!({ "type": "integer", "format": "int32", "minimum": 0 }),
            false => json!({ "type": "string", "minLength": 1 }),
        };
        parameters.push(Parameter {
            name: name.to_owned(),
            required: true,
            about: None,
            schema,
        });
        format!("{{{name}}}")
    });
    let path = segments.collect::<Vec<_>>().join("/");
    (path, parameters)
}

fn parameters(object: Schema) -> Vec<Parameter> {
    let required = object
        .get("required")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let Some(Value::Object(properties)) = object.get("properties") else {
        return vec![];
    };
    let parameter = |(name, schema): (&String, &Value)| {
        let mut schema = given(schema.clone());
        let about = schema
            .as_object_mut()
            .and_then(|fields| fields.remove("description"));
        Parameter {
            name: name.clone(),
            required: required.contains(&json!(name)),
            about: about.and_then(|about| Some(about.as_str()?.to_owned())),
            schema,
        }
    };
    properties.iter().map(parameter).collect()
}

/// An optional parameter is left out, never `null`.
fn given(mut schema: Value) -> Value {
    let null = json!("null");
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        kinds.retain(|kind| *kind != null);
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            if let Value::Object(fields) = &mut schema {
                fields.insert("type".to_owned(), kind);
            }
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| choice.get("type") != Some(&null));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            if let Value::Object(fields) = &mut schema {
                fields.remove("anyOf");
                for (name, value) in only {
                    fields.entry(name).or_insert(value);
                }
            }
        }
    }
    if let Value::Object(fields) = &mut schema {
        fields.retain(|name, value| name != "default" || !value.is_null());
    }
    schema
}
