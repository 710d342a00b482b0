//! User groups: those that people make, and the system's, whose members follow from roles.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, RealmId, UserId};

use crate::error::Result;
use crate::schema::{user_group_members, user_group_subgroups, user_groups};
use crate::store::Conn;

/// A user group.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = user_groups, check_for_backend(diesel::pg::Pg))]
pub struct UserGroup {
    id: i32,
    /// Unique in the realm, whatever its letters' case.
    pub name: String,
    /// Plain text.
    pub description: String,
    /// Of the system's groups, the least powerful role in it; 0 nobody, 700 everyone on the internet.
    pub system_role: Option<i16>,
    /// No longer in use.
    pub deactivated: bool,
    creator_id: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// A group to be made.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = user_groups)]
pub struct NewUserGroup<'a> {
    /// The realm, in database terms.
    pub realm_id: i32,
    /// See [`UserGroup::name`].
    pub name: &'a str,
    /// See [`UserGroup::description`].
    pub description: &'a str,
    /// See [`UserGroup::system_role`].
    pub system_role: Option<i16>,
    /// Who makes it, in database terms.
    pub creator_id: Option<i32>,
    /// When.
    pub created_at: DateTime<Utc>,
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

    /// All groups of a realm, by id.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<UserGroup>> {
        let query = user_groups::table
            .filter(user_groups::realm_id.eq(realm.0))
            .order(user_groups::id);
        Ok(query.select(UserGroup::as_select()).load(conn).await?)
    }

    /// Direct members of a realm's groups: `(group, user)`.
    pub async fn members(conn: &mut Conn, realm: RealmId) -> Result<Vec<(GroupId, UserId)>> {
        let query = user_group_members::table
            .inner_join(user_groups::table.on(user_groups::id.eq(user_group_members::group_id)))
            .filter(user_groups::realm_id.eq(realm.0))
            .order((user_group_members::group_id, user_group_members::user_id))
            .select((user_group_members::group_id, user_group_members::user_id));
        let rows: Vec<(i32, i32)> = query.load(conn).await?;
        Ok(rows
            .into_iter()
            .map(|(group, user)| (GroupId(group), UserId(user)))
            .collect())
    }

    /// Direct subgroups of a realm's groups: `(group, subgroup)`.
    pub async fn subgroups(conn: &mut Conn, realm: RealmId) -> Result<Vec<(GroupId, GroupId)>> {
        let query = user_group_subgroups::table
            .inner_join(user_groups::table.on(user_groups::id.eq(user_group_subgroups::group_id)))
            .filter(user_groups::realm_id.eq(realm.0))
            .select((
                user_group_subgroups::group_id,
                user_group_subgroups::subgroup_id,
            ));
        let rows: Vec<(i32, i32)> = query.load(conn).await?;
        Ok(rows
            .into_iter()
            .map(|(group, sub)| (GroupId(group), GroupId(sub)))
            .collect())
    }
}

impl NewUserGroup<'_> {
    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<UserGroup> {
        let insert = diesel::insert_into(user_groups::table)
            .values(self)
            .returning(UserGroup::as_returning());
        Ok(insert.get_result(conn).await?)
    }
}
