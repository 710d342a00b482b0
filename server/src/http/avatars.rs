//! Pictures of people. They are served by [`crate::pages::avatars`].

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::pictures;
use schemars::JsonSchema;
use serde::Serialize;

use crate::extract::{AuthedUser, NoParams, Upload};
use crate::reply::{Reply, Success};

/// Answer of both operations.
#[derive(Serialize, JsonSchema)]
pub struct Avatar {
    /// Where the picture is now.
    avatar_url: String,
}

/// `POST /users/me/avatar`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    upload: Upload,
) -> Reply<Avatar> {
    let (_, file) = upload
        .picture("You must upload exactly one avatar.")
        .await?;
    let avatar_url = pictures::set_avatar(&ctx, &caller, file).await?;
    Ok(Success::new(Avatar { avatar_url }))
}

/// `DELETE /users/me/avatar`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Avatar> {
    let avatar_url = pictures::remove_avatar(&ctx, &caller).await?;
    Ok(Success::new(Avatar { avatar_url }))
}
