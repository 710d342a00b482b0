//! What envelopes change in the indexes.

use chrono::{DateTime, TimeDelta, Utc};
use narrows_wire::{Effect, Envelope, Role, StreamId, UserId, Xid};

use super::Shard;
use crate::event::Event;

/// A change of membership that is later than this has gone astray.
const HOLD_SECONDS: i64 = 30;

impl Shard {
    /// Changes that count for the payload already. Returns the held envelopes whose turn it is after it.
    pub(super) fn before_payload(&mut self, effect: &Effect, xid: Option<Xid>) -> Vec<Envelope> {
        match effect {
            Effect::Membership {
                stream_id,
                version,
                joined,
                left,
            } => self.membership(*stream_id, *version, joined, left, xid),
            Effect::RoleChanged { user_id, role } => {
                self.role_changed(*user_id, *role);
                Vec::new()
            }
            Effect::KillQueues { .. } | Effect::CloseRealm => Vec::new(),
        }
    }

    fn membership(
        &mut self,
        stream_id: StreamId,
        version: i64,
        joined: &[UserId],
        left: &[UserId],
        xid: Option<Xid>,
    ) -> Vec<Envelope> {
        let users = &self.users;
        let stream = self.streams.entry(stream_id).or_default();
        let change = stream.change(self.position, version, joined, left, |user| {
            users.contains_key(&user)
        });
        if stream.held.is_empty() {
            self.holding.remove(&stream_id);
        }
        self.changes.streams.insert(stream_id);
        for user_id in joined.iter().chain(left) {
            if let Some(user) = self.users.get_mut(user_id) {
                user.streams.insert(stream_id);
                self.changes.users.insert(*user_id);
                if change.overtaken {
                    self.end_queues_that_missed(*user_id, xid);
                }
            }
        }
        change.released
    }

    /// A message went out before the change of membership that it had seen: who joined has missed it. Queues whose
    /// snapshot saw the change knew of it all along.
    fn end_queues_that_missed(&mut self, user_id: UserId, xid: Option<Xid>) {
        let missed: Vec<u64> = self
            .queues_of(user_id)
            .filter(|key| {
                let queue = self.queues.get(key);
                !queue.is_some_and(|q| xid.is_some_and(|xid| q.snapshot.saw(xid)))
            })
            .collect();
        for key in missed {
            tracing::warn!(%user_id, "a change of membership came late: an event queue ends");
            self.end(key);
        }
    }

    fn role_changed(&mut self, user_id: UserId, role: Role) {
        let position = self.position;
        let Some(user) = self.users.get_mut(&user_id) else {
            return;
        };
        // In a replay the change is known already.
        if user
            .roles
            .last()
            .is_none_or(|(offset, _)| *offset < position)
        {
            user.roles.push((position, role));
            self.changes.users.insert(user_id);
        }
    }

    pub(super) fn queues_of(&self, user_id: UserId) -> impl Iterator<Item = u64> {
        self.users
            .get(&user_id)
            .into_iter()
            .flat_map(|user| user.queues.iter().copied())
    }

    /// Gives up on changes of membership that do not come: whoever could have been concerned registers anew.
    pub(super) fn give_up_on_held(&mut self, now: DateTime<Utc>) {
        let patience = TimeDelta::seconds(HOLD_SECONDS);
        let late: Vec<StreamId> = self
            .holding
            .iter()
            .copied()
            .filter(|id| {
                self.streams
                    .get(id)
                    .is_some_and(|s| s.held.iter().any(|h| now - h.since >= patience))
            })
            .collect();
        for stream_id in late {
            self.abandon(stream_id);
        }
    }

    fn abandon(&mut self, stream_id: StreamId) {
        self.holding.remove(&stream_id);
        let Some(stream) = self.streams.get_mut(&stream_id) else {
            return;
        };
        let held = std::mem::take(&mut stream.held);
        let reached = held.iter().map(|h| h.version).max().unwrap_or(0);
        stream.raise(self.position, reached);
        let members: Vec<UserId> = stream.members.keys().copied().collect();
        tracing::error!(%stream_id, version = reached, held = held.len(), "a change of membership did not arrive: the stream's event queues end");
        self.changes.streams.insert(stream_id);
        let mut concerned: Vec<u64> = members
            .into_iter()
            .flat_map(|u| self.queues_of(u))
            .collect();
        for held in held {
            let envelope = held.envelope;
            if let Some(payload) = envelope.payload {
                let event = Event::new(
                    0,
                    0,
                    envelope.xid,
                    envelope.realm_id,
                    envelope.audience,
                    payload,
                );
                concerned.extend(self.candidates(&event));
            }
        }
        for key in concerned {
            self.end(key);
        }
    }
}
