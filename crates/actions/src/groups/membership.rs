//! Who belongs to a group: people, and all members of other groups.

use std::collections::BTreeMap;

use narrows_store::models::{Realm, UserGroup};
use narrows_store::{Conn, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::UserGroupEvent;
use narrows_wire::{Audience, GroupId, UserId};

use super::edit::{access_editable, check_users};
use super::invalid_group;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// What belongs to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// People.
    Members,
    /// Groups.
    Subgroups,
}

/// What joins and leaves a group, by id.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Who or what joins.
    pub add: Vec<i32>,
    /// Who or what leaves.
    pub remove: Vec<i32>,
}

/// Adds and removes people or groups: all of it or nothing.
pub async fn change(
    ctx: &Ctx,
    caller: &Caller,
    id: GroupId,
    part: Part,
    change: &Change,
) -> Result<()> {
    if change.add.is_empty() && change.remove.is_empty() {
        return Err(Error::bad_request(
            "Nothing to do. Specify at least one of \"add\" or \"delete\".",
        ));
    }
    let mut tx = ctx.store.begin().await?;
    let myself = [caller.user_id().0];
    if !change.add.is_empty() {
        let joins = part == Part::Members && change.add == myself;
        let right = if joins {
            "can_join_group"
        } else {
            "can_add_members_group"
        };
        access_editable(&mut tx, caller, id, right).await?;
        add(&mut tx, caller, id, part, &change.add).await?;
    }
    if !change.remove.is_empty() {
        let leaves = part == Part::Members && change.remove == myself;
        let right = if leaves {
            "can_leave_group"
        } else {
            "can_remove_members_group"
        };
        access_editable(&mut tx, caller, id, right).await?;
        remove(&mut tx, caller, id, part, &change.remove).await?;
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
    for (ids, joined) in [(&change.add, true), (&change.remove, false)] {
        if !ids.is_empty() {
            let event = Event::UserGroup(event(id, part, ids, joined));
            tx.emit(caller.realm_id(), Audience::realm(), &event)?;
        }
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Whether the caller may have others join a group.
pub(crate) async fn check_may_add(conn: &mut Conn, caller: &Caller, id: GroupId) -> Result<()> {
    access_editable(conn, caller, id, "can_add_members_group").await?;
    Ok(())
}

/// Has somebody who just came to the realm join groups, as far as they are still there.
pub(crate) async fn add_newcomer(
    tx: &mut Tx,
    caller: &Caller,
    wanted: &[GroupId],
    newcomer: UserId,
) -> Result<()> {
    if wanted.is_empty() {
        return Ok(());
    }
    let all = UserGroup::all(tx, caller.realm_id()).await?;
    let groups: Vec<GroupId> = all
        .iter()
        .filter(|group| wanted.contains(&group.id()) && !group.deactivated)
        .map(UserGroup::id)
        .collect();
    UserGroup::add_member(tx, &groups, newcomer).await?;
    for group in groups {
        let event = event(group, Part::Members, &[newcomer.0], true);
        tx.emit(
            caller.realm_id(),
            Audience::realm(),
            &Event::UserGroup(event),
        )?;
    }
    Ok(())
}

fn users(ids: &[i32]) -> Vec<UserId> {
    ids.iter().map(|id| UserId(*id)).collect()
}

fn groups(ids: &[i32]) -> Vec<GroupId> {
    ids.iter().map(|id| GroupId(*id)).collect()
}

async fn add(tx: &mut Tx, caller: &Caller, id: GroupId, part: Part, ids: &[i32]) -> Result<()> {
    match part {
        Part::Members => {
            check_users(tx, caller, &users(ids)).await?;
            let added = UserGroup::add_members(tx, id, &users(ids)).await?;
            match users(ids).iter().find(|user| !added.contains(user)) {
                Some(old) => Err(Error::bad_request(format!(
                    "User {old} is already a member of this group"
                ))),
                None => Ok(()),
            }
        }
        Part::Subgroups => {
            let added = add_subgroups(tx, caller, id, &groups(ids)).await?;
            match groups(ids).iter().find(|group| !added.contains(group)) {
                Some(old) => Err(Error::bad_request(format!(
                    "User group {old} is already a subgroup of this group."
                ))),
                None => Ok(()),
            }
        }
    }
}

async fn remove(tx: &mut Tx, caller: &Caller, id: GroupId, part: Part, ids: &[i32]) -> Result<()> {
    let (removed, msg) = match part {
        Part::Members => {
            check_users(tx, caller, &users(ids)).await?;
            let removed = UserGroup::remove_members(tx, id, &users(ids)).await?;
            let missing = ids.iter().find(|id| !removed.contains(&UserId(**id)));
            let msg = missing.map(|id| format!("There is no member '{id}' in this user group"));
            (removed.len(), msg.unwrap_or_default())
        }
        Part::Subgroups => {
            let removed = UserGroup::remove_subgroups(tx, id, &groups(ids)).await?;
            let missing = ids
                .iter()
                .find(|id| !removed.contains(&GroupId(**id)))
                .copied()
                .unwrap_or_default();
            let msg = format!("User group {missing} is not a subgroup of this group.");
            (removed.len(), msg)
        }
    };
    if removed == ids.len() {
        Ok(())
    } else {
        Err(Error::bad_request(msg))
    }
}

/// Adds groups of the realm that do not hold the group themselves; those that were not there before.
pub(super) async fn add_subgroups(
    tx: &mut Tx,
    caller: &Caller,
    id: GroupId,
    subgroups: &[GroupId],
) -> Result<Vec<GroupId>> {
    if subgroups.is_empty() {
        return Ok(vec![]);
    }
    // One change of subgroups at a time, or two could close a ring.
    Realm::lock(tx, caller.realm_id()).await?;
    let all = UserGroup::all(tx, caller.realm_id()).await?;
    let tree = UserGroup::subgroups(tx, caller.realm_id()).await?;
    for subgroup in subgroups {
        let found = all.iter().find(|group| group.id() == *subgroup);
        if found.ok_or_else(invalid_group)?.deactivated {
            return Err(Error::bad_request("User group is deactivated."));
        }
        if holds(&tree, *subgroup, id) {
            return Err(Error::bad_request(format!(
                "User group {subgroup} is already a supergroup of this group, or the group itself."
            )));
        }
    }
    Ok(UserGroup::add_subgroups(tx, id, subgroups).await?)
}

/// Whether `group` is `wanted` or holds it, at any depth.
fn holds(tree: &BTreeMap<GroupId, Vec<GroupId>>, group: GroupId, wanted: GroupId) -> bool {
    let mut left = vec![group];
    let mut seen = Vec::new();
    while let Some(group) = left.pop() {
        if group == wanted {
            return true;
        }
        if !seen.contains(&group) {
            seen.push(group);
            left.extend(tree.get(&group).into_iter().flatten());
        }
    }
    false
}

fn event(group_id: GroupId, part: Part, ids: &[i32], joined: bool) -> UserGroupEvent {
    match (part, joined) {
        (Part::Members, true) => UserGroupEvent::AddMembers {
            group_id,
            user_ids: users(ids),
        },
        (Part::Members, false) => UserGroupEvent::RemoveMembers {
            group_id,
            user_ids: users(ids),
        },
        (Part::Subgroups, true) => UserGroupEvent::AddSubgroups {
            group_id,
            direct_subgroup_ids: groups(ids),
        },
        (Part::Subgroups, false) => UserGroupEvent::RemoveSubgroups {
            group_id,
            direct_subgroup_ids: groups(ids),
        },
    }
}
