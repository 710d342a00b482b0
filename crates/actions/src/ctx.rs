//! What every action needs at hand.

use std::sync::Arc;

use narrows_runtime::clock::Clock;
use narrows_runtime::config::Config;
use narrows_runtime::memcached::Memcached;
use narrows_runtime::redis::Redis;
use narrows_store::Store;

use crate::messages::Sender;
use crate::push_client::PushClient;

/// The components of a process, as actions see them. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Presence and rate limits; may be dead.
    pub redis: Redis,
    /// Caches; may be dead.
    pub memcached: Memcached,
    /// The push server.
    pub push: PushClient,
    /// Group commit of messages.
    pub sender: Sender,
    /// Settings of the process.
    pub config: Arc<Config>,
}
