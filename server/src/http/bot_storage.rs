//! What bots remember between runs.

use std::collections::BTreeMap;

use actix_web::web;
use narrows_actions::{Ctx, bot_storage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, Params};
use crate::reply::{Reply, Success};

/// Which entries.
#[derive(Deserialize, JsonSchema)]
pub struct Keys {
    /// Which entries; all if not given.
    keys: Option<Vec<String>>,
}

/// Parameters of [`update`].
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// The entries, which replace those of the same keys.
    storage: BTreeMap<String, String>,
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Storage {
    /// The entries by key.
    storage: BTreeMap<String, String>,
}

/// `GET /bot_storage`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Keys>,
) -> Reply<Storage> {
    let storage = bot_storage::get(&ctx, &caller, args.keys.as_deref()).await?;
    Ok(Success::new(Storage { storage }))
}

/// `PUT /bot_storage`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Update>,
) -> Reply {
    bot_storage::update(&ctx, &caller, &args.storage).await?;
    Ok(Success::empty())
}

/// `DELETE /bot_storage`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Keys>,
) -> Reply {
    bot_storage::remove(&ctx, &caller, args.keys.as_deref()).await?;
    Ok(Success::empty())
}
