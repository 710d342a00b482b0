//! Who is there.

use actix_web::web;
use narrows_actions::presence::{self, Status};
use narrows_actions::{Ctx, users};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`post`].
#[derive(Deserialize)]
pub struct Post {
    status: String,
    ping_only: Option<bool>,
    slim_presence: Option<bool>,
    last_update_id: Option<i64>,
    /// Accepted: any sign of life is one.
    #[serde(rename = "new_user_input")]
    _new_user_input: Option<bool>,
    #[serde(rename = "history_limit_days")]
    _history_limit_days: Option<i64>,
}

/// `POST /users/me/presence`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Post>,
) -> Reply {
    presence::report(&ctx, &caller, Status::parse(&args.status)?).await?;
    if args.ping_only.unwrap_or(false) {
        return Ok(Success::empty());
    }
    let now = ctx.clock.now();
    let presences = presence::visible(&ctx, &caller).await?;
    let slim = args.slim_presence.unwrap_or(false) || args.last_update_id.is_some();
    let shown: Value = match slim {
        true => presence::slim(&presences),
        false => presence::legacy(&presences, &users::all(&ctx, &caller).await?),
    };
    Ok(Success::new(json!({
        "presences": shown,
        "server_timestamp": presence::timestamp(now),
        "presence_last_update_id": now.timestamp(),
    })))
}

/// `GET /realm/presence`.
pub async fn of_realm(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let now = ctx.clock.now();
    let presences = presence::visible(&ctx, &caller).await?;
    let users = users::all(&ctx, &caller).await?;
    Ok(Success::new(json!({
        "presences": presence::legacy(&presences, &users),
        "server_timestamp": presence::timestamp(now),
    })))
}

/// `GET /users/{user}/presence`, by id or e-mail address.
pub async fn of_user(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    user: web::Path<String>,
    _: NoParams,
) -> Reply {
    let user = users::access_user_by_id_or_email(&ctx, &caller, &user).await?;
    Ok(Success::new(
        json!({ "presence": presence::of_one(&ctx, &user).await? }),
    ))
}
