//! Words that a user wants to be told of.

use narrows_store::models::{AlertWord, Realm};
use narrows_wire::{Audience, Event};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

const MAX_LENGTH: usize = 100;

/// The caller's words.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<String>> {
    Ok(AlertWord::of_user(&mut *ctx.store.read().await?, caller.user_id()).await?)
}

/// Adds words; answers with all.
pub async fn add(ctx: &Ctx, caller: &Caller, words: &[String]) -> Result<Vec<String>> {
    let mut known: Vec<String> = list(ctx, caller)
        .await?
        .iter()
        .map(|word| word.to_lowercase())
        .collect();
    let mut new = Vec::new();
    for (at, word) in words
        .iter()
        .map(|word| word.trim())
        .enumerate()
        .filter(|(_, word)| !word.is_empty())
    {
        if word.chars().count() > MAX_LENGTH {
            return Err(Error::bad_request(format!(
                "alert_words[{at}] is too long (limit: {MAX_LENGTH} characters)"
            )));
        }
        if !known.contains(&word.to_lowercase()) {
            known.push(word.to_lowercase());
            new.push(word.to_owned());
        }
    }
    change(ctx, caller, &new, &[]).await
}

/// Removes words; answers with those that are left.
pub async fn remove(ctx: &Ctx, caller: &Caller, words: &[String]) -> Result<Vec<String>> {
    change(ctx, caller, &[], words).await
}

async fn change(
    ctx: &Ctx,
    caller: &Caller,
    add: &[String],
    remove: &[String],
) -> Result<Vec<String>> {
    let mut tx = ctx.store.begin().await?;
    AlertWord::add(&mut tx, caller.user_id(), add).await?;
    AlertWord::remove(&mut tx, caller.user_id(), remove).await?;
    let words = AlertWord::of_user(&mut tx, caller.user_id()).await?;
    // Rendering keeps the words of all members by the realm's version.
    Realm::touch(&mut tx, caller.realm_id()).await?;
    let event = Event::AlertWords(narrows_wire::events::user::AlertWords {
        alert_words: words.clone(),
    });
    tx.emit(
        caller.realm_id(),
        Audience::users([caller.user_id()]),
        &event,
    )?;
    drop(tx.commit().await?);
    Ok(words)
}
