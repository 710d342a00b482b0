use serde::Deserialize;

use super::{Environment, Secret};

/// RabbitMQ: `[amqp]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AmqpConfig {
    /// `amqp://user:password@host:port/vhost`. `NARROWS_AMQP_URL`.
    pub url: Secret,
    /// Put before every queue's name, so that installations can share a broker. `NARROWS_AMQP_PREFIX`.
    pub prefix: String,
    /// How far back the event log reaches, as RabbitMQ writes ages (`24h`, `7D`). After a restart of push, queues
    /// whose client has not polled for longer are gone.
    pub events_max_age: String,
    /// Size of the log's segment files in bytes: age is looked at only when a segment is full.
    pub events_segment_bytes: u32,
}

impl Default for AmqpConfig {
    fn default() -> Self {
        Self {
            url: Secret::new("amqp://guest:guest@127.0.0.1:5672/%2f"),
            prefix: String::new(),
            events_max_age: "24h".into(),
            events_segment_bytes: 16 * 1024 * 1024,
        }
    }
}

impl AmqpConfig {
    pub(super) fn overlay(&mut self, environment: &Environment<'_>) {
        environment.secret("NARROWS_AMQP_URL", &mut self.url);
        environment.text("NARROWS_AMQP_PREFIX", &mut self.prefix);
    }
}
