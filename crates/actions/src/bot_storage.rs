//! What bots remember between runs: a text for each key.

use std::collections::BTreeMap;

use narrows_store::models::BotStorage;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Most bytes of keys and values that a bot may keep.
const QUOTA: usize = 10_000_000;

/// The caller's entries; with `keys`, those, all of which have to be there.
pub async fn get(
    ctx: &Ctx,
    caller: &Caller,
    keys: Option<&[String]>,
) -> Result<BTreeMap<String, String>> {
    let mut conn = ctx.store.read().await?;
    let found = BotStorage::get(&mut conn, caller.user_id(), keys).await?;
    let found: BTreeMap<String, String> = found.into_iter().collect();
    check_all_there(keys, |key| found.contains_key(key))?;
    Ok(found)
}

/// Sets entries; others stay.
pub async fn update(ctx: &Ctx, caller: &Caller, entries: &BTreeMap<String, String>) -> Result<()> {
    let bot = caller.user_id();
    let mut tx = ctx.store.begin().await?;
    for (key, value) in entries {
        BotStorage::set(&mut tx, bot, key, value).await?;
    }
    let kept = BotStorage::get(&mut tx, bot, None).await?;
    let size: usize = kept
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum();
    if size > QUOTA {
        return Err(Error::bad_request(format!(
            "Request exceeds storage limit. You have {QUOTA} bytes in all."
        )));
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Removes entries, all of which have to be there; `None` = all there are.
pub async fn remove(ctx: &Ctx, caller: &Caller, keys: Option<&[String]>) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let found = BotStorage::get(&mut tx, caller.user_id(), keys).await?;
    check_all_there(keys, |key| found.iter().any(|(there, _)| there == key))?;
    BotStorage::remove(&mut tx, caller.user_id(), keys).await?;
    drop(tx.commit().await?);
    Ok(())
}

fn check_all_there(keys: Option<&[String]>, there: impl Fn(&str) -> bool) -> Result<()> {
    if keys.unwrap_or_default().iter().all(|key| there(key)) {
        Ok(())
    } else {
        Err(Error::bad_request("Key does not exist."))
    }
}
