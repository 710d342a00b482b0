//! Events about streams that the user may see, subscribed or not, and the stream object that they share with answers.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::group_settings::group_settings;
use crate::ids::{ChannelFolderId, MessageId, StreamId, UserId};

/// A stream as the API shows it: fields of [`crate::feature_level::FEATURE_LEVEL`], those that newer clients read, and
/// those that they replaced.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StreamObject {
    /// Its id.
    pub stream_id: StreamId,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// HTML.
    pub rendered_description: String,
    /// UNIX seconds.
    pub date_created: i64,
    /// Who made it.
    pub creator_id: Option<UserId>,
    /// Its oldest message.
    pub first_message_id: Option<MessageId>,
    /// Private.
    pub invite_only: bool,
    /// Anybody on the internet may read it.
    pub is_web_public: bool,
    /// Nobody can send any more.
    pub is_archived: bool,
    /// Made or sent to within half a year.
    pub is_recently_active: bool,
    /// Subscribers see what was sent before they came.
    pub history_public_to_subscribers: bool,
    /// Its own retention; `None` = the realm's, -1 = for ever.
    pub message_retention_days: Option<i32>,
    /// Who may send.
    pub stream_post_policy: i16,
    /// The form of [`StreamObject::stream_post_policy`] before it had more than two values.
    pub is_announcement_only: bool,
    /// Messages a week; `None` = not known.
    pub stream_weekly_traffic: Option<i64>,
    /// How many are subscribed.
    pub subscriber_count: i64,
    /// Which topic names are allowed.
    pub topics_policy: String,
    /// The folder that it is shown in.
    pub folder_id: Option<ChannelFolderId>,
    /// Who may do what.
    #[serde(flatten)]
    #[schemars(schema_with = "group_settings")]
    pub groups: Map<String, Value>,
    /// Only where asked for: new users are subscribed to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// Only where asked for: who is subscribed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<Vec<UserId>>,
}

/// See the API's `stream`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum StreamEvent {
    /// Streams became visible.
    Create {
        /// What they are.
        streams: Vec<StreamObject>,
    },
    /// Streams are no longer visible.
    Delete {
        /// What they were as far as the user may know, for old clients.
        streams: Vec<Value>,
        /// Their ids.
        stream_ids: Vec<StreamId>,
    },
    /// A property changed.
    Update(Update),
}

/// One changed property of a stream.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Update {
    /// The stream.
    pub stream_id: StreamId,
    /// Its name before the change.
    pub name: String,
    /// Which property.
    pub property: &'static str,
    /// The new value.
    pub value: Value,
    /// With `description`: as HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered_description: Option<String>,
    /// With `invite_only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_public_to_subscribers: Option<bool>,
    /// With `invite_only`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_web_public: Option<bool>,
}

/// See the API's `default_streams`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DefaultStreams {
    /// All of them now.
    pub default_streams: Vec<StreamId>,
}
