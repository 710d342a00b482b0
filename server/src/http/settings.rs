//! What users and organisations decide.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::reactions::EmojiChoice;
use narrows_actions::realms;
use narrows_actions::users::status::{Shown, StatusChange};
use narrows_actions::users::{self, OwnChange, commands, onboarding, status};
use narrows_wire::UserId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params, RealmAdmin, RealmOwner};
use crate::reply::{Reply, Success};

/// `PATCH /settings`, and its older names.
pub async fn change_own(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(change): Params<OwnChange>,
) -> Reply {
    users::change_own(&ctx, &caller, change).await?;
    Ok(Success::empty())
}

/// Parameters of a command.
#[derive(Deserialize, JsonSchema)]
pub struct Command {
    /// What was typed, from `/` on.
    command: String,
}

/// `POST /zcommand`.
pub async fn run_command(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Command>,
) -> Reply {
    let told = commands::run(&ctx, &caller, &args.command).await?;
    Ok(Success::saying(told))
}

/// `PATCH /realm/user_settings_defaults`.
pub async fn change_defaults(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    Params(change): Params<users::Change>,
) -> Reply {
    users::change_realm_defaults(&ctx, &admin, &change).await?;
    Ok(Success::empty())
}

/// `PATCH /realm`.
pub async fn change_realm(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    Params(change): Params<realms::Change>,
) -> Reply<realms::Told> {
    Ok(Success::new(realms::change(&ctx, &admin, change).await?))
}

/// Parameters of [`set_status`].
#[derive(Deserialize, JsonSchema)]
pub struct SetStatus {
    /// The text; "" takes it away.
    status_text: Option<String>,
    /// The older name of hidden presence.
    away: Option<bool>,
    /// Its name.
    emoji_name: Option<String>,
    /// Code points in hex, or the id of a custom emoji.
    emoji_code: Option<String>,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    reaction_type: Option<String>,
}

impl From<SetStatus> for StatusChange {
    fn from(args: SetStatus) -> StatusChange {
        StatusChange {
            status_text: args.status_text,
            emoji: EmojiChoice {
                name: args.emoji_name,
                code: args.emoji_code,
                kind: args.reaction_type,
            },
            away: args.away,
        }
    }
}

/// Answer of [`get_status`].
#[derive(Serialize, JsonSchema)]
pub struct StatusAnswer {
    /// What the user says of themselves.
    status: Shown,
}

/// `GET /users/{user_id}/status`.
pub async fn get_status(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply<StatusAnswer> {
    let user = users::access_user(&ctx, &caller, UserId(*id)).await?;
    let status = status::of_user(&ctx, &user).await?;
    Ok(Success::new(StatusAnswer { status }))
}

/// `POST /users/me/status`.
pub async fn set_status(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SetStatus>,
) -> Reply {
    status::set(&ctx, &caller, args.into()).await?;
    Ok(Success::empty())
}

/// `POST /users/{user_id}/status`.
pub async fn set_status_of(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    id: web::Path<i32>,
    Params(args): Params<SetStatus>,
) -> Reply {
    let user = users::access_user(&ctx, &admin, UserId(*id)).await?;
    status::set_of(&ctx, &admin, &user, args.into()).await?;
    Ok(Success::empty())
}

/// Parameters of [`see_onboarding_step`].
#[derive(Deserialize, JsonSchema)]
pub struct SeeStep {
    /// The name of the hint.
    onboarding_step: String,
}

/// `POST /users/me/onboarding_steps`.
pub async fn see_onboarding_step(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SeeStep>,
) -> Reply {
    onboarding::see(&ctx, &caller, &args.onboarding_step).await?;
    Ok(Success::empty())
}

/// Parameters of [`set_tutorial_status`].
#[derive(Deserialize, JsonSchema)]
pub struct TutorialStatus {
    /// `started` or `finished`.
    status: String,
}

/// `POST /users/me/tutorial_status`.
pub async fn set_tutorial_status(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<TutorialStatus>,
) -> Reply {
    onboarding::set_tutorial_status(&ctx, &caller, &args.status).await?;
    Ok(Success::empty())
}

/// `POST /realm/deactivate`.
pub async fn deactivate_realm(
    ctx: web::Data<Ctx>,
    RealmOwner(caller): RealmOwner,
    _: NoParams,
) -> Reply {
    realms::deactivate(&ctx, caller.realm_id()).await?;
    Ok(Success::empty())
}
