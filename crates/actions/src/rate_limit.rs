//! How often somebody may do something: a sliding window in Redis, counted in one atomic script.
//!
//! Without Redis everything is allowed: a limit protects the server, it is no access control.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};

use narrows_runtime::config::Limit;
use narrows_runtime::redis::RedisError;
use narrows_wire::{ErrorCode, RealmId, UserId};
use redis::Script;

use crate::ctx::Ctx;
use crate::error::{Error, Result};

const MICROS: i64 = 1_000_000;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Calls of the API.
    Api,
    /// Failed log-ins to one account.
    LogIn,
    /// Log-ins from one address.
    LogInFrom,
    /// Mails that prove an address, to one address.
    Join,
    /// Such mails, asked for from one address.
    JoinFrom,
}

/// Who is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user.
    User(UserId),
    /// An account that somebody says is theirs.
    Account(RealmId, String),
    /// An IP address.
    Address(String),
}

/// What is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Calls in a window.
    pub limit: i64,
    /// Calls left now.
    pub remaining: i64,
    /// When the current window is over, in UNIX seconds.
    pub reset: i64,
}

impl Action {
    fn name(self) -> &'static str {
        match self {
            Action::Api => "api",
            Action::LogIn => "login",
            Action::LogInFrom => "login_from",
            Action::Join => "join",
            Action::JoinFrom => "join_from",
        }
    }

    fn limit(self, ctx: &Ctx, subject: &Subject) -> Limit {
        let limits = &ctx.config.limits;
        match (self, subject) {
            (Action::Api, Subject::User(_)) => limits.api_by_user(),
            (Action::Api, _) => limits.api_by_address(),
            (Action::LogIn, _) => limits.log_in_by_account(),
            (Action::LogInFrom, _) => limits.log_in_by_address(),
            (Action::Join, _) => limits.join_by_account(),
            (Action::JoinFrom, _) => limits.join_by_address(),
        }
    }

    fn key(self, ctx: &Ctx, subject: &Subject) -> String {
        let subject = match subject {
            Subject::User(user) => format!("user:{user}"),
            Subject::Account(realm, email) => format!("account:{realm}:{email}"),
            Subject::Address(address) => format!("address:{address}"),
        };
        ctx.redis.key(&format!("limit:{}:{subject}", self.name()))
    }
}

/// A window that slides: the calls of the current fixed window, and those of the one before in proportion to how much of
/// it the last `length` still covers. Three numbers a subject, however many calls.
///
/// KEYS: the hash. ARGV: now and length in microseconds, calls per window.
/// Returns: allowed, calls in the window, microseconds until there is room for one more.
static SPEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local now, length, limit = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local window = math.floor(now / length)
        local state = redis.call('HMGET', KEYS[1], 'window', 'count', 'before')
        local count, before = tonumber(state[2]) or 0, tonumber(state[3]) or 0
        local age = window - (tonumber(state[1]) or window)
        if age == 1 then count, before = 0, count elseif age ~= 0 then count, before = 0, 0 end
        local left = length - now % length
        local used = count + before * left / length
        if used + 1 <= limit then
            redis.call('HSET', KEYS[1], 'window', window, 'count', count + 1, 'before', before)
            redis.call('PEXPIRE', KEYS[1], math.ceil(2 * length / 1000))
            return {1, math.ceil(used + 1), left}
        end
        if count + 1 > limit then
            return {0, limit, math.ceil(left + length * (count + 1 - limit) / count)}
        end
        return {0, limit, math.ceil(length * (used + 1 - limit) / before)}
        ",
    )
});

/// Counts a call, or refuses it. `None`: not counted.
pub async fn spend(ctx: &Ctx, action: Action, subject: &Subject) -> Result<Option<Budget>> {
    let limit = action.limit(ctx, subject);
    if limit.calls == 0 {
        return Ok(None);
    }
    let now = ctx.clock.now().timestamp_micros();
    let arguments =
        [now, limit.seconds.saturating_mul(MICROS), limit.calls].map(|number| number.to_string());
    let spent = ctx
        .redis
        .run_script(&SPEND, &[action.key(ctx, subject)], &arguments)
        .await;
    let (allowed, count, free_in): (bool, i64, i64) = match spent {
        Ok(spent) => spent,
        Err(error) => {
            warn_once_a_minute(now, &error);
            return Ok(None);
        }
    };
    if !allowed {
        let seconds = free_in as f64 / MICROS as f64;
        let error = Error::api(ErrorCode::RateLimitHit, "API usage exceeded rate limit");
        return Err(error.with("retry-after", seconds));
    }
    let reset = now.saturating_add(free_in) / MICROS;
    Ok(Some(Budget {
        limit: limit.calls,
        remaining: (limit.calls - count).max(0),
        reset,
    }))
}

/// Forgets what was counted.
pub async fn forgive(ctx: &Ctx, action: Action, subject: &Subject) {
    let command = redis::Cmd::del(action.key(ctx, subject));
    if let Err(error) = ctx.redis.run::<i64>(&command).await {
        warn_once_a_minute(ctx.clock.now().timestamp_micros(), &error);
    }
}

fn warn_once_a_minute(now: i64, error: &RedisError) {
    static LAST: AtomicI64 = AtomicI64::new(0);
    let last = LAST.load(Ordering::Relaxed);
    if now - last >= 60 * MICROS
        && LAST
            .compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    {
        tracing::warn!(%error, "rate limits are not enforced");
    }
}
