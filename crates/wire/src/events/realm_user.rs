//! Events about the people of the realm and their groups.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::ids::{GroupId, UserId};

/// See the API's `realm_user`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RealmUserEvent {
    /// Somebody joined (or became visible).
    Add {
        /// User object of the API.
        person: Value,
    },
    /// Something about somebody changed.
    Update {
        /// `user_id` and what changed.
        person: Value,
    },
    /// Somebody is no longer visible.
    Remove {
        /// `{user_id, full_name}`.
        person: Value,
    },
}

/// See the API's `user_group`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum UserGroupEvent {
    /// A group was made.
    Add {
        /// Group object of the API.
        group: Value,
    },
    /// Something about a group changed.
    Update {
        /// The group.
        group_id: GroupId,
        /// What changed.
        data: Value,
    },
    /// People joined a group.
    AddMembers {
        /// The group.
        group_id: GroupId,
        /// Who.
        user_ids: Vec<UserId>,
    },
    /// People left a group.
    RemoveMembers {
        /// The group.
        group_id: GroupId,
        /// Who.
        user_ids: Vec<UserId>,
    },
    /// All members of other groups joined a group.
    AddSubgroups {
        /// The group.
        group_id: GroupId,
        /// Which others.
        direct_subgroup_ids: Vec<GroupId>,
    },
    /// All members of other groups left a group.
    RemoveSubgroups {
        /// The group.
        group_id: GroupId,
        /// Which others.
        direct_subgroup_ids: Vec<GroupId>,
    },
}

/// There are other invitations than before; says no more.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InvitesChanged {}
