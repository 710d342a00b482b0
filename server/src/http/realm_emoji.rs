//! Custom emoji. Their pictures are served by [`crate::pages::avatars`].

use actix_web::{HttpRequest, web};
use narrows_actions::{Ctx, custom_emoji};
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, picture};
use crate::reply::{Reply, Success};

/// `GET /realm/emoji`.
pub async fn get(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let emoji = custom_emoji::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "emoji": emoji })))
}

/// `POST /realm/emoji/{emoji_name}`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    name: web::Path<String>,
    request: HttpRequest,
    body: web::Payload,
) -> Reply {
    let name = custom_emoji::check_name(&ctx, &caller, &name).await?;
    let file = picture(&request, body, "You must upload exactly one file.").await?;
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
