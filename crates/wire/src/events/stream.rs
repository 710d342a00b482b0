//! Events about streams that the user may see, subscribed or not.

use serde::Serialize;
use serde_json::Value;

use crate::ids::StreamId;

/// See the API's `stream`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum StreamEvent {
    /// Streams became visible.
    Create {
        /// Stream objects of the API.
        streams: Vec<Value>,
    },
    /// Streams are no longer visible.
    Delete {
        /// Stream objects, for old clients.
        streams: Vec<Value>,
        /// Their ids.
        stream_ids: Vec<StreamId>,
    },
    /// A property changed.
    Update(Update),
}

/// One changed property of a stream.
#[derive(Clone, Debug, Serialize)]
pub struct Update {
    /// The stream.
    pub stream_id: StreamId,
    /// Its name before the change.
    pub name: String,
    /// Which property.
    pub property: String,
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
