//! One event queue: what it is for, and the events that its client has not acknowledged.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_wire::queue::{Descriptor, Snapshot};
use narrows_wire::{Payload, RealmId, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::event::{Event, Frame, heartbeat_id, last_event_id};
use crate::filter::Filter;
use crate::variants::{self, Flags, Form, Variant};

/// What many queues have in common; held once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Spec {
    /// Event types and narrow.
    pub filter: Filter,
    /// What the client understands.
    pub form: Form,
    /// Messages of public streams that the owner is not subscribed to.
    pub all_public_streams: bool,
    /// Seconds of life without a poll.
    pub idle_timeout: u64,
}

/// What is kept of a queue in Redis, beside its cursor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Stored {
    /// As given at allocation.
    pub descriptor: Descriptor,
    /// The last entry of the log before the queue.
    pub since: i64,
    /// What the client's state had seen.
    pub snapshot: Snapshot,
}

/// An event that waits.
#[derive(Debug)]
struct Waiting {
    event: Arc<Event>,
    flags: Flags,
}

/// See the module.
#[derive(Debug)]
pub struct Queue {
    /// Its id.
    pub id: Box<str>,
    /// Its realm.
    pub realm_id: RealmId,
    /// Its owner; `None` for a spectator.
    pub user: Option<UserId>,
    /// The owner's address at the API.
    pub email: Box<str>,
    /// Where mail to the owner goes.
    pub delivery_email: Box<str>,
    /// Who may poll.
    pub credential: Option<Box<str>>,
    /// What it shares with others.
    pub spec: Arc<Spec>,
    /// The last entry of the log before the queue.
    pub since: i64,
    /// What the client's state had seen.
    pub snapshot: Snapshot,
    /// The greatest id that the client has acknowledged.
    pub cursor: i64,
    /// When a client was last there.
    pub last_seen: DateTime<Utc>,
    /// Polls and websockets that wait now.
    pub connected: u32,
    /// The poll that counts; a newer one ends those before it.
    pub turn: u64,
    waiting: VecDeque<Waiting>,
    heartbeat: i64,
    wake: Option<Arc<Notify>>,
}

/// The client wants events that were acknowledged and are gone.
#[derive(Debug, PartialEq, Eq)]
pub struct Pruned;

impl Queue {
    /// A queue with nothing in it.
    pub fn new(id: &str, stored: &Stored, spec: Arc<Spec>, now: DateTime<Utc>) -> Self {
        let descriptor = &stored.descriptor;
        Self {
            id: id.into(),
            realm_id: descriptor.realm_id,
            user: descriptor.user_id,
            email: descriptor.email.as_str().into(),
            delivery_email: descriptor.delivery_email.as_str().into(),
            credential: descriptor.credential.as_deref().map(Into::into),
            spec,
            since: stored.since,
            snapshot: stored.snapshot.clone(),
            cursor: last_event_id(stored.since),
            last_seen: now,
            connected: 0,
            turn: 0,
            waiting: VecDeque::new(),
            heartbeat: 0,
            wake: None,
        }
    }

    /// Takes an event whose audience has the owner, if the queue is to have it. Returns whether it has it.
    pub fn take(&mut self, event: &Arc<Event>) -> bool {
        if event.last_id() <= self.cursor || event.xid.is_some_and(|xid| self.snapshot.saw(xid)) {
            return false;
        }
        let flags = Flags::of(event, self.user);
        if !self.spec.filter.wants(event, flags) || variants::dropped(event, self.spec.form) {
            return false;
        }
        self.waiting.push_back(Waiting {
            event: event.clone(),
            flags,
        });
        self.wake();
        true
    }

    /// How many events wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The id of the first event that waits.
    pub fn first_waiting(&self) -> Option<i64> {
        self.waiting.front().map(|waiting| waiting.event.id)
    }

    /// The client has all up to this id. Returns whether the cursor moved.
    pub fn acknowledge(&mut self, id: i64, newest: i64) -> Result<bool, Pruned> {
        if id < 0 {
            return Ok(false);
        }
        let id = id.min(newest);
        if id < self.cursor {
            // Some clients start from less than registration told; nothing was there before.
            let untouched = self.cursor == last_event_id(self.since);
            return if untouched { Ok(false) } else { Err(Pruned) };
        }
        let moved = id > self.cursor;
        self.cursor = id;
        while self
            .waiting
            .front()
            .is_some_and(|waiting| waiting.event.last_id() <= id)
        {
            self.waiting.pop_front();
        }
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        Ok(moved)
    }

    /// What waits after this id, in order.
    pub fn frames(&self, after: i64) -> Vec<Frame> {
        let mut frames = Vec::new();
        for Waiting { event, flags } in &self.waiting {
            if event.last_id() <= after {
                continue;
            }
            let variant = Variant::of(event, self.spec.form, *flags);
            match self.local_id(event) {
                Some(local_id) => frames.extend(variants::render(event, variant, Some(local_id))),
                None => frames.extend(event.frames(variant).iter().cloned()),
            }
        }
        frames.retain(|frame| frame.id > after);
        frames
    }

    fn local_id<'a>(&self, event: &'a Event) -> Option<&'a str> {
        let Payload::Message(message) = &event.payload else {
            return None;
        };
        let local = message.local.as_ref()?;
        (*local.queue_id == *self.id).then_some(local.local_id.as_str())
    }

    /// Messages that wait and of which the owner is to be notified.
    pub fn notifiable(&self) -> impl Iterator<Item = &Arc<Event>> {
        let user = self.user;
        self.waiting
            .iter()
            .map(|waiting| &waiting.event)
            .filter(move |event| match &event.payload {
                Payload::Message(message) => {
                    user.is_some_and(|user| message.notify.contains_key(&user))
                }
                Payload::Event { .. } => false,
            })
    }

    /// A heartbeat, after all that was delivered.
    pub fn heartbeat(&mut self, position: i64) -> Frame {
        self.heartbeat = heartbeat_id(position, self.heartbeat.max(self.cursor));
        let id = self.heartbeat;
        Frame {
            id,
            json: format!("{{\"type\":\"heartbeat\",\"id\":{id}}}").into(),
        }
    }

    /// What to wait on for news.
    pub fn bell(&mut self) -> Arc<Notify> {
        self.wake.get_or_insert_default().clone()
    }

    /// Wakes who waits.
    pub fn wake(&self) {
        if let Some(wake) = &self.wake {
            wake.notify_waiters();
        }
    }
}
