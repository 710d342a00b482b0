//! Settings: a TOML file with one table per section, overlaid by environment variables.
//!
//! Every setting has a default that suits one machine, but for secrets: outside development there is none.

mod amqp;
mod database;
mod limits;
mod mail;
mod memcache;
mod metrics;
mod outward;
mod push;
mod redis;
mod secret;
mod secrets;
mod server;
mod uploads;

use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use amqp::AmqpConfig;
pub use database::DatabaseConfig;
pub use limits::{Limit, LimitsConfig};
pub use mail::MailConfig;
pub use memcache::MemcacheConfig;
pub use metrics::MetricsConfig;
pub use outward::OutwardConfig;
pub use push::PushConfig;
pub use redis::RedisConfig;
pub use secret::Secret;
pub use secrets::SecretsConfig;
pub use server::ServerConfig;
pub use uploads::UploadsConfig;

/// All settings of a process. Printing it shows no secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The app server, and what the installation is called.
    pub server: ServerConfig,
    /// Push: the servers of event queues.
    pub push: PushConfig,
    /// PostgreSQL.
    pub database: DatabaseConfig,
    /// RabbitMQ.
    pub amqp: AmqpConfig,
    /// Redis.
    pub redis: RedisConfig,
    /// memcached.
    pub memcache: MemcacheConfig,
    /// Rate limits.
    pub limits: LimitsConfig,
    /// Outgoing mail.
    pub mail: MailConfig,
    /// Uploaded files.
    pub uploads: UploadsConfig,
    /// Requests to other people's servers.
    pub outward: OutwardConfig,
    /// Prometheus.
    pub metrics: MetricsConfig,
    /// What nobody else may know.
    pub secrets: SecretsConfig,
}

/// What is wrong with the settings; says what to change.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not the TOML that is wanted.
    #[error("{0}")]
    Parse(Box<toml::de::Error>),
    /// A variable's value makes no sense.
    #[error("{variable}: {value:?} is not {wanted}")]
    Variable {
        /// Its name.
        variable: &'static str,
        /// What it holds.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A secret is not set.
    #[error(
        "secrets.{field} is not set: set {variable} to a random string of at least 32 characters"
    )]
    MissingSecret {
        /// The field in `[secrets]`.
        field: &'static str,
        /// The variable.
        variable: &'static str,
    },
}

impl Config {
    /// Reads the file (`--config`, else `NARROWS_CONFIG`, else none) and the environment.
    pub fn load(path: Option<&Path>) -> Result<Self, ConfigError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let path = path
            .map(Path::to_path_buf)
            .or_else(|| variable("NARROWS_CONFIG").map(PathBuf::from));
        let text = match path {
            None => String::new(),
            Some(path) => std::fs::read_to_string(&path)
                .map_err(|source| ConfigError::Read { path, source })?,
        };
        Self::from_sources(&text, variable)
    }

    /// From the text of a file and a look-up of variables.
    pub fn from_sources(
        toml: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let mut config: Self =
            toml::from_str(toml).map_err(|error| ConfigError::Parse(Box::new(error)))?;
        let environment = Environment {
            variable: &variable,
        };
        config.server.overlay(&environment)?;
        config.push.overlay(&environment)?;
        config.database.overlay(&environment)?;
        config.amqp.overlay(&environment);
        config.redis.overlay(&environment);
        config.memcache.overlay(&environment);
        config.limits.development = config.server.development;
        config.mail.overlay(&environment);
        config.uploads.overlay(&environment)?;
        config.outward.overlay(&environment)?;
        config.metrics.overlay(&environment);
        config.secrets.overlay(&environment);
        config.secrets.complete(config.server.development)?;
        Ok(config)
    }
}

/// The environment, as sections read it.
struct Environment<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
}

impl Environment<'_> {
    fn text(&self, variable: &str, field: &mut String) {
        if let Some(value) = (self.variable)(variable) {
            *field = value;
        }
    }

    fn optional(&self, variable: &str, field: &mut Option<String>) {
        if let Some(value) = (self.variable)(variable) {
            *field = Some(value);
        }
    }

    fn secret(&self, variable: &str, field: &mut Secret) {
        if let Some(value) = (self.variable)(variable) {
            *field = Secret::new(value);
        }
    }

    fn number<T: std::str::FromStr>(
        &self,
        variable: &'static str,
        field: &mut T,
    ) -> Result<(), ConfigError> {
        if let Some(value) = (self.variable)(variable) {
            *field = value.parse().map_err(|_| ConfigError::Variable {
                variable,
                value,
                wanted: "a number in range",
            })?;
        }
        Ok(())
    }

    fn flag(&self, variable: &'static str, field: &mut bool) -> Result<(), ConfigError> {
        if let Some(value) = (self.variable)(variable) {
            *field = match value.as_str() {
                "1" | "true" | "yes" => true,
                "0" | "false" | "no" => false,
                _ => {
                    return Err(ConfigError::Variable {
                        variable,
                        value,
                        wanted: "true or false",
                    });
                }
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
