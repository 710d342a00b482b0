//! Texts that a user keeps at hand.

use narrows_store::Conn;
use narrows_store::models::{SavedSnippet, SavedSnippetChange};
use narrows_wire::events::personal::{SavedSnippet as Shown, SavedSnippets};
use narrows_wire::limits::{MAX_MESSAGE_LENGTH, MAX_SAVED_SNIPPET_TITLE_LENGTH};
use narrows_wire::{Event, SavedSnippetId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The caller's texts, oldest first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    gather(&mut *ctx.store.read().await?, caller).await
}

/// [`list`] for a registration.
pub(crate) async fn gather(conn: &mut Conn, caller: &Caller) -> Result<Vec<Shown>> {
    let found = SavedSnippet::of_user(conn, caller.user_id()).await?;
    Ok(found.iter().map(shown).collect())
}

/// Keeps a text.
pub async fn create(
    ctx: &Ctx,
    caller: &Caller,
    title: &str,
    content: &str,
) -> Result<SavedSnippetId> {
    let (title, content) = (check_title(title)?, check_content(content)?);
    let mut tx = ctx.store.begin().await?;
    let now = ctx.clock.now();
    let made = SavedSnippet::insert(&mut tx, caller.user_id(), title, content, now).await?;
    let event = SavedSnippets::Add {
        saved_snippet: shown(&made),
    };
    caller.tell(&mut tx, &Event::SavedSnippets(event))?;
    drop(tx.commit().await?);
    Ok(made.id())
}

/// Changes a text.
pub async fn edit(
    ctx: &Ctx,
    caller: &Caller,
    id: SavedSnippetId,
    title: Option<&str>,
    content: Option<&str>,
) -> Result<()> {
    if title.is_none() && content.is_none() {
        return Err(Error::bad_request("No new data is supplied"));
    }
    let change = SavedSnippetChange {
        title: title.map(check_title).transpose()?,
        content: content.map(check_content).transpose()?,
    };
    let mut tx = ctx.store.begin().await?;
    let changed = SavedSnippet::update(&mut tx, caller.user_id(), id, change).await;
    let changed = changed.map_err(|error| Error::from(error).or_missing(no_such_snippet))?;
    let event = SavedSnippets::Update {
        saved_snippet: shown(&changed),
    };
    caller.tell(&mut tx, &Event::SavedSnippets(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Forgets a text.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: SavedSnippetId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let deleted = SavedSnippet::delete(&mut tx, caller.user_id(), id).await;
    deleted.map_err(|error| Error::from(error).or_missing(no_such_snippet))?;
    let event = SavedSnippets::Remove {
        saved_snippet_id: id,
    };
    caller.tell(&mut tx, &Event::SavedSnippets(event))?;
    drop(tx.commit().await?);
    Ok(())
}

fn no_such_snippet() -> Error {
    Error::not_found("Saved snippet does not exist.")
}

fn check_title(title: &str) -> Result<&str> {
    check_length("Title", title.trim(), MAX_SAVED_SNIPPET_TITLE_LENGTH)
}

fn check_content(content: &str) -> Result<&str> {
    check_length("Content", content.trim(), MAX_MESSAGE_LENGTH)
}

fn check_length<'a>(what: &str, text: &'a str, limit: usize) -> Result<&'a str> {
    if text.is_empty() {
        return Err(Error::bad_request(format!("{what} cannot be empty.")));
    }
    if text.chars().count() > limit {
        let name = what.to_lowercase();
        return Err(Error::bad_request(format!(
            "{name} is too long (limit: {limit} characters)"
        )));
    }
    Ok(text)
}

fn shown(snippet: &SavedSnippet) -> Shown {
    Shown {
        id: snippet.id(),
        title: snippet.title.clone(),
        content: snippet.content.clone(),
        date_created: snippet.created_at.timestamp(),
    }
}
