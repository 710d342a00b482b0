//! Roles, with the numbers that the API uses.

use serde::{Deserialize, Serialize};

/// What a user may do in the realm, most powerful first. Ordered by the API's number, so `role <= Role::Admin`
/// reads "administrator or more". Anonymous visitors of a web-public realm have no role: they are spectators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "i16", try_from = "i16")]
#[repr(i16)]
pub enum Role {
    /// May do everything, deactivating the realm included.
    Owner = 100,
    /// Manages users, streams and settings.
    Admin = 200,
    /// Manages conversations.
    Moderator = 300,
    /// An ordinary user.
    Member = 400,
    /// Sees only the streams that somebody subscribed them to.
    Guest = 600,
}

/// A number that is no role.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not a role")]
pub struct UnknownRole(pub i16);

impl Role {
    /// All roles, most powerful first.
    pub const ALL: [Role; 5] = [
        Role::Owner,
        Role::Admin,
        Role::Moderator,
        Role::Member,
        Role::Guest,
    ];

    /// Administrator or owner.
    pub fn is_admin(self) -> bool {
        self <= Role::Admin
    }

    /// Moderator, administrator or owner.
    pub fn is_moderator(self) -> bool {
        self <= Role::Moderator
    }

    /// Limited to the streams they are subscribed to.
    pub fn is_guest(self) -> bool {
        self == Role::Guest
    }

    /// The name on the command line and in development files.
    pub fn name(self) -> &'static str {
        match self {
            Role::Owner => "owner",
            Role::Admin => "admin",
            Role::Moderator => "moderator",
            Role::Member => "member",
            Role::Guest => "guest",
        }
    }

    /// The role with this [`Role::name`].
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.name() == name)
    }
}

impl From<Role> for i16 {
    fn from(role: Role) -> i16 {
        role as i16
    }
}

impl TryFrom<i16> for Role {
    type Error = UnknownRole;

    fn try_from(value: i16) -> Result<Self, UnknownRole> {
        Role::ALL
            .into_iter()
            .find(|role| *role as i16 == value)
            .ok_or(UnknownRole(value))
    }
}
