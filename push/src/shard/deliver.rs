//! Who receives an event.

use std::sync::Arc;

use narrows_runtime::bus::home_shard;
use narrows_wire::envelope::{MessagePayload, Scope};
use narrows_wire::jobs::{JobEnvelope, MissedMessageEmail};
use narrows_wire::{Job, Payload, Role, UserId};

use super::{Shard, User};
use crate::event::{Event, offset_of};

/// A queue that nobody polled for so long does not count as somebody being there.
const LIVE_SECONDS: i64 = 120;

impl User {
    pub(super) fn role_at(&self, offset: i64) -> Option<Role> {
        let now = self.roles.iter().rev().find(|(since, _)| *since <= offset);
        now.or(self.roles.first()).map(|(_, role)| *role)
    }
}

impl Shard {
    /// Gives an event to the queues that are to have it. The work is proportional to the queues that are there.
    pub(super) fn deliver(&mut self, event: &Arc<Event>) {
        let mut overfull = Vec::new();
        let mut delivered = 0;
        for key in self.candidates(event) {
            if let Some(queue) = self.queues.get_mut(&key)
                && queue.take(event)
            {
                delivered += 1;
                if queue.waiting() > self.settings.max_pending {
                    overfull.push(key);
                }
            }
        }
        metrics::counter!("narrows_push_delivered_total").increment(delivered);
        for key in overfull {
            let queue = self.queues.get(&key).map(|q| q.id.clone());
            tracing::warn!(
                ?queue,
                "an event queue has too many events waiting; it ends"
            );
            self.end(key);
        }
        for allocated in self.allocated.values_mut() {
            if allocated.descriptor.realm_id == event.realm_id {
                allocated.events.push(event.clone());
            }
        }
        if let Payload::Message(message) = &event.payload {
            self.notify(event, message);
        }
    }

    /// Active queues whose owners are in the audience, each once.
    pub(super) fn candidates(&self, event: &Event) -> Vec<u64> {
        let mut keys: Vec<u64> = match event.audience.scope {
            Scope::Nobody => Vec::new(),
            Scope::Realm { .. } => {
                let all = self
                    .realms
                    .get(&event.realm_id)
                    .into_iter()
                    .flatten()
                    .copied();
                all.filter(|key| self.owner_in_scope(*key, event)).collect()
            }
            Scope::Stream { stream_id, version } => {
                let members = self
                    .streams
                    .get(&stream_id)
                    .into_iter()
                    .flat_map(|s| &s.members);
                let members = members.filter(|(_, history)| history.at(version));
                let mut keys: Vec<u64> = members
                    .flat_map(|(user, _)| self.queues_of(*user))
                    .collect();
                if is_public(event) {
                    let public = self
                        .public
                        .get(&event.realm_id)
                        .into_iter()
                        .flatten()
                        .copied();
                    keys.extend(public.filter(|key| self.owner_in_scope(*key, event)));
                }
                keys
            }
        };
        keys.extend(
            event
                .audience
                .plus
                .iter()
                .flat_map(|user| self.queues_of(*user)),
        );
        keys.sort_unstable();
        keys.dedup();
        let minus = &event.audience.minus;
        keys.retain(|key| {
            self.queues.get(key).is_some_and(|queue| {
                queue.realm_id == event.realm_id
                    && queue.user.is_some_and(|user| !minus.contains(&user))
            })
        });
        keys
    }

    fn owner_in_scope(&self, key: u64, event: &Event) -> bool {
        let Some(queue) = self.queues.get(&key) else {
            return false;
        };
        let role = queue
            .user
            .and_then(|user| self.users.get(&user)?.role_at(offset_of(event.id)));
        let Some((user, role)) = queue.user.zip(role) else {
            return false;
        };
        match event.audience.scope {
            Scope::Nobody => false,
            Scope::Realm { least, beyond } => {
                role <= least && beyond.is_none_or(|beyond| role > beyond)
            }
            Scope::Stream { stream_id, version } => {
                let member = self
                    .streams
                    .get(&stream_id)
                    .and_then(|s| s.members.get(&user));
                member.is_some_and(|history| history.at(version))
                    || (queue.spec.all_public_streams && is_public(event) && !role.is_guest())
            }
        }
    }

    /// Whether an event is for the owner of a queue, asked of that queue alone.
    pub(super) fn concerns(&self, key: u64, event: &Event) -> bool {
        let Some(user) = self.queues.get(&key).and_then(|queue| queue.user) else {
            return false;
        };
        let audience = &event.audience;
        !audience.minus.contains(&user)
            && (audience.plus.contains(&user) || self.owner_in_scope(key, event))
    }

    /// Has those told by mail of whom nobody is here.
    fn notify(&mut self, event: &Event, message: &MessagePayload) {
        if offset_of(event.id) <= self.jobs_done_until {
            return;
        }
        for user_id in message.notify.keys() {
            let home = home_shard(*user_id, self.settings.shards) == self.settings.number;
            if home && !self.is_live(*user_id) {
                self.enqueue_missed(event, *user_id);
            }
        }
    }

    /// Whether a client of the user is there to show a message.
    fn is_live(&self, user_id: UserId) -> bool {
        let queues = self
            .queues_of(user_id)
            .filter_map(|key| self.queues.get(&key));
        let allocating = self
            .users
            .get(&user_id)
            .is_some_and(|user| user.allocating > 0);
        allocating
            || queues.into_iter().any(|queue| {
                queue.connected > 0 || (self.now - queue.last_seen).num_seconds() < LIVE_SECONDS
            })
    }

    pub(super) fn enqueue_missed(&mut self, event: &Event, user_id: UserId) {
        let Payload::Message(message) = &event.payload else {
            return;
        };
        let Some(trigger) = message.notify.get(&user_id) else {
            return;
        };
        let message_id = message.message_id;
        self.jobs.push(JobEnvelope {
            key: format!("missed:{message_id}:{user_id}"),
            attempt: 0,
            job: Job::MissedMessageEmail(MissedMessageEmail {
                realm_id: event.realm_id,
                user_id,
                message_id,
                trigger: *trigger,
            }),
        });
    }
}

fn is_public(event: &Event) -> bool {
    match &event.payload {
        Payload::Message(message) => message.stream.as_ref().is_some_and(|stream| stream.public),
        Payload::Event { .. } => false,
    }
}
