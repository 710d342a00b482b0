//! What an organisation decides for all. Stored as JSON; a key that is missing has its default.

use narrows_store::models::Realm;
use narrows_store::queries::system_groups::SystemGroups;
use narrows_wire::GroupId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Policy;
use crate::error::{Error, Result};
use crate::groups::group_of;

/// What a change of settings changed.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// As it is stored.
    pub stored: Map<String, Value>,
    /// As clients are told.
    pub told: Map<String, Value>,
}

macro_rules! settings {
    (
        plain { $($(#[$doc:meta])* $name:ident: $type:ty = $default:expr $(, if $fits:expr)?;)* }
        converted { $($(#[$cdoc:meta])* $cname:ident: $ctype:ty = $cdefault:expr, given $raw:ty, by $convert:expr;)* }
        groups { $($(#[$gdoc:meta])* $gname:ident = $gdefault:expr, of $groups:expr;)* }
    ) => {
        /// Settings of a realm, under the API's names.
        ///
        /// To add one: a line of the table below; it can be changed and is told to clients.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: $type,)*
            $($(#[$cdoc])* pub $cname: $ctype,)*
            $($(#[$gdoc])* pub $gname: Policy,)*
        }

        impl Default for Settings {
            fn default() -> Self {
                Settings { $($name: $default,)* $($cname: $cdefault,)* $($gname: $gdefault,)* }
            }
        }

        /// What is to change of a realm; the rest stays.
        #[derive(Clone, Debug, Default, Deserialize)]
        pub struct Change {
            /// The organisation's name.
            pub name: Option<String>,
            /// What it is about.
            pub description: Option<String>,
            $($(#[$doc])* pub $name: Option<$type>,)*
            $($(#[$cdoc])* pub $cname: Option<$raw>,)*
            $($(#[$gdoc])* pub $gname: Option<Value>,)*
        }

        impl Settings {
            /// Changes settings; those that are other than before.
            ///
            /// Errors: a value that is none of the setting's.
            pub fn apply(&mut self, change: &Change, groups: &SystemGroups) -> Result<Changed> {
                let mut changed = Changed::default();
                $(if let Some(value) = &change.$name {
                    $(
                        let fits: fn(&$type) -> bool = $fits;
                        if !fits(value) {
                            return Err(Error::bad_request(concat!("Invalid ", stringify!($name))));
                        }
                    )?
                    if self.$name != *value {
                        self.$name = value.clone();
                        changed.stored.insert(stringify!($name).to_owned(), json!(value));
                        changed.told.insert(stringify!($name).to_owned(), json!(value));
                    }
                })*
                $(if let Some(raw) = &change.$cname {
                    let convert: fn(&str, &$raw) -> Result<($ctype, Value)> = $convert;
                    let (value, told) = convert(stringify!($cname), raw)?;
                    if self.$cname != value {
                        changed.stored.insert(stringify!($cname).to_owned(), json!(value));
                        changed.told.insert(stringify!($cname).to_owned(), told);
                        self.$cname = value;
                    }
                })*
                $(if let Some(raw) = &change.$gname {
                    let (policy, id) = group(stringify!($gname), raw, &$groups, groups)?;
                    if self.$gname != policy {
                        changed.stored.insert(stringify!($gname).to_owned(), json!(policy));
                        changed.told.insert(stringify!($gname).to_owned(), json!(id));
                        self.$gname = policy;
                    }
                })*
                Ok(changed)
            }
        }
    };
}

settings! {
    plain {
        /// Authors may edit their messages.
        allow_message_editing: bool = true;
        /// Who may delete their own messages.
        delete_own_message_policy: Policy = Policy::Everyone, if |policy| *policy != Policy::Nobody && *policy != Policy::Owners;
        /// Everybody may see how a message was edited.
        allow_edit_history: bool = true;
        /// Who may move messages between topics.
        edit_topic_policy: Policy = Policy::Everyone, if |policy| *policy != Policy::Owners;
        /// Who may move messages between streams.
        move_messages_between_streams_policy: Policy = Policy::Members, if |policy| *policy != Policy::Owners && *policy != Policy::Everyone;
        /// The empty topic is refused.
        mandatory_topics: bool = false;
        /// Who may make public streams.
        create_public_stream_policy: Policy = Policy::Members, if common;
        /// Who may make private streams.
        create_private_stream_policy: Policy = Policy::Members, if common;
        /// Who may make web-public streams.
        create_web_public_stream_policy: Policy = Policy::Owners, if |policy| matches!(policy, Policy::Admins | Policy::Moderators | Policy::Nobody | Policy::Owners);
        /// Who may subscribe others.
        invite_to_stream_policy: Policy = Policy::Members, if common;
        /// Who may invite people.
        invite_to_realm_policy: Policy = Policy::Admins, if |policy| common(policy) || *policy == Policy::Nobody;
        /// Who may manage user groups.
        user_group_edit_policy: Policy = Policy::Members, if common;
        /// Who may add emoji.
        add_custom_emoji_policy: Policy = Policy::Members, if common;
        /// Who may make bots: 1 everybody, 2 only incoming webhooks, 3 administrators.
        bot_creation_policy: u8 = 1, if |policy| (1..=3).contains(policy);
        /// Who may write direct messages: 1 everybody, 2 nobody.
        private_message_policy: u8 = 1, if |policy| (1..=2).contains(policy);
        /// Web-public streams can be read without an account.
        enable_spectator_access: bool = true;
        /// Who has read a message can be asked.
        enable_read_receipts: bool = true;
        /// Guests are shown as such.
        enable_guest_user_indicator: bool = true;
        /// Days until a member is a full member.
        waiting_period_threshold: i64 = 0, if |days| (0..=36_500).contains(days);
        /// Language of fenced code that names none.
        default_code_block_language: String = String::new();
        /// Language of the client for new users.
        default_language: String = "en".to_owned(), if |code| crate::users::languages::name(code).is_some();
        /// Pictures stay as they are.
        avatar_changes_disabled: bool = false;
        /// Names stay as they are.
        name_changes_disabled: bool = false;
        /// No two people have the same name.
        require_unique_names: bool = false;
        /// Addresses stay as they are.
        email_changes_disabled: bool = true;
        /// Only people of these domains join.
        emails_restricted_to_domains: bool = false;
        /// Throw-away addresses are refused.
        disallow_disposable_email_addresses: bool = false;
        /// Nobody joins without an invitation.
        invite_required: bool = true;
        /// Mails of what happened lately.
        digest_emails_enabled: bool = false;
        /// On which day: 0 Monday … 6 Sunday.
        digest_weekday: u8 = 1, if |day| *day <= 6;
        /// New users get a mail.
        send_welcome_emails: bool = false;
        /// Mails may hold the text of messages.
        message_content_allowed_in_email_notifications: bool = true;
        /// Linked pictures are shown.
        inline_image_preview: bool = true;
        /// Linked pages are shown.
        inline_url_embed_preview: bool = false;
        /// 0 none, 1 Jitsi Meet, 3 Zoom, 4 BigBlueButton.
        video_chat_provider: u8 = 0, if |provider| *provider <= 1;
        /// Up to which rating GIFs are found; 0 none.
        giphy_rating: u8 = 0, if |rating| *rating <= 4;
        /// What kind of organisation it is.
        org_type: u16 = 10, if |kind| *kind % 10 == 0 && *kind <= 1000;
        /// Shows itself among communities.
        want_advertise_in_communities_directory: bool = false;
        /// Where new streams are announced; -1 nowhere.
        new_stream_announcements_stream_id: i32 = -1;
        /// Where new users are announced; -1 nowhere.
        signup_announcements_stream_id: i32 = -1;
        /// Where news of the server are told; -1 nowhere.
        zulip_update_announcements_stream_id: i32 = -1;
        /// Where reported messages go; -1 nowhere.
        moderation_request_channel_id: i32 = -1;
    }
    converted {
        /// Messages can be edited for so many seconds; `None` = for ever.
        message_content_edit_limit_seconds: Option<i64> = Some(600), given Value, by limit;
        /// Authors may delete their messages for so many seconds; `None` = for ever.
        message_content_delete_limit_seconds: Option<i64> = Some(600), given Value, by limit;
        /// Messages that old (seconds) are moved between topics by moderators only; `None` = no limit.
        move_messages_within_stream_limit_seconds: Option<i64> = Some(7 * 24 * 3600), given Value, by limit;
        /// Messages that old (seconds) are moved between streams by moderators only; `None` = no limit.
        move_messages_between_streams_limit_seconds: Option<i64> = Some(7 * 24 * 3600), given Value, by limit;
        /// Who may mention everybody in large streams.
        wildcard_mention_policy: Policy = Policy::Admins, given u8, by |name, number| {
            let policy = Policy::from_wildcard_mention_policy(*number);
            let policy = policy.ok_or_else(|| Error::bad_request(format!("Invalid {name}")))?;
            Ok((policy, json!(number)))
        };
    }
    groups {
        /// Who sees everybody; others see whom they share a stream or conversation with.
        can_access_all_users_group = Policy::Everyone, of [Policy::Everyone, Policy::Members];
    }
}

/// A system group by id, bare or as `{"new": id}`, as the policy that it stands for.
fn group(
    name: &str,
    raw: &Value,
    allowed: &[Policy],
    groups: &SystemGroups,
) -> Result<(Policy, GroupId)> {
    let id = raw.get("new").unwrap_or(raw).as_i64();
    for policy in allowed {
        let group = groups.id(group_of(*policy))?;
        if id == Some(group.0.into()) {
            return Ok((*policy, group));
        }
    }
    Err(Error::bad_request(format!(
        "'{name}' must be a system user group."
    )))
}

/// The policies that most settings have.
fn common(policy: &Policy) -> bool {
    matches!(
        policy,
        Policy::Members | Policy::Admins | Policy::FullMembers | Policy::Moderators
    )
}

/// Seconds, or "unlimited".
fn limit(name: &str, raw: &Value) -> Result<(Option<i64>, Value)> {
    match (raw.as_i64(), raw.as_str()) {
        (Some(seconds), _) if seconds > 0 => Ok((Some(seconds), json!(seconds))),
        (None, Some("unlimited")) => Ok((None, Value::Null)),
        _ => Err(Error::bad_request(format!("Bad value for '{name}': {raw}"))),
    }
}

impl Settings {
    /// The settings of a realm. What cannot be read any more has its default.
    pub fn of(realm: &Realm) -> Settings {
        Settings::deserialize(&realm.settings).unwrap_or_else(|error| {
            tracing::error!(realm = %realm.id(), %error, "settings of the realm are malformed; defaults are used");
            Settings::default()
        })
    }
}
