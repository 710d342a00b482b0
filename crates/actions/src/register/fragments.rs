//! The large parts of the state that are the same for all members, kept as JSON.
//!
//! A fragment is keyed by the realm's version, which every change of its users raises in its own transaction, and which
//! is read in the snapshot of the registration: a stale fragment cannot be found. It is kept in the process rather than
//! in memcached, whose items end at 1 MB: 5,000 users take twice that.

use std::sync::{Arc, LazyLock};

use moka::sync::Cache;
use narrows_store::Conn;
use narrows_store::models::User;
use narrows_wire::{RealmId, Role};
use serde_json::value::{RawValue, to_raw_value};

use super::state::State;
use crate::access::users::{AddressVisibility, Sight};
use crate::caller::Caller;
use crate::error::Result;
use crate::users::UserObject;

/// Bytes that all fragments of a process may take.
const CAPACITY: u64 = 32 * 1024 * 1024;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    realm: RealmId,
    version: i64,
    client_gravatar: bool,
    /// Of the viewer: it decides on addresses.
    role: Role,
}

/// The people of a realm, as the API shows them to members.
#[derive(Debug)]
pub(super) struct People {
    /// `realm_users`.
    pub(super) active: Box<RawValue>,
    /// `realm_non_active_users`.
    pub(super) inactive: Box<RawValue>,
    /// `cross_realm_bots`: the realm's own voices.
    pub(super) system_bots: Box<RawValue>,
}

impl People {
    /// Adds them to the state.
    pub(super) fn put(&self, state: &mut State) {
        state.put_raw("realm_users", self.active.clone());
        state.put_raw("realm_non_active_users", self.inactive.clone());
        state.put_raw("cross_realm_bots", self.system_bots.clone());
    }

    fn weight(&self) -> u32 {
        let bytes =
            self.active.get().len() + self.inactive.get().len() + self.system_bots.get().len();
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

static PEOPLE: LazyLock<Cache<Key, Arc<People>>> = LazyLock::new(|| {
    Cache::builder()
        .max_capacity(CAPACITY)
        .weigher(|_, people: &Arc<People>| people.weight())
        .build()
});

/// The people of the caller's realm as of a version of it.
pub(super) async fn people(
    conn: &mut Conn,
    caller: &Caller,
    client_gravatar: bool,
) -> Result<Arc<People>> {
    let sight = Sight::of(conn, caller).await?;
    let role = caller.user.role();
    // What only the caller sees is kept for nobody else.
    let is_shared = sight.is_unlimited() && AddressVisibility::of(&caller.user).shows_to(role);
    if !is_shared {
        return Ok(Arc::new(
            read(conn, caller.realm_id(), &sight, client_gravatar).await?,
        ));
    }
    let key = Key {
        realm: caller.realm_id(),
        version: caller.realm.version,
        client_gravatar,
        role,
    };
    if let Some(people) = PEOPLE.get(&key) {
        return Ok(people);
    }
    let sight = Sight::of_role(role);
    let people = Arc::new(read(conn, caller.realm_id(), &sight, client_gravatar).await?);
    PEOPLE.insert(key, people.clone());
    Ok(people)
}

/// The people of a realm as somebody sees them.
pub(super) async fn read(
    conn: &mut Conn,
    realm: RealmId,
    sight: &Sight,
    client_gravatar: bool,
) -> Result<People> {
    let users = User::all(conn, realm).await?;
    let objects = |keep: fn(&User) -> bool| {
        let kept = users.iter().filter(|user| keep(user) && sight.sees(user));
        let kept: Vec<_> = kept
            .map(|user| UserObject::new(user, sight, client_gravatar).with_profile_data())
            .collect();
        to_raw_value(&kept)
    };
    Ok(People {
        active: objects(|user| user.is_active && !user.is_system_bot)?,
        inactive: objects(|user| !user.is_active && !user.is_system_bot)?,
        system_bots: objects(|user| user.is_system_bot)?,
    })
}
