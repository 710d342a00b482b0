//! Channel folders: the headings under which clients list a realm's streams. Everybody sees them; administrators make
//! and change them.

use std::collections::HashSet;

use narrows_store::models::{
    ChannelFolder as Row, ChannelFolderChange, NewChannelFolder, Realm, Stream,
};
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::channel_folder::{ChannelFolder, ChannelFolderData, ChannelFolderEvent};
use narrows_wire::limits::{MAX_CHANNEL_FOLDER_DESCRIPTION_LENGTH, MAX_CHANNEL_FOLDER_NAME_LENGTH};
use narrows_wire::{Audience, ChannelFolderId, Event, RealmId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::streams::{first_invalid, render_description};

/// New values of a folder; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct FolderEdit {
    /// Its name.
    pub name: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// No longer offered.
    pub is_archived: Option<bool>,
}

/// Makes a folder after the others; returns its id. For administrators.
pub async fn create(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    description: &str,
) -> Result<ChannelFolderId> {
    let name = check_name(name)?;
    let description = check_description(description)?;
    let rendered = render_description(ctx, &caller.realm, &description);
    let new = NewChannelFolder {
        name: &name,
        description: &description,
        rendered_description: &rendered,
        creator: caller.user_id(),
        created_at: ctx.clock.now(),
    };
    let mut tx = ctx.store.begin().await?;
    let folder = new.insert(&mut tx, caller.realm_id()).await;
    let folder = folder.map_err(taken_or_missing)?;
    let id = folder.id();
    let event = ChannelFolderEvent::Add {
        channel_folder: object(folder),
    };
    announce(&mut tx, caller.realm_id(), event).await?;
    drop(tx.commit().await?);
    Ok(id)
}

/// Changes a folder. All of the edit is done or none. For administrators.
pub async fn update(
    ctx: &Ctx,
    caller: &Caller,
    id: ChannelFolderId,
    edit: &FolderEdit,
) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let old = Row::lock(&mut tx, realm, id).await;
    let old = old.map_err(taken_or_missing)?;
    let data = changed(ctx, caller, &old, edit)?;
    if data == ChannelFolderData::default() {
        return Ok(());
    }
    if data.is_archived == Some(true) && Row::has_streams(&mut tx, realm, id).await? {
        return Err(Error::bad_request(
            "You need to remove all the channels from this folder to archive it.",
        ));
    }
    let change = ChannelFolderChange {
        name: data.name.as_deref(),
        description: data.description.as_deref(),
        rendered_description: data.rendered_description.as_deref(),
        is_archived: data.is_archived,
    };
    let updated = Row::update(&mut tx, realm, id, &change).await;
    updated.map_err(taken_or_missing)?;
    let event = ChannelFolderEvent::Update {
        channel_folder_id: id,
        data,
    };
    announce(&mut tx, realm, event).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// What of a folder an edit changes.
fn changed(ctx: &Ctx, caller: &Caller, old: &Row, edit: &FolderEdit) -> Result<ChannelFolderData> {
    let name = edit.name.as_deref().map(check_name).transpose()?;
    let description = edit.description.as_deref();
    let description = description.map(check_description).transpose()?;
    let description = description.filter(|description| *description != old.description);
    Ok(ChannelFolderData {
        name: name.filter(|name| *name != old.name),
        rendered_description: description
            .as_deref()
            .map(|text| render_description(ctx, &caller.realm, text)),
        description,
        is_archived: edit
            .is_archived
            .filter(|archived| *archived != old.is_archived),
    })
}

/// Gives all folders the order of the list. For administrators.
pub async fn reorder(ctx: &Ctx, caller: &Caller, order: Vec<ChannelFolderId>) -> Result<()> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    let folders = Row::all(&mut tx, realm).await?;
    let known: HashSet<ChannelFolderId> = folders.iter().map(Row::id).collect();
    let wanted: HashSet<ChannelFolderId> = order.iter().copied().collect();
    if known != wanted || wanted.len() != order.len() {
        return Err(Error::bad_request("Invalid order mapping."));
    }
    Row::reorder(&mut tx, realm, &order).await?;
    announce(&mut tx, realm, ChannelFolderEvent::Reorder { order }).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// The realm's folders in their order, archived ones if wanted.
pub async fn list(ctx: &Ctx, caller: &Caller, with_archived: bool) -> Result<Vec<ChannelFolder>> {
    let mut folders = objects(&mut *ctx.store.read().await?, caller.realm_id()).await?;
    folders.retain(|folder| with_archived || !folder.is_archived);
    Ok(folders)
}

/// As the API shows them, archived ones too, in their order.
pub(crate) async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<ChannelFolder>> {
    let rows = Row::all(conn, realm).await?;
    Ok(rows.into_iter().map(object).collect())
}

/// Those in which the whole internet finds something.
pub(crate) async fn web_public(conn: &mut Conn, realm: RealmId) -> Result<Vec<ChannelFolder>> {
    let streams = Stream::web_public(conn, realm).await?;
    let shown: HashSet<ChannelFolderId> = streams.iter().filter_map(Stream::folder_id).collect();
    let mut folders = objects(conn, realm).await?;
    folders.retain(|folder| shown.contains(&folder.id));
    Ok(folders)
}

/// Whether streams can be put into a folder; it stays as it is until the transaction ends.
pub(crate) async fn check_usable(
    conn: &mut Conn,
    caller: &Caller,
    id: ChannelFolderId,
) -> Result<()> {
    let folder = Row::lock(conn, caller.realm_id(), id).await;
    match folder.map_err(taken_or_missing)?.is_archived {
        true => Err(no_such_folder()),
        false => Ok(()),
    }
}

/// All members list the streams otherwise than before.
async fn announce(tx: &mut Tx, realm: RealmId, event: ChannelFolderEvent) -> Result<()> {
    Realm::touch(tx, realm).await?;
    tx.emit(realm, Audience::realm(), &Event::ChannelFolder(event))?;
    Ok(())
}

fn object(row: Row) -> ChannelFolder {
    ChannelFolder {
        id: row.id(),
        creator_id: row.creator_id(),
        name: row.name,
        description: row.description,
        rendered_description: row.rendered_description,
        date_created: row.created_at.timestamp(),
        is_archived: row.is_archived,
        order: row.position,
    }
}

fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        let msg = "Channel folder name can't be empty.";
        return Err(Error::bad_request(msg));
    }
    check_length("name", name, MAX_CHANNEL_FOLDER_NAME_LENGTH)?;
    match first_invalid(name) {
        Some(position) => Err(Error::bad_request(format!(
            "Invalid character in channel folder name, at position {position}."
        ))),
        None => Ok(name.to_owned()),
    }
}

fn check_description(description: &str) -> Result<String> {
    let description = description.trim();
    let max = MAX_CHANNEL_FOLDER_DESCRIPTION_LENGTH;
    check_length("description", description, max)?;
    Ok(description.to_owned())
}

fn check_length(what: &str, text: &str, max: usize) -> Result<()> {
    match text.chars().count() > max {
        true => Err(Error::bad_request(format!(
            "{what} is too long (limit: {max} characters)"
        ))),
        false => Ok(()),
    }
}

fn no_such_folder() -> Error {
    Error::bad_request("Invalid channel folder ID")
}

fn taken_or_missing(error: StoreError) -> Error {
    match error {
        StoreError::NotFound => no_such_folder(),
        StoreError::Constraint(Constraint::ChannelFolderName) => {
            Error::bad_request("Channel folder name already in use")
        }
        other => other.into(),
    }
}
