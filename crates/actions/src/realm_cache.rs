//! What all members of a realm see alike, kept for those who register.
//!
//! Two levels: this process's memory, and memcached, which all app servers share. Keys carry the version that the value
//! was read at (the realm's, raised in the transaction of every change of its users, groups and streams; the stream's
//! membership version), so a stale value cannot be found, whatever became of either level.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use moka::sync::Cache;
use narrows_runtime::memcached::Memcached;
use narrows_store::Conn;
use narrows_store::models::{Realm, Stream};
use narrows_store::queries::memberships;
use narrows_wire::{RealmId, StreamId, UserId};
use tokio::sync::Mutex;

use crate::error::Result;

/// Bytes that all parts of a process may take.
const PARTS_CAPACITY: u64 = 32 << 20;
/// Bytes that all lists of subscribers of a process may take.
const MEMBERS_CAPACITY: u64 = 16 << 20;
/// How long memcached keeps a part that nobody asks for.
const SHARED_FOR: Duration = Duration::from_secs(24 * 3600);

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct RealmCache {
    parts: Cache<PartKey, Bytes>,
    members: Cache<MembersKey, Arc<[UserId]>>,
    memcached: Memcached,
    /// Who makes a part: those who come meanwhile wait for it rather than make their own.
    making: Arc<Mutex<()>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PartKey {
    realm: RealmId,
    version: i64,
    name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct MembersKey {
    stream: StreamId,
    membership_version: i64,
    /// Deactivated users are left out.
    realm_version: i64,
}

impl RealmCache {
    /// An empty one before `memcached`.
    pub(crate) fn new(memcached: Memcached) -> RealmCache {
        let weigh = |size: usize| u32::try_from(size + 64).unwrap_or(u32::MAX);
        RealmCache {
            parts: Cache::builder()
                .max_capacity(PARTS_CAPACITY)
                .weigher(move |_, part: &Bytes| weigh(part.len()))
                .build(),
            members: Cache::builder()
                .max_capacity(MEMBERS_CAPACITY)
                .weigher(move |_, users: &Arc<[UserId]>| weigh(size_of_val::<[UserId]>(users)))
                .build(),
            memcached,
            making: Arc::default(),
        }
    }

    /// A part of the realm's state as JSON, as of the version that `realm` was read at; `make` reads it anew.
    pub(crate) async fn part(
        &self,
        realm: &Realm,
        name: &str,
        make: impl Future<Output = Result<Vec<u8>>>,
    ) -> Result<Bytes> {
        let key = PartKey {
            realm: realm.id(),
            version: realm.version,
            name: name.to_owned(),
        };
        if let Some(part) = self.parts.get(&key) {
            return Ok(part);
        }
        let _making = self.making.lock().await;
        if let Some(part) = self.parts.get(&key) {
            return Ok(part);
        }
        if let Some(part) = self.memcached.get(name, key.realm, key.version).await {
            self.parts.insert(key, part.clone());
            return Ok(part);
        }
        let part = Bytes::from(make.await?);
        self.parts.insert(key.clone(), part.clone());
        let (memcached, shared) = (self.memcached.clone(), part.clone());
        tokio::spawn(async move {
            memcached
                .set(&key.name, key.realm, key.version, shared, SHARED_FOR)
                .await;
        });
        Ok(part)
    }

    /// The subscribers of streams of a realm, but for deactivated users. `conn` sees only what is committed, and `realm`
    /// and `streams` were read from it.
    pub(crate) async fn members<'a>(
        &self,
        conn: &mut Conn,
        realm: &Realm,
        streams: impl IntoIterator<Item = &'a Stream>,
    ) -> Result<HashMap<StreamId, Arc<[UserId]>>> {
        let mut members = HashMap::new();
        let mut missing = Vec::new();
        for stream in streams {
            let key = MembersKey {
                stream: stream.id(),
                membership_version: stream.membership_version,
                realm_version: realm.version,
            };
            match self.members.get(&key) {
                Some(users) => drop(members.insert(key.stream, users)),
                None => missing.push(key.stream),
            }
        }
        if missing.is_empty() {
            return Ok(members);
        }
        for found in memberships::of_streams(conn, realm.id(), &missing).await? {
            // By the versions of this very statement: another transaction may have committed since `realm` was read.
            let key = MembersKey {
                stream: found.stream_id(),
                membership_version: found.membership_version,
                realm_version: found.realm_version,
            };
            let users: Arc<[UserId]> = found.into_users().into();
            self.members.insert(key, users.clone());
            members.insert(key.stream, users);
        }
        Ok(members)
    }
}
