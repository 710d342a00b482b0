//! All that one shard of push knows, and how an entry of the log changes it. No I/O: a function of the log, of what clients
//! and the app server ask, and of the time.

mod dedupe;
mod deliver;
mod effects;
mod history;
mod lifecycle;
mod persist;
mod polling;
mod stream;

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_wire::envelope::Scope;
use narrows_wire::jobs::JobEnvelope;
use narrows_wire::queue::Descriptor;
use narrows_wire::{Audience, Effect, Envelope, RealmId, Role, StreamId, UserId};

pub use history::History;
pub use persist::{Batch, Loaded, Meta, StoredUser};
pub use polling::{Owner, PollError, Polled};
pub use stream::Versions;

use crate::event::{Event, IDS_PER_ENTRY, event_id};
use crate::queue::{Queue, Spec};
use crate::variants;
use dedupe::Dedupe;
use stream::{Held, Stream};

/// What a shard is told once.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Its number.
    pub number: u32,
    /// How many there are.
    pub shards: u32,
    /// A queue with more events waiting dies.
    pub max_pending: usize,
}

/// See the module.
#[derive(Debug)]
pub struct Shard {
    settings: Settings,
    /// The last entry of the log that was applied.
    position: i64,
    /// Ids that its events have taken.
    taken: i64,
    dedupe: Dedupe,
    streams: HashMap<StreamId, Stream>,
    /// Streams with held envelopes.
    holding: HashSet<StreamId>,
    users: HashMap<UserId, User>,
    queues: HashMap<u64, Queue>,
    next_key: u64,
    keys: HashMap<Box<str>, u64>,
    realms: HashMap<RealmId, HashSet<u64>>,
    /// Queues that also want messages of public streams.
    public: HashMap<RealmId, HashSet<u64>>,
    allocated: HashMap<Box<str>, Allocated>,
    specs: HashSet<Arc<Spec>>,
    changes: Changes,
    /// When the log was where; oldest first.
    marks: VecDeque<(DateTime<Utc>, i64)>,
    /// Jobs to be published.
    jobs: Vec<JobEnvelope>,
    /// Entries up to here were applied by an earlier run, which published their jobs.
    jobs_done_until: i64,
    /// The time of the last entry or tick.
    now: DateTime<Utc>,
    /// Queues that ended; their waiters are woken.
    ended: u64,
}

/// A user with queues here.
#[derive(Debug)]
struct User {
    queues: Vec<u64>,
    /// Queues that are allocated but not active.
    allocating: u32,
    /// `(offset, role)`: the role from this entry on.
    roles: Vec<(i64, Role)>,
    /// Streams in which something is known of the user.
    streams: HashSet<StreamId>,
}

/// A queue between allocation and activation: it keeps all events of the realm.
#[derive(Debug)]
struct Allocated {
    descriptor: Descriptor,
    since: i64,
    at: DateTime<Utc>,
    events: Vec<Arc<Event>>,
}

/// What is to be written to Redis.
#[derive(Debug, Default)]
struct Changes {
    cursors: HashSet<u64>,
    users: HashSet<UserId>,
    streams: HashSet<StreamId>,
    dead: Vec<Box<str>>,
}

impl Shard {
    /// An empty shard at the beginning of the log.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            position: -1,
            taken: 0,
            dedupe: Dedupe::default(),
            streams: HashMap::new(),
            holding: HashSet::new(),
            users: HashMap::new(),
            queues: HashMap::new(),
            next_key: 0,
            keys: HashMap::new(),
            realms: HashMap::new(),
            public: HashMap::new(),
            allocated: HashMap::new(),
            specs: HashSet::new(),
            changes: Changes::default(),
            marks: VecDeque::new(),
            jobs: Vec::new(),
            jobs_done_until: -1,
            now: DateTime::default(),
            ended: 0,
        }
    }

    /// The last entry that was applied.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Notices where the log goes on. Entries must follow each other: if some are missing (retention was faster than we)
    /// or the log began anew, nobody may be told that they have everything, and all queues end.
    pub fn follow(&mut self, offset: i64) {
        let expected = self.position + 1;
        if offset < expected {
            tracing::error!(
                offset,
                expected,
                "the event log began anew: all event queues end"
            );
            self.forget_everything();
        } else if offset > expected && !(self.queues.is_empty() && self.allocated.is_empty()) {
            tracing::error!(
                offset,
                expected,
                "entries of the event log are missing: queues that need them end"
            );
            self.end_queues_behind(offset);
        }
        self.position = offset;
        self.taken = 0;
    }

    /// Applies an envelope of the entry that [`Shard::follow`] has seen.
    pub fn apply(&mut self, envelope: Envelope, now: DateTime<Utc>) {
        if envelope.id.is_some_and(|id| !self.dedupe.first(id)) {
            return;
        }
        self.now = now;
        let mut released = Vec::new();
        for effect in &envelope.effects {
            released.extend(self.before_payload(effect, envelope.xid));
        }
        let (realm_id, effects) = (envelope.realm_id, envelope.effects.clone());
        if self.admits(&envelope.audience) {
            self.emit(envelope);
        } else {
            self.hold(envelope, now);
        }
        for envelope in released {
            self.emit(envelope);
        }
        for effect in &effects {
            match effect {
                Effect::KillQueues {
                    user_id,
                    credential,
                } => self.end_queues_of(*user_id, credential.as_deref()),
                Effect::CloseRealm => self.end_queues_of_realm(realm_id),
                Effect::Membership { .. } | Effect::RoleChanged { .. } => {}
            }
        }
    }

    /// Jobs that the entries so far ask for.
    pub fn take_jobs(&mut self) -> Vec<JobEnvelope> {
        std::mem::take(&mut self.jobs)
    }

    fn admits(&mut self, audience: &Audience) -> bool {
        match audience.scope {
            Scope::Stream { stream_id, version } => {
                let stream = self.streams.entry(stream_id).or_default();
                self.changes.streams.insert(stream_id);
                stream.admits(self.position, version)
            }
            Scope::Nobody | Scope::Realm { .. } => true,
        }
    }

    fn hold(&mut self, envelope: Envelope, now: DateTime<Utc>) {
        let Scope::Stream { stream_id, version } = envelope.audience.scope else {
            return;
        };
        self.holding.insert(stream_id);
        let stream = self.streams.entry(stream_id).or_default();
        stream.held.push_back(Held {
            version,
            since: now,
            envelope,
        });
    }

    /// Delivers a payload under the next ids of the entry that is being applied.
    fn emit(&mut self, envelope: Envelope) {
        let Some(payload) = envelope.payload else {
            return;
        };
        let width = variants::width(&payload);
        if self.taken + width > IDS_PER_ENTRY {
            tracing::error!(
                position = self.position,
                "too many events at once: the queues that are to have them end"
            );
            let event = Event::new(
                0,
                0,
                envelope.xid,
                envelope.realm_id,
                envelope.audience,
                payload,
            );
            for key in self.candidates(&event) {
                self.end(key);
            }
            return;
        }
        let id = event_id(self.position, self.taken);
        self.taken += width;
        let event = Event::new(
            id,
            width,
            envelope.xid,
            envelope.realm_id,
            envelope.audience,
            payload,
        );
        self.deliver(&Arc::new(event));
    }
}

#[cfg(test)]
mod tests;
