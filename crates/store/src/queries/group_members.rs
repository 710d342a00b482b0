//! Which groups somebody belongs to.

use std::collections::HashSet;

use diesel::sql_types::{Integer, SmallInt};
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, RealmId, Role, UserId};

use super::system_groups::SystemGroup;
use crate::error::Result;
use crate::store::Conn;

/// All groups in use that hold a user with this role, directly, by role or through other groups. `full`: a member past
/// the waiting period.
pub async fn groups_of(
    conn: &mut Conn,
    realm: RealmId,
    user: UserId,
    role: Role,
    full: bool,
) -> Result<HashSet<GroupId>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = Integer)]
        id: i32,
    }
    let sql = "
        WITH RECURSIVE mine AS (
            SELECT g.id FROM user_groups g
            LEFT JOIN user_group_members m ON m.group_id = g.id AND m.user_id = $2
            WHERE g.realm_id = $1 AND NOT g.deactivated AND (m.user_id IS NOT NULL OR g.system_role >= $3)
            UNION
            SELECT g.id FROM mine
            JOIN user_group_subgroups s ON s.subgroup_id = mine.id
            JOIN user_groups g ON g.id = s.group_id AND NOT g.deactivated)
        SELECT id FROM mine";
    let rank = match full {
        true => SystemGroup::FullMembers.least_role(),
        false => role.into(),
    };
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Integer, _>(user.0)
        .bind::<SmallInt, _>(rank)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| GroupId(row.id)).collect())
}
