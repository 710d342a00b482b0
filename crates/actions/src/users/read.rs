//! Reading users.

use narrows_store::models::User;
use narrows_store::queries::messages;
use narrows_wire::UserId;

use crate::access::users::{self, Sight};
use crate::caller::{Caller, Spectator};
use crate::ctx::Ctx;
use crate::error::Result;

/// A user whom the caller sees.
pub async fn access_user(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<User> {
    users::access_user(&mut *ctx.store.read().await?, caller, id).await
}

/// A user whom the caller sees, by address.
pub async fn access_user_by_email(ctx: &Ctx, caller: &Caller, email: &str) -> Result<User> {
    users::access_user_by_email(&mut *ctx.store.read().await?, caller, email).await
}

/// A user whom the caller sees, by id or address as one text.
pub async fn access_user_by_id_or_email(ctx: &Ctx, caller: &Caller, who: &str) -> Result<User> {
    match who.parse() {
        Ok(id) => access_user(ctx, caller, UserId(id)).await,
        Err(_) => access_user_by_email(ctx, caller, who).await,
    }
}

/// What the caller sees of people.
pub async fn sight(ctx: &Ctx, caller: &Caller) -> Result<Sight> {
    Sight::of(&mut *ctx.store.read().await?, caller).await
}

/// All users whom the caller sees.
pub async fn all(ctx: &Ctx, caller: &Caller) -> Result<Vec<User>> {
    Ok(list(ctx, caller, None).await?.0)
}

/// All users whom the caller sees, or those of a list; and what the caller sees of them.
pub async fn list(
    ctx: &Ctx,
    caller: &Caller,
    ids: Option<&[UserId]>,
) -> Result<(Vec<User>, Sight)> {
    let mut conn = ctx.store.read().await?;
    let sight = Sight::of(&mut conn, caller).await?;
    let users = users::access_users(&mut conn, caller, &sight, ids).await?;
    Ok((users, sight))
}

/// All users of a realm, or those of a list, as somebody without an account sees them.
pub async fn seen_by(
    ctx: &Ctx,
    spectator: &Spectator,
    ids: Option<&[UserId]>,
) -> Result<(Vec<User>, Sight)> {
    let mut conn = ctx.store.read().await?;
    let sight = Sight::spectator(ctx, &spectator.realm);
    let users = match ids {
        Some(ids) => User::find_many(&mut conn, spectator.realm.id(), ids).await?,
        None => User::all(&mut conn, spectator.realm.id()).await?,
    };
    Ok((users, sight))
}

/// The newest message that the realm has; -1 if there is none.
pub async fn max_message_id(ctx: &Ctx, caller: &Caller) -> Result<i64> {
    Ok(messages::newest_now(ctx.store.hot(), caller.realm_id()).await?)
}
