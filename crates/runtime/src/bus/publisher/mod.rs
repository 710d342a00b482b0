//! The one ordered publisher of a process.
//!
//! Whoever commits a transaction reserves a place first, so the log has the order in which the transactions were
//! serialised. Messages wait in memory until RabbitMQ has confirmed them; when it nacks, or goes away, the publisher goes
//! back to the first unconfirmed one and sends everything from there again, in order. Consumers deduplicate by outbox id.
//! What a crash of the process loses from memory is still in the outbox.

mod queue;
mod task;

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use lapin::options::BasicPublishOptions;
use lapin::{BasicProperties, Channel, PublisherConfirm};
use narrows_wire::{Envelope, OutboxId};
use tokio::sync::{mpsc, oneshot};

use self::queue::{Events, Waiting};
use self::task::Task;
use super::{Bus, BusError, ShardSet};

/// Transient messages that wait; more are dropped.
const TRANSIENT: usize = 4096;

/// What a transaction wants published.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// An event, for the log.
    Event {
        /// Its outbox row.
        id: OutboxId,
        /// Where it goes.
        shards: ShardSet,
        /// An [`Envelope`] as JSON, on one line.
        body: Bytes,
        /// Whether it may share an entry of the log with others, one on each line. What changes who receives events may
        /// not: it counts from its entry on.
        is_plain: bool,
    },
    /// A job.
    Job {
        /// Its outbox row.
        id: OutboxId,
        /// [`narrows_wire::Job::queue`].
        queue: String,
        /// [`narrows_wire::jobs::JobEnvelope`] as JSON.
        body: Bytes,
    },
}

/// Publishes in order. Cheap to clone.
#[derive(Clone)]
pub struct Publisher {
    places: mpsc::UnboundedSender<oneshot::Receiver<Vec<Waiting>>>,
    transient: mpsc::Sender<(Vec<String>, Bytes)>,
    bus: Bus,
    shards: u32,
}

/// A place in the order. Dropping it frees the place.
pub struct Ticket {
    place: oneshot::Sender<Vec<Waiting>>,
    bus: Bus,
    shards: u32,
}

/// Ready once RabbitMQ has confirmed all that a ticket published. Not awaiting it is fine.
#[derive(Debug)]
pub struct Confirmed(oneshot::Receiver<()>);

impl Future for Confirmed {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        match self.0.poll_unpin(cx) {
            Poll::Ready(Ok(())) => Poll::Ready(()),
            // The process is going down: never say that something was confirmed when it was not.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }
}

#[derive(Debug)]
enum Entry {
    Message {
        queue: String,
        /// Set for jobs: declared when RabbitMQ does not know the queue.
        job: Option<String>,
        body: Bytes,
        /// Set on the last copy of what has these ids.
        ids: Vec<OutboxId>,
    },
    Done(oneshot::Sender<()>),
}

impl Publisher {
    /// Starts the publishing task. Ids are reported on `confirmed` once all copies are confirmed, in batches.
    pub fn start(bus: &Bus, shards: u32, confirmed: mpsc::UnboundedSender<Vec<OutboxId>>) -> Self {
        let (places, places_taken) = mpsc::unbounded_channel();
        let (transient, transients) = mpsc::channel(TRANSIENT);
        tokio::spawn(Task::new(bus, shards, places_taken, confirmed).run());
        tokio::spawn(publish_transients(bus.clone(), transients));
        Self {
            places,
            transient,
            bus: bus.clone(),
            shards,
        }
    }

    /// How many shards there are.
    pub fn shards(&self) -> u32 {
        self.shards
    }

    /// Takes the next place in the order; call it right before COMMIT.
    pub fn reserve(&self) -> Ticket {
        let (place, taken) = oneshot::channel();
        if self.places.send(taken).is_err() {
            tracing::error!("the publishing task is gone; the outbox relay will publish");
        }
        Ticket {
            place,
            bus: self.bus.clone(),
            shards: self.shards,
        }
    }

    /// Publishes something that may be lost: typing, presence.
    pub fn transient(&self, envelope: &Envelope) {
        let queues: Vec<String> = ShardSet::of(envelope, self.shards)
            .iter(self.shards)
            .into_iter()
            .map(|shard| self.bus.events_queue(shard))
            .collect();
        match serde_json::to_vec(envelope) {
            Ok(body) => {
                if self.transient.try_send((queues, body.into())).is_err() {
                    metrics::counter!("narrows_transient_dropped_total").increment(1);
                }
            }
            Err(error) => tracing::error!(%error, "an envelope cannot be serialised"),
        }
    }

    /// Ready once everything that was reserved before is confirmed or dropped: for a graceful end.
    pub async fn flush(&self) {
        self.reserve().publish(Vec::new()).await;
    }
}

impl Ticket {
    /// Publishes what the transaction wrote; call it after COMMIT.
    pub fn publish(self, items: Vec<Outgoing>) -> Confirmed {
        let (done, confirmed) = oneshot::channel();
        let mut waiting: Vec<Waiting> = items.into_iter().map(|item| self.waiting(item)).collect();
        waiting.push(Waiting::Entry(Entry::Done(done)));
        if self.place.send(waiting).is_err() {
            tracing::error!("the publishing task is gone; the outbox relay will publish");
        }
        Confirmed(confirmed)
    }

    fn waiting(&self, item: Outgoing) -> Waiting {
        match item {
            Outgoing::Job { id, queue, body } => Waiting::Entry(Entry::Message {
                queue: self.bus.jobs_queue(&queue),
                job: Some(queue),
                body,
                ids: vec![id],
            }),
            Outgoing::Event {
                id,
                shards,
                body,
                is_plain,
            } => {
                let shards = shards.iter(self.shards);
                // Nobody is told, but the row is to be deleted: shard 0 takes it and finds no audience.
                let shards = if shards.is_empty() { vec![0] } else { shards };
                let queues = shards.into_iter().map(|shard| self.bus.events_queue(shard));
                Waiting::Events(Events {
                    ids: vec![id],
                    queues: queues.collect(),
                    bodies: vec![body],
                    is_plain,
                })
            }
        }
    }
}

pub(super) async fn publish(
    channel: &Channel,
    exchange: &str,
    queue: &str,
    body: &[u8],
    mandatory: bool,
) -> Result<PublisherConfirm, BusError> {
    let options = BasicPublishOptions {
        mandatory,
        ..Default::default()
    };
    let properties = BasicProperties::default().with_delivery_mode(2);
    Ok(channel
        .basic_publish(exchange.into(), queue.into(), options, body, properties)
        .await?)
}

/// A channel of its own, without confirms; what it cannot send, it drops.
async fn publish_transients(bus: Bus, mut transients: mpsc::Receiver<(Vec<String>, Bytes)>) {
    let mut channel: Option<Channel> = None;
    while let Some((queues, body)) = transients.recv().await {
        if !channel.as_ref().is_some_and(|c| c.status().connected()) {
            channel = bus.try_channel().await.ok();
        }
        let Some(open) = &channel else { continue };
        for queue in queues {
            if let Err(error) = publish(open, "", &queue, &body, false).await {
                tracing::debug!(%error, "a transient event was dropped");
            }
        }
    }
}
