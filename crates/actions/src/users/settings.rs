//! What a user decides for themselves. Stored as JSON; a key that is missing has its default.

use narrows_store::models::User;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::Result;

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $default:expr;)*) => {
        /// Settings of a user, under the API's names.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Settings { $($(#[$doc])* pub $name: $type,)* }

        impl Default for Settings {
            fn default() -> Self {
                Settings { $($name: $default,)* }
            }
        }
    };
}

settings! {
    /// 1 automatic, 2 dark, 3 light.
    color_scheme: u8 = 1;
    /// Language of the client.
    default_language: String = "en".to_owned();
    /// What the web client opens with.
    web_home_view: String = "inbox".to_owned();
    /// 1 automatic, 2 always, 3 never.
    demote_inactive_streams: u8 = 1;
    /// Narrow line spacing.
    dense_mode: bool = false;
    /// Which pictures emoji have.
    emojiset: String = "google".to_owned();
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
    desktop_icon_count_display: u8 = 1;
    /// How long missed messages are collected before a mail.
    email_notifications_batching_period_seconds: u32 = 120;
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
    notification_sound: String = "zulip".to_owned();
    /// Desktop notifications hold the text of direct messages.
    pm_content_in_desktop_notifications: bool = true;
    /// Others see whether the user is there.
    presence_enabled: bool = true;
    /// 1 automatic, 2 always, 3 never.
    realm_name_in_email_notifications_policy: u8 = 1;
    /// `@**all**` notifies.
    wildcard_mentions_notify: bool = true;
    /// 1 participation … 4 never.
    automatically_follow_topics_policy: u8 = 3;
    /// 1 participation … 4 never.
    automatically_unmute_topics_in_muted_streams_policy: u8 = 2;
    /// Follow a topic on being mentioned in it.
    automatically_follow_topics_where_mentioned: bool = true;
    /// Who sees the address: 1 everyone, 2 members, 3 administrators, 4 nobody, 5 moderators.
    email_address_visibility: u8 = 1;
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
    web_mark_read_on_scroll_policy: u8 = 1;
    /// What a click on a stream opens.
    web_channel_default_view: u8 = 1;
    /// 1 compact, 2 with status, 3 with picture.
    user_list_style: u8 = 2;
    /// 1 all, 2 unmuted, 3 none.
    web_stream_unreads_count_display_policy: u8 = 2;
    /// Size of letters.
    web_font_size_px: u8 = 16;
    /// Height of lines.
    web_line_height_percent: u8 = 140;
    /// Play animations: `always`, `on_hover`, `never`.
    web_animate_image_previews: String = "on_hover".to_owned();
}

impl Settings {
    /// The settings of a user. What cannot be read any more has its default.
    pub fn of(user: &User) -> Settings {
        serde_json::from_value(user.settings.clone()).unwrap_or_else(|error| {
            tracing::error!(user = %user.id(), %error, "settings of the user are malformed; defaults are used");
            Settings::default()
        })
    }
}

/// A user's settings as the API shows them to that user, with the choices there are.
pub fn settings_object(user: &User, settings: &Settings) -> Result<Value> {
    let mut object = serde_json::to_value(settings)?;
    if let Value::Object(fields) = &mut object {
        let emojisets = [
            ("google", "Google"),
            ("twitter", "Twitter"),
            ("text", "Plain text"),
            ("google-blob", "Google blobs"),
        ];
        let choices = emojisets.map(|(key, text)| json!({ "key": key, "text": text }));
        fields.insert("emojiset_choices".to_owned(), json!(choices));
        fields.insert("timezone".to_owned(), json!(user.timezone));
        fields.insert("available_notification_sounds".to_owned(), json!(["zulip"]));
    }
    Ok(object)
}
