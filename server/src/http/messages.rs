//! Sending, editing and deleting messages.

use actix_web::web;
use narrows_actions::access::streams::StreamRef;
use narrows_actions::messages::delete;
use narrows_actions::messages::edit::{self, EditMessage, Edited};
use narrows_actions::messages::moves::{Move, Propagate};
use narrows_actions::messages::recipient::{Destination, People};
use narrows_actions::messages::report;
use narrows_actions::messages::send::{self, SendMessage};
use narrows_actions::messages::send_known;
use narrows_actions::messages::widgets;
use narrows_actions::{Ctx, Error};
use narrows_wire::envelope::LocalEcho;
use narrows_wire::{MessageId, StreamId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{AuthedUser, MessageSender, NoParams, Params};
use crate::middleware::admission;
use crate::reply::{Reply, Success};

/// Parameters of [`post`].
#[derive(Deserialize, JsonSchema)]
pub struct Post {
    /// `stream` or `direct`; `channel` and `private` are other names of these.
    #[serde(rename = "type")]
    kind: String,
    /// To whom or where.
    to: Option<String>,
    /// The topic.
    topic: Option<String>,
    /// The older name of `topic`.
    subject: Option<String>,
    /// The text, in Markdown.
    content: String,
    /// The event queue of the client that sends, …
    queue_id: Option<String>,
    /// … and what the client calls the message until it has an id: the event of that queue says it.
    local_id: Option<String>,
    /// For nobody.
    forged: Option<String>,
    /// For nobody.
    sender: Option<String>,
    /// For nobody.
    client: Option<String>,
    /// Whether the message is read already by who sends it; that of a client for people is.
    read_by_sender: Option<bool>,
}

/// Answer of [`post`].
#[derive(Serialize, JsonSchema)]
pub struct Sent {
    /// The new message.
    id: MessageId,
    /// The policy that the topic got, as the caller sent to it: 1 muted, 2 unmuted, 3 followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    automatic_new_visibility_policy: Option<i16>,
}

/// `POST /messages`.
pub async fn post(
    ctx: web::Data<Ctx>,
    sender: MessageSender,
    Params(args): Params<Post>,
) -> Reply<Sent> {
    if args.forged.is_some() {
        return Err(Error::bad_request("User not authorized for this query").into());
    }
    if args.sender.is_some()
        || args
            .client
            .as_deref()
            .is_some_and(|client| client.ends_with("_mirror"))
    {
        return Err(Error::bad_request("Invalid mirrored message").into());
    }
    let local = match (args.queue_id, args.local_id) {
        (Some(queue_id), Some(local_id)) => Some(LocalEcho { queue_id, local_id }),
        _ => None,
    };
    let to = match args.kind.as_str() {
        "stream" | "channel" => {
            let stream = stream(args.to.as_deref())?;
            Destination::Stream {
                stream,
                topic: args.topic.or(args.subject),
            }
        }
        "private" | "direct" => Destination::Direct(people(args.to.as_deref())?),
        _ => return Err(Error::bad_request("Invalid type").into()),
    };
    let read = args
        .read_by_sender
        .unwrap_or_else(|| shows_messages(sender.client()));
    let request = SendMessage {
        to,
        content: args.content,
        local,
    };
    if let Some(known) = sender.known()
        && let Some(id) = send_known(&ctx, known, &request, read).await?
    {
        return Ok(Success::new(Sent {
            id,
            automatic_new_visibility_policy: None,
        }));
    }
    let caller = admission::prove(&ctx, sender).await?;
    let sent = send::send_of_client(&ctx, &caller, request, read).await?;
    Ok(Success::new(Sent {
        id: sent.id,
        automatic_new_visibility_policy: sent.new_visibility_policy.map(|policy| policy as i16),
    }))
}

/// Whether a client is one in which people read what they send, rather than a script that speaks for them.
fn shows_messages(client: &str) -> bool {
    let client = client.to_lowercase();
    INTERACTIVE.contains(&client.as_str()) || client.contains("desktop app")
}

/// Names of clients, in lower case, in which people read and write.
const INTERACTIVE: [&str; 13] = [
    "website",
    "zulipandroid",
    "zulipios",
    "zulipdesktop",
    "zulipmobile",
    "zulipelectron",
    "zulipterminal",
    "zulipflutter",
    "snipe",
    "desktop",
    "mobile",
    "ios",
    "android",
];

/// Parameters of `POST /submessage`.
#[derive(Deserialize, JsonSchema)]
pub struct PostSubmessage {
    /// The message.
    message_id: i64,
    /// What kind of program understands it.
    msg_type: String,
    /// The text, in Markdown.
    content: String,
}

/// `POST /submessage`.
pub async fn post_submessage(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<PostSubmessage>,
) -> Reply {
    let id = MessageId(args.message_id);
    widgets::add(&ctx, &caller, id, &args.msg_type, &args.content).await?;
    Ok(Success::empty())
}

/// A stream's id, its name, or a list of one of these; bare or as JSON.
fn stream(to: Option<&str>) -> Result<StreamRef, Error> {
    let to = to
        .filter(|to| !to.is_empty())
        .ok_or_else(|| Error::bad_request("Missing channel"))?;
    let one = match serde_json::from_str(to) {
        Ok(Value::Array(list)) => match <[Value; 1]>::try_from(list) {
            Ok([one]) => one,
            Err(_) => return Err(Error::bad_request("Expected exactly one channel")),
        },
        Ok(one @ (Value::Number(_) | Value::String(_))) => one,
        _ => Value::String(to.to_owned()),
    };
    match one {
        Value::String(name) => Ok(StreamRef::Name(name)),
        Value::Number(id) => match id.as_i64().and_then(|id| i32::try_from(id).ok()) {
            Some(id) => Ok(StreamRef::Id(StreamId(id))),
            None => Err(Error::bad_request("Invalid data type for channel")),
        },
        _ => Err(Error::bad_request("Invalid data type for channel")),
    }
}

/// Ids or addresses as a JSON list, one id or address, or addresses with commas between.
pub(super) fn people(to: Option<&str>) -> Result<People, Error> {
    let Some(to) = to else {
        return Ok(People::Ids(vec![]));
    };
    let list = match serde_json::from_str(to) {
        Ok(Value::Array(list)) => list,
        Ok(one @ (Value::Number(_) | Value::String(_))) => vec![one],
        _ => return Ok(People::Emails(to.split(',').map(str::to_owned).collect())),
    };
    let mixed =
        || Error::bad_request("Recipient lists may contain emails or user IDs, but not both.");
    match list.first() {
        Some(Value::String(_)) => {
            let email = |value: &Value| value.as_str().map(str::to_owned).ok_or_else(mixed);
            Ok(People::Emails(
                list.iter().map(email).collect::<Result<_, _>>()?,
            ))
        }
        _ => Ok(People::Ids(
            list.iter().map(user_id).collect::<Result<_, _>>()?,
        )),
    }
}

fn user_id(value: &Value) -> Result<UserId, Error> {
    match value {
        Value::String(_) => Err(Error::bad_request(
            "Recipient lists may contain emails or user IDs, but not both.",
        )),
        Value::Number(id) => {
            let small = id.as_i64().and_then(|id| i32::try_from(id).ok());
            small
                .map(UserId)
                .ok_or_else(|| Error::bad_request(format!("Invalid user ID {id}")))
        }
        _ => Err(Error::bad_request("Invalid data type for recipients")),
    }
}

/// Parameters of [`patch`].
#[derive(Deserialize, JsonSchema)]
pub struct Patch {
    /// The text, in Markdown.
    content: Option<String>,
    /// SHA-256 in hex of the text that was edited: if it is another by now, nothing is done.
    prev_content_sha256: Option<String>,
    /// The topic.
    topic: Option<String>,
    /// The older name of `topic`.
    subject: Option<String>,
    /// The stream.
    stream_id: Option<i32>,
    /// What is moved: `change_one`, `change_later`, `change_all`; the first if not given.
    propagate_mode: Option<String>,
    /// Whether a message says so where they were; no if not given.
    send_notification_to_old_thread: Option<bool>,
    /// Whether a message says so where they are; yes if not given.
    send_notification_to_new_thread: Option<bool>,
}

/// `PATCH /messages/{message_id}`.
pub async fn patch(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(args): Params<Patch>,
) -> Reply<Edited> {
    let to = Move {
        topic: args.topic.or(args.subject),
        stream: args.stream_id.map(StreamId),
        propagate: args
            .propagate_mode
            .as_deref()
            .map(Propagate::parse)
            .transpose()?
            .unwrap_or_default(),
        notify_old: args.send_notification_to_old_thread.unwrap_or(false),
        notify_new: args.send_notification_to_new_thread.unwrap_or(true),
    };
    let request = EditMessage {
        content: args.content,
        prev_content_sha256: args.prev_content_sha256,
        to,
    };
    let edited = edit::edit(&ctx, &caller, MessageId(*id), request).await?;
    Ok(Success::new(edited))
}

/// `DELETE /messages/{message_id}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    _: NoParams,
) -> Reply {
    delete::delete(&ctx, &caller, MessageId(*id)).await?;
    Ok(Success::empty())
}

/// Parameters of [`delete_topic`].
#[derive(Deserialize, JsonSchema)]
pub struct DeleteTopic {
    /// The topic.
    topic_name: String,
}

/// Answer of [`delete_topic`].
#[derive(Serialize, JsonSchema)]
pub struct Deleted {
    /// Nothing is left of the topic; otherwise the call is to be made again.
    complete: bool,
}

/// `POST /streams/{stream_id}/delete_topic`.
pub async fn delete_topic(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    stream: web::Path<i32>,
    Params(args): Params<DeleteTopic>,
) -> Reply<Deleted> {
    let complete = delete::delete_topic(&ctx, &caller, StreamId(*stream), &args.topic_name).await?;
    Ok(Success::new(Deleted { complete }))
}

/// Parameters of [`report`].
#[derive(Deserialize, JsonSchema)]
pub struct Report {
    /// `spam`, `harassment`, `inappropriate`, `norms` or `other`.
    report_type: String,
    /// What is wrong, in the caller's words.
    description: Option<String>,
}

/// `POST /messages/{message_id}/report`.
pub async fn report(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(args): Params<Report>,
) -> Reply {
    let description = args.description.unwrap_or_default();
    let id = MessageId(*id);
    report::report(&ctx, &caller, id, &args.report_type, &description).await?;
    Ok(Success::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_named_in_every_way_that_clients_use() {
        let name = |name: &str| StreamRef::Name(name.to_owned());
        assert_eq!(stream(Some("Denmark")).expect("bare"), name("Denmark"));
        assert_eq!(stream(Some("\"Denmark\"")).expect("JSON"), name("Denmark"));
        assert_eq!(
            stream(Some("[\"Denmark\"]")).expect("list"),
            name("Denmark")
        );
        assert_eq!(stream(Some("7")).expect("id"), StreamRef::Id(StreamId(7)));
        assert_eq!(
            stream(Some("[7]")).expect("list"),
            StreamRef::Id(StreamId(7))
        );
        assert!(stream(Some("[1,2]")).is_err());
        assert!(stream(Some("99999999999")).is_err());
        assert!(stream(None).is_err());
    }

    #[test]
    fn people_are_named_by_id_or_by_address() {
        let ids = |to| match people(Some(to)) {
            Ok(People::Ids(ids)) => ids.into_iter().map(|id| id.0).collect(),
            _ => vec![],
        };
        assert_eq!(ids("[3,4]"), [3, 4]);
        assert_eq!(ids("3"), [3]);
        assert!(
            matches!(people(Some("a@x,b@x")), Ok(People::Emails(list)) if list == ["a@x", "b@x"])
        );
        assert!(matches!(people(Some("[\"a@x\"]")), Ok(People::Emails(list)) if list == ["a@x"]));
        assert!(people(Some("[1,\"a@x\"]")).is_err());
        assert!(people(Some("[1.5]")).is_err());
    }
}
