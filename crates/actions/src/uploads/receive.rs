//! Taking a file in, piece by piece.

use bytes::Bytes;
use narrows_store::models::{Attachment, NewAttachment};
use narrows_wire::events::attachment::{AttachmentChange, AttachmentEvent};
use narrows_wire::{Audience, Event};
use object_store::ObjectStoreExt;
use object_store::buffered::BufWriter;
use rand::distr::{Alphanumeric, SampleString};
use tokio::io::AsyncWriteExt;

use super::{object, place_of, unavailable};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// How much of a file is in memory: the least that S3 takes as a part.
const PART: usize = 5 << 20;
/// Longest name of a file in its URL and in lists, in characters.
const MAX_NAME: usize = 200;
/// What a file without a usable name is called.
const NAMELESS: &str = "uploaded-file";

/// A file on its way in.
pub struct Incoming {
    ctx: Ctx,
    caller: Caller,
    name: String,
    content_type: String,
    path_id: String,
    writer: BufWriter,
    size: u64,
    /// What the realm may still store.
    left: Option<u64>,
}

/// Begins to take in a file. It is there once [`Incoming::finish`] says so.
pub async fn begin(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    content_type: Option<&str>,
) -> Result<Incoming> {
    let left = match quota(ctx) {
        None => None,
        Some(quota) => {
            let mut conn = ctx.store.read().await?;
            let used = Attachment::space_used(&mut conn, caller.realm_id()).await?;
            Some(quota.saturating_sub(used.unsigned_abs()))
        }
    };
    let path_id = new_path(caller, name);
    let place = place_of(&path_id);
    Ok(Incoming {
        name: shown_name(name),
        content_type: media_type(content_type, name),
        writer: BufWriter::with_capacity(ctx.files.clone(), place, PART),
        path_id,
        size: 0,
        left,
        ctx: ctx.clone(),
        caller: caller.clone(),
    })
}

impl Incoming {
    /// The next piece.
    ///
    /// Errors: the file grows too large, or the realm has no room for it.
    pub async fn write(&mut self, piece: Bytes) -> Result<()> {
        self.size += piece.len() as u64;
        let limit = self.ctx.config.uploads.max_file_mib;
        if self.size > limit << 20 {
            return Err(Error::bad_request(format!(
                "Uploaded file is larger than the allowed limit of {limit} MiB"
            )));
        }
        if self.left.is_some_and(|left| self.size > left) {
            return Err(over_quota());
        }
        self.writer.put(piece).await.map_err(unavailable)
    }

    /// Stores the file and tells its owner.
    pub async fn finish(mut self) -> Result<Attachment> {
        self.writer.shutdown().await.map_err(unavailable)?;
        let recorded = self.record().await;
        if recorded.is_err() {
            let place = place_of(&self.path_id);
            if let Err(error) = self.ctx.files.delete(&place).await {
                tracing::warn!(%error, path = self.path_id, "a file that nobody knows of is left in the storage");
            }
        }
        recorded
    }

    /// Forgets what came so far.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::warn!(%error, path = self.path_id, "part of a file is left in the storage");
        }
    }

    async fn record(&self) -> Result<Attachment> {
        let (realm, owner) = (self.caller.realm_id(), self.caller.user_id());
        let size = i64::try_from(self.size).map_err(|error| Error::Internal(Box::new(error)))?;
        let mut tx = self.ctx.store.begin().await?;
        if let Some(quota) = quota(&self.ctx) {
            // Of two files that fit alone, but not together, the second is refused.
            Attachment::lock_space(&mut tx, realm).await?;
            let used = Attachment::space_used(&mut tx, realm).await?;
            if used.unsigned_abs() + self.size > quota {
                return Err(over_quota());
            }
        }
        let new = NewAttachment::builder()
            .realm_id(realm)
            .owner_id(owner)
            .path_id(&self.path_id)
            .file_name(&self.name)
            .content_type(&self.content_type)
            .size(size)
            .created_at(self.ctx.clock.now())
            .build();
        let attachment = new.insert(&mut tx).await?;
        let change = AttachmentChange {
            attachment: object::object(&attachment, &[]),
            upload_space_used: Attachment::space_used(&mut tx, realm).await?,
        };
        let event = Event::Attachment(AttachmentEvent::Add(change));
        tx.emit(realm, Audience::users([owner]), &event)?;
        drop(tx.commit().await?);
        Ok(attachment)
    }
}

/// What the files of a realm may take, in bytes.
fn quota(ctx: &Ctx) -> Option<u64> {
    ctx.config.uploads.realm_quota_mib().map(|mib| mib << 20)
}

fn over_quota() -> Error {
    Error::bad_request("Upload would exceed your organization's upload quota.")
}

/// A URL that cannot be guessed.
fn new_path(caller: &Caller, name: &str) -> String {
    let mut random = rand::rng();
    let shard: u8 = rand::random();
    let secret = Alphanumeric.sample_string(&mut random, 24);
    format!(
        "{}/{shard:02x}/{secret}/{}",
        caller.realm_id(),
        name_in_url(name)
    )
}

/// The name in lists: without what cannot be shown or stored.
fn shown_name(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|c| !c.is_control())
        .take(MAX_NAME)
        .collect();
    match name.trim().is_empty() {
        true => NAMELESS.to_owned(),
        false => name,
    }
}

/// The name in the URL: letters, digits, `_`, `.`, and `-` for whatever separates words.
fn name_in_url(name: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || c.is_whitespace() || "_.-".contains(*c);
    let kept: String = name.chars().filter(kept).take(MAX_NAME).collect();
    let separator = |c: char| c == '-' || c.is_whitespace();
    let words: Vec<&str> = kept
        .trim()
        .split(separator)
        .filter(|word| !word.is_empty())
        .collect();
    match words.join("-") {
        name if name.chars().all(|c| c == '.') => NAMELESS.to_owned(),
        name => name,
    }
}

/// What the uploader says, unless that is nothing: then what the name says.
fn media_type(said: Option<&str>, name: &str) -> String {
    let said = said.filter(|said| *said != "application/octet-stream");
    said.map_or_else(
        || {
            mime_guess::from_path(name)
                .first_or_octet_stream()
                .essence_str()
                .to_owned()
        },
        str::to_lowercase,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_urls_are_harmless() {
        for (name, expected) in [
            ("hello world.txt", "hello-world.txt"),
            ("a - b.png", "a-b.png"),
            ("Grüße 日本.pdf", "Grüße-日本.pdf"),
            ("../../etc/passwd", "....etcpasswd"),
            ("..", NAMELESS),
            ("<>\0/\\\"", NAMELESS),
            ("", NAMELESS),
        ] {
            assert_eq!(name_in_url(name), expected, "{name:?}");
        }
        assert_eq!(name_in_url(&"x".repeat(5000)).len(), MAX_NAME);
    }

    #[test]
    fn the_type_comes_from_the_name_if_the_uploader_does_not_know() {
        assert_eq!(media_type(None, "x.png"), "image/png");
        assert_eq!(
            media_type(Some("application/octet-stream"), "x.txt"),
            "text/plain"
        );
        assert_eq!(media_type(Some("text/CSV"), "x.txt"), "text/csv");
        assert_eq!(media_type(None, "x"), "application/octet-stream");
    }
}
