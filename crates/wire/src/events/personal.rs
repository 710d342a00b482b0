//! Events about lists that a user keeps for themselves: each has the same operations.

use schemars::JsonSchema;
use serde::Serialize;

use crate::ids::{DraftId, MessageId, SavedSnippetId, ScheduledMessageId, StreamId, UserId};

/// See the API's `drafts`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Drafts {
    /// New ones.
    Add {
        /// In the order in which they were made.
        drafts: Vec<Draft>,
    },
    /// One was replaced.
    Update {
        /// As it is now.
        draft: Draft,
    },
    /// One is gone.
    Remove {
        /// Which.
        draft_id: DraftId,
    },
}

/// A draft as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// "" (no address yet), "stream" or "private".
    #[serde(rename = "type")]
    pub kind: String,
    /// The stream's id, or those of the people.
    pub to: Vec<i32>,
    /// The topic so far.
    pub topic: String,
    /// The text so far.
    pub content: String,
    /// When it was last worked on, in UNIX seconds.
    pub timestamp: i64,
}

/// See the API's `scheduled_messages`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum ScheduledMessages {
    /// New ones.
    Add {
        /// The new ones.
        scheduled_messages: Vec<ScheduledMessage>,
    },
    /// One was changed, or could not be sent.
    Update {
        /// As it is now.
        scheduled_message: ScheduledMessage,
    },
    /// One was sent, or deleted.
    Remove {
        /// Which.
        scheduled_message_id: ScheduledMessageId,
    },
}

/// A scheduled message as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScheduledMessage {
    /// Its id.
    pub scheduled_message_id: ScheduledMessageId,
    /// Where it goes.
    #[serde(flatten)]
    pub to: ScheduledTo,
    /// As typed.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// When it is to be sent, in UNIX seconds.
    pub scheduled_delivery_timestamp: i64,
    /// It was tried and refused.
    pub failed: bool,
}

/// Where a scheduled message goes.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ScheduledTo {
    /// A topic of a stream.
    Stream {
        /// The stream.
        to: StreamId,
        /// The topic.
        topic: String,
    },
    /// People.
    Private {
        /// Without the sender, unless alone.
        to: Vec<UserId>,
    },
}

/// See the API's `reminders`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Reminders {
    /// New ones.
    Add {
        /// The new ones.
        reminders: Vec<Reminder>,
    },
    /// One was sent, or deleted.
    Remove {
        /// Which.
        reminder_id: ScheduledMessageId,
    },
}

/// A reminder as the API shows it: a direct message to oneself.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Reminder {
    /// Its id.
    pub reminder_id: ScheduledMessageId,
    /// Whom it reminds.
    #[serde(flatten)]
    pub to: ScheduledTo,
    /// As text.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// When it is to be sent, in UNIX seconds.
    pub scheduled_delivery_timestamp: i64,
    /// It was tried and refused.
    pub failed: bool,
    /// Of what it reminds.
    pub reminder_target_message_id: MessageId,
}

/// See the API's `saved_snippets`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum SavedSnippets {
    /// A new one.
    Add {
        /// The new one.
        saved_snippet: SavedSnippet,
    },
    /// One was changed.
    Update {
        /// As it is now.
        saved_snippet: SavedSnippet,
    },
    /// One is gone.
    Remove {
        /// Which.
        saved_snippet_id: SavedSnippetId,
    },
}

/// A saved snippet as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SavedSnippet {
    /// Its id.
    pub id: SavedSnippetId,
    /// What it is called.
    pub title: String,
    /// The text.
    pub content: String,
    /// When it was made, in UNIX seconds.
    pub date_created: i64,
}

/// See the API's `navigation_view`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum NavigationViews {
    /// A new one.
    Add {
        /// The new one.
        navigation_view: NavigationView,
    },
    /// One was changed.
    Update {
        /// Which.
        fragment: String,
        /// What of it.
        data: NavigationViewData,
    },
    /// One is gone.
    Remove {
        /// Which.
        fragment: String,
    },
}

/// A navigation view as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NavigationView {
    /// The part of the URL after `#`.
    pub fragment: String,
    /// Always shown.
    pub is_pinned: bool,
    /// Of views of the user's own making.
    pub name: Option<String>,
}

/// What changed of a navigation view.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NavigationViewData {
    /// If it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_pinned: Option<bool>,
    /// If it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}
