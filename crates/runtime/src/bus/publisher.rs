//! The one ordered publisher of a process.
//!
//! Whoever commits a transaction reserves a place first, so the log has the order in which the transactions were
//! serialised. Messages wait in memory until RabbitMQ has confirmed them; when it nacks, or goes away, the publisher goes
//! back to the first unconfirmed one and sends everything from there again, in order. Consumers deduplicate by outbox id.
//! What a crash of the process loses from memory is still in the outbox.

use std::collections::{HashSet, VecDeque};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};

use lapin::{BasicProperties, Channel, Confirmation, PublisherConfirm};
use narrows_wire::{Envelope, OutboxId};
use tokio::sync::{mpsc, oneshot};

use super::{Bus, BusError, ShardSet};

/// Most messages that RabbitMQ has not confirmed yet.
const IN_FLIGHT: usize = 256;
/// Transient messages that wait; more are dropped.
const TRANSIENT: usize = 4096;
/// A reserved place that is not used for so long holds up all behind it: say so.
const SLOW_TICKET: Duration = Duration::from_secs(5);
/// The backlog is logged whenever it reaches a multiple of this.
const BACKLOG_STEP: usize = 10_000;

/// What a transaction wants published.
#[derive(Clone, Debug)]
pub enum Outgoing {
    /// An envelope for the event log.
    Event {
        /// Its outbox row.
        id: OutboxId,
        /// Where it goes.
        shards: ShardSet,
        /// [`Envelope`] as JSON.
        body: Bytes,
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
    places: mpsc::UnboundedSender<oneshot::Receiver<Vec<Entry>>>,
    transient: mpsc::Sender<(Vec<String>, Bytes)>,
    bus: Bus,
    shards: u32,
}

/// A place in the order. Dropping it frees the place.
pub struct Ticket {
    place: oneshot::Sender<Vec<Entry>>,
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
        /// Set on the last copy of what has this id.
        id: Option<OutboxId>,
    },
    Done(oneshot::Sender<()>),
}

impl Publisher {
    /// Starts the publishing task. Ids are reported on `confirmed` once all copies are confirmed, in batches.
    pub fn start(bus: &Bus, shards: u32, confirmed: mpsc::UnboundedSender<Vec<OutboxId>>) -> Self {
        let (places, places_taken) = mpsc::unbounded_channel();
        let (transient, transients) = mpsc::channel(TRANSIENT);
        let task = Task {
            bus: bus.clone(),
            shards,
            confirmed,
            places: places_taken,
            head: None,
            queued: VecDeque::new(),
            flying: VecDeque::new(),
            known_jobs: HashSet::new(),
        };
        tokio::spawn(task.run());
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
        let mut entries = Vec::with_capacity(items.len() + 1);
        for item in items {
            self.add(item, &mut entries);
        }
        entries.push(Entry::Done(done));
        if self.place.send(entries).is_err() {
            tracing::error!("the publishing task is gone; the outbox relay will publish");
        }
        Confirmed(confirmed)
    }

    fn add(&self, item: Outgoing, entries: &mut Vec<Entry>) {
        match item {
            Outgoing::Job { id, queue, body } => entries.push(Entry::Message {
                queue: self.bus.jobs_queue(&queue),
                job: Some(queue),
                body,
                id: Some(id),
            }),
            Outgoing::Event { id, shards, body } => {
                let shards = shards.iter(self.shards);
                // Nobody is told, but the row is to be deleted: shard 0 takes it and finds no audience.
                let shards = if shards.is_empty() { vec![0] } else { shards };
                let last = shards.len() - 1;
                for (n, shard) in shards.into_iter().enumerate() {
                    entries.push(Entry::Message {
                        queue: self.bus.events_queue(shard),
                        job: None,
                        body: body.clone(),
                        id: (n == last).then_some(id),
                    });
                }
            }
        }
    }
}

struct Task {
    bus: Bus,
    shards: u32,
    confirmed: mpsc::UnboundedSender<Vec<OutboxId>>,
    places: mpsc::UnboundedReceiver<oneshot::Receiver<Vec<Entry>>>,
    /// The place whose turn it is.
    head: Option<oneshot::Receiver<Vec<Entry>>>,
    /// To be sent.
    queued: VecDeque<Entry>,
    /// Sent and not confirmed, or behind such.
    flying: VecDeque<(Entry, Option<PublisherConfirm>)>,
    /// Job queues that were declared on demand.
    known_jobs: HashSet<String>,
}

impl Task {
    async fn run(mut self) {
        loop {
            let channel = tokio::select! {
                channel = self.bus.channel() => channel,
                // During an outage messages pile up here, where their number is seen and logged.
                () = collect(&mut self.places, &mut self.head, &mut self.queued) => return,
            };
            match self.publish_on(&channel).await {
                Ok(()) => return,
                Err(error) => tracing::warn!(
                    %error,
                    unconfirmed = self.flying.len(),
                    waiting = self.queued.len(),
                    "publishing broke off; sending again from the first unconfirmed message"
                ),
            }
            while let Some((entry, _)) = self.flying.pop_back() {
                self.queued.push_front(entry);
            }
            // A broker that refuses at once must not be asked in a tight loop.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Publishes until everything is over (`Ok`) or something breaks.
    async fn publish_on(&mut self, channel: &Channel) -> Result<(), BusError> {
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        self.bus.declare(channel, self.shards).await?;
        for job in &self.known_jobs {
            self.bus.declare_jobs(channel, job).await?;
        }
        loop {
            self.settle_done();
            metrics::gauge!("narrows_publish_backlog")
                .set((self.queued.len() + self.flying.len()) as f64);
            if self.flying.len() < IN_FLIGHT
                && let Some(entry) = self.queued.pop_front()
            {
                self.send(channel, entry).await?;
                continue;
            }
            if self.flying.is_empty() && self.queued.is_empty() {
                match next_place(&mut self.places, &mut self.head).await {
                    Some(entries) => self.queued.extend(entries),
                    None => return Ok(()),
                }
                continue;
            }
            let room = self.queued.is_empty();
            let Some((_, Some(confirm))) = self.flying.front_mut() else {
                continue;
            };
            tokio::select! {
                biased;
                confirmation = confirm => self.confirm(confirmation?).await?,
                Some(entries) = next_place(&mut self.places, &mut self.head), if room => {
                    self.queued.extend(entries);
                }
            }
        }
    }

    async fn send(&mut self, channel: &Channel, entry: Entry) -> Result<(), BusError> {
        let Entry::Message { queue, body, .. } = &entry else {
            self.flying.push_back((entry, None));
            return Ok(());
        };
        let sent = publish(channel, "", queue, body, true).await;
        match sent {
            Ok(confirm) => {
                self.flying.push_back((entry, Some(confirm)));
                Ok(())
            }
            Err(error) => {
                self.queued.push_front(entry);
                Err(error)
            }
        }
    }

    /// Takes the confirmation of the first message in flight, and of those behind it that have theirs too.
    async fn confirm(&mut self, first: Confirmation) -> Result<(), BusError> {
        let mut ids = Vec::new();
        let mut confirmation = first;
        let outcome = loop {
            match self.accept(confirmation) {
                Ok(id) => ids.extend(id),
                Err(error) => break Err(error),
            }
            self.settle_done();
            let Some((_, Some(confirm))) = self.flying.front_mut() else {
                break Ok(());
            };
            match confirm.now_or_never() {
                None => break Ok(()),
                Some(Ok(next)) => confirmation = next,
                Some(Err(error)) => break Err(error.into()),
            }
        };
        if !ids.is_empty() && self.confirmed.send(ids).is_err() {
            tracing::debug!("nobody wants to know what was confirmed");
        }
        outcome
    }

    fn accept(&mut self, confirmation: Confirmation) -> Result<Option<OutboxId>, BusError> {
        let Some((Entry::Message { queue, job, id, .. }, _)) = self.flying.front() else {
            return Ok(None);
        };
        match confirmation {
            Confirmation::Ack(None) | Confirmation::NotRequested => {
                let id = id.to_owned();
                self.flying.pop_front();
                Ok(id)
            }
            Confirmation::Ack(Some(_)) => {
                self.known_jobs.extend(job.clone());
                Err(BusError::Unroutable(queue.clone()))
            }
            Confirmation::Nack(_) => Err(BusError::NotAccepted(queue.clone())),
        }
    }

    /// Tells those whose messages are all confirmed.
    fn settle_done(&mut self) {
        while let Some((Entry::Done(_), _)) = self.flying.front() {
            if let Some((Entry::Done(done), _)) = self.flying.pop_front() {
                // An error means that nobody waits for it.
                done.send(()).ok();
            }
        }
    }
}

type Places = mpsc::UnboundedReceiver<oneshot::Receiver<Vec<Entry>>>;

/// What the next place publishes; `None` when no publisher is left. Nothing is lost when it is cancelled.
async fn next_place(
    places: &mut Places,
    head: &mut Option<oneshot::Receiver<Vec<Entry>>>,
) -> Option<Vec<Entry>> {
    loop {
        let Some(taken) = head.as_mut() else {
            *head = Some(places.recv().await?);
            continue;
        };
        let entries = loop {
            match tokio::time::timeout(SLOW_TICKET, &mut *taken).await {
                Ok(entries) => break entries,
                Err(_) => {
                    tracing::warn!("a transaction takes long to commit; others wait to publish")
                }
            }
        };
        *head = None;
        if let Ok(entries) = entries {
            return Some(entries);
        }
    }
}

/// Gathers what is to be sent while nothing can be; returns when no publisher is left.
async fn collect(
    places: &mut Places,
    head: &mut Option<oneshot::Receiver<Vec<Entry>>>,
    queued: &mut VecDeque<Entry>,
) {
    let mut next_log = queued.len() + BACKLOG_STEP;
    while let Some(entries) = next_place(places, head).await {
        queued.extend(entries);
        if queued.len() >= next_log {
            next_log = queued.len() + BACKLOG_STEP;
            tracing::error!(waiting = queued.len(), "messages for RabbitMQ pile up");
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
