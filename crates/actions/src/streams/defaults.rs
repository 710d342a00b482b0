//! The streams that new users are subscribed to.

use narrows_store::Tx;
use narrows_store::models::{Realm, Stream, StreamChange};
use narrows_wire::events::Event;
use narrows_wire::events::stream::DefaultStreams;
use narrows_wire::{Audience, Role, StreamId};

use crate::access::streams::access_stream_for_settings;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Makes a stream one of them.
pub async fn add_default(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<()> {
    set(ctx, caller, id, true).await
}

/// Makes a stream none of them.
pub async fn remove_default(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<()> {
    set(ctx, caller, id, false).await
}

async fn set(ctx: &Ctx, caller: &Caller, id: StreamId, is_default: bool) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let stream = access_stream_for_settings(&mut tx, caller, id)
        .await?
        .stream;
    if is_default && stream.invite_only {
        return Err(Error::bad_request(
            "Private channels cannot be made default.",
        ));
    }
    if stream.is_default == is_default {
        return Ok(());
    }
    let change = StreamChange {
        is_default: Some(is_default),
        ..StreamChange::default()
    };
    Stream::update(&mut tx, caller.realm_id(), id, &change).await?;
    emit(&mut tx, caller).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Tells everybody but guests what they are now.
pub(super) async fn emit(tx: &mut Tx, caller: &Caller) -> Result<()> {
    let streams = Stream::defaults(tx, caller.realm_id()).await?;
    let default_streams = streams.iter().map(Stream::id).collect();
    let event = Event::DefaultStreams(DefaultStreams { default_streams });
    tx.emit(caller.realm_id(), Audience::role(Role::Member), &event)?;
    Ok(())
}
