use serde::Deserialize;

use super::Environment;

/// memcached: `[memcache]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MemcacheConfig {
    /// `host:port`, or `memcache://host:port`. `NARROWS_MEMCACHE_URL`.
    pub url: String,
    /// Put before every key, so that installations can share a server. `NARROWS_MEMCACHE_PREFIX`.
    pub prefix: String,
}

impl Default for MemcacheConfig {
    fn default() -> Self {
        Self {
            url: "127.0.0.1:11211".into(),
            prefix: "narrows:".into(),
        }
    }
}

impl MemcacheConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.text("NARROWS_MEMCACHE_URL", &mut self.url);
        environment.text("NARROWS_MEMCACHE_PREFIX", &mut self.prefix);
    }
}
