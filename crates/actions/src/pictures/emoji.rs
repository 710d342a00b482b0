//! Pictures of custom emoji. Each has a name of its own, which nobody can guess, and never changes.

use bytes::Bytes;
use narrows_wire::RealmId;
use object_store::ObjectStoreExt;
use object_store::path::Path;
use rand::distr::{Alphanumeric, SampleString};

use super::{get, put, resize};
use crate::ctx::Ctx;
use crate::error::Result;

/// Pixels a side.
const SIDE: u32 = 64;

/// The picture of an emoji in the storage of files.
#[derive(Clone, Debug)]
pub struct StoredEmoji {
    /// The last part of its URL.
    pub file_name: String,
    /// Whether it moves, and there is one that does not.
    pub is_animated: bool,
}

/// Where a picture is for clients.
pub(crate) fn emoji_url(realm: RealmId, file_name: &str) -> String {
    format!("/user_avatars/{realm}/emoji/images/{file_name}")
}

/// Where the picture is that does not move.
pub(crate) fn still_emoji_url(realm: RealmId, file_name: &str) -> String {
    let stem = file_name.split('.').next().unwrap_or_default();
    emoji_url(realm, &format!("still/{stem}.png"))
}

/// Stores a picture that fits into a square, and one that does not move if it does.
pub(crate) async fn put_emoji(ctx: &Ctx, realm: RealmId, file: Bytes) -> Result<StoredEmoji> {
    let picture = resize::emoji(file, SIDE).await?;
    let stem = Alphanumeric.sample_string(&mut rand::rng(), 24);
    let stored = StoredEmoji {
        file_name: match picture.gif {
            Some(_) => format!("{stem}.gif"),
            None => format!("{stem}.png"),
        },
        is_animated: picture.gif.is_some(),
    };
    match picture.gif {
        Some(gif) => {
            put(ctx, &still_key(realm, &stored.file_name), picture.png).await?;
            put(ctx, &key(realm, &stored.file_name), gif).await?;
        }
        None => put(ctx, &key(realm, &stored.file_name), picture.png).await?,
    }
    Ok(stored)
}

/// Deletes what nothing points to.
pub(crate) async fn remove_emoji(ctx: &Ctx, realm: RealmId, stored: &StoredEmoji) {
    let still = stored
        .is_animated
        .then(|| still_key(realm, &stored.file_name));
    for key in still.into_iter().chain([key(realm, &stored.file_name)]) {
        if let Err(error) = ctx.files.delete(&Path::from(key.as_str())).await {
            tracing::warn!(%error, key, "a picture that nobody knows of is left in the storage");
        }
    }
}

/// The picture of that name; `None` if there is none.
pub async fn access_emoji(ctx: &Ctx, realm: RealmId, file_name: &str) -> Result<Option<Bytes>> {
    // Nothing but the names that we gave, so that no key can point elsewhere.
    let is_name = |name: &str| {
        name.split_once('.').is_some_and(|(stem, extension)| {
            stem.chars().all(|c| c.is_ascii_alphanumeric()) && matches!(extension, "png" | "gif")
        })
    };
    let name = file_name.strip_prefix("still/").unwrap_or(file_name);
    match is_name(name) {
        true => get(ctx, &key(realm, file_name)).await,
        false => Ok(None),
    }
}

fn key(realm: RealmId, file_name: &str) -> String {
    format!("emoji/{realm}/{file_name}")
}

fn still_key(realm: RealmId, file_name: &str) -> String {
    let stem = file_name.split('.').next().unwrap_or_default();
    key(realm, &format!("still/{stem}.png"))
}
