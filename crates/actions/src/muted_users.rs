//! Users whom a user does not want to read.

use narrows_store::Tx;
use narrows_store::models::MutedUser;
use narrows_wire::events::user::{MutedUser as Muted, MutedUsers};
use narrows_wire::{Audience, Event, UserId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::users::access_user;

/// Mutes somebody.
pub async fn mute(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<()> {
    if id == caller.user_id() {
        return Err(Error::bad_request("Cannot mute self"));
    }
    access_user(ctx, caller, id).await?;
    let mut tx = ctx.store.begin().await?;
    if !MutedUser::insert(&mut tx, caller.user_id(), id, ctx.clock.now()).await? {
        return Err(Error::bad_request("User already muted"));
    }
    announce(tx, caller).await
}

/// Unmutes somebody.
pub async fn unmute(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<()> {
    access_user(ctx, caller, id).await?;
    let mut tx = ctx.store.begin().await?;
    if !MutedUser::delete(&mut tx, caller.user_id(), id).await? {
        return Err(Error::bad_request("User is not muted"));
    }
    announce(tx, caller).await
}

async fn announce(mut tx: Tx, caller: &Caller) -> Result<()> {
    let muted = MutedUser::of_user(&mut tx, caller.user_id()).await?;
    let object = |muted: &MutedUser| Muted {
        id: muted.id(),
        timestamp: muted.muted_at.timestamp(),
    };
    let event = Event::MutedUsers(MutedUsers {
        muted_users: muted.iter().map(object).collect(),
    });
    tx.emit(
        caller.realm_id(),
        Audience::users([caller.user_id()]),
        &event,
    )?;
    drop(tx.commit().await?);
    Ok(())
}
