//! Prepared statements on a few shared connections, for the paths that a benchmark watches.
//!
//! Statements of concurrent requests are pipelined on the same connection; there is no check-out. Each runtime has its own,
//! so that no other thread is woken. A connection that died is dialled anew by the next user. Only single statements and [`crate::batch`] belong here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use narrows_runtime::PerRuntime;
use narrows_wire::OutboxId;
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{NoTls, Statement};

use crate::error::{Error, Result};
use crate::outbox::Row;

/// How many connections the single statements of a runtime share.
const SHARED: usize = 2;

/// Most prepared statements of a connection; beyond, all are forgotten and the common ones come back.
const MAX_STATEMENTS: usize = 512;

/// The shared connections of a process.
pub struct Hot {
    url: String,
    lanes: PerRuntime<Lane>,
}

/// The connections of a runtime.
#[derive(Default)]
struct Lane([Slot; SHARED]);

/// A place for a shared connection.
#[derive(Default)]
struct Slot {
    client: Mutex<Option<Arc<Client>>>,
    /// Statements on their way.
    busy: Arc<AtomicUsize>,
}

/// A shared connection while a statement is on its way.
struct Lease {
    client: Arc<Client>,
    _busy: Busy,
}

struct Busy(Arc<AtomicUsize>);

/// A connection with the statements that were prepared on it.
pub(crate) struct Client {
    pub(crate) pg: tokio_postgres::Client,
    statements: RwLock<HashMap<Cow<'static, str>, Statement>>,
}

/// What the connections of a process ask of the server, whatever the URL says.
///
/// Compiling a statement takes longer than any of ours runs: an estimate that is far too high, as those of plans for all
/// values are, would cost 20 ms.
pub(crate) fn session(url: &str) -> Result<tokio_postgres::Config, tokio_postgres::Error> {
    let mut config: tokio_postgres::Config = url.parse()?;
    let options = config.get_options().unwrap_or_default();
    let options = format!("{options} -c jit=off");
    config.options(options);
    Ok(config)
}

/// Opens a connection and drives it in a task of its own.
pub(crate) async fn dial(url: &str) -> Result<tokio_postgres::Client> {
    let config = session(url)?;
    let connect = tokio::time::timeout(Duration::from_secs(5), config.connect(NoTls));
    let (client, connection) = connect
        .await
        .map_err(|error| Error::Unavailable(Box::new(error)))??;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(%error, "a database connection ended");
        }
    });
    Ok(client)
}

impl Client {
    pub(crate) async fn dial(url: &str) -> Result<Client> {
        let pg = dial(url).await?;
        // A plan for all values, made once: arrays look cheaper one by one, so PostgreSQL would plan such a statement anew
        // at every execution, which costs more than to run it. The statements leave it no bad choice.
        // And never one that reads a whole table: it would be kept, made when the table was small.
        pg.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
            .await?;
        Ok(Client {
            pg,
            statements: RwLock::default(),
        })
    }

    /// The prepared form of `sql`, made at its first use on this connection.
    pub(crate) async fn statement(&self, sql: &'static str) -> Result<Statement> {
        self.prepared(Cow::Borrowed(sql)).await
    }

    async fn prepared(&self, sql: Cow<'static, str>) -> Result<Statement> {
        let known = self
            .statements
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&sql)
            .cloned();
        if let Some(statement) = known {
            return Ok(statement);
        }
        let statement = self.pg.prepare(&sql).await?;
        let mut statements = self
            .statements
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        if statements.len() >= MAX_STATEMENTS {
            statements.clear();
        }
        statements.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(crate) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        Ok(self.pg.query(&self.statement(sql).await?, params).await?)
    }
}

impl Hot {
    pub(crate) async fn connect(url: &str) -> Result<Hot> {
        let hot = Hot {
            url: url.to_owned(),
            lanes: PerRuntime::default(),
        };
        hot.client().await?;
        Ok(hot)
    }

    /// A connection of one's own.
    pub(crate) async fn dial(&self) -> Result<tokio_postgres::Client> {
        dial(&self.url).await
    }

    /// A connection of one's own that keeps prepared statements.
    pub(crate) async fn dial_client(&self) -> Result<Client> {
        Client::dial(&self.url).await
    }

    /// The first of those with least to do: PostgreSQL's process behind the connection that was used last has what it needs
    /// at hand.
    async fn client(&self) -> Result<Lease> {
        let lane = self.lanes.here();
        let idlest = lane
            .0
            .iter()
            .min_by_key(|slot| slot.busy.load(Ordering::Relaxed));
        let slot = idlest.ok_or_else(|| Error::Internal("no shared connection".into()))?;
        let busy = Busy::of(&slot.busy);
        let mut place = slot.client.lock().await;
        let client = match &*place {
            Some(client) if !client.pg.is_closed() => client.clone(),
            _ => {
                let dialled = Arc::new(Client::dial(&self.url).await?);
                place.insert(dialled).clone()
            }
        };
        Ok(Lease {
            client,
            _busy: busy,
        })
    }

    /// Runs a single statement, prepared on first use.
    pub(crate) async fn query(
        &self,
        sql: &'static str,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        let lease = self.client().await?;
        lease.client.query(sql, params).await
    }

    /// As [`Hot::query`], with a text that was put together; the same text is prepared once.
    pub(crate) async fn query_shaped(
        &self,
        sql: String,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<tokio_postgres::Row>> {
        let lease = self.client().await?;
        let statement = lease.client.prepared(Cow::Owned(sql)).await?;
        Ok(lease.client.pg.query(&statement, params).await?)
    }

    /// Does not wait for the disk: rows that a crash brings back are published again, and recognised.
    pub(crate) async fn delete_outbox(&self, ids: &[i64]) -> Result<()> {
        let sql = "
            DELETE FROM outbox USING (SELECT set_config('synchronous_commit', 'off', true)) AS lazily
            WHERE id = ANY($1)";
        self.query(sql, &[&ids]).await.map(drop)
    }

    pub(crate) async fn outbox_rows(&self, ids: &[i64]) -> Result<Vec<Row>> {
        let sql = "SELECT id, queue, user_ids, body FROM outbox WHERE id = ANY($1) ORDER BY id";
        Ok(self
            .query(sql, &[&ids])
            .await?
            .into_iter()
            .map(Row::from)
            .collect())
    }

    pub(crate) async fn outbox_of(&self, owner: i64) -> Result<Vec<Row>> {
        let sql = "SELECT id, queue, user_ids, body FROM outbox WHERE owner = $1 ORDER BY id";
        Ok(self
            .query(sql, &[&owner])
            .await?
            .into_iter()
            .map(Row::from)
            .collect())
    }

    /// The newest row of the outbox; 0 if it is empty.
    pub(crate) async fn newest_outbox_id(&self) -> Result<i64> {
        let rows = self
            .query("SELECT coalesce(max(id), 0) FROM outbox", &[])
            .await?;
        Ok(rows.first().map_or(0, |row| row.get(0)))
    }

    /// Whether a row up to this one is still there.
    pub(crate) async fn has_outbox_until(&self, id: i64) -> Result<bool> {
        let rows = self
            .query("SELECT EXISTS (SELECT FROM outbox WHERE id <= $1)", &[&id])
            .await?;
        Ok(rows.first().is_some_and(|row| row.get(0)))
    }

    pub(crate) async fn outbox_owners(&self) -> Result<Vec<i64>> {
        let rows = self
            .query("SELECT DISTINCT owner FROM outbox ORDER BY owner", &[])
            .await?;
        Ok(rows.into_iter().map(|row| row.get(0)).collect())
    }
}

impl Busy {
    fn of(count: &Arc<AtomicUsize>) -> Busy {
        count.fetch_add(1, Ordering::Relaxed);
        Busy(count.clone())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl From<tokio_postgres::Row> for Row {
    fn from(row: tokio_postgres::Row) -> Row {
        let body: Vec<u8> = row.get(3);
        Row {
            id: OutboxId(row.get(0)),
            queue: row.get(1),
            user_ids: row.get(2),
            body: body.into(),
            // Nobody has looked into it.
            is_plain: false,
        }
    }
}
