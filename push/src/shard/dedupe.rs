//! Which outbox rows were seen: a bounded window over the log.

use std::collections::{HashSet, VecDeque};

use narrows_wire::OutboxId;

/// A publisher has at most a few hundred unconfirmed messages in flight, and the outbox relay sweeps what a crash left
/// behind within minutes: copies of a message are never this many entries apart.
const WINDOW: usize = 262_144;

/// The window.
#[derive(Debug, Default)]
pub struct Dedupe {
    seen: HashSet<OutboxId>,
    order: VecDeque<OutboxId>,
}

impl Dedupe {
    /// Whether this is the first time.
    pub fn first(&mut self, id: OutboxId) -> bool {
        if !self.seen.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > WINDOW
            && let Some(old) = self.order.pop_front()
        {
            self.seen.remove(&old);
        }
        true
    }
}
