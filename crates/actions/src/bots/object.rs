//! Bots as those see them who manage them.

use narrows_store::models::{ApiKey, Bot, KnownBot, User};
use narrows_store::{Conn, Tx};
use narrows_wire::events::realm_lists::RealmBotEvent;
use narrows_wire::{Audience, Event, RealmId, Role, UserId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::key;
use crate::auth::token_hash;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::users::avatar_url;

/// A bot, for those who manage it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BotObject {
    /// Its address.
    pub email: String,
    /// Its id.
    pub user_id: UserId,
    /// Its name.
    pub full_name: String,
    /// 1 generic, 2 incoming webhook.
    pub bot_type: Option<i16>,
    /// Not deactivated.
    pub is_active: bool,
    /// Its key; "" if it was revoked.
    pub api_key: String,
    /// Name of the stream where it writes unless it says where.
    pub default_sending_stream: Option<String>,
    /// Name of the stream that its queues are about unless it says.
    pub default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    pub default_all_public_streams: bool,
    /// Who manages it.
    pub owner_id: Option<UserId>,
    /// Its picture.
    pub avatar_url: String,
    /// What it asks: of kinds of bots that are not here.
    pub services: [Value; 0],
}

/// The active bots of the caller.
pub async fn of_caller(ctx: &Ctx, caller: &Caller) -> Result<Vec<BotObject>> {
    let mut conn = ctx.store.read().await?;
    let all = objects(ctx, &mut conn, caller.realm_id(), Some(caller.user_id())).await?;
    Ok(all.into_iter().filter(|bot| bot.is_active).collect())
}

/// Those that the caller manages: administrators all.
pub(crate) async fn all_of(ctx: &Ctx, conn: &mut Conn, caller: &Caller) -> Result<Vec<BotObject>> {
    let owner = match caller.user.role().is_admin() {
        true => None,
        false => Some(caller.user_id()),
    };
    objects(ctx, conn, caller.realm_id(), owner).await
}

async fn objects(
    ctx: &Ctx,
    conn: &mut Conn,
    realm: RealmId,
    owner: Option<UserId>,
) -> Result<Vec<BotObject>> {
    let bots = Bot::all(conn, realm, owner).await?;
    bots.into_iter().map(|bot| object(ctx, bot)).collect()
}

fn object(ctx: &Ctx, known: KnownBot) -> Result<BotObject> {
    let KnownBot { user, bot, .. } = known;
    let key = key::of(ctx, &bot)?;
    let counts = known
        .key_hashes
        .iter()
        .any(|hash| *hash == token_hash(&key));
    Ok(BotObject {
        email: user.email.clone(),
        user_id: user.id(),
        full_name: user.full_name.clone(),
        bot_type: user.bot_type,
        is_active: user.is_active,
        api_key: Some(key).filter(|_| counts).unwrap_or_default(),
        default_sending_stream: known.sending_stream,
        default_events_register_stream: known.events_register_stream,
        default_all_public_streams: bot.default_all_public_streams,
        owner_id: user.bot_owner_id(),
        avatar_url: avatar_url(&user),
        services: [],
    })
}

/// One bot.
pub(super) async fn one(ctx: &Ctx, conn: &mut Conn, user: &User) -> Result<BotObject> {
    object(ctx, Bot::known(conn, user.realm_id(), user.id()).await?)
}

/// Who is told of a bot.
pub(super) fn audience(user: &User) -> Audience {
    Audience::role(Role::Admin).and(user.bot_owner_id())
}

/// Completes a user who was just made as a bot: gives it a key, and tells those who manage it.
pub(crate) async fn made(ctx: &Ctx, tx: &mut Tx, user: &User) -> Result<()> {
    let bot = Bot::insert(tx, user.id()).await?;
    let hash = token_hash(&key::of(ctx, &bot)?);
    ApiKey::insert(tx, user.id(), "bot", &hash, ctx.clock.now()).await?;
    let bot = serde_json::to_value(one(ctx, tx, user).await?)?;
    let event = Event::RealmBot(RealmBotEvent::Add { bot });
    Ok(tx.emit(user.realm_id(), audience(user), &event)?)
}

/// Tells those who manage a bot that it was deactivated or came back.
pub(crate) fn active_changed(tx: &mut Tx, user: &User, is_active: bool) -> Result<()> {
    changed(tx, user, json!({ "is_active": is_active }))
}

/// Tells those who manage a bot what changed of it.
pub(super) fn changed(tx: &mut Tx, user: &User, mut fields: Value) -> Result<()> {
    if let Value::Object(fields) = &mut fields {
        fields.insert("user_id".to_owned(), json!(user.id()));
    }
    let event = Event::RealmBot(RealmBotEvent::Update { bot: fields });
    Ok(tx.emit(user.realm_id(), audience(user), &event)?)
}
