//! Incoming webhooks: what other services tell becomes messages.
//!
//! A service is given the URL `/api/v1/external/NAME?api_key=…&stream=…&topic=…`. [`post`] finds its [`Integration`],
//! which reads the service's own words ([`payload::Payload`]) and answers with [`Notice`]s; the rest is the same for all.
//!
//! To add one: a file with its `pub const …: Integration`, a line in [`INTEGRATIONS`], and a test for each event in
//! `server/tests/it/webhooks/`.

mod alerts;
mod github;
mod gitlab;
mod payload;
mod plain;
mod sentry;
mod slack;
mod wording;

use actix_web::web;
use narrows_actions::webhooks::{self, Notice};
use narrows_actions::{Caller, Ctx, Error};
use narrows_wire::ErrorCode;

use crate::error::ServerError;
use crate::extract::{AuthedUser, Delivery};
use crate::reply::{Reply, Success};

/// All of them.
static INTEGRATIONS: [Integration; 10] = [
    alerts::ALERTMANAGER,
    alerts::GRAFANA,
    github::GITHUB,
    gitlab::GITLAB,
    plain::HELLO_WORLD,
    plain::IFTTT,
    plain::JSON,
    plain::ZAPIER,
    sentry::SENTRY,
    slack::SLACK_INCOMING,
];

/// How a service is understood.
struct Integration {
    /// In the URL.
    path: &'static str,
    /// What people call the service.
    name: &'static str,
    /// What it tells.
    read: fn(&Delivery) -> Result<Told, Fault>,
}

/// What a service tells.
#[derive(Default)]
struct Told {
    /// The service's name of what happened, by which events are chosen.
    event: Option<String>,
    /// In the order in which they are sent; none if it is nothing that anybody wants to read.
    notices: Vec<Notice>,
    /// The stream that the service names, if the URL names none.
    stream: Option<String>,
}

/// Why nothing is sent.
enum Fault {
    /// The caller's mistake, in the API's words.
    Error(Error),
    /// A header that says what happened is missing.
    NoHeader(&'static str),
    /// The service tells of something that is not understood.
    Unsupported(String),
    /// The service does not send the like.
    Anomalous,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Error(error)
    }
}

impl Told {
    /// One notice of an event.
    fn one(event: &str, topic: impl Into<String>, content: impl Into<String>) -> Told {
        Told {
            event: Some(event.to_owned()),
            ..Told::plain(topic, content)
        }
    }

    /// A notice of a service that knows one kind of event only.
    fn plain(topic: impl Into<String>, content: impl Into<String>) -> Told {
        let notice = Notice {
            topic: topic.into(),
            content: content.into(),
        };
        Told {
            notices: vec![notice],
            ..Told::default()
        }
    }

    /// An event that nobody wants to read of.
    fn nothing(event: &str) -> Told {
        Told {
            event: Some(event.to_owned()),
            ..Told::default()
        }
    }
}

impl Integration {
    fn error(&self, fault: Fault) -> Error {
        match fault {
            Fault::Error(error) => error,
            Fault::NoHeader(header) => {
                let msg = format!("Missing the HTTP event header '{header}'");
                Error::api(ErrorCode::MissingHttpEventHeader, msg).with("header", header)
            }
            Fault::Unsupported(event) => {
                let name = self.name;
                let msg = format!(
                    "The '{event}' event isn't currently supported by the {name} webhook; ignoring"
                );
                Error::api(ErrorCode::UnsupportedWebhookEventType, msg)
                    .with("webhook_name", name)
                    .with("event_type", event)
            }
            Fault::Anomalous => {
                let name = self.name;
                let msg = format!("Unable to parse request: Did {name} generate this event?");
                Error::api(ErrorCode::AnomalousWebhookPayload, msg).with("webhook_name", name)
            }
        }
    }
}

/// `POST /external/{integration}`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    integration: web::Path<String>,
    delivery: Delivery,
) -> Reply {
    let integration = INTEGRATIONS
        .iter()
        .find(|one| one.path == integration.as_str())
        .ok_or(ServerError::PageNotFound)?;
    let told = (integration.read)(&delivery).map_err(|fault| integration.error(fault))?;
    let options = &delivery.options;
    let wanted = told.event.as_deref().is_none_or(|event| {
        is_wanted(
            event,
            options.only_events.as_deref(),
            options.exclude_events.as_deref(),
        )
    });
    if !wanted {
        return Ok(Success::empty());
    }
    let caller = Caller {
        client: format!("Zulip{}Webhook", integration.name.replace(' ', "")),
        ..caller
    };
    let stream = options.stream.as_deref().or(told.stream.as_deref());
    let mut notices = told.notices;
    if let Some(topic) = &options.topic {
        for notice in &mut notices {
            notice.topic.clone_from(topic);
        }
    }
    webhooks::deliver(&ctx, &caller, stream, notices).await?;
    Ok(Success::empty())
}

/// Whether the URL asks for an event.
fn is_wanted(event: &str, only: Option<&[String]>, exclude: Option<&[String]>) -> bool {
    let named = |patterns: &[String]| patterns.iter().any(|pattern| matches(pattern, event));
    only.is_none_or(named) && !exclude.is_some_and(named)
}

/// Whether a pattern, in which `*` stands for anything, fits a name.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match name.find(part).and_then(|at| name.get(at + part.len()..)) {
            Some(after) => name = after,
            None => return false,
        }
    }
    name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, fits) in [
            ("push", "push", true),
            ("push", "pushed", false),
            ("issue*", "issue_comment", true),
            ("*comment", "issue_comment", true),
            ("i*c*t", "issue_comment", true),
            ("*", "", true),
            ("a*a", "a", false),
            ("*b*", "abc", true),
            ("x*", "issue", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
