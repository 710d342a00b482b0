//! Reading an event log.

use bytes::Bytes;
use futures_util::StreamExt;
use lapin::options::{BasicAckOptions, BasicConsumeOptions, BasicQosOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, Consumer};

use super::{Bus, BusError};

/// How far RabbitMQ may run ahead of us.
const PREFETCH: u16 = 1024;
/// One acknowledgement (which only gives RabbitMQ credit) for so many entries.
const ACK_EVERY: u64 = 256;

/// Where to start reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// At the oldest entry there is.
    First,
    /// After the newest entry.
    Next,
    /// At this offset, or at the nearest that there is.
    At(i64),
}

/// An entry of the log.
#[derive(Clone, Debug)]
pub struct StreamEntry {
    /// Its place.
    pub offset: i64,
    /// As it was published: [`super::Outgoing::Events`].
    pub body: Bytes,
}

/// Reads on and on; after an outage, from where it was.
pub struct StreamConsumer {
    bus: Bus,
    shard: u32,
    from: Offset,
    open: Option<(Channel, Consumer)>,
    unacknowledged: u64,
}

impl Bus {
    /// Reads the event log of a shard.
    pub fn consume_stream(&self, shard: u32, from: Offset) -> StreamConsumer {
        StreamConsumer {
            bus: self.clone(),
            shard,
            from,
            open: None,
            unacknowledged: 0,
        }
    }
}

impl StreamConsumer {
    /// The next entry, however long it takes. Nothing is lost when it is cancelled.
    pub async fn next(&mut self) -> StreamEntry {
        loop {
            match self.try_next().await {
                Ok(Some(entry)) => {
                    self.from = Offset::At(entry.offset + 1);
                    return entry;
                }
                Ok(None) => tracing::warn!(
                    shard = self.shard,
                    "the event log was closed; opening it again"
                ),
                Err(error) => {
                    tracing::warn!(%error, shard = self.shard, "reading the event log broke off");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
            self.open = None;
        }
    }

    async fn try_next(&mut self) -> Result<Option<StreamEntry>, BusError> {
        if self.open.is_none() {
            self.open = Some(self.subscribe().await?);
            self.unacknowledged = 0;
        }
        let Some((_, consumer)) = &mut self.open else {
            return Ok(None);
        };
        let Some(delivery) = consumer.next().await.transpose()? else {
            return Ok(None);
        };
        self.unacknowledged += 1;
        if self.unacknowledged >= ACK_EVERY {
            self.unacknowledged = 0;
            delivery
                .acker
                .ack(BasicAckOptions { multiple: true })
                .await?;
        }
        let headers = delivery.properties.headers().as_ref();
        let offset = headers.and_then(|h| h.inner().get("x-stream-offset"));
        let Some(AMQPValue::LongLongInt(offset)) = offset else {
            tracing::error!("an entry of the event log has no offset");
            return Ok(None);
        };
        Ok(Some(StreamEntry {
            offset: *offset,
            body: delivery.data.into(),
        }))
    }

    async fn subscribe(&self) -> Result<(Channel, Consumer), BusError> {
        let channel = self.bus.channel().await;
        self.bus.declare_events(&channel, self.shard).await?;
        channel
            .basic_qos(PREFETCH, BasicQosOptions::default())
            .await?;
        let mut arguments = FieldTable::default();
        let from = match self.from {
            Offset::First => AMQPValue::LongString("first".into()),
            Offset::Next => AMQPValue::LongString("next".into()),
            Offset::At(offset) => AMQPValue::LongLongInt(offset),
        };
        arguments.insert("x-stream-offset".into(), from);
        let consumer = channel
            .basic_consume(
                self.bus.events_queue(self.shard).into(),
                "".into(),
                BasicConsumeOptions::default(),
                arguments,
            )
            .await?;
        Ok((channel, consumer))
    }
}
