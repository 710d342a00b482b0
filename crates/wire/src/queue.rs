//! Event queues: their descriptors, and the calls between app server and push.
//!
//! A queue is allocated empty (`POST /internal/queues`), the app server reads the state in one snapshot, then hands
//! push that snapshot (`POST /internal/queues/{id}/activate`): the queue drops each event whose transaction the
//! snapshot saw, and keeps the rest. Nobody can poll a queue before it is active.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{RealmId, StreamId, UserId, Xid};
use crate::role::Role;

/// SHA-256 in hex of what the client authenticates with: API key or session token. `None` stands for a spectator.
pub type Credential = Option<String>;

/// What a queue is for. Given at allocation; does not change but for role and memberships.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Descriptor {
    /// The realm.
    pub realm_id: RealmId,
    /// The owner; `None` for a spectator.
    pub user_id: Option<UserId>,
    /// The owner's e-mail address as others see it. HTTP Basic requests carry this one,
    #[serde(default)]
    pub email: String,
    /// … or this, where mail goes.
    #[serde(default)]
    pub delivery_email: String,
    /// The owner's role, kept up to date by push.
    pub role: Role,
    /// Who may poll: polls must carry the same credential, or another valid one of the same user (push asks).
    pub credential: Credential,
    /// Types of events wanted; `None` = all.
    pub event_types: Option<Vec<String>>,
    /// Filter for messages; empty = all. Terms as `[operator, operand, negated]`.
    #[serde(default)]
    pub narrow: Vec<NarrowTerm>,
    /// Receive messages of all public streams, subscribed or not.
    #[serde(default)]
    pub all_public_streams: bool,
    /// `content` is HTML.
    pub apply_markdown: bool,
    /// `avatar_url` may be null.
    pub client_gravatar: bool,
    /// Presence events keyed by user id.
    pub slim_presence: bool,
    /// `peer_add` and `peer_remove` are wanted.
    pub include_subscribers: bool,
    /// What the client declared; unknown names are dropped.
    pub capabilities: Capabilities,
    /// Seconds that the queue lives without a poll.
    pub idle_timeout: u64,
    /// The client's name, as in `client` of messages ("website", "ZulipPython" …).
    pub client: String,
}

/// A term of a queue's narrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NarrowTerm {
    /// `stream`, `topic`, `sender`, `is` …
    pub operator: String,
    /// Operand as a string; ids in decimal.
    pub operand: String,
    /// Whether it must not match.
    #[serde(default)]
    pub negated: bool,
}

impl NarrowTerm {
    /// The operators that push can apply to a new message.
    pub const OPERATORS: [&'static str; 8] = [
        "channel", "stream", "topic", "sender", "from", "dm", "pm-with", "is",
    ];
}

/// `client_capabilities` of POST /register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capabilities {
    /// Subscription settings may be null (= as the user's default). Who says anything of itself says this.
    pub notification_settings_null: bool,
    /// One `delete_message` event for many messages.
    #[serde(default)]
    pub bulk_message_deletion: bool,
    /// `avatar_url` may be missing from users.
    #[serde(default)]
    pub user_avatar_url_field_optional: bool,
    /// Typing notices in streams are wanted.
    #[serde(default)]
    pub stream_typing_notifications: bool,
    /// `user_settings` rather than the old two event types.
    #[serde(default)]
    pub user_settings_object: bool,
    /// Linkifiers as URL templates.
    #[serde(default)]
    pub linkifier_url_template: bool,
    /// Users who may not be seen may be left out.
    #[serde(default)]
    pub user_list_incomplete: bool,
    /// Deactivated groups are understood.
    #[serde(default)]
    pub include_deactivated_groups: bool,
    /// Archived streams are understood.
    #[serde(default)]
    pub archived_channels: bool,
    /// The empty topic is understood; otherwise its display name is sent.
    #[serde(default)]
    pub empty_topic_name: bool,
    /// Presence events in the modern form.
    #[serde(default)]
    pub simplified_presence_events: bool,
    /// Emoji changes one by one.
    #[serde(default)]
    pub individual_emoji_changes: bool,
}

/// Answer of `POST /internal/queues`, whose body is a [`Descriptor`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocated {
    /// `<shard>:<random>`: the shard prefix is what nginx routes by.
    pub queue_id: String,
    /// All events of the queue have a greater id.
    pub last_event_id: i64,
}

/// Body of `POST /internal/queues/{queue_id}/activate`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activate {
    /// What the state that the client got had seen.
    pub snapshot: Snapshot,
    /// The streams that the owner is subscribed to in that state, with each stream's membership version.
    pub streams: BTreeMap<StreamId, i64>,
    /// The membership version as of which the owner is subscribed to these streams, where it is known (not 0).
    #[serde(default)]
    pub since: BTreeMap<StreamId, i64>,
}

/// `pg_current_snapshot()`: which transactions a reader saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// All below are settled.
    pub xmin: u64,
    /// None from here on was seen.
    pub xmax: u64,
    /// In between, these were still running.
    pub running: Vec<u64>,
}

impl Snapshot {
    /// Whether the snapshot saw what this transaction wrote (given that it committed).
    pub fn saw(&self, xid: Xid) -> bool {
        xid.0 < self.xmin || (xid.0 < self.xmax && !self.running.contains(&xid.0))
    }

    /// From PostgreSQL's text form `xmin:xmax:xip,xip`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let xmin = parts.next()?.parse().ok()?;
        let xmax = parts.next()?.parse().ok()?;
        let running = parts
            .next()?
            .split(',')
            .filter(|s| !s.is_empty())
            .map(|s| s.parse().ok())
            .collect::<Option<_>>()?;
        parts.next().is_none().then_some(Self {
            xmin,
            xmax,
            running,
        })
    }
}

/// Body of the app server's `POST /internal/authenticate`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticate {
    /// The realm of the queue that is asked for.
    pub realm_id: RealmId,
    /// SHA-256 in hex of what the client sent: an API key or a session token.
    pub credential: String,
}

/// Answer of the app server's `POST /internal/authenticate` (push asks on a credential that it does not know).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authenticated {
    /// Whose credential it is.
    pub user_id: UserId,
    /// Their realm.
    pub realm_id: RealmId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_saw_what_was_settled_and_nothing_that_was_running() {
        let snapshot = Snapshot::parse("10:20:12,15").expect("parses");
        let saw: Vec<u64> = (8..22).filter(|xid| snapshot.saw(Xid(*xid))).collect();
        assert_eq!(saw, [8, 9, 10, 11, 13, 14, 16, 17, 18, 19]);
        assert_eq!(Snapshot::parse("10:10:").map(|s| s.running), Some(vec![]));
        assert_eq!(Snapshot::parse("10:x:"), None);
    }
}
