//! User groups: those that people make, and the system groups, whose members follow from roles.

mod edit;
mod membership;
mod realm;
pub mod value;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use narrows_store::Conn;
use narrows_store::models::{Realm, User, UserGroup};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::group_settings::group_settings;
use narrows_wire::{GroupId, Role, UserId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Settings;

pub use edit::{GroupEdit, NewGroup, create, deactivate, update};
pub use membership::{Change, Part, change};
pub(crate) use membership::{add_newcomer, check_may_add};
pub use realm::realm_permissions;
pub(crate) use realm::{REALM_FIXED, supported_permissions};

/// A group object of the API.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GroupObject {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Direct members.
    pub members: Vec<UserId>,
    /// Groups all of whose members belong to it.
    pub direct_subgroup_ids: Vec<GroupId>,
    /// Follows from roles.
    pub is_system_group: bool,
    /// No longer used.
    pub deactivated: bool,
    /// Who made it.
    pub creator_id: Option<UserId>,
    /// UNIX seconds; of system groups `null`.
    pub date_created: Option<i64>,
    /// Who may do what with it.
    #[serde(flatten)]
    #[schemars(schema_with = "group_settings")]
    pub permissions: Map<String, Value>,
}

/// What may be decided of a group: the setting, and who may where nothing is decided.
pub const PERMISSIONS: [(&str, SystemGroup); 6] = [
    ("can_add_members_group", SystemGroup::Members),
    ("can_join_group", SystemGroup::Members),
    ("can_leave_group", SystemGroup::Everyone),
    ("can_manage_group", SystemGroup::Members),
    ("can_mention_group", SystemGroup::Everyone),
    ("can_remove_members_group", SystemGroup::Members),
];

/// All groups of a realm.
pub async fn objects(
    conn: &mut Conn,
    realm: &Realm,
    now: DateTime<Utc>,
) -> Result<Vec<GroupObject>> {
    let settings = Settings::of(realm);
    let realm = realm.id();
    let system = SystemGroups::of_realm(conn, realm).await?;
    let groups = UserGroup::all(conn, realm).await?;
    let mut members = UserGroup::members(conn, realm).await?;
    let mut subgroups = UserGroup::subgroups(conn, realm).await?;
    let users = User::all(conn, realm).await?;
    let object = |group: UserGroup| {
        let is_system = group.system_role.is_some();
        Ok(GroupObject {
            id: group.id(),
            members: match is_system {
                true => system_members(&group, &users, &settings, now),
                false => members.remove(&group.id()).unwrap_or_default(),
            },
            direct_subgroup_ids: match is_system {
                true => system_subgroup(&group, &system)?.into_iter().collect(),
                false => subgroups.remove(&group.id()).unwrap_or_default(),
            },
            is_system_group: is_system,
            deactivated: group.deactivated,
            creator_id: group.creator_id(),
            date_created: (!is_system).then(|| group.created_at.timestamp()),
            permissions: permissions(&system, &group)?,
            name: group.name,
            description: group.description,
        })
    };
    groups.into_iter().map(object).collect()
}

/// Who may do something with a group of which it is not decided. Whoever was given a group to manage decides who else may
/// change it.
fn undecided(permissions: &Value, default: SystemGroup) -> SystemGroup {
    let is_managed = permissions.get("can_manage_group").is_some();
    match is_managed && default != SystemGroup::Everyone {
        true => SystemGroup::Nobody,
        false => default,
    }
}

/// What is decided of a group, or else the defaults; nobody mentions or changes system groups.
fn permissions(system: &SystemGroups, group: &UserGroup) -> Result<Map<String, Value>> {
    let mut shown = Map::new();
    for (name, default) in PERMISSIONS {
        let value = match (group.system_role, group.permissions.get(name)) {
            (Some(_), _) => json!(system.id(SystemGroup::Nobody)?),
            (None, Some(decided)) => decided.clone(),
            (None, None) => json!(system.id(undecided(&group.permissions, default))?),
        };
        shown.insert(name.to_owned(), value);
    }
    Ok(shown)
}

/// The active users who are in the group by their role and in none that is more powerful, which come through its
/// subgroup; of the full members, who are members too, those past the waiting period.
fn system_members(
    group: &UserGroup,
    users: &[User],
    settings: &Settings,
    now: DateTime<Utc>,
) -> Vec<UserId> {
    let full = group.name == SystemGroup::FullMembers.name();
    let role = match full {
        true => Some(Role::Member),
        false => group.system_role.and_then(|role| Role::try_from(role).ok()),
    };
    let belongs = |user: &&User| {
        let right_role = Some(user.role()) == role;
        let waited = !full || settings.is_past_waiting_period(user, now);
        user.is_active && !user.is_system_bot && right_role && waited
    };
    users.iter().filter(belongs).map(User::id).collect()
}

/// Each system group holds the next more powerful one.
fn system_subgroup(group: &UserGroup, system: &SystemGroups) -> Result<Option<GroupId>> {
    let place = SystemGroup::ALL
        .iter()
        .position(|kind| kind.name() == group.name);
    let above = place
        .and_then(|place| place.checked_sub(1))
        .and_then(|place| SystemGroup::ALL.get(place));
    match above {
        Some(SystemGroup::Nobody) | None => Ok(None),
        Some(above) => Ok(Some(system.id(*above)?)),
    }
}

/// All groups that the caller sees.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<GroupObject>> {
    objects(
        &mut *ctx.store.read().await?,
        &caller.realm,
        caller.asked_at,
    )
    .await
}

/// Members of a group, with those of its subgroups unless only the direct ones are wanted.
pub async fn members(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    direct_only: bool,
) -> Result<Vec<UserId>> {
    let groups = list(ctx, caller).await?;
    let tree = below(&groups, id, direct_only)?;
    let members: BTreeSet<UserId> = tree
        .into_iter()
        .flat_map(|group| group.members.iter().copied())
        .collect();
    Ok(members.into_iter().collect())
}

/// The subgroups of a group, with theirs unless only the direct ones are wanted.
pub async fn subgroups(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    direct_only: bool,
) -> Result<Vec<GroupId>> {
    let groups = list(ctx, caller).await?;
    let tree = below(&groups, id, direct_only)?;
    let subgroups: BTreeSet<GroupId> = tree
        .into_iter()
        .flat_map(|group| group.direct_subgroup_ids.iter().copied())
        .collect();
    Ok(subgroups.into_iter().collect())
}

/// A group and all groups that it holds; only itself with `alone`.
fn below(groups: &[GroupObject], id: GroupId, alone: bool) -> Result<Vec<&GroupObject>> {
    let mut found: Vec<&GroupObject> = Vec::new();
    let mut wanted = vec![id];
    while let Some(id) = wanted.pop() {
        if found.iter().any(|group| group.id == id) {
            continue;
        }
        let group = groups
            .iter()
            .find(|group| group.id == id)
            .ok_or_else(invalid_group)?;
        found.push(group);
        if !alone {
            wanted.extend(&group.direct_subgroup_ids);
        }
    }
    Ok(found)
}

pub(crate) fn invalid_group() -> Error {
    Error::bad_request("Invalid user group")
}
