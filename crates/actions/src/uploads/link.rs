//! Which messages link to which files. Only a file that its sender may read becomes readable by a message.

use chrono::{DateTime, Utc};
use narrows_store::models::Attachment;
use narrows_store::queries::attachments::{self, Link};
use narrows_store::{Conn, Tx};
use narrows_wire::events::attachment::{self as wire, AttachmentChange, AttachmentEvent};
use narrows_wire::{AttachmentId, Audience, Event, MessageId};

use super::access::may_read;
use super::object::object;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::narrow::Viewer;

/// Files that a message links to and whose sender may read them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Claims {
    files: Vec<Attachment>,
    links: Vec<Link>,
    space_used: i64,
}

/// The files at these paths, as far as the caller may let others read them.
pub(crate) async fn claim(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    paths: &[String],
) -> Result<Claims> {
    if paths.is_empty() {
        return Ok(Claims::default());
    }
    let mut files = Vec::new();
    for file in Attachment::by_paths(conn, caller.realm_id(), paths).await? {
        if may_read(ctx, conn, Viewer::User(caller), &file).await? {
            files.push(file);
        }
    }
    Ok(Claims {
        links: attachments::links_to(conn, &files).await?,
        files,
        space_used: Attachment::space_used(conn, caller.realm_id()).await?,
    })
}

impl Claims {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Their ids.
    pub(crate) fn ids(&self) -> Vec<AttachmentId> {
        self.files.iter().map(Attachment::id).collect()
    }

    /// For each file, what its owner is told when `message` links to it.
    pub(crate) fn events(
        &self,
        message: MessageId,
        sent_at: DateTime<Utc>,
    ) -> impl Iterator<Item = (Audience, Event)> {
        self.files
            .iter()
            .map(move |file| self.event(file, message, sent_at))
    }

    fn event(
        &self,
        file: &Attachment,
        message: MessageId,
        sent_at: DateTime<Utc>,
    ) -> (Audience, Event) {
        let mut links = self.links.clone();
        links.push(Link {
            attachment: file.id(),
            message,
            sent_at,
        });
        let change = AttachmentChange {
            attachment: object(file, &links),
            upload_space_used: self.space_used,
        };
        let event = Event::Attachment(AttachmentEvent::Update(change));
        (Audience::users([file.owner_id()]), event)
    }
}

/// Lets an edited message link to these files and no others. Returns those of the caller to which no message links any
/// more.
pub(crate) async fn relink(
    tx: &mut Tx,
    caller: &Caller,
    message: MessageId,
    sent_at: DateTime<Utc>,
    claims: &Claims,
) -> Result<Vec<wire::Attachment>> {
    let before = attachments::lock_linked(tx, &[message]).await?;
    let known = |id: AttachmentId| before.iter().any(|file| file.id() == id);
    let added = claims.files.iter().filter(|file| !known(file.id()));
    let added: Vec<&Attachment> = added.collect();
    let ids: Vec<AttachmentId> = added.iter().map(|file| file.id()).collect();
    if !ids.is_empty() {
        attachments::link(tx, message, &ids).await?;
    }
    for file in added {
        let (audience, event) = claims.event(file, message, sent_at);
        tx.emit(caller.realm_id(), audience, &event)?;
    }
    let kept = claims.ids();
    let (_, gone): (Vec<_>, Vec<_>) = before
        .into_iter()
        .partition(|file| kept.contains(&file.id()));
    if gone.is_empty() {
        return Ok(vec![]);
    }
    let ids: Vec<AttachmentId> = gone.iter().map(Attachment::id).collect();
    attachments::unlink(tx, message, &ids).await?;
    let links = attachments::links_to(tx, &gone).await?;
    let detached = gone.iter().filter(|file| {
        file.owner_id() == caller.user_id() && links.iter().all(|link| link.attachment != file.id())
    });
    Ok(detached.map(|file| object(file, &[])).collect())
}
