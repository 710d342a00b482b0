//! What an organisation decides for all. Stored as JSON; a key that is missing has its default.

use narrows_store::models::Realm;
use serde::{Deserialize, Serialize};

use super::Policy;

/// Settings of a realm.
///
/// To add one: a field with its default below, and a line in `register::realm` under the API's name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Authors may edit their messages.
    pub allow_message_editing: bool,
    /// For so many seconds; `None` = for ever.
    pub message_content_edit_limit_seconds: Option<i64>,
    /// Authors may delete their messages for so many seconds; `None` = for ever.
    pub message_content_delete_limit_seconds: Option<i64>,
    /// Who may delete their own messages.
    pub delete_own_message_policy: Policy,
    /// Everybody may see how a message was edited.
    pub allow_edit_history: bool,
    /// Who may move messages between topics.
    pub edit_topic_policy: Policy,
    /// Messages that old (seconds) are moved between topics by moderators only; `None` = no limit.
    pub move_messages_within_stream_limit_seconds: Option<i64>,
    /// Who may move messages between streams.
    pub move_messages_between_streams_policy: Policy,
    /// Messages that old (seconds) are moved between streams by moderators only; `None` = no limit.
    pub move_messages_between_streams_limit_seconds: Option<i64>,
    /// Who may mention everybody in large streams.
    pub wildcard_mention_policy: Policy,
    /// The empty topic is refused.
    pub mandatory_topics: bool,
    /// Who may make public streams.
    pub create_public_stream_policy: Policy,
    /// Who may make private streams.
    pub create_private_stream_policy: Policy,
    /// Who may make web-public streams.
    pub create_web_public_stream_policy: Policy,
    /// Who may subscribe others.
    pub invite_to_stream_policy: Policy,
    /// Who may manage user groups.
    pub user_group_edit_policy: Policy,
    /// Web-public streams can be read without an account.
    pub enable_spectator_access: bool,
    /// Who has read a message can be asked.
    pub enable_read_receipts: bool,
    /// Days until a member is a full member.
    pub waiting_period_threshold: i64,
    /// Language of fenced code that names none.
    pub default_code_block_language: String,
    /// Language of the client for new users.
    pub default_language: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_message_editing: true,
            message_content_edit_limit_seconds: Some(600),
            message_content_delete_limit_seconds: Some(600),
            delete_own_message_policy: Policy::Everyone,
            allow_edit_history: true,
            edit_topic_policy: Policy::Everyone,
            move_messages_within_stream_limit_seconds: Some(7 * 24 * 3600),
            move_messages_between_streams_policy: Policy::Members,
            move_messages_between_streams_limit_seconds: Some(7 * 24 * 3600),
            wildcard_mention_policy: Policy::Admins,
            mandatory_topics: false,
            create_public_stream_policy: Policy::Members,
            create_private_stream_policy: Policy::Members,
            create_web_public_stream_policy: Policy::Owners,
            invite_to_stream_policy: Policy::Members,
            user_group_edit_policy: Policy::Members,
            enable_spectator_access: true,
            enable_read_receipts: true,
            waiting_period_threshold: 0,
            default_code_block_language: String::new(),
            default_language: "en".to_owned(),
        }
    }
}

impl Settings {
    /// The settings of a realm. What cannot be read any more has its default.
    pub fn of(realm: &Realm) -> Settings {
        serde_json::from_value(realm.settings.clone()).unwrap_or_else(|error| {
            tracing::error!(realm = %realm.id(), %error, "settings of the realm are malformed; defaults are used");
            Settings::default()
        })
    }
}
