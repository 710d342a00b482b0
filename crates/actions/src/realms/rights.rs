//! What a realm lets people do: each right belongs to a group.

use narrows_store::Conn;
use narrows_store::queries::system_groups::SystemGroups;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Policy, Settings};
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::groups::value::{self, GroupChange, GroupValue};

/// Who may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Permitted {
    /// Those with a role, and above.
    By(Policy),
    /// Others than just that.
    Group(GroupValue),
}

impl Permitted {
    fn of(value: GroupValue, groups: &SystemGroups) -> Result<Permitted> {
        for policy in Policy::ALL {
            if value == GroupValue::Group(groups.id(policy.group())?) {
                return Ok(Permitted::By(policy));
            }
        }
        Ok(Permitted::Group(value))
    }

    /// As clients are told.
    pub fn value(&self, groups: &SystemGroups) -> Result<GroupValue> {
        Ok(match self {
            Permitted::By(policy) => GroupValue::Group(groups.id(policy.group())?),
            Permitted::Group(value) => value.clone(),
        })
    }
}

/// To which groups a right can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// Any. Guests may.
    Anybody,
    /// Any; but guests may not, whatever group they are in.
    NoGuests,
    /// One of these.
    Only(&'static [Policy]),
}

macro_rules! rights {
    ($($(#[$doc:meta])* $right:ident = $name:literal, by default $default:ident, $range:expr;)*) => {
        /// What a realm lets people do.
        ///
        /// To add one: a line of the table below. It can be changed and is told to clients; `access::realm::may` asks.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Right {
            $($(#[$doc])* $right,)*
        }

        impl Right {
            /// All of them.
            pub const ALL: &'static [Right] = &[$(Right::$right,)*];

            /// The setting's name in the API.
            pub const fn name(self) -> &'static str {
                match self { $(Right::$right => $name,)* }
            }

            /// Who has it until somebody decides.
            pub const fn default(self) -> Policy {
                match self { $(Right::$right => Policy::$default,)* }
            }

            /// To whom it can be given.
            pub const fn range(self) -> Range {
                match self { $(Right::$right => $range,)* }
            }
        }
    };
}

rights! {
    /// Sees everybody; others see whom they share a stream or conversation with.
    AccessAllUsers = "can_access_all_users_group", by default Everyone, Range::Only(&[Policy::Everyone, Policy::Members]);
    /// Adds emoji.
    AddCustomEmoji = "can_add_custom_emoji_group", by default Members, Range::NoGuests;
    /// Subscribes others.
    AddSubscribers = "can_add_subscribers_group", by default Members, Range::NoGuests;
    /// Makes bots.
    CreateBots = "can_create_bots_group", by default Members, Range::NoGuests;
    /// Makes user groups.
    CreateGroups = "can_create_groups", by default Members, Range::NoGuests;
    /// Makes private streams.
    CreatePrivateChannel = "can_create_private_channel_group", by default Members, Range::NoGuests;
    /// Makes public streams.
    CreatePublicChannel = "can_create_public_channel_group", by default Members, Range::NoGuests;
    /// Makes web-public streams.
    CreateWebPublicChannel = "can_create_web_public_channel_group", by default Owners, Range::Only(&[Policy::Nobody, Policy::Owners, Policy::Admins, Policy::Moderators]);
    /// Makes bots that only send.
    CreateWriteOnlyBots = "can_create_write_only_bots_group", by default Members, Range::NoGuests;
    /// Deletes what anybody wrote.
    DeleteAnyMessage = "can_delete_any_message_group", by default Admins, Range::NoGuests;
    /// Deletes their own messages.
    DeleteOwnMessage = "can_delete_own_message_group", by default Everyone, Range::Anybody;
    /// Invites people by mail.
    InviteUsers = "can_invite_users_group", by default Admins, Range::NoGuests;
    /// Manages all user groups.
    ManageAllGroups = "can_manage_all_groups", by default Owners, Range::NoGuests;
    /// Mentions everybody in large streams.
    MentionManyUsers = "can_mention_many_users_group", by default Admins, Range::Anybody;
    /// Moves messages to other streams.
    MoveBetweenChannels = "can_move_messages_between_channels_group", by default Members, Range::NoGuests;
    /// Moves messages to other topics.
    MoveBetweenTopics = "can_move_messages_between_topics_group", by default Everyone, Range::Anybody;
    /// Resolves topics, and opens them again.
    ResolveTopics = "can_resolve_topics_group", by default Everyone, Range::Anybody;
    /// Decides for channels which topics they allow.
    SetTopicsPolicy = "can_set_topics_policy_group", by default Members, Range::Anybody;
    /// Makes invitations that many can use.
    CreateMultiuseInvite = "create_multiuse_invite_group", by default Admins, Range::NoGuests;
    /// Begins direct conversations.
    InitiateDirectMessages = "direct_message_initiator_group", by default Everyone, Range::Anybody;
    /// By taking part lets others write in a direct conversation.
    PermitDirectMessages = "direct_message_permission_group", by default Everyone, Range::Anybody;
}

/// The API's number for a role, before rights belonged to groups.
type Numbering = &'static [(u8, Policy)];

const COMMON: Numbering = &[
    (1, Policy::Members),
    (2, Policy::Admins),
    (3, Policy::FullMembers),
    (4, Policy::Moderators),
];
const OR_NOBODY: Numbering = &[
    (1, Policy::Members),
    (2, Policy::Admins),
    (3, Policy::FullMembers),
    (4, Policy::Moderators),
    (6, Policy::Nobody),
];
const OR_EVERYONE: Numbering = &[
    (5, Policy::Everyone),
    (1, Policy::Members),
    (2, Policy::Admins),
    (3, Policy::FullMembers),
    (4, Policy::Moderators),
];
const ANY: Numbering = &[
    (5, Policy::Everyone),
    (1, Policy::Members),
    (2, Policy::Admins),
    (3, Policy::FullMembers),
    (4, Policy::Moderators),
    (6, Policy::Nobody),
];
const WEB_PUBLIC: Numbering = &[
    (7, Policy::Owners),
    (2, Policy::Admins),
    (4, Policy::Moderators),
    (6, Policy::Nobody),
];
const WILDCARDS: Numbering = &[
    (1, Policy::Everyone),
    (2, Policy::Members),
    (3, Policy::FullMembers),
    (5, Policy::Admins),
    (6, Policy::Nobody),
    (7, Policy::Moderators),
];
const DIRECT: Numbering = &[(1, Policy::Everyone), (2, Policy::Nobody)];
const BOTS: Numbering = &[
    (1, Policy::Members),
    (2, Policy::Admins),
    (3, Policy::Admins),
];
const WRITE_ONLY_BOTS: Numbering = &[
    (1, Policy::Members),
    (2, Policy::Members),
    (3, Policy::Admins),
];

/// A setting of older clients, by which rights are given to a role.
#[derive(Clone, Copy, Debug)]
pub struct Numbered {
    /// Its name in the API.
    pub name: &'static str,
    /// Which rights the number gives, and to whom each. The first says most.
    rights: &'static [(Right, Numbering)],
}

/// The settings of older clients.
#[rustfmt::skip]
pub const NUMBERED: &[Numbered] = &[
    Numbered { name: "add_custom_emoji_policy", rights: &[(Right::AddCustomEmoji, COMMON)] },
    Numbered { name: "bot_creation_policy", rights: &[(Right::CreateBots, BOTS), (Right::CreateWriteOnlyBots, WRITE_ONLY_BOTS)] },
    Numbered { name: "create_private_stream_policy", rights: &[(Right::CreatePrivateChannel, COMMON)] },
    Numbered { name: "create_public_stream_policy", rights: &[(Right::CreatePublicChannel, COMMON)] },
    Numbered { name: "create_web_public_stream_policy", rights: &[(Right::CreateWebPublicChannel, WEB_PUBLIC)] },
    Numbered { name: "delete_own_message_policy", rights: &[(Right::DeleteOwnMessage, OR_EVERYONE)] },
    Numbered { name: "edit_topic_policy", rights: &[(Right::MoveBetweenTopics, ANY), (Right::ResolveTopics, ANY)] },
    Numbered { name: "invite_to_realm_policy", rights: &[(Right::InviteUsers, OR_NOBODY)] },
    Numbered { name: "invite_to_stream_policy", rights: &[(Right::AddSubscribers, COMMON)] },
    Numbered { name: "move_messages_between_streams_policy", rights: &[(Right::MoveBetweenChannels, OR_NOBODY)] },
    Numbered { name: "private_message_policy", rights: &[(Right::PermitDirectMessages, DIRECT)] },
    Numbered { name: "user_group_edit_policy", rights: &[(Right::CreateGroups, COMMON)] },
    Numbered { name: "wildcard_mention_policy", rights: &[(Right::MentionManyUsers, WILDCARDS)] },
];

impl Numbered {
    /// The rights that a number gives.
    pub fn parse(&self, number: &Value) -> Result<Vec<(Right, Permitted)>> {
        let given = self.rights.iter().map(|(right, numbering)| {
            let known = numbering
                .iter()
                .find(|(known, _)| number.as_u64() == Some((*known).into()));
            let (_, policy) =
                known.ok_or_else(|| Error::bad_request(format!("Invalid {}", self.name)))?;
            Ok((*right, Permitted::By(*policy)))
        });
        given.collect()
    }

    /// The number as the rights are now: that which gives just these, or the first of them, or else the first there is:
    /// the server decides.
    pub fn number(&self, settings: &Settings) -> Option<u8> {
        let gives = |number: u8, rights: &[(Right, Numbering)]| {
            rights.iter().all(|(right, numbering)| {
                let permitted = settings.permitted(*right);
                numbering
                    .iter()
                    .any(|(known, policy)| *known == number && permitted == Permitted::By(*policy))
            })
        };
        let (_, numbering) = self.rights.first()?;
        let numbers = || numbering.iter().map(|(number, _)| *number);
        numbers()
            .find(|number| gives(*number, self.rights))
            .or_else(|| {
                numbers().find(|number| gives(*number, self.rights.get(..1).unwrap_or_default()))
            })
            .or_else(|| numbers().next())
    }
}

/// To whom a right is given by a parameter, if that is somebody else than now.
pub(super) async fn check(
    conn: &mut Conn,
    caller: &Caller,
    right: Right,
    raw: &Value,
    current: &Permitted,
    groups: &SystemGroups,
) -> Result<Option<Permitted>> {
    let change = GroupChange::parse(right.name(), raw)?;
    let current = current.value(groups)?;
    let new = value::check_change(conn, caller, right.name(), &change, &current).await?;
    let Some(new) = new else {
        return Ok(None);
    };
    let permitted = Permitted::of(new, groups)?;
    let fits = match (right.range(), &permitted) {
        (Range::Anybody, _) => true,
        (Range::NoGuests, permitted) => *permitted != Permitted::By(Policy::Everyone),
        (Range::Only(policies), Permitted::By(policy)) => policies.contains(policy),
        (Range::Only(_), Permitted::Group(_)) => {
            let msg = format!("'{}' must be a system user group.", right.name());
            return Err(Error::bad_request(msg));
        }
    };
    match &permitted {
        Permitted::By(policy) if !fits => Err(Error::bad_request(format!(
            "'{}' setting cannot be set to '{}' group.",
            right.name(),
            policy.group().name()
        ))),
        _ => Ok(Some(permitted)),
    }
}
