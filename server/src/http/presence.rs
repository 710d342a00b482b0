//! Who is there.

use actix_web::web;
use narrows_actions::presence::{self, LegacyPresence, Presences, Status, Wanted};
use narrows_actions::{Ctx, users};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`post`].
#[derive(Deserialize, JsonSchema)]
pub struct Post {
    /// `active` or `idle`.
    status: String,
    /// Do not answer with that of others.
    ping_only: Option<bool>,
    /// By id rather than by address.
    slim_presence: Option<bool>,
    /// What the last answer said.
    last_update_id: Option<i64>,
    /// Accepted: any sign of life is one.
    #[serde(rename = "new_user_input")]
    _new_user_input: Option<bool>,
    /// Of how many days; 14 if not given.
    history_limit_days: Option<i64>,
}

/// Answer of [`post`]; nothing of it if the client only wanted to be seen.
#[derive(Default, Serialize, JsonSchema)]
pub struct Everybody {
    #[serde(flatten)]
    presences: Option<Seen>,
    /// What to ask with next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    presence_last_update_id: Option<i64>,
}

/// Who is there.
#[derive(Serialize, JsonSchema)]
pub struct Seen {
    /// By id, or by address for older clients.
    presences: Presences,
    /// Now, in UNIX seconds.
    server_timestamp: f64,
}

/// `POST /users/me/presence`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Post>,
) -> Reply<Everybody> {
    presence::report(&ctx, &caller, Status::parse(&args.status)?).await?;
    if args.ping_only.unwrap_or(false) {
        return Ok(Success::new(Everybody::default()));
    }
    let now = ctx.clock.now();
    let wanted = Wanted {
        days: args.history_limit_days,
        since_update: args.last_update_id,
    };
    let presences = presence::visible(&ctx, &caller, wanted).await?;
    let slim = args.slim_presence.unwrap_or(false) || args.last_update_id.is_some();
    let shown = match slim {
        true => presence::slim(&presences),
        false => presence::legacy(&presences, &users::all(&ctx, &caller).await?),
    };
    Ok(Success::new(Everybody {
        presences: Some(Seen {
            presences: shown,
            server_timestamp: presence::timestamp(now),
        }),
        presence_last_update_id: Some(now.timestamp()),
    }))
}

/// `GET /realm/presence`.
pub async fn of_realm(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Seen> {
    let now = ctx.clock.now();
    let presences = presence::visible(&ctx, &caller, Wanted::default()).await?;
    let users = users::all(&ctx, &caller).await?;
    Ok(Success::new(Seen {
        presences: presence::legacy(&presences, &users),
        server_timestamp: presence::timestamp(now),
    }))
}

/// Answer of [`of_user`].
#[derive(Serialize, JsonSchema)]
pub struct OfUser {
    /// By client; `aggregated` is that of all of them.
    presence: LegacyPresence,
}

/// `GET /users/{user}/presence`, by id or e-mail address.
pub async fn of_user(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    user: web::Path<String>,
    _: NoParams,
) -> Reply<OfUser> {
    Ok(Success::new(OfUser {
        presence: presence::of_one(&ctx, &caller, &user).await?,
    }))
}
