//! Making bots and changing them.

use narrows_store::models::{ApiKey, Bot, BotDefaults, Realm, Stream, User};
use narrows_store::{Conn, Error as StoreError, Tx};
use narrows_wire::events::realm_lists::RealmBotEvent;
use narrows_wire::{Audience, Event, Role, UserId};
use serde_json::json;

use super::object::{audience, changed, one};
use super::{BotObject, GENERIC, INCOMING_WEBHOOK, key};
use crate::access::realm::{check_change_of_role, check_no_guest, may, must_be};
use crate::access::streams::access_stream_by_name;
use crate::auth::{self, token_hash};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{self, Right};
use crate::secret::new_salt;
use crate::users::{self, check_full_name, emit_update, is_email};

/// A bot to be made.
#[derive(Clone, Debug)]
pub struct NewBot {
    /// Its name.
    pub full_name: String,
    /// What its address begins with, before `-bot@`.
    pub short_name: String,
    /// 1 generic, 2 incoming webhook.
    pub bot_type: i16,
    /// Name of the stream where it writes unless it says where.
    pub default_sending_stream: Option<String>,
    /// Name of the stream that its queues are about unless it says.
    pub default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    pub default_all_public_streams: Option<bool>,
}

/// What is to change of a bot. Streams by name; "" is none.
#[derive(Clone, Debug, Default)]
pub struct BotChange {
    /// Its name.
    pub full_name: Option<String>,
    /// What it may do.
    pub role: Option<Role>,
    /// Who manages it.
    pub owner: Option<UserId>,
    /// Where it writes unless it says where.
    pub default_sending_stream: Option<String>,
    /// What its queues are about unless it says.
    pub default_events_register_stream: Option<String>,
    /// Whether they are about all public streams.
    pub default_all_public_streams: Option<bool>,
}

/// A new bot of the caller.
pub async fn create(ctx: &Ctx, caller: &Caller, new: NewBot) -> Result<BotObject> {
    check_may_create(&mut *ctx.store.read().await?, caller, new.bot_type).await?;
    let full_name = check_full_name(&new.full_name)?;
    let domain = realms::email_domain(ctx, &caller.realm);
    let email = format!("{}-bot@{domain}", new.short_name.trim());
    if new.short_name.trim().is_empty() || !is_email(&email) {
        return Err(Error::bad_request("Bad name or username"));
    }
    let mut conn = ctx.store.read().await?;
    let taken = User::by_email(&mut conn, caller.realm_id(), &email).await;
    match taken {
        Ok(_) => return Err(Error::bad_request("Username already in use")),
        Err(StoreError::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    check_name_is_free(&mut conn, caller, &full_name).await?;
    drop(conn);
    let change = BotChange {
        default_sending_stream: new.default_sending_stream,
        default_events_register_stream: new.default_events_register_stream,
        default_all_public_streams: new.default_all_public_streams,
        ..BotChange::default()
    };
    let defaults = decide(ctx, caller, &change).await?;
    let user = users::do_create_bot(ctx, caller, &email, &full_name, new.bot_type).await?;
    if !defaults.is_empty() {
        let mut tx = ctx.store.begin().await?;
        do_change_defaults(ctx, &mut tx, &user, &defaults).await?;
        drop(tx.commit().await?);
    }
    one(ctx, &mut *ctx.store.read().await?, &user).await
}

/// Whether the realm lets the caller make such bots; guests make none.
async fn check_may_create(conn: &mut Conn, caller: &Caller, bot_type: i16) -> Result<()> {
    check_no_guest(caller)?;
    if ![GENERIC, INCOMING_WEBHOOK].contains(&bot_type) {
        return Err(Error::bad_request("Invalid bot type"));
    }
    let any = may(conn, caller, Right::CreateBots).await?;
    let such = bot_type == INCOMING_WEBHOOK;
    match any || (such && may(conn, caller, Right::CreateWriteOnlyBots).await?) {
        true => Ok(()),
        false => Err(must_be(Role::Admin)),
    }
}

async fn check_name_is_free(conn: &mut Conn, caller: &Caller, full_name: &str) -> Result<()> {
    match Bot::is_name_taken(conn, caller.realm_id(), full_name).await? {
        true => Err(Error::bad_request("Name is already in use!")),
        false => Ok(()),
    }
}

/// The caller sees the streams that are named.
async fn decide(ctx: &Ctx, caller: &Caller, change: &BotChange) -> Result<BotDefaults> {
    let mut conn = ctx.store.read().await?;
    let mut stream = async |name: &Option<String>| match name.as_deref() {
        None => Ok::<_, Error>(None),
        Some("") => Ok(Some(None)),
        Some(name) => {
            let access = access_stream_by_name(&mut conn, caller, name).await?;
            Ok(Some(Some(Stream::id(&access.stream).0)))
        }
    };
    Ok(BotDefaults {
        sending_stream: stream(&change.default_sending_stream).await?,
        events_register_stream: stream(&change.default_events_register_stream).await?,
        all_public_streams: change.default_all_public_streams,
    })
}

async fn do_change_defaults(
    ctx: &Ctx,
    tx: &mut Tx,
    user: &User,
    defaults: &BotDefaults,
) -> Result<()> {
    Bot::change(tx, user.realm_id(), user.id(), defaults).await?;
    let now = one(ctx, tx, user).await?;
    if defaults.sending_stream.is_some() {
        let fields = json!({ "default_sending_stream": now.default_sending_stream });
        changed(tx, user, fields)?;
    }
    if defaults.events_register_stream.is_some() {
        let stream = now.default_events_register_stream;
        changed(
            tx,
            user,
            json!({ "default_events_register_stream": stream }),
        )?;
    }
    if let Some(all) = defaults.all_public_streams {
        changed(tx, user, json!({ "default_all_public_streams": all }))?;
    }
    Ok(())
}

/// A bot that the caller manages.
async fn access_bot(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<User> {
    let no_such_bot = || Error::bad_request("No such bot");
    let user = User::find(&mut *ctx.store.read().await?, caller.realm_id(), id).await;
    let user = user.map_err(|error| Error::from(error).or_missing(no_such_bot))?;
    if !user.is_bot {
        return Err(no_such_bot());
    }
    let may = caller.user.role().is_admin() || user.bot_owner_id() == Some(caller.user_id());
    match may && !user.is_system_bot {
        true => Ok(user),
        false => Err(Error::insufficient_permission()),
    }
}

/// Changes a bot.
pub async fn change(
    ctx: &Ctx,
    caller: &Caller,
    id: UserId,
    change: BotChange,
) -> Result<BotObject> {
    let user = access_bot(ctx, caller, id).await?;
    let full_name = change
        .full_name
        .as_deref()
        .map(check_full_name)
        .transpose()?;
    let full_name = full_name.filter(|name| *name != user.full_name);
    if let Some(name) = &full_name {
        check_name_is_free(&mut *ctx.store.read().await?, caller, name).await?;
    }
    let owner = match change.owner {
        Some(owner) if user.bot_owner_id() != Some(owner) => {
            Some(access_owner(ctx, caller, owner).await?)
        }
        _ => None,
    };
    let defaults = decide(ctx, caller, &change).await?;
    let role = change.role.filter(|role| *role != user.role());
    if let Some(role) = role {
        check_role(caller, user.role(), role)?;
    }
    let mut tx = ctx.store.begin().await?;
    if let Some(role) = role {
        users::do_set_role(&mut tx, user.realm_id(), id, role).await?;
    }
    if let Some(name) = full_name {
        User::set_full_name(&mut tx, user.realm_id(), id, &name).await?;
        let changed_name = json!({ "full_name": name });
        emit_update(&mut tx, user.realm_id(), id, changed_name.clone()).await?;
        changed(&mut tx, &user, changed_name)?;
    }
    if let Some(owner) = owner {
        do_change_owner(ctx, &mut tx, &user, &owner).await?;
    }
    if !defaults.is_empty() {
        do_change_defaults(ctx, &mut tx, &user, &defaults).await?;
    }
    Realm::touch(&mut tx, user.realm_id()).await?;
    tx.commit().await?.confirmed().await;
    let mut conn = ctx.store.read().await?;
    let user = User::find(&mut conn, caller.realm_id(), id).await?;
    one(ctx, &mut conn, &user).await
}

/// Only administrators say what bots may do.
fn check_role(caller: &Caller, from: Role, to: Role) -> Result<()> {
    if !caller.user.role().is_admin() {
        return Err(Error::insufficient_permission());
    }
    check_change_of_role(caller, from, to)
}

async fn access_owner(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<User> {
    let refused = |why: &str| Error::bad_request(format!("Failed to change owner, {why}"));
    let user = User::find(&mut *ctx.store.read().await?, caller.realm_id(), id).await;
    let user = user.map_err(|error| Error::from(error).or_missing(|| refused("no such user")))?;
    if !user.is_active {
        return Err(refused("user is deactivated"));
    }
    if user.is_bot {
        return Err(refused("bots can't own other bots"));
    }
    Ok(user)
}

/// Who does not see it any more loses it, who sees it for the first time gets it, and all learn whose it is.
async fn do_change_owner(ctx: &Ctx, tx: &mut Tx, user: &User, owner: &User) -> Result<()> {
    let realm = user.realm_id();
    Bot::set_owner(tx, realm, user.id(), owner.id()).await?;
    let now = User::find(tx, realm, user.id()).await?;
    if let Some(before) = user.bot_owner_id() {
        let before = User::find(tx, realm, before).await?;
        if !before.role().is_admin() {
            let bot = json!({ "user_id": user.id() });
            let event = Event::RealmBot(RealmBotEvent::Delete { bot });
            tx.emit(realm, Audience::users([before.id()]), &event)?;
        }
    }
    if !owner.role().is_admin() {
        let bot = serde_json::to_value(one(ctx, tx, &now).await?)?;
        let event = Event::RealmBot(RealmBotEvent::Add { bot });
        tx.emit(realm, Audience::users([owner.id()]), &event)?;
    }
    let bot = json!({ "user_id": user.id(), "owner_id": owner.id() });
    let told = match owner.role().is_admin() {
        true => audience(&now),
        false => audience(&now).but([owner.id()]),
    };
    tx.emit(realm, told, &Event::RealmBot(RealmBotEvent::Update { bot }))?;
    emit_update(tx, realm, user.id(), json!({ "bot_owner_id": owner.id() })).await
}

/// Deactivates a bot. When this returns, nothing of it works any more.
pub async fn deactivate(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<()> {
    let user = access_bot(ctx, caller, id).await?;
    users::deactivate(ctx, caller, user.id()).await
}

/// A new key in place of all that a bot has. Event queues of the old ones are dead when this returns.
pub async fn regenerate_key(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<String> {
    let user = access_bot(ctx, caller, id).await?;
    let mut tx = ctx.store.begin().await?;
    auth::revoke_all(&mut tx, user.realm_id(), id).await?;
    Bot::new_salt(&mut tx, user.realm_id(), id, &new_salt()).await?;
    let bot = Bot::find(&mut tx, user.realm_id(), id).await?;
    let key = key::of(ctx, &bot)?;
    ApiKey::insert(&mut tx, id, "bot", &token_hash(&key), ctx.clock.now()).await?;
    changed(&mut tx, &user, json!({ "api_key": key }))?;
    tx.commit().await?.confirmed().await;
    Ok(key)
}
