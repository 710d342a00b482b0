//! Who may do something, as a number (the API's form before group-valued settings).

use chrono::{DateTime, TimeDelta, Utc};
use narrows_store::models::User;
use narrows_wire::Role;
use serde::{Deserialize, Serialize};

use super::Settings;
use crate::caller::Caller;

/// The least powerful who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
#[repr(u8)]
pub enum Policy {
    /// Everybody but guests.
    Members = 1,
    /// Administrators.
    Admins = 2,
    /// Members past the waiting period.
    FullMembers = 3,
    /// Moderators.
    Moderators = 4,
    /// Everybody.
    Everyone = 5,
    /// Nobody.
    Nobody = 6,
    /// Owners.
    Owners = 7,
}

impl Policy {
    const ALL: [Policy; 7] = [
        Policy::Members,
        Policy::Admins,
        Policy::FullMembers,
        Policy::Moderators,
        Policy::Everyone,
        Policy::Nobody,
        Policy::Owners,
    ];

    /// Whether `caller` may.
    pub fn allows(self, caller: &Caller, settings: &Settings) -> bool {
        let role = caller.user.role();
        match self {
            Policy::Everyone => true,
            Policy::Members => role <= Role::Member,
            Policy::FullMembers => {
                role <= Role::Moderator || (role == Role::Member && is_full(caller, settings))
            }
            Policy::Moderators => role.is_moderator(),
            Policy::Admins => role.is_admin(),
            Policy::Owners => role == Role::Owner,
            Policy::Nobody => false,
        }
    }

    /// In the numbering that the API uses for wildcard mentions alone.
    pub fn as_wildcard_mention_policy(self) -> u8 {
        match self {
            Policy::Everyone => 1,
            Policy::Members => 2,
            Policy::FullMembers => 3,
            Policy::Admins | Policy::Owners => 5,
            Policy::Nobody => 6,
            Policy::Moderators => 7,
        }
    }
}

impl Policy {
    /// The reverse of [`Policy::as_wildcard_mention_policy`].
    pub fn from_wildcard_mention_policy(number: u8) -> Option<Policy> {
        Some(match number {
            1 => Policy::Everyone,
            2 => Policy::Members,
            3 => Policy::FullMembers,
            5 => Policy::Admins,
            6 => Policy::Nobody,
            7 => Policy::Moderators,
            _ => return None,
        })
    }
}

/// Past the realm's waiting period. The caller's age is taken when the request came in.
fn is_full(caller: &Caller, settings: &Settings) -> bool {
    settings.is_past_waiting_period(&caller.user, caller.asked_at)
}

impl Settings {
    /// Whether a member is a full one by now.
    pub(crate) fn is_past_waiting_period(&self, user: &User, now: DateTime<Utc>) -> bool {
        now - user.date_joined >= TimeDelta::days(self.waiting_period_threshold)
    }
}

impl From<Policy> for u8 {
    fn from(policy: Policy) -> u8 {
        policy as u8
    }
}

impl TryFrom<u8> for Policy {
    type Error = String;

    fn try_from(value: u8) -> Result<Policy, String> {
        Policy::ALL
            .into_iter()
            .find(|policy| *policy as u8 == value)
            // Without words: whoever reads parameters says which one it is.
            .ok_or_else(String::new)
    }
}
