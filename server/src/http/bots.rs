//! Bots, for those who manage them.

use actix_web::web;
use narrows_actions::bots::{self, BotChange, BotObject, NewBot};
use narrows_actions::{Ctx, Error};
use narrows_wire::{Role, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::extract::{NoParams, Params, Person};
use crate::reply::{Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize)]
pub struct Create {
    full_name: String,
    short_name: String,
    bot_type: Option<i16>,
    default_sending_stream: Option<String>,
    default_events_register_stream: Option<String>,
    default_all_public_streams: Option<bool>,
}

/// Parameters of [`update`].
#[derive(Deserialize)]
pub struct Update {
    full_name: Option<String>,
    role: Option<i16>,
    bot_owner_id: Option<i32>,
    default_sending_stream: Option<String>,
    default_events_register_stream: Option<String>,
    default_all_public_streams: Option<bool>,
}

/// `GET /bots`.
pub async fn list(ctx: web::Data<Ctx>, Person(caller): Person, _: NoParams) -> Reply {
    let bots = bots::of_caller(&ctx, &caller).await?;
    let shown: Vec<Value> = bots.iter().map(own).collect();
    Ok(Success::new(json!({ "bots": shown })))
}

fn own(bot: &BotObject) -> Value {
    json!({
        "username": bot.email,
        "full_name": bot.full_name,
        "api_key": bot.api_key,
        "avatar_url": bot.avatar_url,
        "default_sending_stream": bot.default_sending_stream,
        "default_events_register_stream": bot.default_events_register_stream,
        "default_all_public_streams": bot.default_all_public_streams,
    })
}

/// `POST /bots`.
pub async fn create(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Create>,
) -> Reply {
    let new = NewBot {
        full_name: args.full_name,
        short_name: args.short_name,
        bot_type: args.bot_type.unwrap_or(bots::GENERIC),
        default_sending_stream: args.default_sending_stream,
        default_events_register_stream: args.default_events_register_stream,
        default_all_public_streams: args.default_all_public_streams,
    };
    let bot = bots::create(&ctx, &caller, new).await?;
    Ok(Success::new(json!({
        "user_id": bot.user_id,
        "api_key": bot.api_key,
        "avatar_url": bot.avatar_url,
        "default_sending_stream": bot.default_sending_stream,
        "default_events_register_stream": bot.default_events_register_stream,
        "default_all_public_streams": bot.default_all_public_streams,
    })))
}

/// `PATCH /bots/{bot_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    id: web::Path<i32>,
    Params(args): Params<Update>,
) -> Reply {
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
    Ok(Success::new(json!({
        "full_name": bot.full_name,
        "avatar_url": bot.avatar_url,
        "default_sending_stream": bot.default_sending_stream,
        "default_events_register_stream": bot.default_events_register_stream,
        "default_all_public_streams": bot.default_all_public_streams,
    })))
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
) -> Reply {
    let key = bots::regenerate_key(&ctx, &caller, UserId(*id)).await?;
    Ok(Success::new(json!({ "api_key": key })))
}
