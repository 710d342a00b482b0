//! Who may read a file.

use std::ops::Range;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use narrows_store::Conn;
use narrows_store::models::Attachment;
use narrows_store::queries::attachments;
use narrows_wire::MessageId;
use object_store::{GetOptions, ObjectStore};

use super::{place_of, unavailable};
use crate::access::messages::reads_any;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::narrow::Viewer;

/// What somebody who asks for a file gets.
#[derive(Debug)]
pub enum FileAccess {
    /// It is theirs, or they may read a message that links to it.
    Granted(Attachment),
    /// It is there, but not for them.
    Denied,
    /// There is none in this realm.
    Missing,
}

/// The file at a path, if the viewer may read it now.
pub async fn access_file(ctx: &Ctx, viewer: Viewer<'_>, path_id: &str) -> Result<FileAccess> {
    let mut conn = ctx.store.read().await?;
    let found = Attachment::by_paths(&mut conn, viewer.realm_id(), &[path_id.to_owned()]).await?;
    let Some(file) = found.into_iter().next() else {
        return Ok(FileAccess::Missing);
    };
    Ok(match may_read(ctx, &mut conn, viewer, &file).await? {
        true => FileAccess::Granted(file),
        false => FileAccess::Denied,
    })
}

/// Whether the viewer may read a file of their realm.
pub(super) async fn may_read(
    ctx: &Ctx,
    conn: &mut Conn,
    viewer: Viewer<'_>,
    file: &Attachment,
) -> Result<bool> {
    if let Viewer::User(caller) = viewer
        && file.owner_id() == caller.user_id()
    {
        return Ok(true);
    }
    let links = attachments::links_to(conn, std::slice::from_ref(file)).await?;
    let messages: Vec<MessageId> = links.iter().map(|link| link.message).collect();
    reads_any(ctx, viewer, &messages).await
}

/// The bytes of a file to which access was granted.
pub async fn read(
    ctx: &Ctx,
    file: &Attachment,
    range: Range<u64>,
) -> Result<BoxStream<'static, object_store::Result<Bytes>>> {
    let place = place_of(&file.path_id);
    // An empty range is none to S3.
    let options = GetOptions {
        range: (!range.is_empty()).then(|| range.into()),
        ..GetOptions::default()
    };
    let stored = ctx.files.get_opts(&place, options).await;
    Ok(stored.map_err(unavailable)?.into_stream())
}
