//! The large parts of the state that are the same for many viewers, from [`crate::RealmCache`].

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use narrows_store::Conn;
use narrows_store::models::{Realm, User};
use narrows_wire::UserId;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use crate::access::users::{AddressVisibility, Sight};
use crate::caller::{Caller, Spectator};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::groups::{self, GroupObject};
use crate::profile_fields;
use crate::realms::Settings;
use crate::users::UserObject;

/// The people of a realm, as the API shows them.
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

/// Fields about people as the caller sees them, as an object. The caller was read from `conn`.
pub(super) async fn people(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    sight: &Sight,
    client_gravatar: bool,
) -> Result<Bytes> {
    let role = caller.user.role();
    let class = format!("people-{}-{client_gravatar}", i16::from(role));
    let of_role = Sight::of_role(role);
    let shared = shared(ctx, conn, &caller.realm, &class, &of_role, client_gravatar).await?;
    let knows_own = AddressVisibility::of(&caller.user).shows_to(role);
    match sight.within() {
        None if knows_own => Ok(shared),
        within => Ok(personal(&shared, &caller.user, within)?.into()),
    }
}

/// [`people`] for those without an account.
pub(super) async fn people_for_spectators(
    ctx: &Ctx,
    conn: &mut Conn,
    spectator: &Spectator,
) -> Result<Bytes> {
    let sight = Sight::spectator(ctx, &spectator.realm);
    let class = "people-spectator";
    shared(ctx, conn, &spectator.realm, class, &sight, false).await
}

/// What all viewers of a class see.
async fn shared(
    ctx: &Ctx,
    conn: &mut Conn,
    realm: &Realm,
    class: &str,
    sight: &Sight,
    client_gravatar: bool,
) -> Result<Bytes> {
    let make = async {
        let users = User::all(conn, realm.id()).await?;
        // Who has no account does not read what people say of themselves.
        let values = match sight.is_spectator() {
            true => HashMap::new(),
            false => profile_fields::values(conn, realm.id(), None).await?,
        };
        let objects = |keep: fn(&User) -> bool| {
            let kept = users.iter().filter(|user| keep(user));
            kept.map(|user| {
                // Clients do not compute the pictures of the server's own voices.
                let client_gravatar = client_gravatar && !user.is_system_bot;
                let object = UserObject::new(user, sight, client_gravatar);
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
    ctx.realm_cache.part(realm, class, make).await
}

/// [`People`] as they were serialised.
#[derive(Deserialize, Serialize)]
struct Serialised<'a> {
    #[serde(borrow)]
    realm_users: Vec<&'a RawValue>,
    #[serde(borrow)]
    realm_non_active_users: Vec<&'a RawValue>,
    #[serde(borrow)]
    cross_realm_bots: &'a RawValue,
}

/// What decides on whether a serialised user is shown.
#[derive(Deserialize)]
struct Identity {
    user_id: UserId,
    is_bot: bool,
}

/// What one viewer sees of what their class sees: not more than `within`, and their own address in any case.
fn personal(shared: &[u8], viewer: &User, within: Option<&HashSet<UserId>>) -> Result<Vec<u8>> {
    let mut people: Serialised<'_> = serde_json::from_slice(shared)?;
    let mut own: Option<Box<RawValue>> = None;
    for list in [&mut people.realm_users, &mut people.realm_non_active_users] {
        let mut kept = Vec::with_capacity(list.len());
        for &user in list.iter() {
            let Identity { user_id, is_bot } = serde_json::from_str(user.get())?;
            if user_id == viewer.id() {
                own = Some(with_address(user, &viewer.delivery_email)?);
            } else if is_bot || within.is_none_or(|within| within.contains(&user_id)) {
                kept.push(user);
            }
        }
        *list = kept;
    }
    // The order of the list means nothing.
    people.realm_users.extend(own.as_deref());
    Ok(serde_json::to_vec(&people)?)
}

fn with_address(user: &RawValue, address: &str) -> Result<Box<RawValue>> {
    let mut object: Map<String, Value> = serde_json::from_str(user.get())?;
    object.insert("delivery_email".to_owned(), json!(address));
    Ok(to_raw_value(&object)?)
}

/// Fields that are the same for all until the realm's version rises, as an object. `realm` was read from where `make`
/// reads.
pub(super) async fn part<T: Serialize>(
    ctx: &Ctx,
    realm: &Realm,
    name: &str,
    make: impl Future<Output = Result<T>>,
) -> Result<Bytes> {
    let make = async { Ok(serde_json::to_vec(&make.await?)?) };
    ctx.realm_cache.part(realm, name, make).await
}

/// As [`part`], of a single field.
pub(super) async fn list<T: Serialize>(
    ctx: &Ctx,
    realm: &Realm,
    name: &str,
    make: impl Future<Output = Result<T>>,
) -> Result<Bytes> {
    let field = async { Ok(BTreeMap::from([(name, make.await?)])) };
    part(ctx, realm, name, field).await
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
