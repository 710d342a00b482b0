//! Which groups somebody belongs to.

use std::collections::HashSet;

use diesel::sql_types::{Array, Integer, SmallInt};
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, RealmId, Role, UserId};

use super::system_groups::SystemGroup;
use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// What decides on the groups of a user.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Who.
    pub id: UserId,
    /// Their role.
    pub role: Role,
    /// Past the waiting period, or more powerful than members.
    pub is_full: bool,
}

impl Person {
    fn rank(&self) -> i16 {
        match self.role {
            Role::Member if self.is_full => SystemGroup::FullMembers.least_role(),
            role => role.into(),
        }
    }
}

/// All groups in use that hold one of these people, directly, by role or through other groups.
pub async fn groups_of(
    conn: &mut Conn,
    realm: RealmId,
    people: &[Person],
) -> Result<HashSet<GroupId>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Integer)]
        id: i32,
    }
    let sql = "
        WITH RECURSIVE mine AS (
            SELECT g.id FROM user_groups g
            LEFT JOIN user_group_members m ON m.group_id = g.id AND m.user_id = ANY ($2)
            WHERE g.realm_id = $1 AND NOT g.deactivated AND (m.user_id IS NOT NULL OR g.system_role >= $3)
            UNION
            SELECT g.id FROM mine
            JOIN user_group_subgroups s ON s.subgroup_id = mine.id
            JOIN user_groups g ON g.id = s.group_id AND NOT g.deactivated)
        SELECT id FROM mine";
    let Some(rank) = people.iter().map(Person::rank).min() else {
        return Ok(HashSet::new());
    };
    let ids: Vec<i32> = people.iter().map(|person| person.id.0).collect();
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Integer>, _>(ids)
        .bind::<SmallInt, _>(rank)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| GroupId(row.id)).collect())
}
