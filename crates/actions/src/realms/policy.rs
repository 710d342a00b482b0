//! The least powerful role that may do something.

use chrono::{DateTime, TimeDelta, Utc};
use narrows_store::models::User;
use narrows_store::queries::system_groups::SystemGroup;
use narrows_wire::Role;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Settings;

/// The least powerful who may; stored as the name of the system group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Nobody.
    Nobody,
    /// Owners.
    Owners,
    /// Administrators.
    Admins,
    /// Moderators.
    Moderators,
    /// Members past the waiting period.
    FullMembers,
    /// Everybody but guests.
    Members,
    /// Everybody.
    Everyone,
}

impl Policy {
    /// All of them.
    pub const ALL: [Policy; 7] = [
        Policy::Nobody,
        Policy::Owners,
        Policy::Admins,
        Policy::Moderators,
        Policy::FullMembers,
        Policy::Members,
        Policy::Everyone,
    ];

    /// The system group of those who may.
    pub fn group(self) -> SystemGroup {
        match self {
            Policy::Nobody => SystemGroup::Nobody,
            Policy::Owners => SystemGroup::Owners,
            Policy::Admins => SystemGroup::Administrators,
            Policy::Moderators => SystemGroup::Moderators,
            Policy::FullMembers => SystemGroup::FullMembers,
            Policy::Members => SystemGroup::Members,
            Policy::Everyone => SystemGroup::Everyone,
        }
    }

    /// Whether `user` may, at a time.
    pub fn allows(self, user: &User, settings: &Settings, now: DateTime<Utc>) -> bool {
        let role = user.role();
        match self {
            Policy::Everyone => true,
            Policy::Members => role <= Role::Member,
            Policy::FullMembers => {
                let waited = settings.is_past_waiting_period(user, now);
                role <= Role::Moderator || (role == Role::Member && waited)
            }
            Policy::Moderators => role.is_moderator(),
            Policy::Admins => role.is_admin(),
            Policy::Owners => role == Role::Owner,
            Policy::Nobody => false,
        }
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.group().name())
    }
}

impl Settings {
    /// Whether a member is a full one by now.
    pub(crate) fn is_past_waiting_period(&self, user: &User, now: DateTime<Utc>) -> bool {
        now - user.date_joined >= TimeDelta::days(self.waiting_period_threshold)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let policy = Policy::ALL
            .into_iter()
            .find(|policy| policy.group().name() == name);
        policy.ok_or_else(|| serde::de::Error::custom(format!("{name} stands for no role")))
    }
}
