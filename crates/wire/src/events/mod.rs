//! Events as clients receive them, without `id` (push adds the offset in its log).
//!
//! One module per noun. Each type is serialised in its newest form; `push/src/variants.rs` derives what older clients
//! expect. A new message is not here: it is a [`crate::envelope::MessagePayload`], rendered by push per variant.

pub mod attachment;
pub mod channel_folder;
pub mod message;
pub mod personal;
pub mod realm;
pub mod realm_lists;
pub mod realm_user;
pub mod stream;
pub mod subscription;
pub mod user;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::ids::{MessageId, StreamId, UserId};
use crate::message_object::MessageObject;

/// An event as a poll brings it; push writes it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct QueuedEvent {
    /// Where it is in the queue.
    pub id: i64,
    /// What happened.
    #[serde(flatten)]
    pub event: Queued,
    /// Of events about messages: what they are to the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<String>>,
}

/// What happened.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Queued {
    /// In a form that only push knows.
    Made(MadeByPush),
    /// Everything else.
    Event(Event),
}

/// Events that push makes, and the forms of others that older clients get.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MadeByPush {
    /// A new message.
    Message {
        /// It.
        message: Box<MessageObject>,
        /// What the client called it that sent it.
        #[serde(skip_serializing_if = "Option::is_none")]
        local_message_id: Option<String>,
    },
    /// Nothing happened for a while.
    Heartbeat,
    /// A message is gone, for clients that are told one by one.
    DeleteMessage {
        /// Which.
        message_id: MessageId,
        /// `stream` or `private`.
        message_type: String,
        /// Of stream messages.
        #[serde(skip_serializing_if = "Option::is_none")]
        stream_id: Option<StreamId>,
        /// Of stream messages.
        #[serde(skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
    },
    /// Somebody is there, or no longer, for clients that ask for no more than that.
    #[serde(rename = "presence")]
    SimplifiedPresence {
        /// By the user's id.
        presences: BTreeMap<UserId, user::ActiveSince>,
    },
    /// Somebody is there, or no longer, without their address.
    Presence {
        /// Who.
        user_id: UserId,
        /// UNIX seconds with fraction.
        server_timestamp: f64,
        /// By client name, as [`user::Presence::presence`].
        presence: Value,
        /// By the user's id.
        presences: BTreeMap<UserId, user::ActiveSince>,
    },
}

/// An event of an event queue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// Content, topic or stream of messages changed.
    UpdateMessage(Box<message::UpdateMessage>),
    /// Messages are gone.
    DeleteMessage(message::DeleteMessage),
    /// A personal flag of messages changed.
    UpdateMessageFlags(message::UpdateMessageFlags),
    /// An emoji reaction.
    Reaction(message::Reaction),
    /// A vote, a task … of a message.
    Submessage(message::SubmessageEvent),
    /// Somebody types.
    Typing(message::Typing),
    /// Somebody types in a message that is there already.
    TypingEditMessage(message::TypingEditMessage),
    /// Streams that the user may see.
    Stream(stream::StreamEvent),
    /// The user's subscriptions, and others' (`peer_*`).
    Subscription(subscription::SubscriptionEvent),
    /// The streams that new users are subscribed to.
    DefaultStreams(stream::DefaultStreams),
    /// The headings under which streams are listed.
    ChannelFolder(channel_folder::ChannelFolderEvent),
    /// The user's policy for a topic.
    UserTopic(subscription::UserTopic),
    /// All muted topics of the user, for old clients.
    MutedTopics(subscription::MutedTopics),
    /// Emoji that people uploaded.
    RealmEmoji(realm_lists::RealmEmoji),
    /// The patterns that become links.
    RealmLinkifiers(realm_lists::RealmLinkifiers),
    /// Where code can be tried out.
    RealmPlaygrounds(realm_lists::RealmPlaygrounds),
    /// Domains of mail that belong to the realm.
    RealmDomains(realm_lists::RealmDomainEvent),
    /// Bots, for those who manage them.
    RealmBot(realm_lists::RealmBotEvent),
    /// People of the realm.
    RealmUser(realm_user::RealmUserEvent),
    /// Groups of the realm.
    UserGroup(realm_user::UserGroupEvent),
    /// There are other invitations than before.
    InvitesChanged(realm_user::InvitesChanged),
    /// Archives of what the organisation has.
    RealmExport(realm_lists::RealmExports),
    /// Somebody agrees to the export of what is theirs, or no longer.
    RealmExportConsent(realm_lists::RealmExportConsent),
    /// Somebody is there, or no longer.
    Presence(user::Presence),
    /// The words that the user wants to be told of.
    AlertWords(user::AlertWords),
    /// Files that the user uploaded.
    Attachment(attachment::AttachmentEvent),
    /// Whom the user muted.
    MutedUsers(user::MutedUsers),
    /// What the user has begun to write.
    Drafts(personal::Drafts),
    /// What the user sends later.
    ScheduledMessages(personal::ScheduledMessages),
    /// What the user wants to be reminded of.
    Reminders(personal::Reminders),
    /// Texts that the user keeps at hand.
    SavedSnippets(personal::SavedSnippets),
    /// The navigation of the user's client.
    NavigationView(personal::NavigationViews),
    /// A personal setting changed.
    UserSettings(user::UserSettings),
    /// The same, for clients that do not know `user_settings`.
    UpdateDisplaySettings(user::LegacyDisplaySetting),
    /// The same, for clients that do not know `user_settings`.
    UpdateGlobalNotifications(user::LegacyNotificationSetting),
    /// What new users begin with changed.
    RealmUserSettingsDefaults(user::RealmDefault),
    /// What somebody says of themselves.
    UserStatus(user::UserStatus),
    /// The hints that the user has yet to see.
    OnboardingSteps(user::OnboardingSteps),
    /// Settings of the realm.
    Realm(realm::RealmEvent),
    /// The fields of people's profiles.
    CustomProfileFields(realm::CustomProfileFields),
}

impl Event {
    /// The `type` on the wire; what `event_types` of a queue lists.
    pub fn event_type(&self) -> &'static str {
        match self {
            Event::UpdateMessage(_) => "update_message",
            Event::DeleteMessage(_) => "delete_message",
            Event::UpdateMessageFlags(_) => "update_message_flags",
            Event::Reaction(_) => "reaction",
            Event::Submessage(_) => "submessage",
            Event::Typing(_) => "typing",
            Event::TypingEditMessage(_) => "typing_edit_message",
            Event::Stream(_) => "stream",
            Event::Subscription(_) => "subscription",
            Event::DefaultStreams(_) => "default_streams",
            Event::ChannelFolder(_) => "channel_folder",
            Event::UserTopic(_) => "user_topic",
            Event::MutedTopics(_) => "muted_topics",
            Event::RealmEmoji(_) => "realm_emoji",
            Event::RealmLinkifiers(_) => "realm_linkifiers",
            Event::RealmPlaygrounds(_) => "realm_playgrounds",
            Event::RealmDomains(_) => "realm_domains",
            Event::RealmBot(_) => "realm_bot",
            Event::RealmUser(_) => "realm_user",
            Event::UserGroup(_) => "user_group",
            Event::InvitesChanged(_) => "invites_changed",
            Event::RealmExport(_) => "realm_export",
            Event::RealmExportConsent(_) => "realm_export_consent",
            Event::Presence(_) => "presence",
            Event::AlertWords(_) => "alert_words",
            Event::Attachment(_) => "attachment",
            Event::MutedUsers(_) => "muted_users",
            Event::Drafts(_) => "drafts",
            Event::ScheduledMessages(_) => "scheduled_messages",
            Event::Reminders(_) => "reminders",
            Event::SavedSnippets(_) => "saved_snippets",
            Event::NavigationView(_) => "navigation_view",
            Event::UserSettings(_) => "user_settings",
            Event::UpdateDisplaySettings(_) => "update_display_settings",
            Event::UpdateGlobalNotifications(_) => "update_global_notifications",
            Event::RealmUserSettingsDefaults(_) => "realm_user_settings_defaults",
            Event::UserStatus(_) => "user_status",
            Event::OnboardingSteps(_) => "onboarding_steps",
            Event::Realm(_) => "realm",
            Event::CustomProfileFields(_) => "custom_profile_fields",
        }
    }
}
