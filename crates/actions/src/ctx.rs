//! What every action needs at hand.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use narrows_runtime::bus::{Bus, Publisher};
use narrows_runtime::clock::Clock;
use narrows_runtime::config::Config;
use narrows_runtime::memcached::Memcached;
use narrows_runtime::outward::Outward;
use narrows_runtime::redis::Redis;
use narrows_runtime::storage::{self, Storage};
use narrows_store::Store;
use narrows_wire::RecipientId;
use tokio::sync::mpsc;

use crate::error::{Error, Result};
use crate::link_previews::LinkPreviews;
use crate::messages::{Fragments, KnownSenders, Names, Sender};
use crate::push_client::PushClient;
use crate::realm_cache::RealmCache;

/// The components of a process, as actions see them. Cheap to clone.
#[derive(Clone)]
pub struct Ctx {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Clock,
    /// Presence and rate limits; may be dead.
    pub redis: Redis,
    /// What members of a realm see alike.
    pub realm_cache: RealmCache,
    /// Uploaded files.
    pub files: Storage,
    /// What is behind the links of messages.
    pub link_previews: LinkPreviews,
    /// The push server.
    pub push: PushClient,
    /// Group commit of messages.
    pub sender: Sender,
    /// Who sent to which stream a while ago.
    pub known_senders: KnownSenders,
    /// Bodies of messages, ready to be sent.
    pub fragments: Fragments,
    /// Names of people and conversations.
    pub names: Names,
    /// Topics that are known to have messages, so that not every send has to ask.
    pub known_topics: KnownTopics,
    /// Settings of the process.
    pub config: Arc<Config>,
}

/// Conversations and names of topics in lower case. Short-lived: topics can be moved away.
pub type KnownTopics = Cache<(RecipientId, String), ()>;

impl Ctx {
    /// Connects a process. Only the database has to be there; all else may come and go.
    pub async fn connect(config: Arc<Config>, bus: &Bus, clock: Clock) -> Result<Ctx> {
        let (confirmed, confirmations) = mpsc::unbounded_channel();
        let publisher = Publisher::start(bus, config.push.shards, confirmed);
        let store = Store::connect(&config.database, publisher, confirmations).await?;
        let memcached = Memcached::new(&config.memcache, clock.clone());
        Ok(Ctx {
            sender: Sender::start(store.clone())
                .map_err(|error| Error::Internal(Box::new(error)))?,
            known_senders: KnownSenders::default(),
            fragments: Fragments::default(),
            names: Names::default(),
            known_topics: Cache::builder()
                .max_capacity(100_000)
                .time_to_live(Duration::from_secs(60))
                .build(),
            store,
            redis: Redis::new(&config.redis).map_err(|error| Error::Internal(Box::new(error)))?,
            link_previews: LinkPreviews::new(Outward::new(&config), memcached.clone()),
            realm_cache: RealmCache::new(memcached),
            clock,
            files: storage::open(&config).map_err(|error| Error::Internal(error.into()))?,
            push: PushClient::new(&config)?,
            config,
        })
    }
}
