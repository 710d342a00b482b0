//! Pictures of people and custom emoji: decoded, cut to size and kept as PNG (GIF, if they move).
//!
//! Their URLs name a version, so they can be cached for ever; what is served is always the newest.

mod avatar;
mod emoji;
mod realm;
mod resize;

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};

use crate::ctx::Ctx;
use crate::error::Result;
use crate::uploads::unavailable;

pub(crate) use avatar::announce_avatar;
pub use avatar::{Size, access_avatar, remove_avatar, set_avatar};
pub use emoji::{StoredEmoji, access_emoji};
pub(crate) use emoji::{emoji_url, put_emoji, remove_emoji, still_emoji_url};
pub(crate) use realm::realm_picture;
pub use realm::{
    RealmPicture, access_realm_picture, icon_url, remove_realm_picture, set_realm_picture,
};

/// Stores a picture.
async fn put(ctx: &Ctx, key: &str, png: Vec<u8>) -> Result<()> {
    let place = Path::from(key);
    let stored = ctx.files.put(&place, PutPayload::from(png)).await;
    stored.map(drop).map_err(unavailable)
}

/// A stored picture; `None` if there is none.
async fn get(ctx: &Ctx, key: &str) -> Result<Option<Bytes>> {
    match ctx.files.get(&Path::from(key)).await {
        Ok(found) => Ok(Some(found.bytes().await.map_err(unavailable)?)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(unavailable(error)),
    }
}
