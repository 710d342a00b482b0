//! Events about who is subscribed, and how a user treats a stream or topic.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::stream::StreamObject;
use crate::ids::{StreamId, UserId};

/// A stream that the user is or was subscribed to, as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubscriptionObject {
    /// The stream.
    #[serde(flatten)]
    pub stream: StreamObject,
    /// How the user treats it.
    #[serde(flatten)]
    pub personal: Personal,
}

/// How a user treats a stream.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Personal {
    /// "#rrggbb".
    pub color: String,
    /// Muted.
    pub is_muted: bool,
    /// The opposite of [`Personal::is_muted`], its name of old.
    pub in_home_view: bool,
    /// Shown on top.
    pub pin_to_top: bool,
    /// `None` = as the user's settings say; likewise below.
    pub desktop_notifications: Option<bool>,
    /// By sound.
    pub audible_notifications: Option<bool>,
    /// On phones.
    pub push_notifications: Option<bool>,
    /// By mail.
    pub email_notifications: Option<bool>,
    /// Of `@**all**` and the like.
    pub wildcard_mentions_notify: Option<bool>,
}

/// See the API's `subscription`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum SubscriptionEvent {
    /// The user was subscribed.
    Add {
        /// To these.
        subscriptions: Vec<SubscriptionObject>,
    },
    /// The user was unsubscribed.
    Remove {
        /// From these.
        subscriptions: Vec<StreamName>,
    },
    /// A personal property of a subscription changed.
    Update {
        /// The stream.
        stream_id: StreamId,
        /// Which property.
        property: &'static str,
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

/// A stream that somebody was unsubscribed from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StreamName {
    /// Its name.
    pub name: String,
    /// Its id.
    pub stream_id: StreamId,
}

/// See the API's `user_topic`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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

/// See the API's `muted_topics`: what clients had before `user_topic`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct MutedTopics {
    /// Stream name, topic, since when in UNIX seconds.
    pub muted_topics: Vec<(String, String, i64)>,
}
