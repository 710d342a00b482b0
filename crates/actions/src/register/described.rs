//! What the answer to a registration is made of, for the API's description. The answer is put together field by field
//! and part by part ([`State`]); what a client does not ask for is not there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use narrows_wire::events::channel_folder::ChannelFolder;
use narrows_wire::events::personal::{
    Draft, NavigationView, Reminder, SavedSnippet, ScheduledMessage,
};
use narrows_wire::events::realm::CustomProfileField;
use narrows_wire::events::realm_lists::{CustomEmoji, Linkifier, Playground, RealmDomain};
use narrows_wire::events::stream::StreamObject;
use narrows_wire::events::subscription::{SubscriptionObject, UserTopic};
use narrows_wire::events::user::{MutedUser, OnboardingStep};
use narrows_wire::{MessageId, StreamId, UserId};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::state::State;
use crate::bots::BotObject;
use crate::groups::value::GroupValue;
use crate::groups::{GroupObject, REALM_FIXED};
use crate::messages::report::ReportType;
use crate::presence::Presences;
use crate::realms::{self, NUMBERED, Right};
use crate::unread::Summary;
use crate::users::status::Shown;
use crate::users::{self, UserObject};

/// The fields that have a name of their own.
#[derive(Serialize, JsonSchema)]
struct Fields {
    /// The queue; `null` for who has no account.
    queue_id: Option<String>,
    /// What to poll with first; -1: from the beginning.
    last_event_id: i64,
    /// The version of the API.
    zulip_version: String,
    /// The same.
    zulip_merge_base: String,
    /// The level of the API.
    zulip_feature_level: u32,
    /// The version of the server.
    narrows_version: String,
    #[serde(flatten)]
    realm: RealmFields,
    #[serde(flatten)]
    server: ServerFields,
    #[serde(flatten)]
    lists: RealmLists,
    #[serde(flatten)]
    myself: Myself,
    #[serde(flatten)]
    own: OwnLists,
}

/// Of the organisation, beside its settings.
#[derive(Serialize, JsonSchema)]
struct RealmFields {
    realm_name: String,
    /// Markdown.
    realm_description: String,
    /// When it was made, in UNIX seconds.
    realm_date_created: i64,
    realm_url: String,
    /// The same, for old clients.
    realm_uri: String,
    /// What follows the `@` in the addresses of bots.
    realm_bot_domain: String,
    /// What clients call the empty topic.
    realm_empty_topic_display_name: String,
    realm_icon_url: String,
    /// `G` Gravatar, `U` uploaded.
    realm_icon_source: String,
    realm_logo_url: String,
    /// `D` default, `U` uploaded.
    realm_logo_source: String,
    realm_night_logo_url: String,
    /// `D` default, `U` uploaded.
    realm_night_logo_source: String,
    /// Always 1: there is no billing.
    realm_plan_type: u8,
    zulip_plan_is_not_limited: bool,
    realm_authentication_methods: BTreeMap<String, AuthenticationMethod>,
    realm_email_auth_enabled: bool,
    realm_password_auth_enabled: bool,
    realm_jitsi_server_url: Option<String>,
    /// -1: messages are kept for ever.
    realm_message_retention_days: i64,
    realm_push_notifications_enabled: bool,
    /// Always false: no notification is pushed.
    realm_require_e2ee_push_notifications: bool,
    /// Always empty: nobody is greeted by message.
    realm_welcome_message_custom_text: String,
    realm_push_notifications_enabled_end_timestamp: Option<i64>,
    realm_available_video_chat_providers: BTreeMap<String, Choice>,
    realm_presence_disabled: bool,
    realm_is_zephyr_mirror_realm: bool,
    /// MiB that all files may take; `null`: no limit.
    realm_upload_quota_mib: Option<u64>,
    /// Accounts elsewhere for which profile fields can be made.
    realm_default_external_accounts: BTreeMap<String, ExternalAccount>,
    upgrade_text_for_wide_organization_logo: String,
}

/// Of a way to log in.
#[derive(Serialize, JsonSchema)]
struct AuthenticationMethod {
    enabled: bool,
    available: bool,
}

/// One of several.
#[derive(Serialize, JsonSchema)]
struct Choice {
    id: i64,
    name: String,
}

/// Where people have accounts elsewhere.
#[derive(Serialize, JsonSchema)]
struct ExternalAccount {
    text: String,
    name: String,
    hint: String,
    /// With `%(username)s` in it.
    url_pattern: String,
}

/// Of the server: its limits and times.
#[derive(Serialize, JsonSchema)]
struct ServerFields {
    development_environment: bool,
    event_queue_longpoll_timeout_seconds: u64,
    max_stream_name_length: u64,
    max_stream_description_length: u64,
    max_channel_folder_name_length: u64,
    max_channel_folder_description_length: u64,
    max_topic_length: u64,
    max_message_length: u64,
    max_reminder_note_length: u64,
    max_file_upload_size_mib: u64,
    max_avatar_file_size_mib: u64,
    max_icon_file_size_mib: u64,
    max_logo_file_size_mib: u64,
    password_min_length: u64,
    password_max_length: u64,
    password_min_guesses: u64,
    /// More people than this are not told one by one that somebody subscribed them.
    max_bulk_new_subscription_messages: u64,
    /// Where the names of emoji are.
    server_emoji_data_url: String,
    server_presence_ping_interval_seconds: u64,
    server_presence_offline_threshold_seconds: u64,
    server_typing_started_expiry_period_milliseconds: u64,
    server_typing_stopped_wait_period_milliseconds: u64,
    server_typing_started_wait_period_milliseconds: u64,
    /// Changes when the server starts anew.
    server_generation: i64,
    server_inline_image_preview: bool,
    server_inline_url_embed_preview: bool,
    server_avatar_changes_disabled: bool,
    server_name_changes_disabled: bool,
    server_web_public_streams_enabled: bool,
    /// Always empty: pictures are shown as they are.
    server_thumbnail_formats: Vec<String>,
    server_needs_upgrade: bool,
    /// Always false.
    server_can_summarize_topics: bool,
    /// `null`: no limit.
    server_min_deactivated_realm_deletion_days: Option<i64>,
    /// `null`: no limit.
    server_max_deactivated_realm_deletion_days: Option<i64>,
    /// `null`: there is none.
    navigation_tour_video_url: Option<String>,
    server_jitsi_server_url: Option<String>,
    /// The same, for old clients.
    jitsi_server_url: Option<String>,
    /// For which settings clients offer which groups: of `realm`, `stream` and `group`, by setting.
    server_supported_permission_settings: BTreeMap<String, BTreeMap<String, Value>>,
    settings_send_digest_emails: bool,
    giphy_rating_options: BTreeMap<String, Choice>,
    gif_rating_options: BTreeMap<String, Choice>,
    giphy_api_key: String,
    has_zoom_token: bool,
    /// What can be wrong with a message, for those who report it.
    server_report_message_types: Vec<ReportType>,
    /// Words that searches leave out.
    stop_words: Vec<String>,
    /// Always empty.
    hotspots: Vec<Value>,
    /// Always empty: notifications are not pushed.
    push_devices: BTreeMap<String, Value>,
    /// Now, in UNIX seconds.
    server_timestamp: f64,
}

/// What the organisation has.
#[derive(Serialize, JsonSchema)]
struct RealmLists {
    custom_profile_fields: Vec<CustomProfileField>,
    /// By name.
    custom_profile_field_types: BTreeMap<String, Choice>,
    /// By id.
    realm_emoji: BTreeMap<String, CustomEmoji>,
    realm_linkifiers: Vec<Linkifier>,
    /// Always empty: [`RealmLists::realm_linkifiers`] has them.
    realm_filters: Vec<Value>,
    realm_domains: Vec<RealmDomain>,
    realm_playgrounds: Vec<Playground>,
    /// What new users begin with.
    realm_user_settings_defaults: UserSettings,
    realm_user_groups: Vec<GroupObject>,
    /// Always empty.
    realm_default_stream_groups: Vec<Value>,
    /// Always empty.
    realm_embedded_bots: Vec<Value>,
    /// Always empty.
    realm_incoming_webhook_bots: Vec<Value>,
    /// Who is active.
    realm_users: Vec<UserObject>,
    /// Who is deactivated.
    realm_non_active_users: Vec<UserObject>,
    /// The server's own voices.
    cross_realm_bots: Vec<UserObject>,
    /// Bots that the caller manages.
    realm_bots: Vec<BotObject>,
    /// The folders of streams, archived ones too, in their order.
    channel_folders: Vec<ChannelFolder>,
    /// The streams that the caller is subscribed to.
    subscriptions: Vec<SubscriptionObject>,
    /// The streams that the caller was subscribed to.
    unsubscribed: Vec<SubscriptionObject>,
    /// The other streams that the caller may see.
    never_subscribed: Vec<StreamObject>,
    /// All streams that the caller may see.
    streams: Vec<StreamObject>,
    /// The streams that new users are subscribed to.
    realm_default_streams: Vec<StreamId>,
    presences: Presences,
    presence_last_update_id: i64,
    /// What people say of themselves, by id.
    user_status: BTreeMap<String, Shown>,
}

/// The caller.
#[derive(Serialize, JsonSchema)]
struct Myself {
    user_id: UserId,
    email: String,
    delivery_email: String,
    full_name: String,
    /// `G` Gravatar, `U` uploaded.
    avatar_source: String,
    avatar_url: String,
    avatar_url_medium: String,
    is_owner: bool,
    is_admin: bool,
    is_moderator: bool,
    is_guest: bool,
    is_billing_admin: bool,
    can_create_streams: bool,
    can_create_public_streams: bool,
    can_create_private_streams: bool,
    can_create_web_public_streams: bool,
    can_subscribe_other_users: bool,
    can_invite_others_to_realm: bool,
}

/// What the caller has.
#[derive(Serialize, JsonSchema)]
struct OwnLists {
    /// The newest message of the organisation.
    max_message_id: i64,
    unread_msgs: Summary,
    starred_messages: Vec<MessageId>,
    recent_private_conversations: Vec<RecentConversation>,
    onboarding_steps: Vec<OnboardingStep>,
    drafts: Vec<Draft>,
    scheduled_messages: Vec<ScheduledMessage>,
    reminders: Vec<Reminder>,
    saved_snippets: Vec<SavedSnippet>,
    navigation_views: Vec<NavigationView>,
    alert_words: Vec<String>,
    muted_users: Vec<MutedUser>,
    user_topics: Vec<UserTopic>,
    /// Stream name, topic, since when in UNIX seconds.
    muted_topics: Vec<(String, String, i64)>,
    user_settings: UserSettings,
}

/// A conversation among people.
#[derive(Serialize, JsonSchema)]
struct RecentConversation {
    /// Its newest message.
    max_message_id: MessageId,
    /// Who belongs to it beside the caller.
    user_ids: Vec<UserId>,
}

/// What a user decides for themselves, with what there is to choose from.
#[derive(Serialize, JsonSchema)]
struct UserSettings {
    #[serde(flatten)]
    settings: users::Settings,
    #[serde(skip_serializing_if = "Option::is_none")]
    timezone: Option<String>,
    emojiset_choices: Vec<EmojisetChoice>,
    available_notification_sounds: Vec<String>,
}

/// What emoji may look like.
#[derive(Serialize, JsonSchema)]
struct EmojisetChoice {
    key: String,
    text: String,
}

impl JsonSchema for State {
    fn schema_name() -> Cow<'static, str> {
        "RegisteredState".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Fields::json_schema(generator);
        let settings = properties(&realms::Settings::json_schema(generator));
        let legacy = properties(&UserSettings::json_schema(generator));
        let group = generator.subschema_for::<GroupValue>().to_value();
        let fields = schema.ensure_object();
        // What is not asked for is not there.
        fields.remove("required");
        let Some(Value::Object(known)) = fields.get_mut("properties") else {
            return schema;
        };
        for (name, about) in settings {
            known.insert(format!("realm_{name}"), about);
        }
        for right in Right::ALL {
            known.insert(format!("realm_{}", right.name()), group.clone());
        }
        for (name, _) in REALM_FIXED {
            known.insert(name.to_owned(), group.clone());
        }
        for numbered in NUMBERED {
            known.insert(
                format!("realm_{}", numbered.name),
                json!({ "type": "integer" }),
            );
        }
        for (name, _) in realms::Settings::default().switches() {
            known.insert(format!("realm_{name}"), json!({ "type": "boolean" }));
        }
        // Clients that do not know `user_settings` get the settings one by one.
        for (name, about) in legacy {
            known.entry(name).or_insert(about);
        }
        schema
    }
}

fn properties(schema: &Schema) -> Map<String, Value> {
    match schema.get("properties") {
        Some(Value::Object(properties)) => properties.clone(),
        _ => Map::new(),
    }
}
