//! Bots, for those who manage them.

use actix_web::web;
use narrows_actions::bots::{self, BotChange, BotObject, NewBot};
use narrows_actions::{Ctx, Error};
use narrows_wire::{Role, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{NoParams, Params, Person};
use crate::reply::{NewKey, Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// The name.
    full_name: String,
    /// What the address begins with.
    short_name: String,
    /// 1 generic, 2 incoming webhook; generic if not given.
    bot_type: Option<i16>,
    /// Name of the stream where it writes unless it says where.
    default_sending_stream: Option<String>,
    /// Name of the stream that its queues are about unless it says.
    default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    default_all_public_streams: Option<bool>,
}

/// Parameters of [`update`].
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// The name.
    full_name: Option<String>,
    /// 100 owner, 200 administrator, 300 moderator, 400 member, 600 guest.
    role: Option<i16>,
    /// Who manages it.
    bot_owner_id: Option<i32>,
    /// Name of the stream where it writes unless it says where.
    default_sending_stream: Option<String>,
    /// Name of the stream that its queues are about unless it says.
    default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    default_all_public_streams: Option<bool>,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Bots {
    /// Those that are active.
    bots: Vec<OwnBot>,
}

/// `GET /bots`.
pub async fn list(ctx: web::Data<Ctx>, Person(caller): Person, _: NoParams) -> Reply<Bots> {
    let bots = bots::of_caller(&ctx, &caller).await?;
    let bots = bots.into_iter().map(OwnBot::from).collect();
    Ok(Success::new(Bots { bots }))
}

/// What bots do unless they say otherwise.
#[derive(Serialize, JsonSchema)]
struct Defaults {
    /// Name of the stream where it writes.
    default_sending_stream: Option<String>,
    /// Name of the stream that its queues are about.
    default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    default_all_public_streams: bool,
}

/// A bot of the caller.
#[derive(Serialize, JsonSchema)]
struct OwnBot {
    /// Its address.
    username: String,
    /// The name.
    full_name: String,
    /// Its key; "" if it was revoked.
    api_key: String,
    /// Where its picture is.
    avatar_url: String,
    /// What it does unless it says otherwise.
    #[serde(flatten)]
    defaults: Defaults,
}

impl From<BotObject> for OwnBot {
    fn from(bot: BotObject) -> OwnBot {
        OwnBot {
            username: bot.email,
            full_name: bot.full_name,
            api_key: bot.api_key,
            avatar_url: bot.avatar_url,
            defaults: Defaults {
                default_sending_stream: bot.default_sending_stream,
                default_events_register_stream: bot.default_events_register_stream,
                default_all_public_streams: bot.default_all_public_streams,
            },
        }
    }
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// Their id.
    user_id: UserId,
    /// The key.
    api_key: String,
    /// Where its picture is.
    avatar_url: String,
    /// What it does unless it says otherwise.
    #[serde(flatten)]
    defaults: Defaults,
}

/// `POST /bots`.
pub async fn create(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Create>,
) -> Reply<Created> {
    let new = NewBot {
        full_name: args.full_name,
        short_name: args.short_name,
        bot_type: args.bot_type.unwrap_or(bots::GENERIC),
        default_sending_stream: args.default_sending_stream,
        default_events_register_stream: args.default_events_register_stream,
        default_all_public_streams: args.default_all_public_streams,
    };
    let bot = bots::create(&ctx, &caller, new).await?;
    let user_id = bot.user_id;
    let shown = OwnBot::from(bot);
    Ok(Success::new(Created {
        user_id,
        api_key: shown.api_key,
        avatar_url: shown.avatar_url,
        defaults: shown.defaults,
    }))
}

/// Answer of [`update`].
#[derive(Serialize, JsonSchema)]
pub struct Updated {
    /// The name.
    full_name: String,
    /// Where its picture is.
    avatar_url: String,
    /// What it does unless it says otherwise.
    #[serde(flatten)]
    defaults: Defaults,
}

/// `PATCH /bots/{bot_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<i32>,
    Params(args): Params<Update>,
) -> Reply<Updated> {
    let invalid = |_| Error::bad_request("Invalid role");
    let change = BotChange {
        full_name: args.full_name,
        role: args.role.map(Role::try_from).transpose().map_err(invalid)?,
        owner: args.bot_owner_id.map(UserId),
        default_sending_stream: args.default_sending_stream,
        default_events_register_stream: args.default_events_register_stream,
        default_all_public_streams: args.default_all_public_streams,
    };
    let bot = bots::change(&ctx, &caller, UserId(*id), change).await?;
    let shown = OwnBot::from(bot);
    Ok(Success::new(Updated {
        full_name: shown.full_name,
        avatar_url: shown.avatar_url,
        defaults: shown.defaults,
    }))
}

/// `DELETE /bots/{bot_id}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    bots::deactivate(&ctx, &caller, UserId(*id)).await?;
    Ok(Success::empty())
}

/// `POST /bots/{bot_id}/api_key/regenerate`.
pub async fn regenerate_key(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply<NewKey> {
    let api_key = bots::regenerate_key(&ctx, &caller, UserId(*id)).await?;
    Ok(Success::new(NewKey { api_key }))
}
