use serde::Deserialize;

use super::{ConfigError, Environment, Secret};

/// PostgreSQL: `[database]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `postgres://user:password@host:port/database`. `NARROWS_DATABASE_URL`.
    pub url: Secret,
    /// Connections for transactions, per process. `NARROWS_DATABASE_POOL_SIZE`.
    pub pool_size: usize,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("postgres://narrows@127.0.0.1:5432/narrows"),
            pool_size: 16,
        }
    }
}

impl DatabaseConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) -> Result<(), ConfigError> {
        environment.secret("NARROWS_DATABASE_URL", &mut self.url);
        environment.number("NARROWS_DATABASE_POOL_SIZE", &mut self.pool_size)
    }
}
