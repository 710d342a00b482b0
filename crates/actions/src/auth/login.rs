//! Logging in with a password, and out.

use chrono::TimeDelta;
use narrows_store::models::{NewSession, Realm, Session, User};
use narrows_wire::{Effect, ErrorCode};

use super::{check_user_active, password, random_token, token_hash};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::rate_limit::{self, Action, Subject};

/// How long a session lasts.
pub const SESSION_DAYS: i64 = 14;

/// The user with this address and password. Attempts are limited by address of the account and of the sender.
pub async fn verify_password(
    ctx: &Ctx,
    realm: &Realm,
    email: &str,
    password: &str,
    from: &str,
) -> Result<User> {
    check_address(email)?;
    let account = Subject::Account(realm.id(), email.to_lowercase());
    rate_limit::spend(ctx, Action::LogInFrom, &Subject::Address(from.to_owned())).await?;
    rate_limit::spend(ctx, Action::LogIn, &account).await?;
    let user = match User::by_email(&mut *ctx.store.read().await?, realm.id(), email).await {
        Ok(user) => Some(user),
        Err(narrows_store::Error::NotFound) => None,
        Err(error) => return Err(error.into()),
    };
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let fits = password::verify(password.to_owned(), hash).await?;
    let (true, Some(user)) = (fits, user) else {
        return Err(Error::api(
            ErrorCode::AuthenticationFailed,
            "Your username or password is incorrect",
        ));
    };
    check_user_active(&user)?;
    // Only failures count.
    rate_limit::forgive(ctx, Action::LogIn, &account).await;
    Ok(user)
}

/// A new browser session of a user. Returns its token, for the cookie.
pub async fn log_in(ctx: &Ctx, user: &User, client: &str) -> Result<String> {
    let token = random_token();
    let hash = token_hash(&token);
    let now = ctx.clock.now();
    let session = NewSession::builder()
        .token_hash(&hash)
        .user_id(user.id())
        .created_at(now)
        .expires_at(now + TimeDelta::days(SESSION_DAYS))
        .client(client)
        .build();
    let mut tx = ctx.store.begin().await?;
    session.insert(&mut tx).await?;
    drop(tx.commit().await?);
    Ok(token)
}

/// Ends the session that the caller came with. Its event queues are dead when this returns.
pub async fn log_out(ctx: &Ctx, caller: &Caller) -> Result<()> {
    let hash = hex::decode(&caller.credential).map_err(|error| Error::Internal(Box::new(error)))?;
    let mut tx = ctx.store.begin().await?;
    Session::delete(&mut tx, caller.user_id(), &hash).await?;
    let effect = Effect::KillQueues {
        user_id: caller.user_id(),
        credential: Some(caller.credential.clone()),
    };
    tx.emit_effect(caller.realm_id(), effect);
    tx.commit().await?.confirmed().await;
    Ok(())
}

fn check_address(email: &str) -> Result<()> {
    if crate::users::is_email(email) {
        Ok(())
    } else {
        Err(Error::bad_request("Enter a valid email address."))
    }
}
