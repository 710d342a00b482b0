//! How queues begin and end.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use narrows_wire::queue::{Activate, Descriptor};
use narrows_wire::{RealmId, UserId};

use super::{Allocated, Shard, User};
use crate::event::{Event, last_event_id, offset_of};
use crate::filter::Filter;
use crate::queue::{Queue, Spec, Stored};
use crate::variants::Form;

/// A queue that is not activated within this time never will be.
const ACTIVATION_SECONDS: i64 = 60;

impl Shard {
    /// Begins a queue: from now on it keeps the realm's events. Returns the id that all its events exceed.
    pub fn allocate(&mut self, id: &str, descriptor: Descriptor, now: DateTime<Utc>) -> i64 {
        if let Some(user_id) = descriptor.user_id {
            self.user(user_id, &descriptor).allocating += 1;
        }
        let since = self.position;
        let allocated = Allocated {
            descriptor,
            since,
            at: now,
            events: Vec::new(),
        };
        self.allocated.insert(id.into(), allocated);
        last_event_id(since)
    }

    fn user(&mut self, user_id: UserId, descriptor: &Descriptor) -> &mut User {
        self.users.entry(user_id).or_insert_with(|| User {
            queues: Vec::new(),
            allocating: 0,
            roles: vec![(-1, descriptor.role)],
            streams: Default::default(),
        })
    }

    /// Opens an allocated queue: of the events that it kept, and of those to come, it drops what the snapshot saw.
    /// Returns what to store before anybody hears of it; `None` when there is no such queue.
    pub fn activate(&mut self, id: &str, activate: Activate, now: DateTime<Utc>) -> Option<Stored> {
        let allocated = self.allocated.remove(id)?;
        let stored = Stored {
            descriptor: allocated.descriptor,
            since: allocated.since,
            snapshot: activate.snapshot,
        };
        let key = self.insert(id, &stored, now);
        if let Some(user_id) = stored.descriptor.user_id {
            for (stream_id, version) in activate.streams {
                let stream = self.streams.entry(stream_id).or_default();
                let history = stream.members.entry(user_id).or_default();
                match activate.since.get(&stream_id) {
                    Some(since) if *since > 0 => history.changed(*since, true),
                    _ => history.seen(version),
                }
                stream.raise(self.position, version);
                self.changes.streams.insert(stream_id);
                if let Some(user) = self.users.get_mut(&user_id) {
                    user.streams.insert(stream_id);
                }
            }
            self.changes.users.insert(user_id);
            self.leave_allocation(user_id);
        }
        for event in allocated.events {
            if self.concerns(key, &event)
                && let Some(queue) = self.queues.get_mut(&key)
            {
                queue.take(&event);
            }
        }
        Some(stored)
    }

    fn leave_allocation(&mut self, user_id: UserId) {
        if let Some(user) = self.users.get_mut(&user_id) {
            user.allocating = user.allocating.saturating_sub(1);
        }
        self.forget_user_without_queues(user_id);
    }

    /// Puts a queue into the indexes.
    pub(super) fn insert(&mut self, id: &str, stored: &Stored, now: DateTime<Utc>) -> u64 {
        let descriptor = &stored.descriptor;
        let spec = self.intern(descriptor);
        let key = self.next_key;
        self.next_key += 1;
        self.keys.insert(id.into(), key);
        self.realms
            .entry(descriptor.realm_id)
            .or_default()
            .insert(key);
        if spec.all_public_streams {
            self.public
                .entry(descriptor.realm_id)
                .or_default()
                .insert(key);
        }
        if let Some(user_id) = descriptor.user_id {
            self.user(user_id, descriptor).queues.push(key);
        }
        self.queues.insert(key, Queue::new(id, stored, spec, now));
        key
    }

    fn intern(&mut self, descriptor: &Descriptor) -> Arc<Spec> {
        let spec = Spec {
            filter: Filter::new(descriptor.event_types.clone(), &descriptor.narrow),
            form: Form::of(descriptor),
            all_public_streams: descriptor.all_public_streams,
            idle_timeout: descriptor.idle_timeout,
        };
        if let Some(known) = self.specs.get(&spec) {
            return known.clone();
        }
        let spec = Arc::new(spec);
        self.specs.insert(spec.clone());
        spec
    }

    /// Ends a queue, active or allocated. Returns whether there was one.
    pub fn free(&mut self, id: &str) -> bool {
        if let Some(key) = self.keys.get(id).copied() {
            self.end(key);
            return true;
        }
        self.free_allocated(id)
    }

    fn free_allocated(&mut self, id: &str) -> bool {
        let Some(allocated) = self.allocated.remove(id) else {
            return false;
        };
        if let Some(user_id) = allocated.descriptor.user_id {
            self.leave_allocation(user_id);
        }
        true
    }

    pub(super) fn end(&mut self, key: u64) {
        let Some(queue) = self.queues.remove(&key) else {
            return;
        };
        queue.wake();
        self.ended += 1;
        self.keys.remove(&queue.id);
        self.changes.cursors.remove(&key);
        for index in [&mut self.realms, &mut self.public] {
            if let Some(keys) = index.get_mut(&queue.realm_id) {
                keys.remove(&key);
            }
        }
        if Arc::strong_count(&queue.spec) == 2 {
            self.specs.remove(&queue.spec);
        }
        self.changes.dead.push(queue.id.clone());
        if let Some(user_id) = queue.user {
            if let Some(user) = self.users.get_mut(&user_id) {
                user.queues.retain(|other| *other != key);
            }
            self.forget_user_without_queues(user_id);
        }
    }

    fn forget_user_without_queues(&mut self, user_id: UserId) {
        let gone = self
            .users
            .get(&user_id)
            .is_some_and(|user| user.queues.is_empty() && user.allocating == 0);
        if !gone {
            return;
        }
        self.changes.users.insert(user_id);
        for stream_id in self
            .users
            .remove(&user_id)
            .into_iter()
            .flat_map(|user| user.streams)
        {
            if let Some(stream) = self.streams.get_mut(&stream_id) {
                stream.members.remove(&user_id);
            }
        }
    }

    pub(super) fn end_queues_of(&mut self, user_id: UserId, credential: Option<&str>) {
        let keys: Vec<u64> = self
            .queues_of(user_id)
            .filter(|key| {
                let queue = self.queues.get(key);
                credential.is_none() || queue.is_some_and(|q| q.credential.as_deref() == credential)
            })
            .collect();
        self.end_some(keys, |descriptor| {
            descriptor.user_id == Some(user_id)
                && (credential.is_none() || descriptor.credential.as_deref() == credential)
        });
    }

    pub(super) fn end_queues_of_realm(&mut self, realm_id: RealmId) {
        let of_realm = self.queues.iter().filter(|(_, q)| q.realm_id == realm_id);
        let keys = of_realm.map(|(key, _)| *key).collect();
        self.end_some(keys, |descriptor| descriptor.realm_id == realm_id);
    }

    /// Ends queues, and those that are only allocated whose descriptor says so.
    fn end_some(&mut self, keys: Vec<u64>, also: impl Fn(&Descriptor) -> bool) {
        for key in keys {
            self.end(key);
        }
        let allocated = self.allocated.iter().filter(|(_, a)| also(&a.descriptor));
        for id in allocated.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            self.free_allocated(&id);
        }
    }

    /// Ends every queue: clients register anew.
    pub fn end_all(&mut self) {
        for key in self.queues.keys().copied().collect::<Vec<_>>() {
            self.end(key);
        }
        for id in self.allocated.keys().cloned().collect::<Vec<_>>() {
            self.free_allocated(&id);
        }
    }

    pub(super) fn forget_everything(&mut self) {
        self.end_all();
        self.changes.streams.extend(self.streams.keys());
        self.streams.clear();
        self.holding.clear();
        self.marks.clear();
        self.dedupe = Default::default();
    }

    pub(super) fn end_queues_behind(&mut self, offset: i64) {
        let behind = self
            .queues
            .iter()
            .filter(|(_, q)| offset_of(q.cursor) + 1 < offset);
        for key in behind.map(|(key, _)| *key).collect::<Vec<_>>() {
            self.end(key);
        }
        for id in self.allocated.keys().cloned().collect::<Vec<_>>() {
            self.free_allocated(&id);
        }
    }

    /// What time does: expiry, lost patience, and where the log was when.
    pub fn tick(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.mark(now);
        self.give_up_on_held(now);
        let expired: Vec<u64> = self
            .queues
            .iter()
            .filter(|(_, q)| {
                q.connected == 0
                    && (now - q.last_seen).num_seconds() >= q.spec.idle_timeout.cast_signed()
            })
            .map(|(key, _)| *key)
            .collect();
        for key in expired {
            self.expire(key);
        }
        let patience = TimeDelta::seconds(ACTIVATION_SECONDS);
        let abandoned = self
            .allocated
            .iter()
            .filter(|(_, a)| now - a.at >= patience);
        for id in abandoned.map(|(id, _)| id.clone()).collect::<Vec<_>>() {
            tracing::warn!(queue = %id, "an event queue was allocated but not activated");
            self.free_allocated(&id);
        }
        self.specs.shrink_to_fit();
        self.measure();
    }

    /// Ends a queue that nobody polls; if it was the owner's last one, what waits in it goes out by mail.
    fn expire(&mut self, key: u64) {
        let Some(queue) = self.queues.get(&key) else {
            return;
        };
        let user = queue.user;
        let missed: Vec<Arc<Event>> = queue.notifiable().cloned().collect();
        self.end(key);
        if let Some(user_id) = user.filter(|user| self.queues_of(*user).next().is_none()) {
            for event in missed {
                self.enqueue_missed(&event, user_id);
            }
        }
    }

    fn measure(&self) {
        let waiting: usize = self.queues.values().map(Queue::waiting).sum();
        let held: usize = self
            .holding
            .iter()
            .filter_map(|id| self.streams.get(id))
            .map(|s| s.held.len())
            .sum();
        metrics::gauge!("narrows_push_queues").set(self.queues.len() as f64);
        metrics::gauge!("narrows_push_waiting_events").set(waiting as f64);
        metrics::gauge!("narrows_push_held_envelopes").set(held as f64);
        metrics::gauge!("narrows_push_log_position").set(self.position as f64);
        metrics::gauge!("narrows_push_queues_ended").set(self.ended as f64);
    }
}
