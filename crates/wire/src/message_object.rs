//! The message object of the API. App server and push write it straight into bytes; these types describe what they
//! write.

use schemars::JsonSchema;
use serde::Serialize;

use crate::events::message::TopicLink;
use crate::ids::{MessageId, RecipientId, StreamId, UserId};

/// A message as the API shows it, without what is the reader's own.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageObject {
    /// Its id; grows with time.
    pub id: MessageId,
    /// Who sent it.
    pub sender_id: UserId,
    /// Their name.
    pub sender_full_name: String,
    /// Their address.
    pub sender_email: String,
    /// The subdomain of their organisation.
    pub sender_realm_str: String,
    /// Where their picture is; `null`: the client computes the Gravatar from the address.
    pub avatar_url: Option<String>,
    /// Which conversation it belongs to.
    pub recipient_id: RecipientId,
    /// Of a stream, or among people.
    #[serde(rename = "type")]
    pub kind: MessageKind,
    /// Its stream; of stream messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_id: Option<StreamId>,
    /// The stream's name, or everybody of the conversation.
    pub display_recipient: DisplayRecipient,
    /// The topic; "" of direct messages.
    pub subject: String,
    /// What the realm's linkifiers make of the topic.
    pub topic_links: Vec<TopicLink>,
    /// HTML or text.
    pub content: String,
    /// `text/html` or `text/x-markdown`.
    pub content_type: String,
    /// When it was sent, in UNIX seconds.
    pub timestamp: i64,
    /// The program that sent it.
    pub client: String,
    /// Begins with `/me`.
    pub is_me_message: bool,
    /// What polls and to-do lists are made of.
    pub submessages: Vec<Submessage>,
    /// In the order in which they came.
    pub reactions: Vec<MessageReaction>,
    /// When its content was last changed, in UNIX seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_edit_timestamp: Option<i64>,
}

/// A message of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FetchedMessage {
    /// It.
    #[serde(flatten)]
    pub message: MessageObject,
    /// What it is to the reader: `read`, `starred`, `mentioned` …
    pub flags: Vec<String>,
    /// When it was last moved, in UNIX seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_moved_timestamp: Option<i64>,
    /// How it was changed, newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_history: Option<Vec<MessageEdit>>,
    /// Of searches: HTML, with the words that were searched for marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_content: Option<String>,
    /// Of searches: the topic as HTML, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub match_subject: Option<String>,
}

/// What a message is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Of a stream.
    Stream,
    /// Among people.
    Private,
}

/// Where a message is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum DisplayRecipient {
    /// The stream's name.
    Stream(String),
    /// Everybody of the conversation.
    People(Vec<DirectRecipient>),
}

/// Somebody of a direct conversation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DirectRecipient {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// Always false.
    pub is_mirror_dummy: bool,
}

/// A reaction to a message.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageReaction {
    /// The name that the reactor chose.
    pub emoji_name: String,
    /// Code points in hex, or the id of a custom emoji.
    pub emoji_code: String,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    pub reaction_type: String,
    /// Who reacts.
    pub user_id: UserId,
    /// Who reacts, for old clients.
    pub user: ReactingUser,
}

/// Who reacts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReactingUser {
    /// Their id.
    pub id: UserId,
    /// Their address.
    pub email: String,
    /// Their name.
    pub full_name: String,
}

/// A part of a poll or a to-do list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Submessage {
    /// Its id.
    pub id: i64,
    /// The message it belongs to.
    pub message_id: MessageId,
    /// Who added it.
    pub sender_id: UserId,
    /// What kind of program understands it.
    pub msg_type: String,
    /// JSON.
    pub content: String,
}

/// A change of a message.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageEdit {
    /// Who changed it; `null`: the server.
    pub user_id: Option<UserId>,
    /// When, in UNIX seconds.
    pub timestamp: i64,
    /// What it was before.
    #[serde(flatten)]
    pub before: Before,
    /// By which version of the renderer it was rendered before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_rendered_content_version: Option<i32>,
    /// The topic after a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

/// What a message was before a change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Before {
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_content: Option<String>,
    /// The HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_rendered_content: Option<String>,
    /// The topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_topic: Option<String>,
    /// The stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prev_stream: Option<StreamId>,
    /// The stream after a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<StreamId>,
}

/// A message at some time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MessageState {
    /// Who made it so; `null`: the server.
    pub user_id: Option<UserId>,
    /// Since when, in UNIX seconds.
    pub timestamp: i64,
    /// The topic.
    pub topic: String,
    /// The text.
    pub content: String,
    /// HTML.
    pub rendered_content: String,
    /// If the text was edited: HTML in which what came and what went is marked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_html_diff: Option<String>,
    /// What was otherwise before.
    #[serde(flatten)]
    pub before: Before,
}
