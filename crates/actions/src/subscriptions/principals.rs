//! On whose behalf subscriptions change.

use narrows_store::Conn;
use narrows_store::models::User;
use narrows_wire::UserId;

use crate::caller::Caller;
use crate::error::{Error, Result};

/// How a request names a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// By id.
    Id(UserId),
    /// By address.
    Email(String),
}

pub(super) fn no_such_user() -> Error {
    Error::bad_request("No such user")
}

/// The users, active ones, each once, by id; the caller if none is named.
pub(super) async fn find(
    conn: &mut Conn,
    caller: &Caller,
    principals: &[Principal],
) -> Result<Vec<User>> {
    if principals.is_empty() {
        return Ok(vec![(*caller.user).clone()]);
    }
    let mut ids = Vec::new();
    let mut users = Vec::new();
    for principal in principals {
        match principal {
            Principal::Id(id) => ids.push(*id),
            Principal::Email(email) => {
                let user = User::by_shown_email(conn, caller.realm_id(), email).await;
                users.push(user.map_err(|error| Error::from(error).or_missing(no_such_user))?);
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    let found = User::find_many(conn, caller.realm_id(), &ids).await?;
    if found.len() != ids.len() {
        return Err(no_such_user());
    }
    users.extend(found);
    if users.iter().any(|user| !user.is_active) {
        return Err(Error::bad_request("User is deactivated"));
    }
    users.sort_by_key(User::id);
    users.dedup_by_key(|user| user.id());
    Ok(users)
}
