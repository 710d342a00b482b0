//! API keys. Every program has its own, so that revoking one does not stop the others.

use narrows_store::Tx;
use narrows_store::models::{ApiKey, User};
use narrows_wire::{Effect, RealmId, UserId};

use super::{random_token, token_hash};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// How many keys a user has at most; a new one pushes out the oldest.
const MAX_KEYS: usize = 100;

/// A new API key of `user`, named after the program that it is for.
pub async fn mint_key(ctx: &Ctx, user: &User, name: &str) -> Result<String> {
    let key = random_token();
    let mut tx = ctx.store.begin().await?;
    ApiKey::insert(&mut tx, user.id(), name, &token_hash(&key), ctx.clock.now()).await?;
    let keys = ApiKey::of_user(&mut tx, user.id()).await?;
    let surplus: Vec<i64> = keys
        .iter()
        .take(keys.len().saturating_sub(MAX_KEYS))
        .map(|key| key.id)
        .collect();
    revoke(&mut tx, user.realm_id(), user.id(), &surplus).await?;
    let committed = tx.commit().await?;
    if !surplus.is_empty() {
        committed.confirmed().await;
    }
    Ok(key)
}

/// A new API key in place of all that the caller has. Event queues of the old ones are dead when this returns.
pub async fn regenerate_key(ctx: &Ctx, caller: &Caller) -> Result<String> {
    let key = random_token();
    let mut tx = ctx.store.begin().await?;
    revoke_all(&mut tx, caller.realm_id(), caller.user_id()).await?;
    ApiKey::insert(
        &mut tx,
        caller.user_id(),
        &caller.client,
        &token_hash(&key),
        ctx.clock.now(),
    )
    .await?;
    tx.commit().await?.confirmed().await;
    Ok(key)
}

/// Revokes every key of a user, and the queues that were registered with them.
pub(crate) async fn revoke_all(tx: &mut Tx, realm: RealmId, user: UserId) -> Result<()> {
    let keys: Vec<i64> = ApiKey::of_user(tx, user)
        .await?
        .iter()
        .map(|key| key.id)
        .collect();
    revoke(tx, realm, user, &keys).await
}

async fn revoke(tx: &mut Tx, realm: RealmId, user_id: UserId, keys: &[i64]) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    for hash in ApiKey::delete(tx, user_id, keys).await? {
        tx.emit_effect(
            realm,
            Effect::KillQueues {
                user_id,
                credential: Some(hex::encode(hash)),
            },
        );
    }
    Ok(())
}
