//! Reading users.

use narrows_store::models::User;
use narrows_store::queries::credentials;
use narrows_wire::UserId;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// A user whom the caller may see.
pub async fn access_user(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<User> {
    let user = User::find(&mut *ctx.store.read().await?, caller.realm_id(), id).await;
    user.map_err(|error| Error::from(error).or_missing(no_such_user))
}

/// A user whom the caller may see, by address.
pub async fn access_user_by_email(ctx: &Ctx, caller: &Caller, email: &str) -> Result<User> {
    let user = User::by_email(&mut *ctx.store.read().await?, caller.realm_id(), email).await;
    user.map_err(|error| Error::from(error).or_missing(no_such_user))
}

/// A user whom the caller may see, by id or address as one text.
pub async fn access_user_by_id_or_email(ctx: &Ctx, caller: &Caller, who: &str) -> Result<User> {
    match who.parse() {
        Ok(id) => access_user(ctx, caller, UserId(id)).await,
        Err(_) => access_user_by_email(ctx, caller, who).await,
    }
}

/// All users.
pub async fn all(ctx: &Ctx, caller: &Caller) -> Result<Vec<User>> {
    list(ctx, caller, None).await
}

/// All users, or those of a list.
pub async fn list(ctx: &Ctx, caller: &Caller, ids: Option<&[UserId]>) -> Result<Vec<User>> {
    let mut conn = ctx.store.read().await?;
    Ok(match ids {
        Some(ids) => User::find_many(&mut conn, caller.realm_id(), ids).await?,
        None => User::all(&mut conn, caller.realm_id()).await?,
    })
}

/// The newest message that the realm has; -1 if there is none.
pub async fn max_message_id(ctx: &Ctx, caller: &Caller) -> Result<i64> {
    Ok(credentials::max_message_id(&ctx.store, caller.realm_id())
        .await?
        .unwrap_or(-1))
}

fn no_such_user() -> Error {
    Error::bad_request("No such user")
}
