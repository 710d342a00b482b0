//! RabbitMQ: the event log of each push shard (a stream queue) and the job queues.
//!
//! [`Bus`] hands out channels of one connection and connects anew, for ever, when it breaks. On top of it:
//! [`Publisher`], which loses and reorders nothing, [`StreamConsumer`] and [`JobConsumer`], which go on where they were.

mod jobs;
mod publisher;
mod shards;
mod stream;
mod topology;

use std::sync::Arc;
use std::time::Duration;

use lapin::{Channel, Connection, ConnectionProperties};
use tokio::sync::Mutex;

use crate::config::AmqpConfig;

pub use jobs::{DeadJob, JobConsumer, JobDelivery};
pub use publisher::{Confirmed, Outgoing, Publisher, Ticket};
pub use shards::{ShardSet, home_shard};
pub use stream::{Offset, StreamConsumer, StreamEntry};
pub use topology::RETRY_DELAYS_SECONDS;

/// RabbitMQ did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    /// It is not there, or refused.
    #[error("RabbitMQ: {0}")]
    Broker(#[from] lapin::Error),
    /// It could not route a message to a queue.
    #[error("RabbitMQ has no queue {0}")]
    Unroutable(String),
    /// It did not take responsibility for a message.
    #[error("RabbitMQ did not accept a message for {0}")]
    NotAccepted(String),
    /// No connection within the time that a caller can wait.
    #[error("RabbitMQ does not answer")]
    Timeout,
}

/// Longest wait between two attempts to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// How long one attempt may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection to RabbitMQ that is made when it is needed. Cheap to clone.
#[derive(Clone)]
pub struct Bus {
    inner: Arc<Inner>,
}

struct Inner {
    config: AmqpConfig,
    connection: Mutex<Option<Connection>>,
}

impl Bus {
    /// Does not connect yet: a process starts, and serves what it can, while RabbitMQ is away.
    pub fn connect(config: &AmqpConfig) -> Self {
        Self {
            inner: Arc::new(Inner {
                config: config.clone(),
                connection: Mutex::new(None),
            }),
        }
    }

    /// A new channel; one attempt.
    pub async fn try_channel(&self) -> Result<Channel, BusError> {
        let mut slot = self.inner.connection.lock().await;
        if let Some(connection) = slot.as_ref().filter(|c| c.status().connected()) {
            match connection.create_channel().await {
                Ok(channel) => return Ok(channel),
                Err(error) => tracing::debug!(%error, "connection to RabbitMQ is stale"),
            }
        }
        *slot = None;
        let attempt = Connection::connect(
            self.inner.config.url.expose(),
            ConnectionProperties::default().with_connection_name("narrows".into()),
        );
        let connection = tokio::time::timeout(CONNECT_TIMEOUT, attempt)
            .await
            .map_err(|_| BusError::Timeout)??;
        let channel = connection.create_channel().await?;
        *slot = Some(connection);
        Ok(channel)
    }

    /// A new channel, however long it takes.
    pub async fn channel(&self) -> Channel {
        let mut pause = Duration::from_millis(50);
        loop {
            match self.try_channel().await {
                Ok(channel) => return channel,
                Err(error) => tracing::warn!(%error, "waiting for RabbitMQ"),
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The name of a queue or exchange in this installation.
    pub fn name(&self, name: &str) -> String {
        format!("{}{name}", self.inner.config.prefix)
    }

    /// The stream queue that is the event log of a shard.
    pub fn events_queue(&self, shard: u32) -> String {
        self.name(&format!("events.{shard}"))
    }

    /// The queue in which jobs of this name wait ([`narrows_wire::Job::queue`]).
    pub fn jobs_queue(&self, name: &str) -> String {
        self.name(&format!("jobs.{name}"))
    }

    /// Whether RabbitMQ answers now.
    pub async fn is_alive(&self) -> bool {
        match self.try_channel().await {
            Ok(channel) => channel.close(200, "alive".into()).await.is_ok(),
            Err(_) => false,
        }
    }

    fn config(&self) -> &AmqpConfig {
        &self.inner.config
    }
}
