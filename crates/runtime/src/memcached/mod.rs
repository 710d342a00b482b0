//! memcached: a cold or dead cache costs time, never correctness.

mod packing;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use memcache::exp::{AsyncMemcache, Ttl};
use tokio::sync::OnceCell;

use crate::clock::Clock;
use crate::config::MemcacheConfig;

/// No answer within this time is a miss.
const TIMEOUT: Duration = Duration::from_millis(100);
/// A dead cache is logged once in so many seconds.
const LOG_EVERY_SECONDS: i64 = 60;

/// A cache of bytes. Cheap to clone. Whoever stores something puts its version in the key, so that a stale entry is
/// never found: nothing is ever deleted.
#[derive(Clone)]
pub struct Memcached {
    address: Arc<str>,
    prefix: Arc<str>,
    client: Arc<OnceCell<AsyncMemcache>>,
    clock: Clock,
    logged: Arc<AtomicI64>,
}

impl Memcached {
    /// Does not connect yet.
    pub fn new(config: &MemcacheConfig, clock: Clock) -> Self {
        let url = config.url.as_str();
        let address = url.split_once("://").map_or(url, |(_, rest)| rest);
        Self {
            address: address.trim_end_matches('/').into(),
            prefix: config.prefix.as_str().into(),
            client: Arc::default(),
            clock,
            logged: Arc::new(AtomicI64::new(i64::MIN)),
        }
    }

    /// What is stored under `kind` for this id in this version.
    pub async fn get(&self, kind: &str, id: impl std::fmt::Display, version: i64) -> Option<Bytes> {
        let key = self.key(kind, id, version);
        let found = self.attempt(self.fetch(&key)).await.flatten();
        let found = match found {
            Some(items) => off_the_loop(move || packing::unpack(&items))
                .await
                .flatten(),
            None => None,
        };
        metrics::counter!("narrows_cache_requests_total", "hit" => if found.is_some() { "yes" } else { "no" })
            .increment(1);
        found.map(Bytes::from)
    }

    /// Stores bytes for a while.
    pub async fn set(
        &self,
        kind: &str,
        id: impl std::fmt::Display,
        version: i64,
        value: Bytes,
        ttl: Duration,
    ) {
        let key = self.key(kind, id, version);
        let seconds = u32::try_from(ttl.as_secs()).unwrap_or(u32::MAX);
        let writer = rand::random();
        let Some(items) = off_the_loop(move || packing::pack(&value, writer)).await else {
            return;
        };
        // The first one last: who finds it finds the others.
        for (number, item) in items.iter().enumerate().rev() {
            let key = piece(&key, number);
            self.attempt(async {
                let client = self.client().await?;
                client
                    .set(key.as_bytes(), &item[..], Ttl::secs(seconds))
                    .await
            })
            .await;
        }
    }

    async fn fetch(&self, key: &str) -> memcache::exp::Result<Option<Vec<Vec<u8>>>> {
        let client = self.client().await?;
        let Some(first) = client.get::<Vec<u8>>(piece(key, 0).as_bytes()).await? else {
            return Ok(None);
        };
        let Some(count) = packing::count(&first) else {
            return Ok(None);
        };
        let mut items = vec![first];
        for number in 1..count {
            match client.get::<Vec<u8>>(piece(key, number).as_bytes()).await? {
                Some(item) => items.push(item),
                None => return Ok(None),
            }
        }
        Ok(Some(items))
    }

    fn key(&self, kind: &str, id: impl std::fmt::Display, version: i64) -> String {
        format!("{}{kind}:{id}:{version}", self.prefix)
    }

    async fn client(&self) -> memcache::exp::Result<&AsyncMemcache> {
        self.client
            .get_or_try_init(|| AsyncMemcache::connect([self.address.to_string()]))
            .await
    }

    async fn attempt<T>(&self, work: impl Future<Output = memcache::exp::Result<T>>) -> Option<T> {
        match tokio::time::timeout(TIMEOUT, work).await {
            Ok(Ok(value)) => Some(value),
            Ok(Err(error)) => self.unavailable(&error.to_string()),
            Err(_) => self.unavailable("no answer in time"),
        }
    }

    fn unavailable<T>(&self, reason: &str) -> Option<T> {
        let now = self.clock.now().timestamp();
        let last = self.logged.load(Ordering::Relaxed);
        if now.saturating_sub(last) >= LOG_EVERY_SECONDS {
            self.logged.store(now, Ordering::Relaxed);
            tracing::warn!(reason, "memcached does not serve; going on without");
        }
        None
    }
}

fn piece(key: &str, number: usize) -> String {
    format!("{key}:{number}")
}

/// Compression of large values takes milliseconds, which others would wait for.
async fn off_the_loop<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    tokio::task::spawn_blocking(work).await.ok()
}
