//! Typing notices: transient, stored nowhere.

use narrows_store::Conn;
use narrows_store::models::User;
use narrows_store::queries::names;
use narrows_wire::events::message::{Typing, TypingEditMessage, TypingRecipient};
use narrows_wire::limits::MAX_STREAM_SIZE_FOR_TYPING;
use narrows_wire::{Audience, Envelope, ErrorCode, Event, MessageId, Payload, StreamId, UserId};
use serde_json::{Value, json};

use crate::access::messages::{Conversation, access_message};
use crate::access::streams::{StreamRef, access_stream_for_send, invalid_id};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::recipient::by_ids;
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
    let sender = person(&caller.user);
    let (told, event) = match place {
        Place::Direct(users) => {
            if users.is_empty() {
                return Err(Error::bad_request("Empty 'to' list"));
            }
            let people = named(&mut conn, caller, users).await?;
            let event = Typing {
                op,
                message_type: "direct",
                sender,
                recipients: Some(people.iter().map(person).collect()),
                stream_id: None,
                topic: None,
            };
            (told_among(&people), event)
        }
        Place::Stream { stream, topic } => {
            let access = access_stream_for_send(&mut conn, caller, &StreamRef::Id(*stream)).await;
            access.map_err(in_words_of_typing)?;
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
            (told_in(&mut conn, *stream).await?, event)
        }
    };
    transient(ctx, caller, Audience::users(told), &Event::Typing(event))
}

/// Typing has another word than sending for a stream that is not there for the caller.
fn in_words_of_typing(error: Error) -> Error {
    match error {
        Error::Api(refusal) if refusal.code == ErrorCode::StreamDoesNotExist => invalid_id(),
        other => other,
    }
}

/// The people of a conversation as the caller names them, who comes last.
async fn named(conn: &mut Conn, caller: &Caller, ids: &[UserId]) -> Result<Vec<User>> {
    let found = by_ids(conn, caller, ids).await?;
    let mut people: Vec<User> = Vec::with_capacity(found.len() + 1);
    let me = (!ids.contains(&caller.user_id())).then(|| caller.user_id());
    for id in ids.iter().copied().chain(me) {
        if people.iter().any(|user| user.id() == id) {
            continue;
        }
        match found.iter().find(|user| user.id() == id) {
            Some(user) => people.push(user.clone()),
            None => people.push(User::clone(&caller.user)),
        }
    }
    Ok(people)
}

/// Those of the people who are there and want to know who types.
fn told_among(people: &[User]) -> Vec<UserId> {
    let told = people
        .iter()
        .filter(|user| user.is_active && users::Settings::of(user).receives_typing_notifications);
    told.map(User::id).collect()
}

/// Those of a stream, if they are not too many.
async fn told_in(conn: &mut Conn, stream: StreamId) -> Result<Vec<UserId>> {
    Ok(names::told_of_typing(conn, stream, MAX_STREAM_SIZE_FOR_TYPING).await?)
}

/// Tells who may read a message of the caller that they start (or stop) editing it.
pub async fn send_edit(ctx: &Ctx, caller: &Caller, op: &str, message: MessageId) -> Result<()> {
    let op = check_op(op)?;
    let mut conn = ctx.store.read().await?;
    let access = access_message(&mut conn, caller, message).await?;
    if access.message.sender_id() != caller.user_id() {
        return Err(Error::bad_request(
            "You don't have permission to edit this message",
        ));
    }
    check_wanted(caller, access.conversation.stream().is_some())?;
    let (told, recipient) = match &access.conversation {
        Conversation::Stream(stream) => {
            let topic = access.topic.map(|(_, name)| name).unwrap_or_default();
            let channel_id = stream.stream.id();
            (
                told_in(&mut conn, channel_id).await?,
                TypingRecipient::Channel { channel_id, topic },
            )
        }
        Conversation::Direct(user_ids) => {
            let people = User::find_many(&mut conn, caller.realm_id(), user_ids).await?;
            let user_ids = user_ids.clone();
            (told_among(&people), TypingRecipient::Direct { user_ids })
        }
    };
    let event = TypingEditMessage {
        op,
        sender_id: caller.user_id(),
        message_id: message,
        recipient,
    };
    let told = Audience::users(told);
    transient(ctx, caller, told, &Event::TypingEditMessage(event))
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

fn person(user: &User) -> Value {
    json!({ "user_id": user.id(), "email": user.email })
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
