//! Events about messages that exist already.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::ids::{MessageId, StreamId, UserId};

/// See the API's `update_message`.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct UpdateMessage {
    /// Who edited; `null` for changes by the server.
    pub user_id: Option<i32>,
    /// Only the rendering changed (a preview was filled in).
    pub rendering_only: bool,
    /// The message that was edited; of a move, the one that the mover picked.
    pub message_id: i64,
    /// All that changed place, or just [`UpdateMessage::message_id`]; ascending.
    pub message_ids: Vec<MessageId>,
    /// When, in UNIX seconds.
    pub edit_timestamp: i64,
    /// The stream's name, for stream messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    /// The stream before the edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<StreamId>,
    /// The stream after a move to another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_stream_id: Option<StreamId>,
    /// How far a move reached: `change_one`, `change_later`, `change_all`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagate_mode: Option<String>,
    /// The topic before a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orig_subject: Option<String>,
    /// The topic after a move that changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Links that the realm's linkifiers make of the new topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_links: Option<Vec<TopicLink>>,
    /// Text before a content edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orig_content: Option<String>,
    /// HTML before a content edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub orig_rendered_content: Option<String>,
    /// Text after a content edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// HTML after a content edit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered_content: Option<String>,
    /// Whether the text is a `/me` message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_me_message: Option<bool>,
}

/// See the API's `delete_message`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DeleteMessage {
    /// Ascending; all of one conversation.
    pub message_ids: Vec<MessageId>,
    /// `stream` or `private`.
    pub message_type: &'static str,
    /// Of stream messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<StreamId>,
    /// Of stream messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// See the API's `update_message_flags`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UpdateMessageFlags {
    /// `add` or `remove`.
    pub op: &'static str,
    /// The same, for old clients.
    pub operation: &'static str,
    /// `read`, `starred`, `collapsed` …
    pub flag: String,
    /// Which messages.
    pub messages: Vec<MessageId>,
    /// Every message of the user (only with `read`).
    pub all: bool,
    /// Where each message is, when messages become unread: id → details.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_details: Option<Value>,
}

/// See the API's `reaction`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reaction {
    /// `add` or `remove`.
    pub op: &'static str,
    /// Who reacts.
    pub user_id: UserId,
    /// Who reacts, for old clients: `{user_id, email, full_name}`.
    pub user: Value,
    /// The message.
    pub message_id: MessageId,
    /// The name that the reactor chose.
    pub emoji_name: String,
    /// Code points in hex, or the id of a custom emoji.
    pub emoji_code: String,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    pub reaction_type: String,
}

/// See the API's `typing`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Typing {
    /// `start` or `stop`.
    pub op: &'static str,
    /// `direct` or `stream`.
    pub message_type: &'static str,
    /// `{user_id, email}`.
    pub sender: Value,
    /// All people of a direct conversation, `{user_id, email}` each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipients: Option<Vec<Value>>,
    /// Where, in a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<StreamId>,
    /// Where, in a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// See the API's `typing_edit_message`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TypingEditMessage {
    /// `start` or `stop`.
    pub op: &'static str,
    /// Who edits.
    pub sender_id: UserId,
    /// Their message.
    pub message_id: MessageId,
    /// Where it is.
    pub recipient: TypingRecipient,
}

/// Where a message is that is being edited.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TypingRecipient {
    /// In a stream.
    Channel {
        /// The stream.
        channel_id: StreamId,
        /// The topic.
        topic: String,
    },
    /// Among people.
    Direct {
        /// All of them.
        user_ids: Vec<UserId>,
    },
}

/// See the API's `submessage`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubmessageEvent {
    /// What kind of program understands it.
    pub msg_type: String,
    /// The message it belongs to.
    pub message_id: MessageId,
    /// Its id.
    pub submessage_id: i64,
    /// Who added it.
    pub sender_id: UserId,
    /// JSON.
    pub content: String,
}

/// A link in the name of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TopicLink {
    /// The part of the name.
    pub text: String,
    /// Where it leads.
    pub url: String,
}
