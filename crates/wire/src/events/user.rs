//! Events about the user's own settings, and about who is there.

use serde::Serialize;
use serde_json::Value;

use crate::ids::UserId;

/// See the API's `presence`. Push makes the variants: `slim_presence` queues get no `email`.
#[derive(Clone, Debug, Serialize)]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// Their address, for old clients.
    pub email: String,
    /// UNIX seconds with fraction.
    pub server_timestamp: f64,
    /// By client name: `{client, status, timestamp, pushable}`, the legacy form that all clients read.
    pub presence: Value,
}

/// See the API's `user_settings`.
#[derive(Clone, Debug, Serialize)]
pub struct UserSettings {
    /// Always `update`.
    pub op: &'static str,
    /// Which setting.
    pub property: String,
    /// The new value.
    pub value: Value,
    /// With `default_language`: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_name: Option<String>,
}

/// See the API's `alert_words`.
#[derive(Clone, Debug, Serialize)]
pub struct AlertWords {
    /// All words.
    pub alert_words: Vec<String>,
}

/// See the API's `muted_users`.
#[derive(Clone, Debug, Serialize)]
pub struct MutedUsers {
    /// All muted users.
    pub muted_users: Vec<MutedUser>,
}

/// A muted user.
#[derive(Clone, Debug, Serialize)]
pub struct MutedUser {
    /// Who.
    pub id: UserId,
    /// Since when, in UNIX seconds.
    pub timestamp: i64,
}
