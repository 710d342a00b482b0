//! Pictures of people. They are served by [`crate::pages::avatars`].

use actix_web::{HttpRequest, web};
use narrows_actions::Ctx;
use narrows_actions::pictures;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, picture};
use crate::reply::{Reply, Success};

/// `POST /users/me/avatar`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    request: HttpRequest,
    body: web::Payload,
) -> Reply {
    let file = picture(&request, body, "You must upload exactly one avatar.").await?;
    let url = pictures::set_avatar(&ctx, &caller, file).await?;
    Ok(Success::new(json!({ "avatar_url": url })))
}

/// `DELETE /users/me/avatar`.
pub async fn delete(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let url = pictures::remove_avatar(&ctx, &caller).await?;
    Ok(Success::new(json!({ "avatar_url": url })))
}
