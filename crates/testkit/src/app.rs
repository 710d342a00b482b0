//! A server in the process of the test: app server and push on one port, no workers.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use actix_web::web;
use anyhow::bail;
use narrows_actions::Ctx;
use narrows_push::Push;
use narrows_runtime::bus::Bus;
use narrows_runtime::{Clock, Config, Shutdown};
use narrows_wire::jobs::JobEnvelope;
use narrows_wire::{Job, Role};

use crate::db::{TestDb, connect};
use crate::tap::Tap;
use crate::user::{TestUser, anonymous};
use crate::{cast, variable};

/// How long the outbox may take to empty. Generous: machines are slow, hangs are for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with two realms. In the first, at the bare host, are desdemona (owner), iago (admin), shiva (moderator),
/// hamlet, cordelia and othello (members), polonius (guest) and hamlet's bot; in the second the same with `other-`
/// before their names.
pub struct TestApp {
    /// For tests that look behind the API.
    pub ctx: Ctx,
    /// `http://127.0.0.1:port`.
    pub base: String,
    bus: Bus,
    cast: BTreeMap<String, TestUser>,
    shutdown: Shutdown,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    db: TestDb,
}

impl TestApp {
    /// Starts it.
    pub async fn start() -> anyhow::Result<TestApp> {
        Self::start_with("", |_| {}).await
    }

    /// Starts it with settings of one's own: TOML, and changes of the whole.
    pub async fn start_with(
        toml: &str,
        change: impl FnOnce(&mut Config),
    ) -> anyhow::Result<TestApp> {
        Self::launch(toml, change, true).await
    }

    /// Starts only the app server; push is elsewhere.
    pub async fn start_without_push(push_url: &str) -> anyhow::Result<TestApp> {
        Self::launch("", |config| config.push.url = push_url.to_owned(), false).await
    }

    /// Starts it with somebody who listens to what it says to PostgreSQL.
    pub async fn start_tapped() -> anyhow::Result<(TestApp, Tap)> {
        let db = TestDb::create().await?;
        let tap = Tap::start(&db.url).await?;
        let app = Self::launch_on(db, &tap.url, "", |_| {}, true).await?;
        Ok((app, tap))
    }

    async fn launch(
        toml: &str,
        change: impl FnOnce(&mut Config),
        with_push: bool,
    ) -> anyhow::Result<TestApp> {
        let db = TestDb::create().await?;
        let url = db.url.clone();
        Self::launch_on(db, &url, toml, change, with_push).await
    }

    async fn launch_on(
        db: TestDb,
        database_url: &str,
        toml: &str,
        change: impl FnOnce(&mut Config),
        with_push: bool,
    ) -> anyhow::Result<TestApp> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let mut config = config(toml, database_url, port)?;
        change(&mut config);
        let config = Arc::new(config);
        let shutdown = Shutdown::new();
        let bus = Bus::connect(&config.amqp);
        let ctx = Ctx::connect(config.clone(), &bus, Clock::system()).await?;
        let push = match with_push {
            true => Some(web::Data::new(Push::start(
                &config,
                Clock::system(),
                shutdown.clone(),
            )?)),
            false => None,
        };
        let mount_push = move |http: &mut web::ServiceConfig| {
            if let Some(push) = &push {
                http.app_data(push.clone()).configure(narrows_push::routes);
            }
        };
        let server = narrows_server::start(ctx.clone(), listener, 1, shutdown.clone(), mount_push)?;
        let server = tokio::spawn(server);
        let base = format!("http://127.0.0.1:{port}");
        let mut cast = cast::make(&ctx, &base, "", "").await?;
        cast.extend(cast::make(&ctx, &base, "other", "other-").await?);
        Ok(TestApp {
            ctx,
            base,
            bus,
            cast,
            shutdown,
            server,
            db,
        })
    }

    /// One of the cast.
    #[track_caller]
    #[expect(clippy::panic, reason = "a mistake in a test ends it")]
    pub fn user(&self, key: &str) -> &TestUser {
        match self.cast.get(key) {
            Some(user) => user,
            None => panic!("nobody is called {key}"),
        }
    }

    /// Everybody, by key.
    pub fn users(&self) -> &BTreeMap<String, TestUser> {
        &self.cast
    }

    /// One more user in the realm of `neighbour`.
    pub async fn add_user(
        &self,
        neighbour: &TestUser,
        email: &str,
        full_name: &str,
        role: Role,
    ) -> anyhow::Result<TestUser> {
        cast::add(&self.ctx, neighbour, email, full_name, role).await
    }

    /// Somebody without an account, in the first realm.
    pub fn anonymous(&self) -> anyhow::Result<TestUser> {
        anonymous(&self.base, &self.user("hamlet").host)
    }

    /// Nobody, in a browser: calls go to `/json`.
    pub fn spectator(&self) -> anyhow::Result<TestUser> {
        Ok(self.anonymous()?.without_session())
    }

    /// The database, for tests that look at or age what is stored.
    pub async fn sql(&self) -> anyhow::Result<tokio_postgres::Client> {
        connect(&self.db.url).await
    }

    /// The next job of a queue, taken off it.
    pub async fn next_job(&self, queue: &'static str) -> anyhow::Result<Job> {
        let mut consumer = self.bus.consume_jobs(queue, 1);
        let delivery = tokio::time::timeout(PATIENCE, consumer.next()).await?;
        let envelope: JobEnvelope = serde_json::from_slice(delivery.body())?;
        delivery.finish().await?;
        Ok(envelope.job)
    }

    /// Ends the server; fails if an event or job was left in the outbox.
    pub async fn finish(self) -> anyhow::Result<()> {
        self.ctx.store.publisher().flush().await;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let status =
                narrows_store::outbox::status_across_realms(&mut *self.ctx.store.read().await?)
                    .await?;
            if status.waiting == 0 {
                break;
            }
            if Instant::now() > deadline {
                bail!("{} rows are left in the outbox", status.waiting);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.shutdown.begin();
        self.server.await??;
        match tokio::fs::remove_dir_all(&self.ctx.config.server.data_dir).await {
            // Files may be elsewhere.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            removed => removed?,
        }
        delete_queues(&self.bus).await
    }
}

/// Where a server keeps its files.
fn data_dir(prefix: &str) -> String {
    let name = format!("narrows-{}", prefix.trim_end_matches(':'));
    std::env::temp_dir().join(name).display().to_string()
}

/// The broker outlives the test; its queues shall not.
async fn delete_queues(bus: &Bus) -> anyhow::Result<()> {
    let channel = bus.try_channel().await?;
    let mut names = vec![bus.events_queue(0), bus.jobs_queue("dead")];
    names.extend(Job::QUEUES.iter().map(|queue| bus.jobs_queue(queue)));
    for name in names {
        let options = lapin::options::QueueDeleteOptions::default();
        channel.queue_delete(name.as_str().into(), options).await?;
    }
    Ok(())
}

fn config(toml: &str, database: &str, port: u16) -> anyhow::Result<Config> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let prefix = format!(
        "test-{}-{}:",
        std::process::id(),
        NUMBER.fetch_add(1, Ordering::Relaxed)
    );
    let services = BTreeMap::from([
        ("NARROWS_DATABASE_URL", database.to_owned()),
        ("NARROWS_AMQP_URL", variable("NARROWS_AMQP_URL")?),
        ("NARROWS_REDIS_URL", variable("NARROWS_REDIS_URL")?),
        ("NARROWS_MEMCACHE_URL", variable("NARROWS_MEMCACHE_URL")?),
        ("NARROWS_AMQP_PREFIX", prefix.clone()),
        ("NARROWS_REDIS_PREFIX", prefix.clone()),
        ("NARROWS_DEVELOPMENT", "true".to_owned()),
        ("NARROWS_DATA_DIR", data_dir(&prefix)),
        ("NARROWS_DATABASE_POOL_SIZE", "8".to_owned()),
        ("NARROWS_EXTERNAL_HOST", format!("localhost:{port}")),
        ("NARROWS_PUSH_URL", format!("http://127.0.0.1:{port}")),
        ("NARROWS_SERVER_URL", format!("http://127.0.0.1:{port}")),
    ]);
    let mut config = Config::from_sources(toml, |name| services.get(name).cloned())?;
    config.memcache.prefix = prefix.replace(':', "-");
    Ok(config)
}
