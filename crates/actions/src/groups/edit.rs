//! Making groups, and changing what they are.

use narrows_store::models::{NewUserGroup, Realm, User, UserGroup};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_store::{Conn, Constraint};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::UserGroupEvent;
use narrows_wire::{Audience, GroupId, UserId};
use serde_json::{Map, Value, json};

use super::value::{self, GroupChange};
use super::{PERMISSIONS, invalid_group, membership, objects, permissions, undecided};
use crate::access::realm::may;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Right;

const MAX_NAME: usize = 100;

/// A group to be made.
#[derive(Clone, Debug, Default)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Who belongs to it.
    pub members: Vec<UserId>,
    /// Groups all of whose members belong to it.
    pub subgroups: Vec<GroupId>,
    /// Who may do what with it, by setting.
    pub permissions: Vec<(&'static str, GroupChange)>,
}

/// What is to change of a group; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct GroupEdit {
    /// Another name.
    pub name: Option<String>,
    /// Another description.
    pub description: Option<String>,
    /// Back in use.
    pub deactivated: Option<bool>,
    /// Who may do what with it, by setting.
    pub permissions: Vec<(&'static str, GroupChange)>,
}

/// A new group.
pub async fn create(ctx: &Ctx, caller: &Caller, new: NewGroup) -> Result<GroupId> {
    let name = check_name(&new.name)?;
    let mut tx = ctx.store.begin().await?;
    if !may(&mut tx, caller, Right::CreateGroups).await? {
        return Err(Error::insufficient_permission());
    }
    check_users(&mut tx, caller, &new.members).await?;
    let row = NewUserGroup::builder()
        .realm_id(caller.realm_id())
        .name(name)
        .description(&new.description)
        .creator_id(caller.user_id())
        .created_at(ctx.clock.now())
        .build();
    let group = row
        .insert(&mut tx)
        .await
        .map_err(|error| taken(error, name))?;
    UserGroup::add_members(&mut tx, group.id(), &new.members).await?;
    membership::add_subgroups(&mut tx, caller, group.id(), &new.subgroups).await?;
    let decided = check_permissions(&mut tx, caller, &group, &new.permissions).await?;
    let patch = Value::Object(decided);
    UserGroup::merge_permissions(&mut tx, caller.realm_id(), group.id(), &patch).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    let object = objects(&mut tx, &caller.realm, caller.asked_at)
        .await?
        .into_iter()
        .find(|object| object.id == group.id());
    let event = UserGroupEvent::Add {
        group: serde_json::to_value(object)?,
    };
    tx.emit(
        caller.realm_id(),
        Audience::realm(),
        &Event::UserGroup(event),
    )?;
    drop(tx.commit().await?);
    Ok(group.id())
}

/// Changes what a group is and who may do what with it.
pub async fn update(ctx: &Ctx, caller: &Caller, id: GroupId, edit: GroupEdit) -> Result<()> {
    if edit.name.is_none()
        && edit.description.is_none()
        && edit.deactivated.is_none()
        && edit.permissions.is_empty()
    {
        return Err(Error::bad_request("No new data supplied"));
    }
    let mut tx = ctx.store.begin().await?;
    let group = match edit.deactivated {
        Some(_) => access_group(&mut tx, caller, id, "can_manage_group").await?,
        None => access_editable(&mut tx, caller, id, "can_manage_group").await?,
    };
    let new_name = edit.name.as_deref().map(check_name).transpose()?;
    let new_name = new_name.unwrap_or(&group.name);
    let new_description = edit.description.as_deref().unwrap_or(&group.description);
    let decided = check_permissions(&mut tx, caller, &group, &edit.permissions).await?;
    let system = SystemGroups::of_realm(&mut tx, caller.realm_id()).await?;
    let mut data = told(&system, &group, &decided)?;
    let patch = Value::Object(decided);
    UserGroup::merge_permissions(&mut tx, caller.realm_id(), id, &patch).await?;
    UserGroup::describe(&mut tx, caller.realm_id(), id, new_name, new_description)
        .await
        .map_err(|error| taken(error, new_name))?;
    if new_name != group.name {
        data.insert("name".to_owned(), json!(new_name));
    }
    if new_description != group.description {
        data.insert("description".to_owned(), json!(new_description));
    }
    if let Some(deactivated) = edit.deactivated.filter(|now| *now != group.deactivated) {
        UserGroup::set_deactivated(&mut tx, caller.realm_id(), id, deactivated).await?;
        data.insert("deactivated".to_owned(), json!(deactivated));
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
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

/// Who may do what after something was decided, as far as it is told otherwise than before.
fn told(
    system: &SystemGroups,
    group: &UserGroup,
    decided: &Map<String, Value>,
) -> Result<Map<String, Value>> {
    let before = permissions(system, group)?;
    let mut after = group.clone();
    if let Value::Object(known) = &mut after.permissions {
        known.extend(decided.clone());
    }
    let mut told = permissions(system, &after)?;
    told.retain(|name, value| before.get(name) != Some(value));
    Ok(told)
}

/// The settings that really change, checked.
async fn check_permissions(
    conn: &mut Conn,
    caller: &Caller,
    group: &UserGroup,
    changes: &[(&'static str, GroupChange)],
) -> Result<Map<String, Value>> {
    let mut decided = Map::new();
    for (name, change) in changes {
        let default = PERMISSIONS.iter().find(|(known, _)| known == name);
        let Some((_, default)) = default else {
            continue;
        };
        let default = undecided(&group.permissions, *default);
        let old = value::decided(conn, caller, &group.permissions, name, default).await?;
        if let Some(new) = value::check_change(conn, caller, name, change, &old).await? {
            decided.insert((*name).to_owned(), json!(new));
        }
    }
    Ok(decided)
}

/// Takes a group out of use.
pub async fn deactivate(ctx: &Ctx, caller: &Caller, id: GroupId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    access_editable(&mut tx, caller, id, "can_manage_group").await?;
    UserGroup::set_deactivated(&mut tx, caller.realm_id(), id, true).await?;
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

/// A group in use with which the caller may do what `permission` says.
pub(super) async fn access_editable(
    conn: &mut Conn,
    caller: &Caller,
    id: GroupId,
    permission: &'static str,
) -> Result<UserGroup> {
    let group = access_group(conn, caller, id, permission).await?;
    if group.deactivated {
        return Err(Error::bad_request("User group is deactivated."));
    }
    Ok(group)
}

/// As [`access_editable`], out of use too. Nobody changes system groups.
async fn access_group(
    conn: &mut Conn,
    caller: &Caller,
    id: GroupId,
    permission: &'static str,
) -> Result<UserGroup> {
    let group = find(conn, caller, id).await?;
    if group.system_role.is_some() {
        return Err(Error::insufficient_permission());
    }
    if may(conn, caller, Right::ManageAllGroups).await?
        || is_permitted(conn, caller, &group, permission).await?
    {
        return Ok(group);
    }
    Err(Error::insufficient_permission())
}

/// Who may manage a group may do everything with it. Until somebody decides, those who make groups may. Guests leave,
/// no more.
async fn is_permitted(
    conn: &mut Conn,
    caller: &Caller,
    group: &UserGroup,
    permission: &'static str,
) -> Result<bool> {
    let is_guest = caller.user.role().is_guest();
    let managed = group.permissions.get("can_manage_group").is_some();
    for name in [permission, "can_manage_group"] {
        let default = PERMISSIONS.iter().find(|(known, _)| *known == name);
        let everybodys = default.is_some_and(|(_, group)| *group == SystemGroup::Everyone);
        if is_guest && !everybodys {
            continue;
        }
        let is_included = match group.permissions.get(name) {
            Some(decided) => value::includes_json(conn, caller, &caller.user, decided).await?,
            None if everybodys => true,
            None => !managed && may(conn, caller, Right::CreateGroups).await?,
        };
        if is_included {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) async fn find(conn: &mut Conn, caller: &Caller, id: GroupId) -> Result<UserGroup> {
    let group = UserGroup::find(conn, caller.realm_id(), id).await;
    group.map_err(|error| Error::from(error).or_missing(invalid_group))
}

pub(super) async fn check_users(conn: &mut Conn, caller: &Caller, ids: &[UserId]) -> Result<()> {
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
