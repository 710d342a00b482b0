//! User groups: those that people make, and the system groups, whose members follow from roles.

use narrows_store::models::{NewUserGroup, Realm, User, UserGroup};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_store::{Conn, Constraint};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::UserGroupEvent;
use narrows_wire::{Audience, GroupId, RealmId, Role, UserId};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Policy, Settings};

const MAX_NAME: usize = 100;

/// A group object of the API.
#[derive(Clone, Debug, Serialize)]
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
    pub permissions: Permissions,
}

/// Who may do what with a group, as group ids.
#[derive(Clone, Debug, Serialize)]
pub struct Permissions {
    /// Mention it.
    pub can_mention_group: GroupId,
    /// Change it.
    pub can_manage_group: GroupId,
    /// Join it.
    pub can_join_group: GroupId,
    /// Leave it.
    pub can_leave_group: GroupId,
    /// Add others.
    pub can_add_members_group: GroupId,
    /// Remove others.
    pub can_remove_members_group: GroupId,
}

/// All groups of a realm.
pub async fn objects(conn: &mut Conn, realm: RealmId) -> Result<Vec<GroupObject>> {
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
                true => system_members(&group, &users),
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
            permissions: permissions(&system, is_system)?,
            name: group.name,
            description: group.description,
        })
    };
    groups.into_iter().map(object).collect()
}

/// Everybody may mention and members may change groups that people made; nobody changes system groups.
fn permissions(system: &SystemGroups, is_system: bool) -> Result<Permissions> {
    let nobody = system.id(SystemGroup::Nobody)?;
    let (everyone, members) = match is_system {
        true => (nobody, nobody),
        false => (
            system.id(SystemGroup::Everyone)?,
            system.id(SystemGroup::Members)?,
        ),
    };
    Ok(Permissions {
        can_mention_group: everyone,
        can_manage_group: members,
        can_join_group: members,
        can_leave_group: everyone,
        can_add_members_group: members,
        can_remove_members_group: members,
    })
}

/// The active users whose role is exactly that of the group; those above come through its subgroup.
fn system_members(group: &UserGroup, users: &[User]) -> Vec<UserId> {
    let role = group.system_role.and_then(|role| Role::try_from(role).ok());
    let belongs = |user: &&User| user.is_active && !user.is_system_bot && Some(user.role()) == role;
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

/// The realm's policies as the group-valued settings that newer clients read.
pub async fn realm_permissions(
    conn: &mut Conn,
    realm: RealmId,
    settings: &Settings,
) -> Result<Value> {
    let system = SystemGroups::of_realm(conn, realm).await?;
    let mut fields = Map::new();
    for (name, policy) in [
        (
            "realm_can_access_all_users_group",
            settings.can_access_all_users_group,
        ),
        ("realm_can_add_custom_emoji_group", Policy::Members),
        (
            "realm_can_add_subscribers_group",
            settings.invite_to_stream_policy,
        ),
        ("realm_can_create_bots_group", Policy::Members),
        ("realm_can_create_groups", settings.user_group_edit_policy),
        (
            "realm_can_create_private_channel_group",
            settings.create_private_stream_policy,
        ),
        (
            "realm_can_create_public_channel_group",
            settings.create_public_stream_policy,
        ),
        (
            "realm_can_create_web_public_channel_group",
            settings.create_web_public_stream_policy,
        ),
        ("realm_can_create_write_only_bots_group", Policy::Members),
        ("realm_can_delete_any_message_group", Policy::Admins),
        (
            "realm_can_delete_own_message_group",
            settings.delete_own_message_policy,
        ),
        ("realm_can_invite_users_group", Policy::Admins),
        ("realm_can_manage_all_groups", Policy::Owners),
        ("realm_can_manage_billing_group", Policy::Nobody),
        (
            "realm_can_mention_many_users_group",
            settings.wildcard_mention_policy,
        ),
        (
            "realm_can_move_messages_between_channels_group",
            settings.move_messages_between_streams_policy,
        ),
        (
            "realm_can_move_messages_between_topics_group",
            settings.edit_topic_policy,
        ),
        ("realm_can_resolve_topics_group", settings.edit_topic_policy),
        ("realm_can_summarize_topics_group", Policy::Nobody),
        ("realm_create_multiuse_invite_group", Policy::Admins),
        ("realm_direct_message_initiator_group", Policy::Everyone),
        ("realm_direct_message_permission_group", Policy::Everyone),
    ] {
        fields.insert(name.to_owned(), json!(system.id(group_of(policy))?));
    }
    Ok(Value::Object(fields))
}

/// The group of those who may by a policy.
pub(crate) fn group_of(policy: Policy) -> SystemGroup {
    match policy {
        Policy::Everyone => SystemGroup::Everyone,
        Policy::Members => SystemGroup::Members,
        Policy::FullMembers => SystemGroup::FullMembers,
        Policy::Moderators => SystemGroup::Moderators,
        Policy::Admins => SystemGroup::Administrators,
        Policy::Owners => SystemGroup::Owners,
        Policy::Nobody => SystemGroup::Nobody,
    }
}

/// All groups that the caller sees.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<GroupObject>> {
    objects(&mut *ctx.store.read().await?, caller.realm_id()).await
}

/// Members of a group, with those of its subgroups unless only the direct ones are wanted.
pub async fn members(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    direct_only: bool,
) -> Result<Vec<UserId>> {
    let groups = list(ctx, caller).await?;
    let mut found = std::collections::BTreeSet::new();
    let mut seen = Vec::new();
    let mut wanted = vec![id];
    while let Some(id) = wanted.pop() {
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let group = groups
            .iter()
            .find(|group| group.id == id)
            .ok_or_else(invalid_group)?;
        found.extend(group.members.iter().copied());
        if !direct_only {
            wanted.extend(&group.direct_subgroup_ids);
        }
    }
    Ok(found.into_iter().collect())
}

/// A new group.
pub async fn create(
    ctx: &Ctx,
    caller: &Caller,
    name: &str,
    description: &str,
    members: &[UserId],
) -> Result<GroupId> {
    check_may_edit(caller)?;
    let name = check_name(name)?;
    let mut tx = ctx.store.begin().await?;
    check_users(&mut tx, caller, members).await?;
    let new = NewUserGroup::builder()
        .realm_id(caller.realm_id())
        .name(name)
        .description(description)
        .creator_id(caller.user_id())
        .created_at(ctx.clock.now())
        .build();
    let group = new
        .insert(&mut tx)
        .await
        .map_err(|error| taken(error, name))?;
    UserGroup::add_members(&mut tx, group.id(), members).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    let object = objects(&mut tx, caller.realm_id())
        .await?
        .into_iter()
        .find(|object| object.id == group.id());
    let group_object = serde_json::to_value(object)?;
    tx.emit(
        caller.realm_id(),
        Audience::realm(),
        &Event::UserGroup(UserGroupEvent::Add {
            group: group_object,
        }),
    )?;
    drop(tx.commit().await?);
    Ok(group.id())
}

/// Another name or description.
pub async fn update(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    name: Option<&str>,
    description: Option<&str>,
) -> Result<()> {
    if name.is_none() && description.is_none() {
        return Err(Error::bad_request("No new data supplied"));
    }
    let mut tx = ctx.store.begin().await?;
    let group = access_editable(&mut tx, caller, id).await?;
    let new_name = name.map(check_name).transpose()?.unwrap_or(&group.name);
    let new_description = description.unwrap_or(&group.description);
    UserGroup::describe(&mut tx, caller.realm_id(), id, new_name, new_description)
        .await
        .map_err(|error| taken(error, new_name))?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    let mut data = Map::new();
    if new_name != group.name {
        data.insert("name".to_owned(), json!(new_name));
    }
    if new_description != group.description {
        data.insert("description".to_owned(), json!(new_description));
    }
    if !data.is_empty() {
        let event = UserGroupEvent::Update {
            group_id: id,
            data: Value::Object(data),
        };
        tx.emit(
            caller.realm_id(),
            Audience::realm(),
            &Event::UserGroup(event),
        )?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Adds and removes members.
pub async fn update_members(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    add: &[UserId],
    remove: &[UserId],
) -> Result<()> {
    if add.is_empty() && remove.is_empty() {
        return Err(Error::bad_request(
            "Nothing to do. Specify at least one of \"add\" or \"delete\".",
        ));
    }
    let mut tx = ctx.store.begin().await?;
    let group = access_editable(&mut tx, caller, id).await?;
    check_users(&mut tx, caller, add).await?;
    check_users(&mut tx, caller, remove).await?;
    let added = UserGroup::add_members(&mut tx, id, add).await?;
    if !add.is_empty() && added.len() < add.len() {
        let old = add
            .iter()
            .find(|user| !added.contains(user))
            .copied()
            .unwrap_or(UserId(0));
        return Err(Error::bad_request(format!(
            "User {old} is already a member of this group"
        )));
    }
    let removed = UserGroup::remove_members(&mut tx, id, remove).await?;
    if removed.len() < remove.len() {
        return Err(Error::bad_request(format!(
            "There is no member '{}' in this user group",
            group.name
        )));
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
    if !added.is_empty() {
        let event = UserGroupEvent::AddMembers {
            group_id: id,
            user_ids: added,
        };
        tx.emit(
            caller.realm_id(),
            Audience::realm(),
            &Event::UserGroup(event),
        )?;
    }
    if !removed.is_empty() {
        let event = UserGroupEvent::RemoveMembers {
            group_id: id,
            user_ids: removed,
        };
        tx.emit(
            caller.realm_id(),
            Audience::realm(),
            &Event::UserGroup(event),
        )?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Takes a group out of use.
pub async fn deactivate(ctx: &Ctx, caller: &Caller, id: GroupId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    access_editable(&mut tx, caller, id).await?;
    UserGroup::deactivate(&mut tx, caller.realm_id(), id).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    let event = UserGroupEvent::Update {
        group_id: id,
        data: json!({ "deactivated": true }),
    };
    tx.emit(
        caller.realm_id(),
        Audience::realm(),
        &Event::UserGroup(event),
    )?;
    drop(tx.commit().await?);
    Ok(())
}

fn check_may_edit(caller: &Caller) -> Result<()> {
    let settings = Settings::of(&caller.realm);
    match settings.user_group_edit_policy.allows(caller, &settings) {
        true => Ok(()),
        false => Err(Error::insufficient_permission()),
    }
}

async fn access_editable(conn: &mut Conn, caller: &Caller, id: GroupId) -> Result<UserGroup> {
    let group = UserGroup::find(conn, caller.realm_id(), id).await;
    let group = group.map_err(|error| Error::from(error).or_missing(invalid_group))?;
    if group.system_role.is_some() || group.deactivated {
        return Err(Error::insufficient_permission());
    }
    check_may_edit(caller)?;
    Ok(group)
}

async fn check_users(conn: &mut Conn, caller: &Caller, ids: &[UserId]) -> Result<()> {
    let found = User::find_many(conn, caller.realm_id(), ids).await?;
    match ids
        .iter()
        .find(|id| !found.iter().any(|user| user.id() == **id))
    {
        Some(id) => Err(Error::bad_request(format!("Invalid user ID: {id}"))),
        None => Ok(()),
    }
}

fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::bad_request("User group name can't be empty!"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Error::bad_request(format!(
            "User group name cannot exceed {MAX_NAME} characters."
        )));
    }
    if let Some(prefix) = ["@", "role:", "user:", "stream:", "channel:"]
        .iter()
        .find(|prefix| name.starts_with(**prefix))
    {
        return Err(Error::bad_request(format!(
            "User group name cannot start with '{prefix}'."
        )));
    }
    Ok(name)
}

fn taken(error: narrows_store::Error, name: &str) -> Error {
    match error {
        narrows_store::Error::Constraint(Constraint::GroupName) => {
            Error::bad_request(format!("User group '{name}' already exists."))
        }
        other => other.into(),
    }
}

fn invalid_group() -> Error {
    Error::bad_request("Invalid user group")
}
