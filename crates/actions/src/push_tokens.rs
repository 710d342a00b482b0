//! Phones that asked to be told of messages. This server has no contract with the services that deliver to them, and
//! says so at registration; it keeps the tokens that apps of older kinds give it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use narrows_store::models::{PushService, PushToken};
use narrows_wire::ErrorCode;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Longest token, in bytes.
const MAX_TOKEN: usize = 4096;

/// Notes a phone of the caller.
pub async fn add(
    ctx: &Ctx,
    caller: &Caller,
    token: PushToken<'_>,
    app_id: Option<&str>,
) -> Result<()> {
    check(token)?;
    let known = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if app_id.is_some_and(|id| id.is_empty() || id.len() > 100 || !id.chars().all(known)) {
        return Err(Error::bad_request("Invalid app ID"));
    }
    let mut tx = ctx.store.begin().await?;
    let now = ctx.clock.now();
    token.insert(&mut tx, caller.user_id(), app_id, now).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Forgets a phone of the caller.
pub async fn remove(ctx: &Ctx, caller: &Caller, token: PushToken<'_>) -> Result<()> {
    check(token)?;
    let mut tx = ctx.store.begin().await?;
    let deleted = token.delete(&mut tx, caller.user_id()).await;
    let missing = || Error::bad_request("Token does not exist");
    deleted.map_err(|error| Error::from(error).or_missing(missing))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Tries whether a phone of the caller (`None`: all of them) can be reached. None can, and those who ask are told why.
pub async fn test(ctx: &Ctx, caller: &Caller, token: Option<&str>) -> Result<()> {
    let known = PushToken::all(&mut *ctx.store.read().await?, caller.user_id()).await?;
    if token.is_some_and(|token| !known.iter().any(|known| known == token)) {
        let code = ErrorCode::InvalidPushDeviceToken;
        return Err(Error::api(code, "Device not recognized"));
    }
    match known.is_empty() {
        true => Ok(()),
        false => Err(Error::api(
            ErrorCode::PushServiceNotConfigured,
            "Server is not configured to use push notification service.",
        )),
    }
}

fn check(token: PushToken<'_>) -> Result<()> {
    if token.token.is_empty() || token.token.len() > MAX_TOKEN {
        return Err(Error::bad_request("Empty or invalid length token"));
    }
    if token.service == PushService::Apns && STANDARD.decode(token.token).is_err() {
        return Err(Error::bad_request("Invalid APNS token"));
    }
    Ok(())
}
