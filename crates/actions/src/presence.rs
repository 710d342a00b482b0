//! Who is there: kept in Redis, a hash per realm. Without Redis nobody is shown as present.
//!
//! Each user has the time of their last activity and of their last sign of life. What clients see of it comes in two
//! forms: by e-mail address and client name (before feature level 178), and "slim", by user id.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use narrows_runtime::redis::RedisError;
use narrows_store::models::User;
use narrows_wire::events::user::{ActiveSince, Presence as PresenceEvent};
use narrows_wire::limits::PRESENCE_OFFLINE_THRESHOLD_SECONDS;
use narrows_wire::{Event, RealmId, UserId};
use redis::cmd;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::users::{Sight, no_such_user};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::typing::transient;
use crate::users::{self, Settings};

/// Users who were not there for so long are left out of full lists, unless a client says otherwise.
const SHOWN_FOR_DAYS: i64 = 14;
/// The seconds of a day.
const DAY: i64 = 24 * 3600;
/// Others are told of a user who was away longer than this, in seconds, at once.
const AWAY_AFTER_SECONDS: i64 = 60;

/// How much longer they are shown as active: a client may be late.
const ACTIVE_GRACE_SECONDS: i64 = 80;
/// For older clients, who is connected for longer than this after they were active is idle.
const LEGACY_IDLE_AFTER_SECONDS: i64 = 70;

/// When somebody was there, in UNIX seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Last at the keyboard.
    pub active: i64,
    /// Last connected at all.
    pub connected: i64,
}

impl Seen {
    /// As clients are told.
    fn since(self) -> ActiveSince {
        ActiveSince {
            active_timestamp: self.active,
            idle_timestamp: self.connected,
        }
    }
}

/// Who is there, as clients are told.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Presences {
    /// By user id.
    ById(BTreeMap<UserId, ActiveSince>),
    /// By address, the form of older clients.
    ByAddress(BTreeMap<String, LegacyPresence>),
}

/// How somebody is there, by client.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LegacyPresence {
    /// There is but one client.
    website: LegacyClient,
    /// Of all clients.
    aggregated: LegacyClient,
}

/// How somebody is there.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
struct LegacyClient {
    /// Always `website`.
    client: &'static str,
    /// `active` or `idle`; `offline`, if one asks of one user who was not there lately.
    status: &'static str,
    /// Since when, in UNIX seconds.
    timestamp: i64,
    /// Always false.
    pushable: bool,
}

impl LegacyPresence {
    fn of(seen: Seen) -> LegacyPresence {
        let client = legacy_client(seen);
        LegacyPresence {
            website: client,
            aggregated: client,
        }
    }
}

/// What a client reports of its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// At the keyboard.
    Active,
    /// Connected only.
    Idle,
}

impl Status {
    /// From the parameter `status`.
    pub fn parse(status: &str) -> Result<Status> {
        match status {
            "active" => Ok(Status::Active),
            "idle" => Ok(Status::Idle),
            other => Err(Error::bad_request(format!("Invalid status: {other}"))),
        }
    }
}

fn key(ctx: &Ctx, realm: RealmId) -> String {
    ctx.redis.key(&format!("presence:{realm}"))
}

/// Notes that the caller is there, and tells the realm if that is news.
pub async fn report(ctx: &Ctx, caller: &Caller, status: Status) -> Result<()> {
    if !Settings::of(&caller.user).presence_enabled {
        return Ok(());
    }
    let now = ctx.clock.now().timestamp();
    let before = of_user(ctx, caller.realm_id(), caller.user_id()).await;
    let active = if status == Status::Active {
        now
    } else {
        before.active
    };
    let seen = Seen {
        active,
        connected: now,
    };
    store(ctx, caller, seen).await?;
    let back = now - before.connected > AWAY_AFTER_SECONDS;
    let again_active = status == Status::Active && now - before.active > AWAY_AFTER_SECONDS;
    if !back && !again_active {
        return Ok(());
    }
    announce(ctx, caller, seen).await
}

/// Shows that the caller is there, or lets them look as if they had left a while ago.
pub(crate) async fn set_enabled(ctx: &Ctx, caller: &Caller, enabled: bool) -> Result<()> {
    let now = ctx.clock.now().timestamp();
    let before = of_user(ctx, caller.realm_id(), caller.user_id()).await;
    let long_ago = now - AWAY_AFTER_SECONDS - ACTIVE_GRACE_SECONDS;
    let no_later = |time| match time {
        0 => long_ago,
        known => long_ago.min(known),
    };
    let seen = match enabled {
        true => Seen {
            active: now,
            connected: now,
        },
        false => Seen {
            active: no_later(before.active),
            connected: no_later(before.connected),
        },
    };
    store(ctx, caller, seen).await?;
    announce(ctx, caller, seen).await
}

async fn store(ctx: &Ctx, caller: &Caller, seen: Seen) -> Result<()> {
    let field = caller.user_id().to_string();
    let stored: Result<(), RedisError> = ctx
        .redis
        .run(
            cmd("HSET")
                .arg(key(ctx, caller.realm_id()))
                .arg(field)
                .arg(serde_json::to_string(&seen)?),
        )
        .await;
    if let Err(error) = stored {
        tracing::warn!(%error, "presence is not stored");
    }
    Ok(())
}

async fn announce(ctx: &Ctx, caller: &Caller, seen: Seen) -> Result<()> {
    let now = ctx.clock.now();
    let event = Event::Presence(PresenceEvent {
        user_id: caller.user_id(),
        email: caller.user.email.clone(),
        server_timestamp: timestamp(now),
        presence: json!({ "website": legacy_client(seen) }),
        presences: BTreeMap::from([(caller.user_id(), seen.since())]),
    });
    let mut conn = ctx.store.read().await?;
    let audience = users::who_sees(&mut conn, caller.realm_id(), caller.user_id()).await?;
    drop(conn);
    transient(ctx, caller, audience, &event)
}

/// Seconds with fraction, as clients get the server's time.
pub fn timestamp(now: DateTime<Utc>) -> f64 {
    now.timestamp_micros() as f64 / 1e6
}

async fn of_user(ctx: &Ctx, realm: RealmId, user: UserId) -> Seen {
    let seen = ctx
        .redis
        .run::<Option<String>>(cmd("HGET").arg(key(ctx, realm)).arg(user.0))
        .await;
    match seen {
        Ok(Some(json)) => serde_json::from_str(&json).unwrap_or_default(),
        Ok(None) => Seen::default(),
        Err(error) => {
            tracing::warn!(%error, "presence is not known");
            Seen::default()
        }
    }
}

/// Which presence is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// That of so many days; 14 if not given.
    pub days: Option<i64>,
    /// Only what is new since this update, as an earlier answer named it; all if that is negative.
    pub since_update: Option<i64>,
}

impl Wanted {
    /// Who was seen before is left out, in UNIX seconds.
    fn oldest(self, now: i64) -> i64 {
        let days = self.days.unwrap_or(SHOWN_FOR_DAYS).max(0);
        let oldest = now.saturating_sub(days.saturating_mul(DAY));
        oldest.max(self.since_update.unwrap_or(-1))
    }
}

/// Everybody of the realm who was there lately.
pub async fn of_realm(ctx: &Ctx, realm: RealmId, wanted: Wanted) -> BTreeMap<UserId, Seen> {
    let oldest = wanted.oldest(ctx.clock.now().timestamp());
    let all: Result<Vec<(String, String)>, _> =
        ctx.redis.run(cmd("HGETALL").arg(key(ctx, realm))).await;
    let all = match all {
        Ok(all) => all,
        Err(error) => {
            tracing::warn!(%error, "presence is not known");
            return BTreeMap::new();
        }
    };
    let parse = |(user, seen): (String, String)| {
        Some((
            UserId(user.parse().ok()?),
            serde_json::from_str(&seen).ok()?,
        ))
    };
    all.into_iter()
        .filter_map(parse)
        .filter(|(_, seen): &(UserId, Seen)| seen.connected >= oldest)
        .collect()
}

/// Everybody whom the caller sees and who was there lately.
pub async fn visible(ctx: &Ctx, caller: &Caller, wanted: Wanted) -> Result<BTreeMap<UserId, Seen>> {
    let mut seen = of_realm(ctx, caller.realm_id(), wanted).await;
    let sight = Sight::of(&mut *ctx.store.read().await?, caller).await?;
    if let Some(within) = sight.within() {
        seen.retain(|user, _| within.contains(user));
    }
    Ok(seen)
}

/// Presence by user id: `{"active_timestamp", "idle_timestamp"}`.
pub fn slim(presences: &BTreeMap<UserId, Seen>) -> Presences {
    let one = |(user, seen): (&UserId, &Seen)| (*user, seen.since());
    Presences::ById(presences.iter().map(one).collect())
}

/// Presence by e-mail address, the form of older clients.
pub fn legacy(presences: &BTreeMap<UserId, Seen>, users: &[User]) -> Presences {
    let one = |user: &User| {
        let seen = *presences.get(&user.id())?;
        Some((user.email.clone(), LegacyPresence::of(seen)))
    };
    Presences::ByAddress(users.iter().filter_map(one).collect())
}

fn legacy_client(seen: Seen) -> LegacyClient {
    let is_active = seen.active > 0 && seen.connected - seen.active <= LEGACY_IDLE_AFTER_SECONDS;
    let (status, timestamp) = if is_active {
        ("active", seen.active)
    } else {
        ("idle", seen.connected)
    };
    LegacyClient {
        client: "website",
        status,
        timestamp,
        pushable: false,
    }
}

/// The presence of one user, named by id or address, in the older form.
pub async fn of_one(ctx: &Ctx, caller: &Caller, who: &str) -> Result<LegacyPresence> {
    let user = users::access_user_by_id_or_email(ctx, caller, who).await?;
    if !user.is_active {
        return Err(no_such_user());
    }
    if user.is_bot {
        let msg = "Presence is not supported for bot users.";
        return Err(Error::bad_request(msg));
    }
    let seen = of_user(ctx, user.realm_id(), user.id()).await;
    if seen == Seen::default() {
        let msg = format!("No presence data for {who}");
        return Err(Error::bad_request(msg));
    }
    let mut presence = LegacyPresence::of(seen);
    let silent = ctx.clock.now().timestamp() - presence.aggregated.timestamp;
    if silent > PRESENCE_OFFLINE_THRESHOLD_SECONDS as i64 {
        presence.aggregated.status = "offline";
    }
    Ok(presence)
}
