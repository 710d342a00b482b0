//! What a shard must find again after it was killed.
//!
//! Queues are stored before anybody hears of them; the rest in batches, each of which is the state after one entry of the
//! log. A restart loads the last batch and applies the log again from before the first event that somebody may need, with
//! a margin in which duplicates are recognised and envelopes may have been held.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use narrows_wire::{Role, StreamId, UserId};
use serde::{Deserialize, Serialize};

use super::{History, Settings, Shard, Stream, Versions};
use crate::event::offset_of;
use crate::queue::Stored;

/// How long before the first event that somebody may need a replay starts: longer than an envelope may be held, and than
/// it takes until the outbox relay has published again what a crash left behind.
const MARGIN_MINUTES: i64 = 10;
/// How often the log's place is noted.
const MARK_SECONDS: i64 = 10;

/// Where the log was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The last entry that was applied.
    pub position: i64,
    /// The first entry of a replay.
    pub replay_from: i64,
    /// Where the log was how many seconds before, the oldest first. Ages rather than times: while nobody read the log,
    /// nothing was published again either.
    #[serde(default)]
    pub marks: Vec<(i64, i64)>,
}

/// What is kept of a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoredUser {
    roles: Vec<(i64, Role)>,
    streams: Vec<(StreamId, History)>,
}

/// What changed since the last batch.
#[derive(Debug)]
pub struct Batch {
    /// Where the log is; `None` leaves what the last batch said.
    pub meta: Option<Meta>,
    /// Queue id and cursor.
    pub cursors: Vec<(Box<str>, i64)>,
    /// `None`: gone.
    pub users: Vec<(UserId, Option<StoredUser>)>,
    /// `None`: gone.
    pub streams: Vec<(StreamId, Option<Versions>)>,
    /// Queues that ended.
    pub dead: Vec<Box<str>>,
}

/// Everything, as it was stored.
#[derive(Debug, Default)]
pub struct Loaded {
    /// `None` on the first start.
    pub meta: Option<Meta>,
    /// Id, queue and cursor.
    pub queues: Vec<(String, Stored, Option<i64>)>,
    /// Users with queues.
    pub users: Vec<(UserId, StoredUser)>,
    /// Streams that were seen.
    pub streams: Vec<(StreamId, Versions)>,
}

impl Shard {
    /// The state from which the log is to be applied again, from `replay_from` on.
    pub fn restore(settings: Settings, loaded: Loaded, now: DateTime<Utc>) -> Self {
        let mut shard = Self::new(settings);
        let Some(meta) = loaded.meta else {
            return shard;
        };
        shard.position = meta.replay_from - 1;
        shard.jobs_done_until = meta.position;
        shard.marks = marks(&meta, now);
        for (stream_id, versions) in loaded.streams {
            shard
                .streams
                .insert(stream_id, Stream::restore(versions, meta.replay_from));
        }
        for (id, stored, cursor) in loaded.queues {
            let key = shard.insert(&id, &stored, now);
            if let Some((queue, cursor)) = shard.queues.get_mut(&key).zip(cursor) {
                queue.cursor = queue.cursor.max(cursor);
            }
        }
        for (user_id, stored) in loaded.users {
            let Some(user) = shard.users.get_mut(&user_id) else {
                continue;
            };
            user.roles = stored.roles;
            for (stream_id, history) in stored.streams {
                user.streams.insert(stream_id);
                shard
                    .streams
                    .entry(stream_id)
                    .or_default()
                    .members
                    .insert(user_id, history);
            }
        }
        shard
    }

    /// How long ago the log was where, in seconds.
    fn ages(&self, now: DateTime<Utc>) -> Vec<(i64, i64)> {
        let marks = self.marks.iter();
        marks
            .map(|(time, offset)| ((now - *time).num_seconds(), *offset))
            .collect()
    }

    pub(super) fn mark(&mut self, now: DateTime<Utc>) {
        let next = self.position + 1;
        // In a replay the marks are there already.
        let due = self.marks.back().is_none_or(|(last, offset)| {
            (now - *last).num_seconds() >= MARK_SECONDS && *offset <= next
        });
        if due {
            self.marks.push_back((now, next));
        }
    }

    /// The first entry that a restart must apply again.
    fn replay_from(&mut self) -> i64 {
        let waiting = self
            .queues
            .values()
            .filter_map(|q| q.first_waiting())
            .map(offset_of);
        let allocated = self.allocated.values().map(|a| a.since + 1);
        let needed = waiting.chain(allocated).min().unwrap_or(self.position + 1);
        let before = self
            .marks
            .iter()
            .rev()
            .find(|(_, offset)| *offset <= needed)
            .map(|(time, _)| *time);
        let margin = before.map(|time| time - TimeDelta::minutes(MARGIN_MINUTES));
        let start = self.marks.iter().rposition(|(time, offset)| {
            *offset <= needed && margin.is_some_and(|margin| *time <= margin)
        });
        self.marks.drain(..start.unwrap_or(0));
        self.marks
            .front()
            .map_or(0, |(_, offset)| *offset)
            .min(needed)
    }

    /// What to write. When writing fails, hand it back with [`Shard::give_back`].
    pub fn take_batch(&mut self, now: DateTime<Utc>) -> Batch {
        let replay_from = self.replay_from();
        let meta = Meta {
            position: self.position,
            replay_from,
            marks: self.ages(now),
        };
        let mut batch = self.take_changes(replay_from);
        batch.meta = Some(meta);
        batch
    }

    /// What to write with a new queue: all that changed, but the place in the log stays as it was, because jobs of the
    /// entries since then may not be safe yet.
    pub fn take_activation(&mut self) -> Batch {
        let replay_from = self.marks.front().map_or(0, |(_, offset)| *offset);
        self.take_changes(replay_from)
    }

    fn take_changes(&mut self, replay_from: i64) -> Batch {
        let changes = std::mem::take(&mut self.changes);
        let cursors = changes
            .cursors
            .iter()
            .filter_map(|key| self.queues.get(key));
        let cursors = cursors
            .map(|queue| (queue.id.clone(), queue.cursor))
            .collect();
        let users = changes
            .users
            .iter()
            .map(|id| (*id, self.stored_user(*id)))
            .collect();
        let streams = changes.streams.iter().map(|id| {
            (
                *id,
                self.streams
                    .get_mut(id)
                    .map(|stream| stream.versions(replay_from).clone()),
            )
        });
        let streams = streams.collect();
        Batch {
            meta: None,
            cursors,
            users,
            streams,
            dead: changes.dead,
        }
    }

    fn stored_user(&self, user_id: UserId) -> Option<StoredUser> {
        let user = self.users.get(&user_id)?;
        let streams = user.streams.iter().filter_map(|stream_id| {
            let history = self.streams.get(stream_id)?.members.get(&user_id)?;
            Some((*stream_id, history.clone()))
        });
        Some(StoredUser {
            roles: user.roles.clone(),
            streams: streams.collect(),
        })
    }

    /// A batch could not be written: it is due again.
    pub fn give_back(&mut self, batch: Batch) {
        let keys = batch.cursors.iter().filter_map(|(id, _)| self.keys.get(id));
        self.changes.cursors.extend(keys);
        self.changes
            .users
            .extend(batch.users.iter().map(|(id, _)| *id));
        self.changes
            .streams
            .extend(batch.streams.iter().map(|(id, _)| *id));
        self.changes.dead.extend(batch.dead);
    }
}

/// The marks of the time before, the first of them where the replay begins.
fn marks(meta: &Meta, now: DateTime<Utc>) -> VecDeque<(DateTime<Utc>, i64)> {
    let known = meta
        .marks
        .iter()
        .filter(|(_, offset)| *offset > meta.replay_from)
        .map(|(age, offset)| (now - TimeDelta::seconds(*age), *offset));
    let first = meta.marks.first().map_or(0, |(age, _)| *age);
    let first = (now - TimeDelta::seconds(first), meta.replay_from);
    std::iter::once(first).chain(known).collect()
}
