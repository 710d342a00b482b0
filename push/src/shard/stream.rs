//! One stream as a shard sees it: its members, and the membership version that the log has reached.

use std::collections::{BTreeSet, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use narrows_wire::{Envelope, UserId};
use serde::{Deserialize, Serialize};

use super::history::History;

/// An envelope that is ahead of the log.
#[derive(Debug)]
pub struct Held {
    /// The version that it waits for.
    pub version: i64,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The envelope.
    pub envelope: Envelope,
}

/// How the known version came about; kept, so that a replay from any offset starts with the same version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// `(offset, version)`: known from this entry of the log on, the entry included.
    by_log: Vec<(i64, i64)>,
    /// `(offset, version)`: raised from outside (registration, hold timeout), known after this entry.
    raised: Vec<(i64, i64)>,
}

/// See the module.
#[derive(Debug, Default)]
pub struct Stream {
    /// Users of this shard about whom something is known.
    pub members: HashMap<UserId, History>,
    /// What waits for a change of membership that the log has not shown.
    pub held: VecDeque<Held>,
    /// The version that the log has reached; `None` before the first sight of the stream.
    known: Option<i64>,
    /// Versions beyond `known` whose change has arrived, with a gap before them.
    ahead: BTreeSet<i64>,
    /// The greatest version of an envelope that was let through.
    let_through: Option<i64>,
    versions: Versions,
    /// How many of `versions.raised` were applied.
    applied: usize,
}

/// What a change of membership does.
#[derive(Debug, Default)]
pub struct Change {
    /// Envelopes whose turn it is now.
    pub released: Vec<Envelope>,
    /// Envelopes of this version or a newer one were let through before: whoever joined or left may have missed or
    /// received too much.
    pub overtaken: bool,
}

impl Stream {
    /// As it was before the entry `start` of the log.
    pub fn restore(versions: Versions, start: i64) -> Self {
        let mut stream = Self {
            known: versions
                .by_log
                .iter()
                .rev()
                .find(|(o, _)| *o < start)
                .map(|(_, v)| *v),
            ..Self::default()
        };
        stream.let_through = stream.known;
        stream.versions.by_log = versions
            .by_log
            .into_iter()
            .filter(|(o, _)| *o < start)
            .collect();
        stream.versions.raised = versions.raised;
        stream.catch_up(start);
        stream
    }

    /// What to keep for [`Stream::restore`] from `start` or later.
    pub fn versions(&mut self, start: i64) -> &Versions {
        let needed = self
            .versions
            .by_log
            .iter()
            .rposition(|(o, _)| *o < start)
            .unwrap_or(0);
        self.versions.by_log.drain(..needed);
        let old = self.versions.raised.iter().take(self.applied);
        let old = old.take_while(|(o, _)| *o + 1 < start).count();
        // What was raised lives on in the version that is known.
        if old > 0
            && self
                .versions
                .by_log
                .first()
                .is_some_and(|(o, _)| *o < start)
        {
            self.versions.raised.drain(..old);
            self.applied -= old;
        }
        &self.versions
    }

    /// Raises the known version from outside, as of after the entry `position`. Returns whether anything changed.
    pub fn raise(&mut self, position: i64, version: i64) -> bool {
        let already = self.known.or(self.versions.raised.last().map(|(_, v)| *v));
        if already.is_some_and(|known| known >= version) {
            return false;
        }
        self.versions.raised.push((position, version));
        true
    }

    /// Applies what was raised before this entry.
    fn catch_up(&mut self, offset: i64) {
        while let Some((after, version)) = self.versions.raised.get(self.applied).copied() {
            if after >= offset {
                return;
            }
            self.applied += 1;
            if self.known.is_none_or(|known| known < version) {
                self.set_known(offset, version);
            }
        }
    }

    fn set_known(&mut self, offset: i64, version: i64) {
        let mut version = version;
        while self.ahead.remove(&(version + 1)) {
            version += 1;
        }
        self.ahead = self.ahead.split_off(&version);
        self.known = Some(version);
        self.versions.by_log.push((offset, version));
    }

    /// Whether an envelope of this version may be delivered at this entry; if not, it must be held.
    pub fn admits(&mut self, offset: i64, version: i64) -> bool {
        self.catch_up(offset);
        let known = *self.known.get_or_insert_with(|| {
            self.versions.by_log.push((offset, version));
            version
        });
        let admitted = version <= known;
        if admitted {
            self.let_through = self.let_through.max(Some(version));
        }
        admitted
    }

    /// The change that wrote `version` is here.
    pub fn change(
        &mut self,
        offset: i64,
        version: i64,
        joined: &[UserId],
        left: &[UserId],
        local: impl Fn(UserId) -> bool,
    ) -> Change {
        self.catch_up(offset);
        for (users, member) in [(joined, true), (left, false)] {
            for user in users.iter().filter(|user| local(**user)) {
                self.members
                    .entry(*user)
                    .or_default()
                    .changed(version, member);
            }
        }
        let overtaken = self.let_through.is_some_and(|through| through >= version);
        match self.known {
            Some(known) if version <= known => {}
            Some(known) if version > known + 1 => {
                self.ahead.insert(version);
            }
            _ => self.set_known(offset, version),
        }
        Change {
            released: self.release(),
            overtaken,
        }
    }

    fn release(&mut self) -> Vec<Envelope> {
        let Some(known) = self.known else {
            return Vec::new();
        };
        let (free, held): (VecDeque<Held>, VecDeque<Held>) = std::mem::take(&mut self.held)
            .into_iter()
            .partition(|held| held.version <= known);
        self.held = held;
        for held in &free {
            self.let_through = self.let_through.max(Some(held.version));
        }
        free.into_iter().map(|held| held.envelope).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(stream: &mut Stream, offset: i64, version: i64) -> Change {
        stream.change(offset, version, &[], &[], |_| true)
    }

    #[test]
    fn versions_advance_without_gaps() {
        let mut stream = Stream::default();
        assert!(stream.admits(0, 5), "first sight");
        assert!(!stream.admits(1, 6));
        assert!(!none(&mut stream, 2, 7).overtaken);
        assert!(!stream.admits(3, 7), "6 is missing");
        none(&mut stream, 4, 6);
        assert!(stream.admits(5, 7));
        assert!(
            none(&mut stream, 6, 5).overtaken,
            "5 was let through at first sight"
        );
    }

    #[test]
    fn a_restored_stream_knows_what_it_knew_at_that_entry() {
        let mut stream = Stream::default();
        stream.raise(9, 3);
        assert!(!stream.admits(10, 4));
        none(&mut stream, 11, 4);
        none(&mut stream, 15, 5);
        let versions = stream.versions(0).clone();
        let known_at = |start| Stream::restore(versions.clone(), start).known;
        assert_eq!(
            [known_at(9), known_at(10), known_at(12), known_at(16)],
            [None, Some(3), Some(4), Some(5)]
        );
    }
}
