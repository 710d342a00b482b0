//! Which queues there are. Declaring is idempotent and done on every new channel.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};
use narrows_wire::Job;

use super::{Bus, BusError};

/// How long a failed job waits before its first, second … retry; after the last one, it is dead.
pub const RETRY_DELAYS_SECONDS: [u32; 5] = [5, 30, 300, 1800, 7200];

impl Bus {
    /// Declares everything: `shards` event logs, the job queues, the queues in which failed jobs wait, and the one of dead jobs.
    pub async fn declare(&self, channel: &Channel, shards: u32) -> Result<(), BusError> {
        for shard in 0..shards {
            self.declare_events(channel, shard).await?;
        }
        for queue in Job::QUEUES {
            self.declare_jobs(channel, queue).await?;
        }
        for seconds in RETRY_DELAYS_SECONDS {
            self.declare_retry(channel, seconds).await?;
        }
        self.declare_jobs(channel, "dead").await
    }

    /// The event log of a shard.
    pub async fn declare_events(&self, channel: &Channel, shard: u32) -> Result<(), BusError> {
        let config = self.config();
        let mut arguments = FieldTable::default();
        arguments.insert("x-queue-type".into(), text("stream"));
        arguments.insert("x-max-age".into(), text(&config.events_max_age));
        arguments.insert(
            "x-stream-max-segment-size-bytes".into(),
            AMQPValue::LongLongInt(i64::from(config.events_segment_bytes)),
        );
        durable(channel, &self.events_queue(shard), arguments).await
    }

    /// The queue in which jobs of this name wait.
    pub async fn declare_jobs(&self, channel: &Channel, name: &str) -> Result<(), BusError> {
        durable(channel, &self.jobs_queue(name), FieldTable::default()).await
    }

    /// The exchange that takes jobs to wait for so many seconds; they go back to the queue of their routing key.
    pub fn retry_exchange(&self, seconds: u32) -> String {
        self.name(&format!("jobs.retry.{seconds}"))
    }

    async fn declare_retry(&self, channel: &Channel, seconds: u32) -> Result<(), BusError> {
        let name = self.retry_exchange(seconds);
        let mut arguments = FieldTable::default();
        arguments.insert("x-message-ttl".into(), AMQPValue::LongUInt(seconds * 1000));
        arguments.insert("x-dead-letter-exchange".into(), text(""));
        durable(channel, &name, arguments).await?;
        let options = ExchangeDeclareOptions {
            durable: true,
            ..Default::default()
        };
        channel
            .exchange_declare(
                name.as_str().into(),
                ExchangeKind::Fanout,
                options,
                FieldTable::default(),
            )
            .await?;
        channel
            .queue_bind(
                name.as_str().into(),
                name.as_str().into(),
                "".into(),
                QueueBindOptions::default(),
                FieldTable::default(),
            )
            .await?;
        Ok(())
    }
}

async fn durable(channel: &Channel, name: &str, arguments: FieldTable) -> Result<(), BusError> {
    channel
        .queue_declare(name.into(), QueueDeclareOptions::durable(), arguments)
        .await?;
    Ok(())
}

fn text(value: &str) -> AMQPValue {
    AMQPValue::LongString(value.into())
}
