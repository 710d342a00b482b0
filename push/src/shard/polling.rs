//! How clients take events out of queues.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_wire::queue::Credential;
use narrows_wire::{RealmId, UserId};
use tokio::sync::Notify;

use super::Shard;
use crate::event::{Frame, event_id};
use crate::queue::Pruned;

/// Who may poll a queue.
#[derive(Clone, Debug)]
pub struct Owner {
    /// The realm.
    pub realm_id: RealmId,
    /// The user.
    pub user_id: Option<UserId>,
    /// The user's address at the API.
    pub email: String,
    /// Where mail to them goes.
    pub delivery_email: String,
    /// The credential that it was registered with.
    pub credential: Credential,
}

/// What a poll found.
#[derive(Debug)]
pub enum Polled {
    /// Events to be delivered.
    Events(Vec<Frame>),
    /// Nothing yet: wait for the bell.
    Nothing(Arc<Notify>),
}

/// Why a poll gets nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum PollError {
    /// There is no such queue.
    Unknown,
    /// It asks for what is gone.
    Pruned,
    /// A newer poll took over.
    Superseded,
}

impl Shard {
    /// Who may poll a queue; `None` when there is no such queue.
    pub fn owner(&self, id: &str) -> Option<Owner> {
        let queue = self.queues.get(self.keys.get(id)?)?;
        Some(Owner {
            realm_id: queue.realm_id,
            user_id: queue.user,
            email: queue.email.to_string(),
            delivery_email: queue.delivery_email.to_string(),
            credential: queue.credential.as_deref().map(str::to_owned),
        })
    }

    /// A client is there: it counts as connected until [`Shard::disconnect`], and ends polls before it.
    pub fn connect(&mut self, id: &str) -> Option<u64> {
        let queue = self.queues.get_mut(self.keys.get(id)?)?;
        queue.connected += 1;
        queue.turn += 1;
        queue.wake();
        Some(queue.turn)
    }

    /// A client that was connected is not any more.
    pub fn disconnect(&mut self, id: &str, now: DateTime<Utc>) {
        if let Some(queue) = self.keys.get(id).and_then(|key| self.queues.get_mut(key)) {
            queue.connected = queue.connected.saturating_sub(1);
            queue.last_seen = now;
        }
    }

    /// The client has all up to an id.
    pub fn acknowledge(&mut self, id: &str, last: i64) -> Result<(), PollError> {
        let key = *self.keys.get(id).ok_or(PollError::Unknown)?;
        let queue = self.queues.get_mut(&key).ok_or(PollError::Unknown)?;
        let newest = event_id(self.position + 1, -1);
        let moved = queue
            .acknowledge(last, newest)
            .map_err(|Pruned| PollError::Pruned)?;
        if moved {
            self.changes.cursors.insert(key);
        }
        Ok(())
    }

    /// What waits after an id.
    pub fn poll(&mut self, id: &str, turn: u64, after: i64) -> Result<Polled, PollError> {
        let key = self.keys.get(id).ok_or(PollError::Unknown)?;
        let queue = self.queues.get_mut(key).ok_or(PollError::Unknown)?;
        if queue.turn != turn {
            return Err(PollError::Superseded);
        }
        let frames = queue.frames(after);
        if frames.is_empty() {
            return Ok(Polled::Nothing(queue.bell()));
        }
        Ok(Polled::Events(frames))
    }

    /// A heartbeat for a queue in which nothing waits.
    pub fn heartbeat(&mut self, id: &str) -> Result<Frame, PollError> {
        let position = self.position;
        let key = self.keys.get(id).ok_or(PollError::Unknown)?;
        let queue = self.queues.get_mut(key).ok_or(PollError::Unknown)?;
        Ok(queue.heartbeat(position))
    }
}
