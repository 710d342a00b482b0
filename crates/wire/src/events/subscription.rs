//! Events about who is subscribed, and how a user treats a stream or topic.

use serde::Serialize;
use serde_json::Value;

use crate::ids::{StreamId, UserId};

/// See the API's `subscription`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum SubscriptionEvent {
    /// The user was subscribed.
    Add {
        /// Subscription objects of the API.
        subscriptions: Vec<Value>,
    },
    /// The user was unsubscribed.
    Remove {
        /// `{name, stream_id}` each.
        subscriptions: Vec<Value>,
    },
    /// A personal property of a subscription changed.
    Update {
        /// The stream.
        stream_id: StreamId,
        /// Which property.
        property: String,
        /// The new value.
        value: Value,
    },
    /// Others were subscribed.
    PeerAdd {
        /// To these streams.
        stream_ids: Vec<StreamId>,
        /// These users.
        user_ids: Vec<UserId>,
    },
    /// Others were unsubscribed.
    PeerRemove {
        /// From these streams.
        stream_ids: Vec<StreamId>,
        /// These users.
        user_ids: Vec<UserId>,
    },
}

/// See the API's `user_topic`.
#[derive(Clone, Debug, Serialize)]
pub struct UserTopic {
    /// The stream.
    pub stream_id: StreamId,
    /// The topic.
    pub topic_name: String,
    /// UNIX seconds.
    pub last_updated: i64,
    /// 0 inherit, 1 muted, 2 unmuted, 3 followed.
    pub visibility_policy: i16,
}
