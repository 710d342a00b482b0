//! Typing notices: transient, stored nowhere.

use narrows_wire::events::message::{Typing, TypingEditMessage, TypingRecipient};
use narrows_wire::{Audience, Envelope, Event, MessageId, Payload, StreamId, UserId};
use serde_json::{Value, json};

use crate::access::messages::{Conversation, access_message};
use crate::access::streams::{StreamRef, access_stream_for_send};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::recipient::{People, access_people};
use crate::messages::topic::check_topic;
use crate::users;

/// Where somebody types.
#[derive(Clone, Debug)]
pub enum Place {
    /// To people.
    Direct(Vec<UserId>),
    /// In a topic.
    Stream {
        /// The stream.
        stream: StreamId,
        /// The topic as typed.
        topic: String,
    },
}

/// Tells the others that the caller starts (or stops) typing.
pub async fn send(ctx: &Ctx, caller: &Caller, op: &str, place: &Place) -> Result<()> {
    let op = check_op(op)?;
    check_wanted(caller, matches!(place, Place::Stream { .. }))?;
    let mut conn = ctx.store.read().await?;
    let sender = person(caller.user_id(), &caller.user.email);
    let (audience, event) = match place {
        Place::Direct(users) => {
            if users.is_empty() {
                return Err(Error::bad_request("Empty 'to' list"));
            }
            let people = access_people(&mut conn, caller, &People::Ids(users.clone())).await?;
            let recipients = people
                .iter()
                .map(|user| person(user.id(), &user.email))
                .collect();
            let event = Typing {
                op,
                message_type: "direct",
                sender,
                recipients: Some(recipients),
                stream_id: None,
                topic: None,
            };
            (Audience::users(people.iter().map(|user| user.id())), event)
        }
        Place::Stream { stream, topic } => {
            let access = access_stream_for_send(&mut conn, caller, &StreamRef::Id(*stream)).await?;
            let topic = Some(check_topic(topic)?);
            let stream_id = Some(*stream);
            let event = Typing {
                op,
                message_type: "stream",
                sender,
                recipients: None,
                stream_id,
                topic,
            };
            (
                Audience::stream(*stream, access.stream.membership_version),
                event,
            )
        }
    };
    transient(ctx, caller, audience, &Event::Typing(event))
}

/// Tells who may read a message of the caller that they start (or stop) editing it.
pub async fn send_edit(ctx: &Ctx, caller: &Caller, op: &str, message: MessageId) -> Result<()> {
    let op = check_op(op)?;
    let access = access_message(&mut *ctx.store.read().await?, caller, message).await?;
    if access.message.sender_id() != caller.user_id() {
        return Err(Error::bad_request(
            "You don't have permission to edit this message",
        ));
    }
    check_wanted(caller, access.conversation.stream().is_some())?;
    let (audience, recipient) = match &access.conversation {
        Conversation::Stream(stream) => {
            let stream = &stream.stream;
            let topic = access.topic.map(|(_, name)| name).unwrap_or_default();
            let channel_id = stream.id();
            (
                Audience::stream(channel_id, stream.membership_version),
                TypingRecipient::Channel { channel_id, topic },
            )
        }
        Conversation::Direct(people) => (
            Audience::users(people.iter().copied()),
            TypingRecipient::Direct {
                user_ids: people.clone(),
            },
        ),
    };
    let event = TypingEditMessage {
        op,
        sender_id: caller.user_id(),
        message_id: message,
        recipient,
    };
    transient(ctx, caller, audience, &Event::TypingEditMessage(event))
}

fn check_op(op: &str) -> Result<&'static str> {
    match op {
        "start" => Ok("start"),
        "stop" => Ok("stop"),
        _ => Err(Error::bad_request("Invalid op")),
    }
}

/// Whether the caller lets others know that they type.
fn check_wanted(caller: &Caller, in_stream: bool) -> Result<()> {
    let settings = users::Settings::of(&caller.user);
    let (wanted, kind) = match in_stream {
        true => (settings.send_stream_typing_notifications, "channel"),
        false => (settings.send_private_typing_notifications, "direct"),
    };
    match wanted {
        true => Ok(()),
        false => Err(Error::bad_request(format!(
            "User has disabled typing notifications for {kind} messages"
        ))),
    }
}

fn person(id: UserId, email: &str) -> Value {
    json!({ "user_id": id, "email": email })
}

/// Publishes an event that may be lost.
pub(crate) fn transient(
    ctx: &Ctx,
    caller: &Caller,
    audience: Audience,
    event: &Event,
) -> Result<()> {
    let body = serde_json::value::to_raw_value(event)?;
    let payload = Payload::Event {
        event_type: event.event_type().to_owned(),
        body,
        flags: None,
        clients: None,
    };
    let realm_id = caller.realm_id();
    let envelope = Envelope {
        id: None,
        xid: None,
        realm_id,
        audience,
        effects: vec![],
        payload: Some(payload),
    };
    ctx.store.publisher().transient(&envelope);
    Ok(())
}
