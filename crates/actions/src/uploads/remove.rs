//! Deleting files: at their owner's wish, or with the last message that links to them.

use futures_util::{StreamExt, TryStreamExt, stream};
use narrows_store::Tx;
use narrows_store::models::Attachment;
use narrows_store::queries::attachments;
use narrows_wire::events::attachment::{AttachmentChange, AttachmentEvent, RemovedAttachment};
use narrows_wire::jobs::DeleteFiles;
use narrows_wire::{AttachmentId, Audience, Event, Job, MessageId, RealmId};
use object_store::ObjectStoreExt;

use super::{key, place, unavailable};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Most deletions that the storage is asked for at a time.
const AT_A_TIME: usize = 16;

/// Deletes a file of the caller.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: AttachmentId) -> Result<()> {
    let (realm, owner) = (caller.realm_id(), caller.user_id());
    let mut tx = ctx.store.begin().await?;
    let deleted = Attachment::delete_own(&mut tx, realm, owner, id).await;
    let deleted = deleted.map_err(|error| {
        Error::from(error).or_missing(|| Error::bad_request("Invalid attachment"))
    })?;
    follow_up(&mut tx, realm, &[deleted]).await?;
    // Whoever is told that it is gone cannot read it any more.
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Deletes the files to which only `messages`, about to be deleted, link.
pub(crate) async fn delete_left(tx: &mut Tx, realm: RealmId, messages: &[MessageId]) -> Result<()> {
    let linked = attachments::lock_linked(tx, messages).await?;
    if linked.is_empty() {
        return Ok(());
    }
    let deleted = attachments::delete_left(tx, &linked, messages).await?;
    follow_up(tx, realm, &deleted).await
}

/// Owners are told, and a worker deletes the bytes.
async fn follow_up(tx: &mut Tx, realm: RealmId, deleted: &[Attachment]) -> Result<()> {
    if deleted.is_empty() {
        return Ok(());
    }
    let upload_space_used = Attachment::space_used(tx, realm).await?;
    for file in deleted {
        let event = AttachmentEvent::Remove(AttachmentChange {
            attachment: RemovedAttachment { id: file.id() },
            upload_space_used,
        });
        let audience = Audience::users([file.owner_id()]);
        tx.emit(realm, audience, &Event::Attachment(event))?;
    }
    let keys = deleted.iter().map(|file| key(&file.path_id)).collect();
    tx.enqueue(Job::DeleteFiles(DeleteFiles { keys }));
    Ok(())
}

/// Deletes bytes that no row names any more. What is gone already is fine.
pub async fn delete_stored(ctx: &Ctx, keys: &[String]) -> Result<()> {
    let delete = |key: &String| {
        let (files, place) = (ctx.files.clone(), place(key));
        async move {
            match files.delete(&place).await {
                Err(object_store::Error::NotFound { .. }) => Ok(()),
                other => other.map_err(unavailable),
            }
        }
    };
    let deletions: Vec<_> = keys.iter().map(delete).collect();
    let mut deletions = stream::iter(deletions).buffer_unordered(AT_A_TIME);
    while deletions.try_next().await?.is_some() {}
    Ok(())
}
