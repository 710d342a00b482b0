//! Deleting messages for everybody.

use narrows_store::Tx;
use narrows_store::models::{Message, Stream, User};
use narrows_store::queries::message_changes;
use narrows_wire::events::message::DeleteMessage;
use narrows_wire::{Event, MessageId, Role, StreamId};

use super::edit::{audience, check_age};
use crate::access::messages::{Conversation, MessageAccess, access_message_for_update};
use crate::access::realm::{may, must_be};
use crate::access::streams::{StreamRef, access_stream_by_id, access_stream_for_send, is_granted};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Right, Settings};
use crate::uploads;

/// Most messages of a topic that go in one transaction.
const TOPIC_BATCH: usize = 5_000;

/// Deletes one message.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: MessageId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_message_for_update(&mut tx, caller, id).await?;
    check_may_delete(ctx, &mut tx, caller, &access).await?;
    uploads::delete_left(&mut tx, caller.realm_id(), &[id]).await?;
    message_changes::delete(&mut tx, &[id], access.topic.as_ref().map(|topic| topic.0)).await?;
    emit(&mut tx, caller, &access, vec![id])?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Some delete all that they see; authors their own, and that of their bots, within the realm's limit.
async fn check_may_delete(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
) -> Result<()> {
    let stream = match &access.conversation {
        Conversation::Stream(stream) => Some(&*stream.stream),
        Conversation::Direct(_) => None,
    };
    if may_delete_any(tx, caller, stream).await? {
        return Ok(());
    }
    let settings = Settings::of(&caller.realm);
    if !is_own(tx, caller, &access.message).await? || !may_delete_own(tx, caller, stream).await? {
        return Err(Error::bad_request(
            "You don't have permission to delete this message",
        ));
    }
    check_age(
        access.message.sent_at,
        settings.message_content_delete_limit_seconds,
        ctx.clock.now(),
    )
    .map_err(|()| Error::bad_request("The time limit for deleting this message has passed"))
}

/// What one's bots wrote is one's own.
async fn is_own(tx: &mut Tx, caller: &Caller, message: &Message) -> Result<bool> {
    if message.sender_id() == caller.user_id() {
        return Ok(true);
    }
    let sender = User::find(tx, caller.realm_id(), message.sender_id()).await?;
    Ok(sender.bot_owner_id() == Some(caller.user_id()))
}

/// Whether the realm or the stream lets the caller delete what anybody wrote there.
async fn may_delete_any(tx: &mut Tx, caller: &Caller, stream: Option<&Stream>) -> Result<bool> {
    if may(tx, caller, Right::DeleteAnyMessage).await? {
        return Ok(true);
    }
    match stream {
        Some(stream) => is_granted(tx, caller, stream, "can_delete_any_message_group").await,
        None => Ok(false),
    }
}

/// Whether the realm or the stream lets the caller delete what they wrote there.
async fn may_delete_own(tx: &mut Tx, caller: &Caller, stream: Option<&Stream>) -> Result<bool> {
    if may(tx, caller, Right::DeleteOwnMessage).await? {
        return Ok(true);
    }
    match stream {
        Some(stream) => is_granted(tx, caller, stream, "can_delete_own_message_group").await,
        None => Ok(false),
    }
}

/// Deletes a topic, newest messages first, as far as one transaction goes. Returns whether nothing is left.
pub async fn delete_topic(
    ctx: &Ctx,
    caller: &Caller,
    stream: StreamId,
    topic: &str,
) -> Result<bool> {
    let mut tx = ctx.store.begin().await?;
    let access = access_stream_by_id(&mut tx, caller, stream).await?;
    if !may_delete_any(&mut tx, caller, Some(&access.stream)).await? {
        return Err(must_be(Role::Admin));
    }
    let access = access_stream_for_send(&mut tx, caller, &StreamRef::Id(stream)).await?;
    let found =
        message_changes::topic_by_name(&mut tx, access.stream.recipient_id(), topic).await?;
    let Some(topic_id) = found else {
        return Ok(true);
    };
    let mut ids = message_changes::lock_topic(&mut tx, topic_id, MessageId(0)).await?;
    let rest = ids.len().saturating_sub(TOPIC_BATCH);
    let batch = ids.split_off(rest);
    uploads::delete_left(&mut tx, caller.realm_id(), &batch).await?;
    message_changes::delete(&mut tx, &batch, Some(topic_id)).await?;
    let event = DeleteMessage {
        message_ids: batch,
        message_type: "stream",
        stream_id: Some(stream),
        topic: Some(topic.to_owned()),
    };
    let version = access.stream.membership_version;
    let audience = narrows_wire::Audience::stream(stream, version);
    tx.emit(caller.realm_id(), audience, &Event::DeleteMessage(event))?;
    tx.commit().await?.confirmed().await;
    Ok(ids.is_empty())
}

fn emit(
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    message_ids: Vec<MessageId>,
) -> Result<()> {
    let event = match &access.conversation {
        Conversation::Stream(stream) => DeleteMessage {
            message_ids,
            message_type: "stream",
            stream_id: Some(stream.stream.id()),
            topic: access.topic.as_ref().map(|topic| topic.1.clone()),
        },
        Conversation::Direct(_) => DeleteMessage {
            message_ids,
            message_type: "private",
            stream_id: None,
            topic: None,
        },
    };
    tx.emit(
        caller.realm_id(),
        audience(access),
        &Event::DeleteMessage(event),
    )?;
    Ok(())
}
