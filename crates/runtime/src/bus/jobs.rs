//! Taking jobs from their queues, and looking after the dead ones.

use bytes::Bytes;
use futures_util::StreamExt;
use lapin::message::Delivery;
use lapin::options::{
    BasicAckOptions, BasicConsumeOptions, BasicGetOptions, BasicNackOptions, BasicQosOptions,
    ConfirmSelectOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Consumer};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::publisher::publish;
use super::topology::RETRY_DELAYS_SECONDS;
use super::{Bus, BusError};

/// Takes jobs of one queue, for ever; after an outage too. A job that was neither finished, retried nor buried when its
/// process died is delivered again.
pub struct JobConsumer {
    bus: Bus,
    queue: String,
    prefetch: u16,
    open: Option<(Channel, Consumer)>,
}

/// A job to be done. Dropping it without a verdict delivers it again once the channel closes.
pub struct JobDelivery {
    bus: Bus,
    channel: Channel,
    delivery: Delivery,
    /// The queue's name without prefix.
    pub queue: String,
}

/// A job that failed for good, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub struct DeadJob {
    /// The queue that it came from.
    pub queue: String,
    /// Why it failed the last time.
    pub reason: String,
    /// [`narrows_wire::jobs::JobEnvelope`], or whatever it was.
    pub body: Box<RawValue>,
}

impl Bus {
    /// Takes jobs of a queue, at most `prefetch` at a time.
    pub fn consume_jobs(&self, queue: &str, prefetch: u16) -> JobConsumer {
        JobConsumer {
            bus: self.clone(),
            queue: queue.to_owned(),
            prefetch,
            open: None,
        }
    }

    /// Lists up to `limit` dead jobs; they stay where they are.
    pub async fn dead_jobs(&self, limit: usize) -> Result<Vec<DeadJob>, BusError> {
        let channel = self.try_channel().await?;
        self.declare(&channel, 0).await?;
        let mut jobs = Vec::new();
        let queue = self.jobs_queue("dead");
        while jobs.len() < limit {
            let options = BasicGetOptions::default();
            let Some(message) = channel.basic_get(queue.as_str().into(), options).await? else {
                break;
            };
            jobs.extend(parse_dead(&message.delivery.data));
        }
        let requeue = BasicNackOptions {
            multiple: true,
            requeue: true,
        };
        channel.basic_nack(0, requeue).await?;
        Ok(jobs)
    }

    /// Puts every job that is dead now back into its queue, from its first attempt; tells how many.
    pub async fn replay_dead_jobs(&self) -> Result<usize, BusError> {
        let channel = self.try_channel().await?;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        self.declare(&channel, 0).await?;
        let queue = self.jobs_queue("dead");
        let mut replayed = 0;
        let mut left = u32::MAX;
        while left > 0 {
            let options = BasicGetOptions::default();
            let Some(message) = channel.basic_get(queue.as_str().into(), options).await? else {
                break;
            };
            left = left.min(message.message_count + 1) - 1;
            let Some(dead) = parse_dead(&message.delivery.data) else {
                continue;
            };
            let body = with_attempt(dead.body.get().as_bytes(), |_| 0);
            confirmed(&channel, "", &self.jobs_queue(&dead.queue), &body).await?;
            message.delivery.ack(BasicAckOptions::default()).await?;
            replayed += 1;
        }
        Ok(replayed)
    }
}

fn parse_dead(data: &[u8]) -> Option<DeadJob> {
    serde_json::from_slice(data)
        .inspect_err(|error| tracing::error!(%error, "a dead job cannot be read; it stays"))
        .ok()
}

impl JobConsumer {
    /// The next job, however long it takes.
    pub async fn next(&mut self) -> JobDelivery {
        loop {
            match self.try_next().await {
                Ok(Some(delivery)) => return delivery,
                Ok(None) => tracing::warn!(
                    queue = self.queue,
                    "the job queue was closed; opening it again"
                ),
                Err(error) => {
                    tracing::warn!(%error, queue = self.queue, "taking jobs broke off");
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
            }
            self.open = None;
        }
    }

    async fn try_next(&mut self) -> Result<Option<JobDelivery>, BusError> {
        if self.open.is_none() {
            self.open = Some(self.subscribe().await?);
        }
        let Some((channel, consumer)) = &mut self.open else {
            return Ok(None);
        };
        let Some(delivery) = consumer.next().await.transpose()? else {
            return Ok(None);
        };
        Ok(Some(JobDelivery {
            bus: self.bus.clone(),
            channel: channel.clone(),
            delivery,
            queue: self.queue.clone(),
        }))
    }

    async fn subscribe(&self) -> Result<(Channel, Consumer), BusError> {
        let channel = self.bus.channel().await;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        self.bus.declare(&channel, 0).await?;
        self.bus.declare_jobs(&channel, &self.queue).await?;
        channel
            .basic_qos(self.prefetch, BasicQosOptions::default())
            .await?;
        let consumer = channel
            .basic_consume(
                self.bus.jobs_queue(&self.queue).into(),
                "".into(),
                BasicConsumeOptions::default(),
                FieldTable::default(),
            )
            .await?;
        Ok((channel, consumer))
    }
}

impl JobDelivery {
    /// [`narrows_wire::jobs::JobEnvelope`] as JSON.
    pub fn body(&self) -> &[u8] {
        &self.delivery.data
    }

    /// The work is done.
    pub async fn finish(self) -> Result<(), BusError> {
        self.delivery.ack(BasicAckOptions::default()).await?;
        Ok(())
    }

    /// Try again later, and later still; after the last delay, bury it. `attempt` is how often it was tried before.
    pub async fn retry(self, attempt: u32, reason: &str) -> Result<(), BusError> {
        let Some(seconds) = RETRY_DELAYS_SECONDS.get(attempt as usize).copied() else {
            return self.bury(reason).await;
        };
        let body = with_attempt(&self.delivery.data, |_| attempt + 1);
        let exchange = self.bus.retry_exchange(seconds);
        let queue = self.bus.jobs_queue(&self.queue);
        confirmed(&self.channel, &exchange, &queue, &body).await?;
        self.finish().await
    }

    /// It will never work: keep it for an operator to see.
    pub async fn bury(self, reason: &str) -> Result<(), BusError> {
        let text = String::from_utf8_lossy(&self.delivery.data).into_owned();
        let dead = DeadJob {
            queue: self.queue.clone(),
            reason: reason.to_owned(),
            body: RawValue::from_string(text.clone())
                .or_else(|_| serde_json::value::to_raw_value(&text))
                .unwrap_or_else(|_| RawValue::NULL.to_owned()),
        };
        let body = serde_json::to_vec(&dead).unwrap_or_default();
        confirmed(&self.channel, "", &self.bus.jobs_queue("dead"), &body).await?;
        self.finish().await
    }
}

/// The same job with another attempt; what is no job stays as it is.
fn with_attempt(body: &[u8], change: impl Fn(u32) -> u32) -> Bytes {
    match serde_json::from_slice::<narrows_wire::jobs::JobEnvelope>(body) {
        Ok(mut envelope) => {
            envelope.attempt = change(envelope.attempt);
            serde_json::to_vec(&envelope).map_or_else(|_| Bytes::copy_from_slice(body), Bytes::from)
        }
        Err(_) => Bytes::copy_from_slice(body),
    }
}

async fn confirmed(
    channel: &Channel,
    exchange: &str,
    queue: &str,
    body: &[u8],
) -> Result<(), BusError> {
    let confirmation = publish(channel, exchange, queue, body, true).await?.await?;
    if confirmation.is_nack() {
        return Err(BusError::NotAccepted(queue.to_owned()));
    }
    match confirmation.take_message() {
        None => Ok(()),
        Some(_) => Err(BusError::Unroutable(queue.to_owned())),
    }
}
