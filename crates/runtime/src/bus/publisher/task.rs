//! The task that publishes: what is queued, what is in flight, and going back when something breaks.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use futures_util::FutureExt;
use lapin::options::ConfirmSelectOptions;
use lapin::{Channel, Confirmation, PublisherConfirm};
use narrows_wire::OutboxId;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until};

use super::queue::{Queue, Waiting};
use super::{Entry, publish};
use crate::bus::{Bus, BusError};

/// Most messages that RabbitMQ has not confirmed yet.
const IN_FLIGHT: usize = 256;
/// How long after an entry the next events wait for company. One that comes later than that waits for nobody.
const GATHER: Duration = Duration::from_millis(3);
/// A reserved place that is not used for so long holds up all behind it: say so.
const SLOW_TICKET: Duration = Duration::from_secs(5);
/// The backlog is logged whenever it reaches a multiple of this.
const BACKLOG_STEP: usize = 10_000;

pub(super) struct Task {
    bus: Bus,
    shards: u32,
    confirmed: mpsc::UnboundedSender<Vec<OutboxId>>,
    places: Places,
    /// The place whose turn it is.
    head: Option<oneshot::Receiver<Vec<Waiting>>>,
    /// To be sent.
    queued: Queue,
    /// Until when events gather.
    gathers_until: Instant,
    /// Sent and not confirmed, or behind such.
    flying: Flying,
    /// Job queues that were declared on demand.
    known_jobs: HashSet<String>,
}

impl Task {
    pub(super) fn new(
        bus: &Bus,
        shards: u32,
        places: Places,
        confirmed: mpsc::UnboundedSender<Vec<OutboxId>>,
    ) -> Self {
        Self {
            bus: bus.clone(),
            shards,
            confirmed,
            places,
            head: None,
            queued: Queue::default(),
            gathers_until: Instant::now(),
            flying: VecDeque::new(),
            known_jobs: HashSet::new(),
        }
    }

    pub(super) async fn run(mut self) {
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
            let gathers = Instant::now() < self.gathers_until;
            if self.flying.len() < IN_FLIGHT
                && let Some(entry) = self.queued.pop(gathers || !self.flying.is_empty())
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
            let room = self.queued.len() < IN_FLIGHT;
            tokio::select! {
                biased;
                confirmation = first_confirmed(&mut self.flying) => self.confirm(confirmation?).await?,
                () = sleep_until(self.gathers_until), if gathers => {}
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
                self.gathers_until = Instant::now() + GATHER;
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
                Ok(accepted) => ids.extend(accepted),
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

    fn accept(&mut self, confirmation: Confirmation) -> Result<Vec<OutboxId>, BusError> {
        let Some((
            Entry::Message {
                queue, job, ids, ..
            },
            _,
        )) = self.flying.front_mut()
        else {
            return Ok(vec![]);
        };
        match confirmation {
            Confirmation::Ack(None) | Confirmation::NotRequested => {
                let ids = std::mem::take(ids);
                self.flying.pop_front();
                Ok(ids)
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

type Flying = VecDeque<(Entry, Option<PublisherConfirm>)>;

/// What RabbitMQ says to the first in flight, however long it takes.
async fn first_confirmed(flying: &mut Flying) -> Result<Confirmation, lapin::Error> {
    match flying.front_mut() {
        Some((_, Some(confirm))) => confirm.await,
        _ => std::future::pending().await,
    }
}

type Places = mpsc::UnboundedReceiver<oneshot::Receiver<Vec<Waiting>>>;

/// What the next place publishes; `None` when no publisher is left. Nothing is lost when it is cancelled.
async fn next_place(
    places: &mut Places,
    head: &mut Option<oneshot::Receiver<Vec<Waiting>>>,
) -> Option<Vec<Waiting>> {
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
    head: &mut Option<oneshot::Receiver<Vec<Waiting>>>,
    queued: &mut Queue,
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
