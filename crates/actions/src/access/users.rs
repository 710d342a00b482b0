//! Whom somebody sees, and whose address.
//!
//! Members see everybody. Where the realm says so (`can_access_all_users_group`), guests see only people with whom they
//! share a stream or a direct conversation, and bots. An address is shown to whom its owner shows it
//! (`email_address_visibility`), and to the owner.

use std::collections::HashSet;

use narrows_store::Conn;
use narrows_store::models::{Realm, User};
use narrows_store::queries::acquaintances;
use narrows_wire::{Role, UserId};

use super::realm::may;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Right;

/// To whom a user shows their address: the API's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressVisibility {
    /// 1.
    Everyone,
    /// 2: all but guests.
    Members,
    /// 5.
    Moderators,
    /// 3.
    Admins,
    /// 4.
    Nobody,
}

impl AddressVisibility {
    /// What a user decided.
    pub fn of(user: &User) -> AddressVisibility {
        let setting = user.settings.get("email_address_visibility");
        Self::from_number(setting.and_then(serde_json::Value::as_u64).unwrap_or(1))
    }

    /// From the API's number; what is none hides the address.
    pub fn from_number(number: u64) -> AddressVisibility {
        match number {
            1 => AddressVisibility::Everyone,
            2 => AddressVisibility::Members,
            3 => AddressVisibility::Admins,
            5 => AddressVisibility::Moderators,
            _ => AddressVisibility::Nobody,
        }
    }

    /// The least powerful role that sees the address.
    pub fn least(self) -> Option<Role> {
        match self {
            AddressVisibility::Everyone => Some(Role::Guest),
            AddressVisibility::Members => Some(Role::Member),
            AddressVisibility::Moderators => Some(Role::Moderator),
            AddressVisibility::Admins => Some(Role::Admin),
            AddressVisibility::Nobody => None,
        }
    }

    /// Whether somebody with this role sees the address.
    pub fn shows_to(self, role: Role) -> bool {
        self.least().is_some_and(|least| role <= least)
    }
}

/// What somebody sees of people.
#[derive(Clone, Debug)]
pub struct Sight {
    viewer: Option<(UserId, Role)>,
    /// These and bots only; `None` = everybody.
    within: Option<HashSet<UserId>>,
    /// No address at all is shown, but one that nobody reads, at this host.
    masked: Option<String>,
}

impl Sight {
    /// That of a user.
    pub async fn of(conn: &mut Conn, caller: &Caller) -> Result<Sight> {
        let within = match may(conn, caller, Right::AccessAllUsers).await? {
            true => None,
            false => {
                let known = acquaintances::of(conn, caller.realm_id(), caller.user_id()).await?;
                Some(known.into_iter().chain([caller.user_id()]).collect())
            }
        };
        Ok(Sight {
            viewer: Some((caller.user_id(), caller.user.role())),
            within,
            masked: None,
        })
    }

    /// That of somebody with a role who sees everybody, told nothing that is for one user only.
    pub fn of_role(role: Role) -> Sight {
        Sight {
            viewer: Some((UserId(0), role)),
            within: None,
            masked: None,
        }
    }

    /// What may be told to all users of somebody whose address not everybody may know.
    pub fn without_addresses() -> Sight {
        Sight {
            viewer: None,
            within: None,
            masked: None,
        }
    }

    /// That of somebody without an account: everybody's name, nobody's address.
    pub fn spectator(ctx: &Ctx, realm: &Realm) -> Sight {
        Sight {
            masked: Some(crate::realms::email_domain(ctx, realm)),
            ..Sight::without_addresses()
        }
    }

    /// Whether it is that of somebody without an account.
    pub fn is_spectator(&self) -> bool {
        self.masked.is_some()
    }

    /// The address that stands for a user.
    pub fn email(&self, user: &User) -> String {
        match &self.masked {
            Some(host) => masked_email(user.id(), host),
            None => user.email.clone(),
        }
    }

    /// The people whom it reaches, beside bots; `None`: everybody.
    pub fn within(&self) -> Option<&HashSet<UserId>> {
        self.within.as_ref()
    }

    /// Whether a user is there for the viewer.
    pub fn sees(&self, user: &User) -> bool {
        user.is_bot
            || self
                .within
                .as_ref()
                .is_none_or(|within| within.contains(&user.id()))
    }

    /// Whether the viewer may know where a user's mail goes.
    pub fn sees_address(&self, user: &User) -> bool {
        self.viewer
            .is_some_and(|(id, role)| id == user.id() || AddressVisibility::of(user).shows_to(role))
    }
}

/// The answer to a user who is not there for the caller.
pub fn no_such_user() -> Error {
    Error::bad_request("No such user")
}

fn check(sight: &Sight, user: User) -> Result<User> {
    match sight.sees(&user) {
        true => Ok(user),
        false => Err(no_such_user()),
    }
}

/// A user whom the caller sees.
pub async fn access_user(conn: &mut Conn, caller: &Caller, id: UserId) -> Result<User> {
    let user = User::find(conn, caller.realm_id(), id).await;
    let user = user.map_err(|error| Error::from(error).or_missing(no_such_user))?;
    check(&Sight::of(conn, caller).await?, user)
}

/// A user whom the caller sees, by an address that the caller may know.
pub async fn access_user_by_email(conn: &mut Conn, caller: &Caller, email: &str) -> Result<User> {
    let user = User::by_email(conn, caller.realm_id(), email).await;
    let user = user.map_err(|error| Error::from(error).or_missing(no_such_user))?;
    let sight = Sight::of(conn, caller).await?;
    if !user.email.eq_ignore_ascii_case(email) && !sight.sees_address(&user) {
        return Err(no_such_user());
    }
    check(&sight, user)
}

/// All users whom the caller sees, or those of a list.
pub async fn access_users(
    conn: &mut Conn,
    caller: &Caller,
    sight: &Sight,
    ids: Option<&[UserId]>,
) -> Result<Vec<User>> {
    let mut users = match ids {
        Some(ids) => User::find_many(conn, caller.realm_id(), ids).await?,
        None => User::all(conn, caller.realm_id()).await?,
    };
    users.retain(|user| sight.sees(user));
    Ok(users)
}

/// What everybody sees instead of a hidden address.
pub fn shown_email(
    ctx: &Ctx,
    realm: &Realm,
    id: UserId,
    delivery_email: &str,
    to: AddressVisibility,
) -> String {
    match to {
        AddressVisibility::Everyone => delivery_email.to_owned(),
        _ => masked_email(id, &crate::realms::email_domain(ctx, realm)),
    }
}

/// The address that stands for a user whose own is nobody's to see.
pub(crate) fn masked_email(id: UserId, host: &str) -> String {
    format!("user{id}@{host}")
}
