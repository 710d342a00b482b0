//! Custom emoji. Their pictures are served by [`crate::pages::avatars`].

use std::collections::BTreeMap;

use actix_web::web;
use narrows_actions::{Ctx, custom_emoji};
use narrows_wire::events::realm_lists::CustomEmoji;
use schemars::JsonSchema;
use serde::Serialize;

use crate::extract::{AuthedUser, NoParams, Upload};
use crate::reply::{Reply, Success};

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Emoji {
    /// By id, with those that are deactivated.
    emoji: BTreeMap<String, CustomEmoji>,
}

/// `GET /realm/emoji`.
pub async fn get(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply<Emoji> {
    let emoji = custom_emoji::list(&ctx, &caller).await?;
    Ok(Success::new(Emoji { emoji }))
}

/// `POST /realm/emoji/{emoji_name}`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    name: web::Path<String>,
    upload: Upload,
) -> Reply {
    let name = custom_emoji::check_name(&ctx, &caller, &name).await?;
    let (_, file) = upload.picture("You must upload exactly one file.").await?;
    custom_emoji::add(&ctx, &caller, name, file).await?;
    Ok(Success::empty())
}

/// `DELETE /realm/emoji/{emoji_name}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    name: web::Path<String>,
    _: NoParams,
) -> Reply {
    custom_emoji::deactivate(&ctx, &caller, &name).await?;
    Ok(Success::empty())
}
