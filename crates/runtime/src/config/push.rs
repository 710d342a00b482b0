use serde::Deserialize;

use super::{ConfigError, Environment};

/// Push: `[push]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushConfig {
    /// Where it listens. `NARROWS_PUSH_BIND`.
    pub bind: String,
    /// Where the app server reaches it; `{shard}` stands for the shard's number. `NARROWS_PUSH_URL`.
    pub url: String,
    /// How many shards there are. All processes must agree. `NARROWS_PUSH_SHARDS`.
    pub shards: u32,
    /// Which shard this process is, from 0. `NARROWS_PUSH_SHARD`.
    pub shard: u32,
    /// A queue with more events than this waiting dies. `NARROWS_PUSH_MAX_PENDING`.
    pub max_pending: usize,
}

impl Default for PushConfig {
    fn default() -> Self {
        Self {
            bind: "127.0.0.1:9993".into(),
            url: "http://127.0.0.1:9993".into(),
            shards: 1,
            shard: 0,
            max_pending: 20_000,
        }
    }
}

impl PushConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        environment.text("NARROWS_PUSH_BIND", &mut self.bind);
        environment.text("NARROWS_PUSH_URL", &mut self.url);
        environment.number("NARROWS_PUSH_SHARDS", &mut self.shards)?;
        environment.number("NARROWS_PUSH_SHARD", &mut self.shard)?;
        environment.number("NARROWS_PUSH_MAX_PENDING", &mut self.max_pending)?;
        if self.shard >= self.shards {
            return Err(ConfigError::Variable {
                variable: "NARROWS_PUSH_SHARD",
                value: self.shard.to_string(),
                wanted: "less than push.shards (NARROWS_PUSH_SHARDS)",
            });
        }
        Ok(())
    }

    /// Where the app server reaches a shard.
    pub fn url_of(&self, shard: u32) -> String {
        self.url.replace("{shard}", &shard.to_string())
    }
}
