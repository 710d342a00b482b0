//! Logging in without a password. The callers check that this is a development server.

use narrows_store::models::{Realm, User};

use super::check_user_active;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;

/// The user with this address.
pub async fn development_user(ctx: &Ctx, realm: &Realm, email: &str) -> Result<User> {
    let unknown = || Error::bad_request("Invalid user");
    let user = User::by_email(&mut *ctx.store.read().await?, realm.id(), email).await;
    let user = user.map_err(|error| Error::from(error).or_missing(unknown))?;
    check_user_active(&user)?;
    Ok(user)
}

/// The active people of all realms, each with the URL of the realm.
pub async fn development_users(ctx: &Ctx) -> Result<Vec<(String, User)>> {
    let mut conn = ctx.store.read().await?;
    let mut users = Vec::new();
    for realm in Realm::all_across_realms(&mut conn).await? {
        let url = realms::url(ctx, &realm);
        let people = User::all(&mut conn, realm.id())
            .await?
            .into_iter()
            .filter(|user| user.is_active && !user.is_bot);
        users.extend(people.map(|user| (url.clone(), user)));
    }
    Ok(users)
}
