//! Which messages link to which files.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{AttachmentId, MessageId};

use crate::error::Result;
use crate::models::Attachment;
use crate::schema::{attachment_messages as links, attachments, messages};
use crate::store::Conn;

/// A message that links to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The file.
    pub attachment: AttachmentId,
    /// The message.
    pub message: MessageId,
    /// When the message was sent.
    pub sent_at: DateTime<Utc>,
}

/// The links to files that the caller has access to, messages ascending.
pub async fn links_to(conn: &mut Conn, files: &[Attachment]) -> Result<Vec<Link>> {
    let ids: Vec<i64> = files.iter().map(|file| file.id().0).collect();
    let query = links::table
        .inner_join(messages::table)
        .filter(links::attachment_id.eq_any(ids))
        .order(links::message_id)
        .select((links::attachment_id, links::message_id, messages::sent_at));
    let rows: Vec<(i64, i64, DateTime<Utc>)> = query.load(conn).await?;
    let link = |(attachment, message, sent_at)| Link {
        attachment: AttachmentId(attachment),
        message: MessageId(message),
        sent_at,
    };
    Ok(rows.into_iter().map(link).collect())
}

/// The files that messages link to, locked: nobody deletes them or links to them until the transaction ends.
pub async fn lock_linked(conn: &mut Conn, from: &[MessageId]) -> Result<Vec<Attachment>> {
    let linked = links::table
        .filter(links::message_id.eq_any(raw(from)))
        .select(links::attachment_id);
    let query = attachments::table
        .filter(attachments::id.eq_any(linked))
        .order(attachments::id);
    let query = query.select(Attachment::as_select()).for_update();
    Ok(query.load(conn).await?)
}

/// Lets a message link to files.
pub async fn link(conn: &mut Conn, message: MessageId, files: &[AttachmentId]) -> Result<()> {
    let row = |id: &AttachmentId| {
        (
            links::attachment_id.eq(id.0),
            links::message_id.eq(message.0),
        )
    };
    let insert =
        diesel::insert_into(links::table).values(files.iter().map(row).collect::<Vec<_>>());
    insert.on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Lets a message no longer link to files.
pub async fn unlink(conn: &mut Conn, message: MessageId, files: &[AttachmentId]) -> Result<()> {
    let ids: Vec<i64> = files.iter().map(|id| id.0).collect();
    let gone = links::table
        .filter(links::message_id.eq(message.0))
        .filter(links::attachment_id.eq_any(ids));
    diesel::delete(gone).execute(conn).await?;
    Ok(())
}

/// Deletes those of the files (see [`lock_linked`]) to which no message but `leaving` links; returns them.
pub async fn delete_left(
    conn: &mut Conn,
    files: &[Attachment],
    leaving: &[MessageId],
) -> Result<Vec<Attachment>> {
    let ids: Vec<i64> = files.iter().map(|file| file.id().0).collect();
    let kept = links::table
        .filter(links::attachment_id.eq_any(ids.clone()))
        .filter(links::message_id.ne_all(raw(leaving)))
        .select(links::attachment_id);
    let kept: Vec<i64> = kept.load(conn).await?;
    let gone = attachments::table
        .filter(attachments::id.eq_any(ids))
        .filter(attachments::id.ne_all(kept));
    let delete = diesel::delete(gone).returning(Attachment::as_returning());
    Ok(delete.get_results(conn).await?)
}

fn raw(messages: &[MessageId]) -> Vec<i64> {
    messages.iter().map(|id| id.0).collect()
}
