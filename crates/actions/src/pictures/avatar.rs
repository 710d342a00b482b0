//! Pictures of people.

use bytes::Bytes;
use narrows_store::Tx;
use narrows_store::models::{Realm, User};
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Event, RealmId, UserId};
use serde_json::json;

use super::{get, put, resize};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::users::{avatar_url, avatar_url_medium, who_sees};

/// How large a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 100 pixels a side.
    Small,
    /// 500 pixels a side.
    Medium,
}

impl Size {
    const fn side(self) -> u32 {
        match self {
            Size::Small => 100,
            Size::Medium => 500,
        }
    }

    fn key(self, realm: RealmId, user: UserId) -> String {
        match self {
            Size::Small => format!("avatars/{realm}/{user}.png"),
            Size::Medium => format!("avatars/{realm}/{user}-medium.png"),
        }
    }
}

/// Gives the caller a picture; its URL.
pub async fn set_avatar(ctx: &Ctx, caller: &Caller, file: Bytes) -> Result<String> {
    let sizes = [Size::Small, Size::Medium];
    let pictures = resize::squares(file, sizes.map(Size::side)).await?;
    for (size, png) in sizes.into_iter().zip(pictures) {
        put(ctx, &size.key(caller.realm_id(), caller.user_id()), png).await?;
    }
    change_source(ctx, caller, "U").await
}

/// Takes the caller's picture away: their Gravatar shows again. Its URL.
pub async fn remove_avatar(ctx: &Ctx, caller: &Caller) -> Result<String> {
    change_source(ctx, caller, "G").await
}

async fn change_source(ctx: &Ctx, caller: &Caller, source: &str) -> Result<String> {
    let (realm, id) = (caller.realm_id(), caller.user_id());
    let mut tx = ctx.store.begin().await?;
    let user = User::set_avatar_source(&mut tx, realm, id, source).await?;
    Realm::touch(&mut tx, realm).await?;
    announce_avatar(&mut tx, &user).await?;
    drop(tx.commit().await?);
    Ok(avatar_url(&user))
}

/// Tells where a user's picture is.
pub(crate) async fn announce_avatar(tx: &mut Tx, user: &User) -> Result<()> {
    let person = json!({
        "user_id": user.id(),
        "avatar_source": user.avatar_source,
        "avatar_url": avatar_url(user),
        "avatar_url_medium": avatar_url_medium(user),
        "avatar_version": user.avatar_version,
    });
    let event = Event::RealmUser(RealmUserEvent::Update { person });
    let audience = who_sees(tx, user.realm_id(), user.id()).await?;
    Ok(tx.emit(user.realm_id(), audience, &event)?)
}

/// The picture that somebody uploaded of themselves; `None` if there is none.
pub async fn access_avatar(
    ctx: &Ctx,
    realm: RealmId,
    id: UserId,
    size: Size,
) -> Result<Option<Bytes>> {
    let user = match User::find(&mut *ctx.store.read().await?, realm, id).await {
        Err(narrows_store::Error::NotFound) => return Ok(None),
        found => found.map_err(Error::from)?,
    };
    match user.avatar_source.as_str() {
        "U" => get(ctx, &size.key(realm, id)).await,
        _ => Ok(None),
    }
}
