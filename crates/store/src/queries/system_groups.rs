//! The groups whose members follow from roles. Every realm has them from the start.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, SmallInt, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{GroupId, RealmId};

use crate::error::{Error, Result};
use crate::prepared::Prepared;
use crate::store::Conn;

/// A system group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemGroup {
    /// Nobody at all.
    Nobody,
    /// Owners.
    Owners,
    /// Administrators, owners included.
    Administrators,
    /// Moderators and above.
    Moderators,
    /// Members past the waiting period, and above.
    FullMembers,
    /// Members and above.
    Members,
    /// All users, guests included.
    Everyone,
    /// Spectators too.
    Internet,
}

impl SystemGroup {
    /// All, least inclusive first.
    pub const ALL: [SystemGroup; 8] = [
        SystemGroup::Nobody,
        SystemGroup::Owners,
        SystemGroup::Administrators,
        SystemGroup::Moderators,
        SystemGroup::FullMembers,
        SystemGroup::Members,
        SystemGroup::Everyone,
        SystemGroup::Internet,
    ];

    /// The name that clients know it by.
    pub fn name(self) -> &'static str {
        match self {
            SystemGroup::Nobody => "role:nobody",
            SystemGroup::Owners => "role:owners",
            SystemGroup::Administrators => "role:administrators",
            SystemGroup::Moderators => "role:moderators",
            SystemGroup::FullMembers => "role:fullmembers",
            SystemGroup::Members => "role:members",
            SystemGroup::Everyone => "role:everyone",
            SystemGroup::Internet => "role:internet",
        }
    }

    fn description(self) -> &'static str {
        match self {
            SystemGroup::Nobody => "Nobody",
            SystemGroup::Owners => "Owners of this organization",
            SystemGroup::Administrators => "Administrators of this organization, including owners",
            SystemGroup::Moderators => "Moderators of this organization, including administrators",
            SystemGroup::FullMembers => {
                "Members of this organization, not including new accounts and guests"
            }
            SystemGroup::Members => "Members of this organization, not including guests",
            SystemGroup::Everyone => "Everyone in this organization, including guests",
            SystemGroup::Internet => "Everyone on the Internet",
        }
    }

    /// The least powerful role that belongs to it; 0 = none, 700 = those without an account.
    pub(crate) fn least_role(self) -> i16 {
        match self {
            SystemGroup::Nobody => 0,
            SystemGroup::Owners => 100,
            SystemGroup::Administrators => 200,
            SystemGroup::Moderators => 300,
            // Between the roles: members who are past the waiting period.
            SystemGroup::FullMembers => 399,
            SystemGroup::Members => 400,
            SystemGroup::Everyone => 600,
            SystemGroup::Internet => 700,
        }
    }
}

/// The ids of a realm's system groups.
#[derive(Clone, Debug)]
pub struct SystemGroups(HashMap<String, GroupId>);

impl SystemGroups {
    /// Makes those of a new realm.
    pub(crate) async fn create(conn: &mut Conn, realm: RealmId) -> Result<()> {
        let names: Vec<&str> = SystemGroup::ALL.iter().map(|group| group.name()).collect();
        let texts: Vec<&str> = SystemGroup::ALL
            .iter()
            .map(|group| group.description())
            .collect();
        let roles: Vec<i16> = SystemGroup::ALL
            .iter()
            .map(|group| group.least_role())
            .collect();
        diesel::sql_query(
            "INSERT INTO user_groups (realm_id, name, description, system_role)
             SELECT $1, name, description, role FROM unnest($2, $3, $4) AS g (name, description, role)",
        )
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Text>, _>(names)
        .bind::<Array<Text>, _>(texts)
        .bind::<Array<SmallInt>, _>(roles)
        .prepared().execute(conn)
        .await?;
        Ok(())
    }

    /// Of a realm.
    pub async fn of_realm(conn: &mut Conn, realm: RealmId) -> Result<SystemGroups> {
        use crate::schema::user_groups;
        let query = user_groups::table.filter(user_groups::realm_id.eq(realm.0));
        let query = query.filter(user_groups::system_role.is_not_null());
        let groups: Vec<(String, i32)> = query
            .select((user_groups::name, user_groups::id))
            .load(conn)
            .await?;
        Ok(SystemGroups(
            groups
                .into_iter()
                .map(|(name, id)| (name, GroupId(id)))
                .collect(),
        ))
    }

    /// The id of one.
    pub fn id(&self, group: SystemGroup) -> Result<GroupId> {
        let id = self.0.get(group.name()).copied();
        id.ok_or_else(|| Error::Internal(format!("the realm has no group {}", group.name()).into()))
    }
}
