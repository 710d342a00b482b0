//! User groups, and the system's groups that stand for roles in group-valued settings.

use chrono::{DateTime, Utc};
use narrows_store::Conn;
use narrows_store::models::{NewUserGroup, User, UserGroup};
use narrows_wire::{GroupId, RealmId, Role, UserId};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::realms::{Policy, Settings};

/// The system's groups: name, description, and the least powerful role that belongs to each, as `system_role` has it.
/// Each holds the one before it, but for "nobody".
pub const SYSTEM_GROUPS: [(&str, &str, i16); 8] = [
    ("role:nobody", "Nobody", 0),
    ("role:owners", "Owners of this organization", 100),
    (
        "role:administrators",
        "Administrators of this organization, including owners",
        200,
    ),
    (
        "role:moderators",
        "Moderators of this organization, including administrators",
        300,
    ),
    (
        "role:fullmembers",
        "Members of this organization, not including new accounts and guests",
        399,
    ),
    (
        "role:members",
        "Members of this organization, not including guests",
        400,
    ),
    (
        "role:everyone",
        "Everyone in this organization, including guests",
        600,
    ),
    ("role:internet", "Everyone on the Internet", 700),
];

/// A group object of the API.
#[derive(Clone, Debug, Serialize)]
pub struct GroupObject {
    id: GroupId,
    name: String,
    description: String,
    members: Vec<UserId>,
    direct_subgroup_ids: Vec<GroupId>,
    is_system_group: bool,
    deactivated: bool,
    creator_id: Option<UserId>,
    date_created: Option<i64>,
    can_mention_group: GroupId,
    can_manage_group: GroupId,
    can_add_members_group: GroupId,
    can_join_group: GroupId,
    can_leave_group: GroupId,
    can_remove_members_group: GroupId,
}

/// Makes the system's groups of a new realm.
pub(crate) async fn create_system_groups(
    conn: &mut Conn,
    realm: RealmId,
    now: DateTime<Utc>,
) -> Result<()> {
    for (name, description, role) in SYSTEM_GROUPS {
        let group = NewUserGroup {
            realm_id: realm.0,
            name,
            description,
            system_role: Some(role),
            creator_id: None,
            created_at: now,
        };
        group.insert(conn).await?;
    }
    Ok(())
}

/// All groups of a realm, as the API shows them.
pub async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<GroupObject>> {
    let groups = UserGroup::all(conn, realm).await?;
    let users = User::all(conn, realm).await?;
    let members = UserGroup::members(conn, realm).await?;
    let subgroups = UserGroup::subgroups(conn, realm).await?;
    let system = SystemGroups::of(&groups)?;
    let object = |group: &UserGroup| {
        let own = |pairs: &[(GroupId, UserId)]| -> Vec<UserId> {
            pairs
                .iter()
                .filter(|(id, _)| *id == group.id())
                .map(|(_, user)| *user)
                .collect()
        };
        let (members, subgroups) = match group.system_role {
            Some(role) => (direct_members(&users, role), system.below(role)),
            None => {
                let subgroups = subgroups
                    .iter()
                    .filter(|(id, _)| *id == group.id())
                    .map(|(_, sub)| *sub);
                (own(&members), subgroups.collect())
            }
        };
        let nobody = system.of_role(0);
        let (mention, manage) = match group.system_role {
            Some(_) => (nobody, nobody),
            None => (system.of_role(600), system.of_role(400)),
        };
        GroupObject {
            id: group.id(),
            name: group.name.clone(),
            description: group.description.clone(),
            members,
            direct_subgroup_ids: subgroups,
            is_system_group: group.system_role.is_some(),
            deactivated: group.deactivated,
            creator_id: group.creator_id(),
            date_created: group
                .system_role
                .is_none()
                .then(|| group.created_at.timestamp()),
            can_mention_group: mention,
            can_manage_group: manage,
            can_add_members_group: manage,
            can_join_group: nobody,
            can_leave_group: nobody,
            can_remove_members_group: manage,
        }
    };
    Ok(groups.iter().map(object).collect())
}

/// Those whose role is the group's own; more powerful ones are in the groups below it. New members and full members
/// are told apart by the waiting period, which clients do themselves.
fn direct_members(users: &[User], system_role: i16) -> Vec<UserId> {
    let role = if system_role == 399 { 400 } else { system_role };
    let inside =
        |user: &&User| user.is_active && !user.is_system_bot && i16::from(user.role()) == role;
    users.iter().filter(inside).map(User::id).collect()
}

/// The ids of a realm's system groups.
struct SystemGroups(Vec<(i16, GroupId)>);

impl SystemGroups {
    fn of(groups: &[UserGroup]) -> Result<SystemGroups> {
        let mut ids: Vec<_> = groups
            .iter()
            .filter_map(|group| Some((group.system_role?, group.id())))
            .collect();
        ids.sort_unstable();
        match ids.len() == SYSTEM_GROUPS.len() {
            true => Ok(SystemGroups(ids)),
            false => Err(Error::Internal("a realm lacks system groups".into())),
        }
    }

    fn of_role(&self, role: i16) -> GroupId {
        self.0
            .iter()
            .find(|(own, _)| *own == role)
            .map_or(GroupId(0), |(_, id)| *id)
    }

    fn below(&self, role: i16) -> Vec<GroupId> {
        let below = self
            .0
            .iter()
            .rev()
            .find(|(own, _)| *own < role && *own != 0);
        below.map(|(_, id)| *id).into_iter().collect()
    }

    fn of_policy(&self, policy: Policy) -> GroupId {
        self.of_role(match policy {
            Policy::Nobody => 0,
            Policy::Owners => Role::Owner.into(),
            Policy::Admins => Role::Admin.into(),
            Policy::Moderators => Role::Moderator.into(),
            Policy::FullMembers => 399,
            Policy::Members => Role::Member.into(),
            Policy::Everyone => Role::Guest.into(),
        })
    }
}

/// The realm's permissions as group-valued settings (feature levels 264 and on), from the policies that decide.
pub async fn realm_permissions(
    conn: &mut Conn,
    realm: RealmId,
    settings: &Settings,
) -> Result<Value> {
    let system = SystemGroups::of(&UserGroup::all(conn, realm).await?)?;
    let permissions = [
        (
            "can_create_public_channel_group",
            settings.create_public_stream_policy,
        ),
        (
            "can_create_private_channel_group",
            settings.create_private_stream_policy,
        ),
        (
            "can_create_web_public_channel_group",
            settings.create_web_public_stream_policy,
        ),
        (
            "can_add_subscribers_group",
            settings.invite_to_stream_policy,
        ),
        ("can_delete_any_message_group", Policy::Admins),
        (
            "can_delete_own_message_group",
            settings.delete_own_message_policy,
        ),
        (
            "can_move_messages_between_channels_group",
            settings.move_messages_between_streams_policy,
        ),
        (
            "can_move_messages_between_topics_group",
            settings.edit_topic_policy,
        ),
        ("can_resolve_topics_group", Policy::Everyone),
        (
            "can_mention_many_users_group",
            settings.wildcard_mention_policy,
        ),
        ("can_manage_all_groups", settings.user_group_edit_policy),
        ("can_create_groups", settings.user_group_edit_policy),
        ("can_access_all_users_group", Policy::Everyone),
        ("can_invite_users_group", Policy::Admins),
        ("create_multiuse_invite_group", Policy::Admins),
        ("can_add_custom_emoji_group", Policy::Members),
        ("can_create_bots_group", Policy::Members),
        ("direct_message_initiator_group", Policy::Everyone),
        ("direct_message_permission_group", Policy::Everyone),
    ];
    let fields: Map<String, Value> = permissions
        .into_iter()
        .map(|(name, policy)| (format!("realm_{name}"), json!(system.of_policy(policy))))
        .collect();
    Ok(Value::Object(fields))
}
