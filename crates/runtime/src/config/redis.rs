use serde::Deserialize;

use super::{Environment, Secret};

/// Redis: `[redis]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RedisConfig {
    /// `redis://:password@host:port/db`. `NARROWS_REDIS_URL`.
    pub url: Secret,
    /// Put before every key, so that installations can share a server. `NARROWS_REDIS_PREFIX`.
    pub prefix: String,
}

impl Default for RedisConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("redis://127.0.0.1:6379/0"),
            prefix: "narrows:".into(),
        }
    }
}

impl RedisConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.secret("NARROWS_REDIS_URL", &mut self.url);
        environment.text("NARROWS_REDIS_PREFIX", &mut self.prefix);
    }
}
