//! Users whom a user does not want to read.

use actix_web::web;
use narrows_actions::{Ctx, muted_users};
use narrows_wire::UserId;

use crate::extract::{AuthedUser, NoParams};
use crate::reply::{Reply, Success};

/// `POST /users/me/muted_users/{muted_user_id}`.
pub async fn mute(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    muted_users::mute(&ctx, &caller, UserId(*id)).await?;
    Ok(Success::empty())
}

/// `DELETE /users/me/muted_users/{muted_user_id}`.
pub async fn unmute(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    muted_users::unmute(&ctx, &caller, UserId(*id)).await?;
    Ok(Success::empty())
}
