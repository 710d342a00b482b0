//! Redis: connected on first use, never waited for long. An error is a value: callers degrade as they see fit.

use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Cmd, FromRedisValue, Pipeline, Script};
use tokio::sync::OnceCell;

use crate::PerRuntime;
use crate::config::RedisConfig;

/// How long a command may take before it counts as failed.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(2);
/// How long connecting may take.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// Redis did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum RedisError {
    /// It is not there, or not in time.
    #[error("Redis does not answer: {0}")]
    Unavailable(#[source] redis::RedisError),
    /// It refused.
    #[error("Redis refused: {0}")]
    Refused(#[source] redis::RedisError),
}

impl From<redis::RedisError> for RedisError {
    fn from(error: redis::RedisError) -> Self {
        if error.is_io_error() || error.is_timeout() || error.is_connection_dropped() {
            Self::Unavailable(error)
        } else {
            Self::Refused(error)
        }
    }
}

/// A multiplexed connection for each runtime, made anew when it breaks. Cheap to clone.
#[derive(Clone)]
pub struct Redis {
    client: redis::Client,
    managers: Arc<PerRuntime<OnceCell<ConnectionManager>>>,
    prefix: Arc<str>,
}

impl Redis {
    /// Does not connect yet; fails only when the URL makes no sense.
    pub fn new(config: &RedisConfig) -> Result<Self, RedisError> {
        Ok(Self {
            client: redis::Client::open(config.url.expose())?,
            managers: Arc::default(),
            prefix: config.prefix.as_str().into(),
        })
    }

    /// The name of a key in this installation.
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Runs one command.
    pub async fn run<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, RedisError> {
        let mut connection = self.connection().await?;
        Ok(command.query_async(&mut connection).await?)
    }

    /// Runs several commands in one round trip (atomically, if the pipeline says so).
    pub async fn run_all<T: FromRedisValue>(&self, pipeline: &Pipeline) -> Result<T, RedisError> {
        let mut connection = self.connection().await?;
        Ok(pipeline.query_async(&mut connection).await?)
    }

    /// Runs a script, loading it when the server does not know it.
    pub async fn run_script<T: FromRedisValue>(
        &self,
        script: &Script,
        keys: &[String],
        arguments: &[String],
    ) -> Result<T, RedisError> {
        let mut connection = self.connection().await?;
        let mut invocation = script.prepare_invoke();
        for key in keys {
            invocation.key(key);
        }
        for argument in arguments {
            invocation.arg(argument);
        }
        Ok(invocation.invoke_async(&mut connection).await?)
    }

    async fn connection(&self) -> Result<ConnectionManager, RedisError> {
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(200))
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(RESPONSE_TIMEOUT));
        let manager = self.managers.here();
        let connect = || ConnectionManager::new_with_config(self.client.clone(), config);
        Ok(manager.get_or_try_init(connect).await?.clone())
    }
}
