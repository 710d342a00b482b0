//! Connections of a process to the database.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::QueueMode;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use diesel_async::pooled_connection::deadpool::{Object, Pool};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use futures_util::FutureExt;
use narrows_runtime::bus::Publisher;
use narrows_runtime::config::DatabaseConfig;
use narrows_wire::OutboxId;
use tokio::sync::mpsc;
use tokio_postgres::NoTls;

use crate::error::{Error, Result};
use crate::horizon::Horizon;
use crate::hot::{self, Hot};
use crate::outbox;
use crate::tx::Tx;

/// What queries run on. Only this crate calls its methods.
pub type Conn = AsyncPgConnection;

/// The database of a process. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    pool: Pool<Conn>,
    hot: Hot,
    publisher: Publisher,
    owner: i64,
    horizon: Horizon,
}

/// A connection for single statements, each with a snapshot of its own.
pub struct Read(Object<Conn>);

impl Store {
    /// Connects, takes a place as an owner of outbox rows, and starts deleting what the broker confirmed.
    ///
    /// `confirmed` is the channel that `publisher` reports on.
    pub async fn connect(
        config: &DatabaseConfig,
        publisher: Publisher,
        confirmed: mpsc::UnboundedReceiver<Vec<OutboxId>>,
    ) -> Result<Store> {
        let url = config.url.expose();
        let manager = AsyncDieselConnectionManager::new_with_config(url, {
            let mut manager = ManagerConfig::default();
            manager.recycling_method = RecyclingMethod::Fast;
            manager.custom_setup = Box::new(|url| establish(url).boxed());
            manager
        });
        let pool = Pool::builder(manager)
            .max_size(config.pool_size)
            .wait_timeout(Some(Duration::from_secs(5)))
            .create_timeout(Some(Duration::from_secs(5)))
            .runtime(deadpool::Runtime::Tokio1)
            // The connection that was used last knows most statements and has most of the catalogue at hand.
            .queue_mode(QueueMode::Lifo)
            .build()
            .map_err(|error| Error::Internal(Box::new(error)))?;
        let hot = Hot::connect(url).await?;
        let owner = outbox::own(url).await?;
        let store = Store {
            inner: Arc::new(Inner {
                pool,
                hot,
                publisher,
                owner,
                horizon: Horizon::default(),
            }),
        };
        tokio::spawn(outbox::delete_confirmed(store.clone(), confirmed));
        Ok(store)
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Read> {
        match self.inner.pool.get().await {
            Ok(conn) => Ok(Read(conn)),
            Err(error) => Err(Error::Unavailable(Box::new(error))),
        }
    }

    /// A transaction for writing (READ COMMITTED).
    pub async fn begin(&self) -> Result<Tx> {
        Tx::begin(self, self.read().await?.0, "BEGIN").await
    }

    /// A transaction that sees one moment and writes nothing but what only its own user sees (REPEATABLE READ).
    pub async fn snapshot(&self) -> Result<Tx> {
        let how = "BEGIN ISOLATION LEVEL REPEATABLE READ";
        Tx::begin(self, self.read().await?.0, how).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.inner.hot.query("SELECT 1", &[]).await.map(drop)
    }

    /// Prepared statements on a few shared connections.
    pub fn hot(&self) -> &Hot {
        &self.inner.hot
    }

    /// Up to which message id everything is settled.
    pub(crate) fn horizon(&self) -> &Horizon {
        &self.inner.horizon
    }

    /// What publishes events and jobs. For transient events; all others go through [`Tx`].
    pub fn publisher(&self) -> &Publisher {
        &self.inner.publisher
    }

    /// This process's number as an owner of outbox rows.
    pub(crate) fn owner(&self) -> i64 {
        self.inner.owner
    }
}

async fn establish(url: &str) -> ConnectionResult<Conn> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(error.to_string());
    let config = hot::session(url).map_err(bad)?;
    let (client, connection) = config.connect(NoTls).await.map_err(bad)?;
    Conn::try_from_client_and_connection(client, connection).await
}

impl Deref for Read {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.0
    }
}

impl DerefMut for Read {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.0
    }
}
