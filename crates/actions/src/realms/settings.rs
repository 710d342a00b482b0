//! What an organisation decides for all. Stored as JSON; a key that is missing has its default.

use std::collections::BTreeMap;

use narrows_store::models::Realm;
use narrows_wire::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::rights::{NUMBERED, Permitted, Right};
use crate::error::{Error, Result};

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
        older { $($(#[$odoc:meta])* $oname:ident = $onew:ident, on $on:literal, off $off:literal;)* }
        rights { $($right:ident,)* }
    ) => {
        /// Settings of a realm, under the API's names.
        ///
        /// To add one: a line of the table below; it can be changed and is told to clients.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct Settings {
            $($(#[$doc])* pub $name: $type,)*
            $($(#[$cdoc])* pub $cname: $ctype,)*
            /// To whom a right was given by decision.
            #[serde(skip)]
            rights: BTreeMap<Right, Permitted>,
        }

        impl Default for Settings {
            fn default() -> Self {
                Settings { $($name: $default,)* $($cname: $cdefault,)* rights: BTreeMap::new() }
            }
        }

        /// What is to change of a realm; the rest stays.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        pub struct Change {
            /// The organisation's name.
            pub name: Option<String>,
            /// What it is about.
            pub description: Option<String>,
            $($(#[$doc])* pub $name: Option<$type>,)*
            $($(#[$cdoc])* pub $cname: Option<$raw>,)*
            $($(#[$odoc])* pub $oname: Option<bool>,)*
            $(#[doc = "To whom a right is given."] pub $right: Option<Value>,)*
        }

        impl Change {
            /// What it says of rights, by setting.
            pub(super) fn rights(&self) -> BTreeMap<&'static str, &Value> {
                let all = [$((stringify!($right), self.$right.as_ref()),)*];
                all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
            }
        }

        impl Settings {
            /// Changes settings; those that are other than before.
            ///
            /// Errors: a value that is none of the setting's.
            pub fn apply(&mut self, change: &Change) -> Result<Changed> {
                let mut changed = Changed::default();
                let before: BTreeMap<_, _> = self.switches().collect();
                let change = &self.without_switches(change);
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
                for (name, on) in self.switches() {
                    if before.get(name) != Some(&on) {
                        changed.told.insert(name.to_owned(), json!(on));
                    }
                }
                Ok(changed)
            }

            /// Settings of older clients, which know but on and off.
            pub fn switches(&self) -> impl Iterator<Item = (&'static str, bool)> {
                [$((stringify!($oname), self.$onew != $off),)*].into_iter()
            }

            /// A change by the names of today. To switch on what is on already changes nothing.
            fn without_switches(&self, change: &Change) -> Change {
                let mut change = change.clone();
                $(if let Some(on) = change.$oname
                    && change.$onew.is_none()
                    && on != (self.$onew != $off)
                {
                    change.$onew = Some(if on { $on } else { $off }.to_owned());
                })*
                change
            }
        }
    };
}

settings! {
    plain {
        /// Authors may edit their messages.
        allow_message_editing: bool = true;
        /// What everybody may see of how messages were changed: `all`, `moves` or `none`.
        message_edit_history_visibility_policy: String = "all".to_owned(), if |policy| ["all", "moves", "none"].contains(&policy.as_str());
        /// Whether the empty topic is allowed: `allow_empty_topic` or `disable_empty_topic`.
        topics_policy: String = "allow_empty_topic".to_owned(), if |policy| ["allow_empty_topic", "disable_empty_topic"].contains(&policy.as_str());
        /// Web-public streams can be read without an account.
        enable_spectator_access: bool = true;
        /// Who has read a message can be asked.
        enable_read_receipts: bool = true;
        /// Guests are shown as such.
        enable_guest_user_indicator: bool = true;
        /// Clients warn who begins a conversation with a guest.
        enable_guest_user_dm_warning: bool = true;
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
        video_chat_provider: u8 = 1, if |provider| *provider <= 1;
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
    }
    older {
        /// Everybody may see how messages were changed.
        allow_edit_history = message_edit_history_visibility_policy, on "all", off "none";
        /// The empty topic is refused.
        mandatory_topics = topics_policy, on "disable_empty_topic", off "allow_empty_topic";
    }
    rights {
        can_access_all_users_group, can_add_custom_emoji_group, can_add_subscribers_group, can_create_bots_group,
        can_create_groups, can_create_private_channel_group, can_create_public_channel_group,
        can_create_web_public_channel_group, can_create_write_only_bots_group,
        can_delete_any_message_group, can_delete_own_message_group, can_invite_users_group, can_manage_all_groups,
        can_mention_many_users_group, can_move_messages_between_channels_group,
        can_move_messages_between_topics_group, can_resolve_topics_group, can_set_topics_policy_group,
        create_multiuse_invite_group, direct_message_initiator_group, direct_message_permission_group,
        add_custom_emoji_policy, bot_creation_policy, create_private_stream_policy, create_public_stream_policy,
        create_web_public_stream_policy, delete_own_message_policy, edit_topic_policy, invite_to_realm_policy,
        invite_to_stream_policy, move_messages_between_streams_policy, private_message_policy, user_group_edit_policy,
        wildcard_mention_policy,
    }
}

/// Seconds, or "unlimited".
fn limit(name: &str, raw: &Value) -> Result<(Option<i64>, Value)> {
    match (raw.as_i64(), raw.as_str()) {
        (Some(seconds), _) if seconds > 0 => Ok((Some(seconds), json!(seconds))),
        (None, Some("unlimited")) => Ok((None, Value::Null)),
        _ => {
            let msg = format!("Bad value for '{name}': {raw}");
            let error = Error::api(ErrorCode::RequestVariableInvalid, msg);
            Err(error.with("var_name", name).with("bad_value", raw.clone()))
        }
    }
}

impl Settings {
    /// The settings of a realm. What cannot be read any more has its default.
    pub fn of(realm: &Realm) -> Settings {
        let settings = Settings::deserialize(&realm.settings).unwrap_or_else(|error| {
            tracing::error!(realm = %realm.id(), %error, "settings of the realm are malformed; defaults are used");
            Settings::default()
        });
        let mut rights = BTreeMap::new();
        for right in Right::ALL {
            let Some(stored) = realm.settings.get(right.name()) else {
                continue;
            };
            match Permitted::deserialize(stored) {
                Ok(permitted) => drop(rights.insert(*right, permitted)),
                Err(error) => {
                    tracing::error!(realm = %realm.id(), right = right.name(), %error, "a right is malformed; its default is used");
                }
            }
        }
        Settings { rights, ..settings }
    }

    /// Who has a right.
    pub fn permitted(&self, right: Right) -> Permitted {
        let decided = self.rights.get(&right).cloned();
        decided.unwrap_or(Permitted::By(right.default()))
    }

    pub(super) fn permit(&mut self, right: Right, permitted: Permitted) {
        self.rights.insert(right, permitted);
    }

    /// The rights as older clients know them.
    pub fn numbers(&self) -> impl Iterator<Item = (&'static str, u8)> {
        NUMBERED
            .iter()
            .filter_map(|numbered| Some((numbered.name, numbered.number(self)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_can_be_changed() {
        let names = Right::ALL.iter().map(|right| right.name());
        let names = names.chain(NUMBERED.iter().map(|numbered| numbered.name));
        let mut count = 0;
        for name in names {
            let change: Change =
                serde_json::from_value(json!({ name: 1 })).expect("a change of one setting");
            assert_eq!(change.rights(), BTreeMap::from([(name, &json!(1))]));
            count += 1;
        }
        assert_eq!(count, Right::ALL.len() + NUMBERED.len());
    }

    #[test]
    fn a_switch_of_an_older_client_moves_only_what_it_can_say() {
        let mut settings = Settings::default();
        let mut apply = |change: Value| {
            let change = serde_json::from_value(change).expect("a change of settings");
            Value::Object(settings.apply(&change).expect("fitting values").told)
        };
        let told = apply(json!({ "message_edit_history_visibility_policy": "moves" }));
        assert_eq!(
            told,
            json!({ "message_edit_history_visibility_policy": "moves" })
        );
        assert_eq!(
            apply(json!({ "allow_edit_history": true })),
            json!({}),
            "on as it was"
        );
        assert_eq!(
            apply(json!({ "allow_edit_history": false })),
            json!({ "message_edit_history_visibility_policy": "none", "allow_edit_history": false })
        );
        assert_eq!(
            apply(json!({ "mandatory_topics": true })),
            json!({ "topics_policy": "disable_empty_topic", "mandatory_topics": true })
        );
    }

    #[test]
    fn every_default_is_one_that_can_be_chosen() {
        use crate::realms::{Policy, Range};
        for right in Right::ALL {
            match right.range() {
                Range::Anybody => {}
                Range::NoGuests => assert_ne!(right.default(), Policy::Everyone, "{right:?}"),
                Range::Only(policies) => assert!(policies.contains(&right.default()), "{right:?}"),
            }
        }
    }
}
