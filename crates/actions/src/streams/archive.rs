//! Archiving: the stream disappears from lists, and nobody sends to it any more. Its messages stay.

use narrows_store::Tx;
use narrows_store::models::{Realm, Stream, StreamChange};
use narrows_store::queries::memberships;
use narrows_wire::envelope::Clients;
use narrows_wire::events::Event;
use narrows_wire::events::stream::StreamEvent;
use narrows_wire::{Audience, StreamId};
use serde_json::json;

use super::create::name_taken;
use super::update::update_of;
use super::{Objects, audience, default_streams};
use crate::access::streams::{access_archived_stream_for_settings, access_stream_for_settings};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Archives a stream.
pub async fn archive(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_stream_for_settings(&mut tx, caller, id).await?;
    memberships::lock(&mut tx, access.stream.recipient_id()).await?;
    let was = access_stream_for_settings(&mut tx, caller, id)
        .await?
        .stream;
    let change = StreamChange {
        is_archived: Some(true),
        is_default: Some(false),
        ..StreamChange::default()
    };
    let stream = Stream::update(&mut tx, caller.realm_id(), id, &change).await?;
    let audience = audience(&mut tx, &stream, stream.membership_version).await?;
    let event = delete_event(&mut tx, caller, &stream).await?;
    emit_archived(&mut tx, &stream, audience, &event)?;
    if was.is_default {
        default_streams::emit(&mut tx, caller).await?;
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Takes an archived stream back into use.
pub(super) async fn unarchive(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_archived_stream_for_settings(&mut tx, caller, id).await?;
    memberships::lock(&mut tx, access.stream.recipient_id()).await?;
    let was = access_archived_stream_for_settings(&mut tx, caller, id).await?;
    if !was.stream.is_archived {
        return Err(Error::bad_request("Channel is not currently archived."));
    }
    let change = StreamChange {
        is_archived: Some(false),
        ..StreamChange::default()
    };
    let stream = Stream::update(&mut tx, caller.realm_id(), id, &change).await;
    let stream = stream.map_err(|error| name_taken(error.into()))?;
    let audience = audience(&mut tx, &stream, stream.membership_version).await?;
    let objects = Objects::of_streams(&mut tx, caller, &[id]).await?;
    let event = Event::Stream(StreamEvent::Create {
        streams: vec![objects.stream(&stream)?],
    });
    emit_archived(&mut tx, &stream, audience, &event)?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Tells clients that know archived streams that this one is one of them, or no longer, and all others `other`.
fn emit_archived(tx: &mut Tx, stream: &Stream, audience: Audience, other: &Event) -> Result<()> {
    let realm = stream.realm_id();
    let update = update_of(stream, "is_archived", json!(stream.is_archived));
    let event = Event::Stream(StreamEvent::Update(update));
    let knowing = Clients::WithArchivedChannels;
    tx.emit_to(knowing, realm, audience.clone(), &event)?;
    Ok(tx.emit_to(Clients::WithoutArchivedChannels, realm, audience, other)?)
}

/// Tells an audience that the stream is no longer there for them.
pub(crate) async fn emit_delete(
    tx: &mut Tx,
    caller: &Caller,
    stream: &Stream,
    audience: Audience,
) -> Result<()> {
    let event = delete_event(tx, caller, stream).await?;
    Ok(tx.emit(caller.realm_id(), audience, &event)?)
}

async fn delete_event(tx: &mut Tx, caller: &Caller, stream: &Stream) -> Result<Event> {
    let objects = Objects::of_streams(tx, caller, &[stream.id()]).await?;
    let object = serde_json::to_value(objects.stream(stream)?).map_err(Error::from)?;
    Ok(Event::Stream(StreamEvent::Delete {
        streams: vec![object],
        stream_ids: vec![stream.id()],
    }))
}
