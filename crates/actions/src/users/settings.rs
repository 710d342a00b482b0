//! What a user decides for themselves. Stored as JSON; a key that is missing has its default.

use narrows_store::models::User;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::languages;
use crate::error::{Error, Result};

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr $(, if $fits:expr)?;)*) => {
        /// Settings of a user, under the API's names.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct Settings { $($(#[$doc])* pub $name: $type,)* }

        impl Default for Settings {
            fn default() -> Self {
                Settings { $($name: $default,)* }
            }
        }

        /// Settings to be changed; the others stay.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        pub struct Change { $($(#[$doc])* pub $name: Option<$type>,)* }

        /// What users may change of themselves in one request.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        pub struct OwnChange {
            /// Another name.
            pub full_name: Option<String>,
            /// Another address.
            pub email: Option<String>,
            /// To prove that it is them.
            pub old_password: Option<String>,
            /// Another password.
            pub new_password: Option<String>,
            /// IANA name, or "".
            pub timezone: Option<String>,
            $($(#[$doc])* pub $name: Option<$type>,)*
        }

        impl OwnChange {
            /// What of it are settings.
            pub(super) fn settings(&self) -> Change {
                Change { $($name: self.$name.clone(),)* }
            }
        }

        impl Settings {
            /// Changes settings; the names and values of those that are other than before.
            ///
            /// Errors: a value that is none of the setting's.
            pub fn apply(&mut self, change: &Change) -> Result<Map<String, Value>> {
                let mut changed = Map::new();
                $(if let Some(value) = &change.$name {
                    $(
                        let fits: fn(&$type) -> bool = $fits;
                        if !fits(value) {
                            return Err(invalid(stringify!($name), &json!(value)));
                        }
                    )?
                    if self.$name != *value {
                        self.$name = value.clone();
                        changed.insert(stringify!($name).to_owned(), json!(value));
                    }
                })*
                Ok(changed)
            }
        }
    };
}

/// What emoji may look like.
const EMOJISETS: [(&str, &str); 4] = [
    ("google", "Google"),
    ("twitter", "Twitter"),
    ("text", "Plain text"),
    ("google-blob", "Google blobs"),
];

/// The sounds that clients have.
const NOTIFICATION_SOUNDS: [&str; 30] = [
    "ascend",
    "beep_boop",
    "bink",
    "bright",
    "brlip",
    "chime",
    "deep tom",
    "ding",
    "double tap",
    "down",
    "dry bongos",
    "dutdut",
    "fast ascend",
    "flute",
    "friendly",
    "kick roll",
    "loud tintong",
    "metallic snare",
    "pan",
    "shaker",
    "simple",
    "stairs",
    "subtle",
    "swish",
    "tintong",
    "up",
    "wood block",
    "zaping",
    "zing",
    "zulip",
];

fn invalid(name: &str, value: &Value) -> Error {
    let text = value.as_str().unwrap_or_default();
    Error::bad_request(match name {
        "email_notifications_batching_period_seconds" => {
            format!("Invalid email batching period: {value} seconds")
        }
        "notification_sound" => format!("Invalid notification sound '{text}'"),
        name => format!("Invalid {name}"),
    })
}

settings! {
    /// 1 automatic, 2 dark, 3 light.
    color_scheme: u8 = 1, if |value| (1..=3).contains(value);
    /// Language of the client.
    default_language: String = "en".to_owned(), if |value| languages::name(value).is_some();
    /// What the web client opens with.
    web_home_view: String = "inbox".to_owned(), if |value| ["inbox", "recent_topics", "recent", "all_messages"].contains(&value.as_str());
    /// 1 automatic, 2 always, 3 never.
    demote_inactive_streams: u8 = 1, if |value| (1..=3).contains(value);
    /// Narrow line spacing.
    dense_mode: bool = false;
    /// Which pictures emoji have.
    emojiset: String = "google".to_owned(), if |value| EMOJISETS.iter().any(|(key, _)| key == value);
    /// Drafts are kept on the server.
    enable_drafts_synchronization: bool = true;
    /// Enter sends rather than breaks the line.
    enter_sends: bool = false;
    /// Use the full width of the window.
    fluid_layout_width: bool = false;
    /// For bad eyes.
    high_contrast_mode: bool = false;
    /// The list of users is on the left.
    left_side_userlist: bool = false;
    /// Show how many messages are starred.
    starred_message_counts: bool = true;
    /// `:)` becomes an emoji.
    translate_emoticons: bool = false;
    /// Show emoji reactions with names.
    display_emoji_reaction_users: bool = true;
    /// 14:00 rather than 2 pm.
    twenty_four_hour_time: bool = false;
    /// What the number on the icon counts.
    desktop_icon_count_display: u8 = 1, if |value| (1..=4).contains(value);
    /// How long missed messages are collected before a mail.
    email_notifications_batching_period_seconds: u32 = 120, if |value| (1..=7 * 24 * 3600).contains(value);
    /// Notify on the desktop.
    enable_desktop_notifications: bool = true;
    /// Mail of what happened lately.
    enable_digest_emails: bool = true;
    /// Mail after a log-in from a new device.
    enable_login_emails: bool = true;
    /// Mail of news about the product.
    enable_marketing_emails: bool = true;
    /// Mail of missed mentions and direct messages.
    enable_offline_email_notifications: bool = true;
    /// Push to the phone when away.
    enable_offline_push_notifications: bool = true;
    /// Push to the phone even when not away.
    enable_online_push_notifications: bool = true;
    /// Play sounds.
    enable_sounds: bool = true;
    /// Default of subscriptions.
    enable_stream_audible_notifications: bool = false;
    /// Default of subscriptions.
    enable_stream_desktop_notifications: bool = false;
    /// Default of subscriptions.
    enable_stream_email_notifications: bool = false;
    /// Default of subscriptions.
    enable_stream_push_notifications: bool = false;
    /// Of followed topics.
    enable_followed_topic_desktop_notifications: bool = true;
    /// Of followed topics.
    enable_followed_topic_email_notifications: bool = true;
    /// Of followed topics.
    enable_followed_topic_push_notifications: bool = true;
    /// Of followed topics.
    enable_followed_topic_audible_notifications: bool = true;
    /// Of followed topics.
    enable_followed_topic_wildcard_mentions_notify: bool = true;
    /// Mails hold the text of messages.
    message_content_in_email_notifications: bool = true;
    /// Which sound.
    notification_sound: String = "zulip".to_owned(), if |value| value == "none" || NOTIFICATION_SOUNDS.contains(&value.as_str());
    /// Desktop notifications hold the text of direct messages.
    pm_content_in_desktop_notifications: bool = true;
    /// Others see whether the user is there.
    presence_enabled: bool = true;
    /// 1 automatic, 2 always, 3 never.
    realm_name_in_email_notifications_policy: u8 = 1, if |value| (1..=3).contains(value);
    /// `@**all**` notifies.
    wildcard_mentions_notify: bool = true;
    /// 1 participation … 4 never.
    automatically_follow_topics_policy: u8 = 3, if |value| (1..=4).contains(value);
    /// 1 participation … 4 never.
    automatically_unmute_topics_in_muted_streams_policy: u8 = 2, if |value| (1..=4).contains(value);
    /// Follow a topic on being mentioned in it.
    automatically_follow_topics_where_mentioned: bool = true;
    /// Who sees the address: 1 everyone, 2 members, 3 administrators, 4 nobody, 5 moderators.
    email_address_visibility: u8 = 1, if |value| (1..=5).contains(value);
    /// Escape goes to the home view.
    web_escape_navigates_to_home_view: bool = true;
    /// See who types.
    receives_typing_notifications: bool = true;
    /// Tell others in direct messages that one types.
    send_private_typing_notifications: bool = true;
    /// Tell others in streams that one types.
    send_stream_typing_notifications: bool = true;
    /// Others see what the user has read.
    send_read_receipts: bool = true;
    /// 1 always, 2 in conversations, 3 never.
    web_mark_read_on_scroll_policy: u8 = 1, if |value| (1..=3).contains(value);
    /// What a click on a stream opens.
    web_channel_default_view: u8 = 1, if |value| (1..=4).contains(value);
    /// 1 compact, 2 with status, 3 with picture.
    user_list_style: u8 = 2, if |value| (1..=3).contains(value);
    /// 1 all, 2 unmuted, 3 none.
    web_stream_unreads_count_display_policy: u8 = 2, if |value| (1..=3).contains(value);
    /// Size of letters.
    web_font_size_px: u8 = 16;
    /// Height of lines.
    web_line_height_percent: u8 = 140;
    /// Play animations: `always`, `on_hover`, `never`.
    web_animate_image_previews: String = "on_hover".to_owned(), if |value| ["always", "on_hover", "never"].contains(&value.as_str());
    /// Go to the conversation in which one has sent a message.
    web_navigate_to_sent_message: bool = true;
    /// Offer to follow the time zone of the browser.
    web_suggest_update_timezone: bool = true;
    /// Which unread messages the left sidebar counts.
    web_left_sidebar_unreads_count_summary: bool = true;
    /// Show the folders of channels in the left sidebar.
    web_left_sidebar_show_channel_folders: bool = true;
    /// Show the folders of channels in the inbox.
    web_inbox_show_channel_folders: bool = true;
    /// Administrators may export what is the user's own.
    allow_private_data_export: bool = false;
    /// Hide what relies on language models.
    hide_ai_features: bool = false;
    /// Which notices of resolved topics are read at once.
    resolved_topic_notice_auto_read_policy: String = "except_followed".to_owned(), if |value| ["always", "except_followed", "never"].contains(&value.as_str());
}

impl Settings {
    /// The settings of a user. What cannot be read any more has its default.
    pub fn of(user: &User) -> Settings {
        Settings::from_stored(&user.settings)
    }

    /// From JSON as it is stored.
    pub fn from_stored(stored: &Value) -> Settings {
        Settings::deserialize(stored).unwrap_or_else(|error| {
            tracing::error!(%error, "stored settings are malformed; defaults are used");
            Settings::default()
        })
    }
}

/// A user's settings as the API shows them to that user, with the choices there are.
pub fn settings_object(user: &User, settings: &Settings) -> Result<Value> {
    let mut object = with_choices(settings)?;
    if let Value::Object(fields) = &mut object {
        fields.insert("timezone".to_owned(), json!(user.timezone));
    }
    Ok(object)
}

/// Settings with the choices there are.
pub fn with_choices(settings: &Settings) -> Result<Value> {
    let mut object = serde_json::to_value(settings)?;
    if let Value::Object(fields) = &mut object {
        let choices = EMOJISETS.map(|(key, text)| json!({ "key": key, "text": text }));
        fields.insert("emojiset_choices".to_owned(), json!(choices));
        fields.insert(
            "available_notification_sounds".to_owned(),
            json!(NOTIFICATION_SOUNDS),
        );
    }
    Ok(object)
}
