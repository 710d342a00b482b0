//! Events about the user's own settings, and about who is there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::ids::UserId;

/// See the API's `presence`. Push makes the variants: `slim_presence` queues get no `email`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Presence {
    /// Who.
    pub user_id: UserId,
    /// Their address, for old clients.
    pub email: String,
    /// UNIX seconds with fraction.
    pub server_timestamp: f64,
    /// By client name: `{client, status, timestamp, pushable}`, the legacy form that all clients read.
    pub presence: Value,
    /// By the user's id: all that clients with the capability `simplified_presence_events` get.
    pub presences: BTreeMap<UserId, ActiveSince>,
}

/// When somebody was there, in UNIX seconds.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct ActiveSince {
    /// Last at the keyboard; 0 never.
    pub active_timestamp: i64,
    /// Last connected; 0 never.
    pub idle_timestamp: i64,
}

/// See the API's `user_settings`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AlertWords {
    /// All words.
    pub alert_words: Vec<String>,
}

/// See the API's `muted_users`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MutedUsers {
    /// All muted users.
    pub muted_users: Vec<MutedUser>,
}

/// A muted user.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MutedUser {
    /// Who.
    pub id: UserId,
    /// Since when, in UNIX seconds.
    pub timestamp: i64,
}

/// See the API's `update_display_settings`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LegacyDisplaySetting {
    /// The user's address.
    pub user: String,
    /// Which setting.
    pub setting_name: String,
    /// The new value.
    pub setting: Value,
    /// With `default_language`: its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_name: Option<String>,
}

/// See the API's `update_global_notifications`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LegacyNotificationSetting {
    /// The user's address.
    pub user: String,
    /// Which setting.
    pub notification_name: String,
    /// The new value.
    pub setting: Value,
}

/// See the API's `realm_user_settings_defaults`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RealmDefault {
    /// Always `update`.
    pub op: &'static str,
    /// Which setting.
    pub property: String,
    /// The new value.
    pub value: Value,
}

/// See the API's `user_status`: only what changed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UserStatus {
    /// Whose.
    pub user_id: UserId,
    /// Their presence is hidden, or no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub away: Option<bool>,
    /// "": none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_text: Option<String>,
    /// "": none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji_name: Option<String>,
    /// "": none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji_code: Option<String>,
    /// "": none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reaction_type: Option<String>,
}

/// See the API's `onboarding_steps`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OnboardingSteps {
    /// Those that are left.
    pub onboarding_steps: Vec<OnboardingStep>,
}

/// A hint that is shown once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OnboardingStep {
    /// Always `one_time_notice`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Which.
    pub name: &'static str,
}
