//! A running shard: the state, and the tasks that feed it and write it down.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use narrows_runtime::bus::{Bus, Outgoing, Publisher};
use narrows_runtime::redis::{Redis, RedisError};
use narrows_runtime::{Clock, Config, Secret, Shutdown};
use narrows_wire::OutboxId;
use narrows_wire::queue::{Activate, Allocated, Descriptor};
use tokio::sync::{Notify, mpsc};

use crate::auth::Authenticator;
use crate::log;
use crate::shard::{Settings, Shard};
use crate::store::Store;

/// How often changed cursors and the place in the log are written down.
const WRITE_EVERY: Duration = Duration::from_secs(1);

/// How long a request waits for the replay of the log.
const REPLAY_PATIENCE: Duration = Duration::from_secs(20);

/// One shard. Cheap to clone.
#[derive(Clone)]
pub struct Push {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    shard: Mutex<Shard>,
    ready: AtomicBool,
    became_ready: Notify,
    store: Store,
    /// One write to Redis at a time: a batch must not overtake the one before it.
    writing: tokio::sync::Mutex<()>,
    publisher: Publisher,
    clock: Clock,
    secret: Secret,
    shutdown: Shutdown,
    authenticator: Authenticator,
}

/// A call of the app server that push cannot serve.
#[derive(Debug, thiserror::Error)]
pub enum InternalError {
    /// There is no such queue.
    #[error("no such queue")]
    Unknown,
    /// Without Redis no queue can be promised.
    #[error(transparent)]
    Store(#[from] RedisError),
}

impl Push {
    /// Starts the tasks of the shard that the settings name. Returns at once; requests wait until the log was replayed.
    pub fn start(config: &Config, clock: Clock, shutdown: Shutdown) -> anyhow::Result<Self> {
        let settings = Settings {
            number: config.push.shard,
            shards: config.push.shards,
            max_pending: config.push.max_pending,
        };
        let bus = Bus::connect(&config.amqp);
        let (confirmed, _) = mpsc::unbounded_channel();
        let inner = Inner {
            settings,
            shard: Mutex::new(Shard::new(settings)),
            ready: AtomicBool::new(false),
            became_ready: Notify::new(),
            store: Store::new(Redis::new(&config.redis)?, settings.number),
            writing: tokio::sync::Mutex::new(()),
            publisher: Publisher::start(&bus, settings.shards, confirmed),
            clock,
            secret: config.secrets.internal_secret.clone(),
            shutdown,
            authenticator: Authenticator::new(config)?,
        };
        let push = Self {
            inner: Arc::new(inner),
        };
        tokio::spawn(push.clone().work(bus));
        Ok(push)
    }

    async fn work(self, bus: Bus) {
        tokio::select! {
            () = self.inner.shutdown.requested() => {}
            () = log::follow(&self, &bus) => {}
        }
        if self.is_ready() {
            self.write_batch().await;
        }
    }

    /// Loads what an earlier run wrote down, however long Redis is away. Returns the first entry to apply.
    pub(crate) async fn load(&self) -> Option<i64> {
        loop {
            match self.inner.store.load().await {
                Ok(loaded) => {
                    let from = loaded.meta.as_ref().map(|meta| meta.replay_from);
                    tracing::info!(
                        queues = loaded.queues.len(),
                        ?from,
                        "replaying the event log"
                    );
                    *self.shard() = Shard::restore(self.inner.settings, loaded, self.now());
                    return from;
                }
                Err(error) => tracing::warn!(%error, "cannot load event queues; trying again"),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    /// The log was replayed: requests may be answered, once it is written down where a replay would start.
    pub(crate) async fn open(&self) {
        self.shard().tick(self.now());
        self.publish_jobs();
        while !self.write_batch().await {
            tokio::time::sleep(WRITE_EVERY).await;
        }
        self.inner.ready.store(true, Ordering::Release);
        self.inner.became_ready.notify_waiters();
        tokio::spawn(self.clone().tick());
    }

    async fn tick(self) {
        let mut interval = tokio::time::interval(WRITE_EVERY);
        loop {
            tokio::select! {
                () = self.inner.shutdown.requested() => return,
                _ = interval.tick() => {}
            }
            self.shard().tick(self.now());
            self.publish_jobs();
            self.write_batch().await;
        }
    }

    /// Publishes the jobs that the state asks for.
    pub(crate) fn publish_jobs(&self) {
        let jobs = self.shard().take_jobs();
        for job in jobs {
            match serde_json::to_vec(&job) {
                Ok(body) => {
                    let queue = job.job.queue().to_owned();
                    let item = Outgoing::Job {
                        id: OutboxId(0),
                        queue,
                        body: Bytes::from(body),
                    };
                    drop(self.inner.publisher.reserve().publish(vec![item]));
                }
                Err(error) => tracing::error!(%error, "a job cannot be serialised"),
            }
        }
    }

    /// Writes down what changed; tells whether that worked. What could not be written is due again.
    async fn write_batch(&self) -> bool {
        let _writing = self.inner.writing.lock().await;
        let batch = self.shard().take_batch(self.now());
        // The place in the log says that all jobs before it are safe.
        let flushed = tokio::time::timeout(WRITE_EVERY * 5, self.inner.publisher.flush()).await;
        let written = match flushed {
            Ok(()) => self
                .inner
                .store
                .write(&batch, None)
                .await
                .map_err(|error| error.to_string()),
            Err(_) => Err("RabbitMQ does not confirm jobs".to_owned()),
        };
        if let Err(error) = written {
            tracing::warn!(error, "cannot write down event queues; trying again");
            self.shard().give_back(batch);
            return false;
        }
        true
    }

    /// Begins a queue.
    pub async fn allocate(&self, descriptor: Descriptor) -> Result<Allocated, InternalError> {
        self.inner.store.check().await?;
        let queue_id = format!(
            "{}:{:032x}",
            self.inner.settings.number,
            rand::random::<u128>()
        );
        let last_event_id = self.shard().allocate(&queue_id, descriptor, self.now());
        Ok(Allocated {
            queue_id,
            last_event_id,
        })
    }

    /// Opens a queue, once it is safe in Redis.
    pub async fn activate(&self, id: &str, activate: Activate) -> Result<(), InternalError> {
        let _writing = self.inner.writing.lock().await;
        let (stored, batch) = {
            let mut shard = self.shard();
            let stored = shard
                .activate(id, activate, self.now())
                .ok_or(InternalError::Unknown)?;
            // The place in the log stays where the last batch left it: jobs may be under way.
            (stored, shard.take_activation())
        };
        if let Err(error) = self.inner.store.write(&batch, Some((id, &stored))).await {
            let mut shard = self.shard();
            shard.free(id);
            shard.give_back(batch);
            return Err(error.into());
        }
        Ok(())
    }

    /// Ends a queue. Returns whether there was one.
    pub fn free(&self, id: &str) -> bool {
        self.shard().free(id)
    }

    /// Waits until the log was replayed; tells whether it was, within the time that a request may wait.
    pub async fn when_ready(&self) -> bool {
        let ready = self.inner.became_ready.notified();
        tokio::pin!(ready);
        ready.as_mut().enable();
        if !self.is_ready() {
            // Whether it came or not is asked below.
            tokio::time::timeout(REPLAY_PATIENCE, ready).await.ok();
        }
        self.is_ready()
    }

    /// Whether the log was replayed.
    pub fn is_ready(&self) -> bool {
        self.inner.ready.load(Ordering::Acquire)
    }

    /// The state. Never held across an await.
    pub(crate) fn shard(&self) -> MutexGuard<'_, Shard> {
        self.inner
            .shard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.inner.clock.now()
    }

    /// Which shard it is.
    pub(crate) fn number(&self) -> u32 {
        self.inner.settings.number
    }

    pub(crate) fn secret(&self) -> &str {
        self.inner.secret.expose()
    }

    pub(crate) fn shutdown(&self) -> &Shutdown {
        &self.inner.shutdown
    }

    pub(crate) fn authenticator(&self) -> &Authenticator {
        &self.inner.authenticator
    }
}
