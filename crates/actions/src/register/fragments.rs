//! The large parts of the state that are the same for all members, from [`crate::RealmCache`].

use bytes::Bytes;
use narrows_store::Conn;
use narrows_store::models::{Realm, User};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::groups::{self, GroupObject};
use crate::profile_fields;
use crate::realms::Settings;
use crate::users::UserObject;

/// The people of a realm, as the API shows them to members.
#[derive(Serialize)]
struct People {
    realm_users: Vec<UserObject>,
    realm_non_active_users: Vec<UserObject>,
    /// The realm's own voices.
    cross_realm_bots: Vec<UserObject>,
}

#[derive(Serialize)]
struct Groups {
    realm_user_groups: Vec<GroupObject>,
}

/// Fields about people, as an object. `realm` was read from `conn`.
pub(super) async fn people(
    ctx: &Ctx,
    conn: &mut Conn,
    realm: &Realm,
    client_gravatar: bool,
) -> Result<Bytes> {
    let name = match client_gravatar {
        true => "people",
        false => "people-with-gravatars",
    };
    let make = async {
        let users = User::all(conn, realm.id()).await?;
        let values = profile_fields::values(conn, realm.id(), None).await?;
        let objects = |keep: fn(&User) -> bool| {
            let kept = users.iter().filter(|user| keep(user));
            kept.map(|user| {
                // Clients do not compute the pictures of the server's own voices.
                let object = UserObject::new(user, client_gravatar && !user.is_system_bot);
                object.with_profile_data(values.get(&user.id()))
            })
            .collect()
        };
        Ok(serde_json::to_vec(&People {
            realm_users: objects(|user| user.is_active && !user.is_system_bot),
            realm_non_active_users: objects(|user| !user.is_active && !user.is_system_bot),
            cross_realm_bots: objects(|user| user.is_system_bot),
        })?)
    };
    ctx.realm_cache.part(realm, name, make).await
}

/// The field of groups, as an object. `realm` was read from `conn`.
pub(super) async fn groups(ctx: &Ctx, conn: &mut Conn, realm: &Realm) -> Result<Bytes> {
    let make = async {
        let realm_user_groups = groups::objects(conn, realm, ctx.clock.now()).await?;
        Ok(serde_json::to_vec(&Groups { realm_user_groups })?)
    };
    match Settings::of(realm).waiting_period_threshold {
        0 => ctx.realm_cache.part(realm, "groups", make).await,
        // Members become full ones by the clock, which raises no version.
        _ => Ok(Bytes::from(make.await?)),
    }
}
