//! Emoji that people of a realm upload.

use std::collections::BTreeMap;

use bytes::Bytes;
use narrows_store::models::{CustomEmoji as Row, NewCustomEmoji, Realm};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::realm_lists::{CustomEmoji, RealmEmoji};
use narrows_wire::{Audience, Event, RealmId};

use crate::access::realm::may;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pictures;
use crate::realms::Right;

/// All emoji of the realm by id, with those that are deactivated.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<BTreeMap<String, CustomEmoji>> {
    objects(&mut *ctx.store.read().await?, caller.realm_id()).await
}

/// An emoji whose name may be given to a picture.
#[derive(Debug)]
pub struct FreeName(String);

/// Whether the caller may add an emoji of that name; before its picture is read.
pub async fn check_name(ctx: &Ctx, caller: &Caller, name: &str) -> Result<FreeName> {
    let name = name.trim().replace(' ', "_");
    check_characters(&name)?;
    let mut conn = ctx.store.read().await?;
    if !may(&mut conn, caller, Right::AddCustomEmoji).await? {
        return Err(Error::insufficient_permission());
    }
    match Row::find_active(&mut conn, caller.realm_id(), &name).await {
        Ok(_) => return Err(taken()),
        Err(StoreError::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    if narrows_markdown::emoji::lookup(&name).is_some() && !caller.user.role().is_admin() {
        return Err(Error::bad_request(
            "Only administrators can override default emoji.",
        ));
    }
    Ok(FreeName(name))
}

fn check_characters(name: &str) -> Result<()> {
    let is_part = |c: char| matches!(c, '0'..='9' | 'a'..='z' | '-' | '_');
    if name.is_empty() {
        return Err(Error::bad_request("Emoji name is missing"));
    }
    if !name.chars().all(is_part) {
        return Err(Error::bad_request(
            "Emoji names must contain only lowercase English letters, digits, spaces, dashes, and underscores.",
        ));
    }
    if name.ends_with(['-', '_']) {
        return Err(Error::bad_request(
            "Emoji names must end with either a letter or digit.",
        ));
    }
    Ok(())
}

fn taken() -> Error {
    Error::bad_request("A custom emoji with this name already exists.")
}

/// Adds an emoji.
pub async fn add(ctx: &Ctx, caller: &Caller, name: FreeName, picture: Bytes) -> Result<()> {
    let realm = caller.realm_id();
    let stored = pictures::put_emoji(ctx, realm, picture).await?;
    let added = record(ctx, caller, &name.0, &stored).await;
    if added.is_err() {
        pictures::remove_emoji(ctx, realm, &stored).await;
    }
    added
}

async fn record(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    stored: &pictures::StoredEmoji,
) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let new = NewCustomEmoji::builder()
        .realm_id(realm)
        .author_id(caller.user_id())
        .name(name)
        .file_name(&stored.file_name)
        .is_animated(stored.is_animated)
        .build();
    new.insert(&mut tx).await.map_err(|error| match error {
        StoreError::Constraint(Constraint::CustomEmojiName) => taken(),
        other => other.into(),
    })?;
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Takes an emoji out of use: for administrators, and for who uploaded it.
pub async fn deactivate(ctx: &Ctx, caller: &Caller, name: &str) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let found = Row::find_active(&mut tx, realm, name).await;
    let emoji = found.map_err(|error| {
        Error::from(error).or_missing(|| Error::not_found(format!("Emoji '{name}' does not exist")))
    })?;
    if !caller.user.role().is_admin() && emoji.author_id() != Some(caller.user_id()) {
        return Err(Error::bad_request(
            "Must be an organization administrator or emoji author",
        ));
    }
    Row::deactivate(&mut tx, realm, emoji.id).await?;
    announce(&mut tx, realm).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// As the API shows them.
pub(crate) async fn objects(
    conn: &mut Conn,
    realm: RealmId,
) -> Result<BTreeMap<String, CustomEmoji>> {
    let rows = Row::all(conn, realm).await?;
    let objects = rows.into_iter().map(|row| {
        let source_url = source_url(realm, &row);
        let still_url = (row.is_animated).then(|| pictures::still_emoji_url(realm, &row.file_name));
        let emoji = CustomEmoji {
            id: row.id.to_string(),
            source_url,
            still_url,
            deactivated: row.deactivated,
            author_id: row.author_id(),
            name: row.name,
        };
        (emoji.id.clone(), emoji)
    });
    Ok(objects.collect())
}

/// Where the picture of an emoji is.
pub(crate) fn source_url(realm: RealmId, emoji: &Row) -> String {
    pictures::emoji_url(realm, &emoji.file_name)
}

async fn announce(tx: &mut Tx, realm: RealmId) -> Result<()> {
    // What rendering depends on is cached by the realm's version.
    Realm::touch(tx, realm).await?;
    let event = RealmEmoji {
        op: "update",
        realm_emoji: objects(tx, realm).await?,
    };
    tx.emit(realm, Audience::realm(), &Event::RealmEmoji(event))?;
    Ok(())
}
