//! Files as their owners see them.

use chrono::{DateTime, Utc};
use narrows_store::models::Attachment;
use narrows_store::queries::attachments::{self, Link};
use narrows_wire::events::attachment::{self as wire, LinkingMessage};
use schemars::JsonSchema;
use serde::Serialize;

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// All files of a user.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Attachments {
    /// Oldest first.
    pub attachments: Vec<wire::Attachment>,
    /// What all files of the realm take, in bytes.
    pub upload_space_used: i64,
}

/// The files that the caller uploaded.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Attachments> {
    let mut conn = ctx.store.read().await?;
    let files = Attachment::of_owner(&mut conn, caller.realm_id(), caller.user_id()).await?;
    let links = attachments::links_to(&mut conn, &files).await?;
    Ok(Attachments {
        attachments: files.iter().map(|file| object(file, &links)).collect(),
        upload_space_used: Attachment::space_used(&mut conn, caller.realm_id()).await?,
    })
}

/// A file; `links` may hold those of others.
pub(super) fn object(file: &Attachment, links: &[Link]) -> wire::Attachment {
    let own = links.iter().filter(|link| link.attachment == file.id());
    wire::Attachment {
        id: file.id(),
        name: file.file_name.clone(),
        path_id: file.path_id.clone(),
        size: file.size,
        create_time: milliseconds(file.created_at),
        messages: own
            .map(|link| LinkingMessage {
                id: link.message,
                date_sent: milliseconds(link.sent_at),
            })
            .collect(),
    }
}

/// As the API has them: whole seconds in milliseconds.
fn milliseconds(time: DateTime<Utc>) -> i64 {
    time.timestamp() * 1000
}
