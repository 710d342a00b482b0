//! What somebody may do in the realm: the one place that asks who has a [`Right`].

use narrows_store::Conn;
use narrows_store::models::User;
use narrows_wire::{ErrorCode, Role};

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::groups::value;
use crate::realms::{Permitted, Range, Right, Settings};

/// Refuses callers with less than this role.
pub fn require(caller: &Caller, least: Role) -> Result<()> {
    match caller.user.role() <= least {
        true => Ok(()),
        false => Err(must_be(least)),
    }
}

/// Only owners say who is an owner.
pub(crate) fn check_change_of_role(caller: &Caller, from: Role, to: Role) -> Result<()> {
    match from == Role::Owner || to == Role::Owner {
        true => require(caller, Role::Owner),
        false => Ok(()),
    }
}

/// Some things guests never do, whatever was decided.
pub(crate) fn check_no_guest(caller: &Caller) -> Result<()> {
    match caller.user.role().is_guest() {
        true => Err(Error::bad_request("Not allowed for guest users")),
        false => Ok(()),
    }
}

/// What somebody is told who would have to have this role, or a right that administrators have.
pub(crate) fn must_be(role: Role) -> Error {
    let who = match role {
        Role::Owner => "owner",
        _ => "administrator",
    };
    let msg = format!("Must be an organization {who}");
    Error::api(ErrorCode::UnauthorizedPrincipal, msg)
}

/// Whether the caller has a right.
pub async fn may(conn: &mut Conn, caller: &Caller, right: Right) -> Result<bool> {
    may_as(conn, caller, &caller.user, right).await
}

/// Whether a user of the caller's realm has a right.
pub async fn may_as(conn: &mut Conn, caller: &Caller, user: &User, right: Right) -> Result<bool> {
    if right.range() == Range::NoGuests && user.role().is_guest() {
        return Ok(false);
    }
    let settings = Settings::of(&caller.realm);
    match settings.permitted(right) {
        Permitted::By(policy) => Ok(policy.allows(user, &settings, caller.asked_at)),
        Permitted::Group(group) => value::includes(conn, caller, user, &group).await,
    }
}

/// Whether one of several users of the caller's realm has a right.
pub async fn may_any(
    conn: &mut Conn,
    caller: &Caller,
    users: &[User],
    right: Right,
) -> Result<bool> {
    let settings = Settings::of(&caller.realm);
    match settings.permitted(right) {
        Permitted::By(policy) => Ok(users
            .iter()
            .any(|user| policy.allows(user, &settings, caller.asked_at))),
        Permitted::Group(group) => value::includes_any(conn, caller, users, &group).await,
    }
}
