//! One event for many queues: rendered once per variant, the bytes shared.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use narrows_wire::{Audience, Payload, RealmId, Xid};

use crate::variants::{self, Variant};

/// Ids that an entry of the log may use, as a power of two: its events use the lower half, heartbeats the upper one.
/// With 2^16 there is room for 2^37 entries below 2^53, the largest integer that every client can hold.
const ID_BITS: u32 = 16;
/// Events of one entry that have ids of their own.
pub const IDS_PER_ENTRY: i64 = 1 << (ID_BITS - 1);

/// The id of the `index`th event of an entry.
pub fn event_id(offset: i64, index: i64) -> i64 {
    (offset << ID_BITS) + index
}

/// The entry that an id belongs to.
pub fn offset_of(id: i64) -> i64 {
    id >> ID_BITS
}

/// The greatest id that an event of this entry can have; heartbeats after it have greater ones.
pub fn last_event_id(offset: i64) -> i64 {
    event_id(offset, IDS_PER_ENTRY - 1)
}

/// The id of a heartbeat after this entry, greater than the one before (but for the end of the range, after weeks).
pub fn heartbeat_id(offset: i64, last: i64) -> i64 {
    (last + 1).clamp(event_id(offset, IDS_PER_ENTRY), event_id(offset + 1, -1))
}

/// What a client receives: an id, and the JSON with it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The event's id.
    pub id: i64,
    /// The event.
    pub json: Bytes,
}

/// See the module.
#[derive(Debug)]
pub struct Event {
    /// The id of its first frame.
    pub id: i64,
    /// How many ids are its own.
    pub width: i64,
    /// The transaction that wrote it.
    pub xid: Option<Xid>,
    /// The realm.
    pub realm_id: RealmId,
    /// Who may have it.
    pub audience: Audience,
    /// What it says.
    pub payload: Payload,
    rendered: Mutex<Vec<(Variant, Arc<[Frame]>)>>,
}

impl Event {
    /// Of an envelope's parts.
    pub fn new(
        id: i64,
        width: i64,
        xid: Option<Xid>,
        realm_id: RealmId,
        audience: Audience,
        payload: Payload,
    ) -> Self {
        Self {
            id,
            width,
            xid,
            realm_id,
            audience,
            payload,
            rendered: Mutex::default(),
        }
    }

    /// The greatest id of its frames.
    pub fn last_id(&self) -> i64 {
        self.id + self.width - 1
    }

    /// Its `type`.
    pub fn event_type(&self) -> &str {
        match &self.payload {
            Payload::Event { event_type, .. } => event_type,
            Payload::Message(_) => "message",
        }
    }

    /// Its frames in a variant; rendered when the variant is first asked for.
    pub fn frames(&self, variant: Variant) -> Arc<[Frame]> {
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frames)) = rendered.iter().find(|(known, _)| *known == variant) {
            return frames.clone();
        }
        let frames: Arc<[Frame]> = variants::render(self, variant, None).into();
        rendered.push((variant, frames.clone()));
        frames
    }
}
