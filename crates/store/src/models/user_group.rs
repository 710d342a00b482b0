//! User groups, system groups included.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, RealmId, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::models::found;
use crate::prepared::Prepared;
use crate::schema::{user_group_members, user_group_subgroups, user_groups, users};
use crate::store::Conn;

/// A group of users.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = user_groups, check_for_backend(diesel::pg::Pg))]
pub struct UserGroup {
    id: i32,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Of system groups: the least powerful role that belongs to it.
    pub system_role: Option<i16>,
    /// No longer used.
    pub deactivated: bool,
    creator_id: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Who may do what with it, where that was decided; typed by `narrows_actions::groups::value`.
    pub permissions: Value,
}

/// A group to be made.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = user_groups)]
pub struct NewUserGroup<'a> {
    #[builder(with = |realm: RealmId| realm.0)]
    realm_id: i32,
    name: &'a str,
    description: &'a str,
    #[builder(with = |user: UserId| user.0)]
    creator_id: i32,
    created_at: DateTime<Utc>,
}

impl UserGroup {
    /// Its id.
    pub fn id(&self) -> GroupId {
        GroupId(self.id)
    }

    /// Who made it.
    pub fn creator_id(&self) -> Option<UserId> {
        self.creator_id.map(UserId)
    }

    /// A group by id.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: GroupId) -> Result<UserGroup> {
        let query = user_groups::table
            .filter(user_groups::realm_id.eq(realm.0))
            .filter(user_groups::id.eq(id.0));
        Ok(query.select(UserGroup::as_select()).first(conn).await?)
    }

    /// All groups of a realm, by id.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<UserGroup>> {
        let query = user_groups::table.filter(user_groups::realm_id.eq(realm.0));
        let query = query.order(user_groups::id);
        Ok(query.select(UserGroup::as_select()).load(conn).await?)
    }

    /// The direct members of all groups of a realm that are not system groups; only active users.
    pub async fn members(
        conn: &mut Conn,
        realm: RealmId,
    ) -> Result<BTreeMap<GroupId, Vec<UserId>>> {
        let query = user_group_members::table
            .inner_join(users::table.on(users::id.eq(user_group_members::user_id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_active)
            .order((user_group_members::group_id, user_group_members::user_id));
        let rows: Vec<(i32, i32)> = query
            .select((user_group_members::group_id, user_group_members::user_id))
            .load(conn)
            .await?;
        let mut members: BTreeMap<GroupId, Vec<UserId>> = BTreeMap::new();
        for (group, user) in rows {
            members
                .entry(GroupId(group))
                .or_default()
                .push(UserId(user));
        }
        Ok(members)
    }

    /// The direct subgroups of all groups of a realm.
    pub async fn subgroups(
        conn: &mut Conn,
        realm: RealmId,
    ) -> Result<BTreeMap<GroupId, Vec<GroupId>>> {
        let query = user_group_subgroups::table
            .inner_join(user_groups::table.on(user_groups::id.eq(user_group_subgroups::group_id)))
            .filter(user_groups::realm_id.eq(realm.0))
            .order((
                user_group_subgroups::group_id,
                user_group_subgroups::subgroup_id,
            ));
        let rows: Vec<(i32, i32)> = query
            .select((
                user_group_subgroups::group_id,
                user_group_subgroups::subgroup_id,
            ))
            .load(conn)
            .await?;
        let mut subgroups: BTreeMap<GroupId, Vec<GroupId>> = BTreeMap::new();
        for (group, subgroup) in rows {
            subgroups
                .entry(GroupId(group))
                .or_default()
                .push(GroupId(subgroup));
        }
        Ok(subgroups)
    }

    /// Adds users of its realm; returns those who were not members.
    pub async fn add_members(
        conn: &mut Conn,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<UserId>> {
        let rows: Vec<_> = users
            .iter()
            .map(|user| {
                (
                    user_group_members::group_id.eq(group.0),
                    user_group_members::user_id.eq(user.0),
                )
            })
            .collect();
        let added: Vec<i32> = diesel::insert_into(user_group_members::table)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(user_group_members::user_id)
            .get_results(conn)
            .await?;
        Ok(added.into_iter().map(UserId).collect())
    }

    /// Adds somebody to several groups.
    pub async fn add_member(conn: &mut Conn, groups: &[GroupId], user: UserId) -> Result<()> {
        let row = |group: &GroupId| {
            (
                user_group_members::group_id.eq(group.0),
                user_group_members::user_id.eq(user.0),
            )
        };
        diesel::insert_into(user_group_members::table)
            .values(groups.iter().map(row).collect::<Vec<_>>())
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Removes users; returns those who were members.
    pub async fn remove_members(
        conn: &mut Conn,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<UserId>> {
        let ids: Vec<i32> = users.iter().map(|user| user.0).collect();
        let members = user_group_members::table
            .filter(user_group_members::group_id.eq(group.0))
            .filter(user_group_members::user_id.eq_any(ids));
        let removed: Vec<i32> = diesel::delete(members)
            .returning(user_group_members::user_id)
            .get_results(conn)
            .await?;
        Ok(removed.into_iter().map(UserId).collect())
    }

    /// Another name or description.
    pub async fn describe(
        conn: &mut Conn,
        realm: RealmId,
        id: GroupId,
        name: &str,
        description: &str,
    ) -> Result<()> {
        let group = user_groups::table
            .filter(user_groups::realm_id.eq(realm.0))
            .filter(user_groups::id.eq(id.0));
        let change = (
            user_groups::name.eq(name),
            user_groups::description.eq(description),
        );
        found(diesel::update(group).set(change).execute(conn).await?)
    }

    /// Adds groups of its realm; returns those that were not there.
    pub async fn add_subgroups(
        conn: &mut Conn,
        group: GroupId,
        subgroups: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        let rows: Vec<_> = subgroups
            .iter()
            .map(|subgroup| {
                (
                    user_group_subgroups::group_id.eq(group.0),
                    user_group_subgroups::subgroup_id.eq(subgroup.0),
                )
            })
            .collect();
        let added: Vec<i32> = diesel::insert_into(user_group_subgroups::table)
            .values(rows)
            .on_conflict_do_nothing()
            .returning(user_group_subgroups::subgroup_id)
            .get_results(conn)
            .await?;
        Ok(added.into_iter().map(GroupId).collect())
    }

    /// Removes groups; returns those that were there.
    pub async fn remove_subgroups(
        conn: &mut Conn,
        group: GroupId,
        subgroups: &[GroupId],
    ) -> Result<Vec<GroupId>> {
        let ids: Vec<i32> = subgroups.iter().map(|group| group.0).collect();
        let rows = user_group_subgroups::table
            .filter(user_group_subgroups::group_id.eq(group.0))
            .filter(user_group_subgroups::subgroup_id.eq_any(ids));
        let removed: Vec<i32> = diesel::delete(rows)
            .returning(user_group_subgroups::subgroup_id)
            .get_results(conn)
            .await?;
        Ok(removed.into_iter().map(GroupId).collect())
    }

    /// Sets who may do these things with it and keeps the rest.
    pub async fn merge_permissions(
        conn: &mut Conn,
        realm: RealmId,
        id: GroupId,
        patch: &Value,
    ) -> Result<()> {
        let sql = "UPDATE user_groups SET permissions = permissions || $3 WHERE realm_id = $1 AND id = $2";
        let update = diesel::sql_query(sql)
            .bind::<diesel::sql_types::Integer, _>(realm.0)
            .bind::<diesel::sql_types::Integer, _>(id.0)
            .bind::<diesel::sql_types::Jsonb, _>(patch);
        found(update.prepared().execute(conn).await?)
    }

    /// Takes it out of use, or back.
    pub async fn set_deactivated(
        conn: &mut Conn,
        realm: RealmId,
        id: GroupId,
        deactivated: bool,
    ) -> Result<()> {
        let group = user_groups::table
            .filter(user_groups::realm_id.eq(realm.0))
            .filter(user_groups::id.eq(id.0));
        found(
            diesel::update(group)
                .set(user_groups::deactivated.eq(deactivated))
                .execute(conn)
                .await?,
        )
    }
}

impl NewUserGroup<'_> {
    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<UserGroup> {
        let insert = diesel::insert_into(user_groups::table).values(self);
        Ok(insert
            .returning(UserGroup::as_returning())
            .get_result(conn)
            .await?)
    }
}
