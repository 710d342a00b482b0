//! Events and jobs between COMMIT and the broker's confirm.
//!
//! A row is written in the transaction that causes it, published after COMMIT by the same process, and deleted once the
//! broker has confirmed it. Each process owns its rows under a number, and holds the advisory lock of that number while
//! it lives; [`sweep`] publishes the rows of owners whose lock is free. A row may be published twice (a crash between
//! confirm and DELETE): consumers deduplicate by its id.

use std::time::Duration;

use bytes::Bytes;
use diesel::sql_types::{Array, BigInt, Bytea, Nullable, Text};
use diesel_async::RunQueryDsl;
use narrows_runtime::bus::{Confirmed, Outgoing, ShardSet, Ticket};
use narrows_wire::{OutboxId, UserId};
use tokio::sync::mpsc;

use crate::error::Result;
use crate::hot;
use crate::prepared::Prepared;
use crate::store::{Conn, Store};

/// The first key of the advisory locks that owners hold.
const OWNER_LOCK: i32 = 7001;

/// How long confirmed rows gather before they are deleted together.
const DELETE_EVERY: Duration = Duration::from_millis(100);

/// A row of the outbox.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id, by which consumers deduplicate.
    pub id: OutboxId,
    /// The job queue; `None` for an event.
    pub queue: Option<String>,
    /// If only these users are the audience.
    pub user_ids: Option<Vec<i32>>,
    /// The envelope as JSON.
    pub body: Bytes,
    /// Whether it may share an entry of the event log with others. What changes who receives events may not: it counts
    /// from its entry on.
    pub is_plain: bool,
}

impl Row {
    /// The users as PostgreSQL writes an array: `unnest` has no arrays of arrays of different lengths.
    pub(crate) fn users_literal(&self) -> Option<String> {
        let ids = self.user_ids.as_deref()?;
        let ids: Vec<String> = ids.iter().map(i32::to_string).collect();
        Some(format!("{{{}}}", ids.join(",")))
    }

    /// What the publisher takes, with so many shards.
    fn outgoing(self, shards: u32) -> Outgoing {
        let (id, body) = (self.id, self.body);
        let shards = match (self.queue, self.user_ids) {
            (Some(queue), _) => return Outgoing::Job { id, queue, body },
            (None, Some(users)) => ShardSet::of_users(users.into_iter().map(UserId), shards),
            (None, None) => ShardSet::All,
        };
        Outgoing::Event {
            id,
            shards,
            body,
            is_plain: self.is_plain,
        }
    }
}

/// Publishes rows at their place in the order.
pub(crate) fn publish(store: &Store, ticket: Ticket, rows: Vec<Row>) -> Confirmed {
    let shards = store.publisher().shards();
    ticket.publish(rows.into_iter().map(|row| row.outgoing(shards)).collect())
}

/// How full the outbox is.
#[derive(Clone, Debug, diesel::QueryableByName)]
pub struct Status {
    /// Rows that wait for the broker.
    #[diesel(sql_type = BigInt)]
    pub waiting: i64,
    /// Age of the oldest, in seconds; 0 if there is none.
    #[diesel(sql_type = diesel::sql_types::Double)]
    pub oldest_seconds: f64,
}

/// How full the outbox is, of all realms.
pub async fn status_across_realms(conn: &mut Conn) -> Result<Status> {
    Ok(diesel::sql_query(
        "SELECT count(*) AS waiting, coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS oldest_seconds
         FROM outbox",
    )
    .prepared().get_result(conn)
    .await?)
}

/// Writes rows, however many, in one statement: ids, queues, user ids as [`Row::users_literal`], bodies, owner.
pub(crate) const INSERT: &str = "
    INSERT INTO outbox (id, queue, user_ids, body, owner)
    SELECT id, queue, user_ids::int[], body, $5
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::bytea[]) AS o (id, queue, user_ids, body)";

pub(crate) async fn insert(conn: &mut Conn, owner: i64, rows: &[Row]) -> Result<()> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
    let queues: Vec<Option<&str>> = rows.iter().map(|row| row.queue.as_deref()).collect();
    let users: Vec<Option<String>> = rows.iter().map(Row::users_literal).collect();
    let bodies: Vec<&[u8]> = rows.iter().map(|row| &row.body[..]).collect();
    diesel::sql_query(INSERT)
        .bind::<Array<BigInt>, _>(ids)
        .bind::<Array<Nullable<Text>>, _>(queues)
        .bind::<Array<Nullable<Text>>, _>(users)
        .bind::<Array<Bytea>, _>(bodies)
        .bind::<BigInt, _>(owner)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes a number as an owner, and holds its lock on a connection of its own for the life of the process.
pub(crate) async fn own(url: &str) -> Result<i64> {
    let client = hot::dial(url).await?;
    let owner: i64 = client
        .query_one("SELECT nextval('outbox_owners')", &[])
        .await?
        .get(0);
    lock(&client, owner).await?;
    let url = url.to_owned();
    tokio::spawn(keep_lock(url, client, owner));
    Ok(owner)
}

async fn lock(client: &tokio_postgres::Client, owner: i64) -> Result<()> {
    client
        .execute(
            "SELECT pg_advisory_lock($1, ($2::bigint % 2147483647)::int)",
            &[&OWNER_LOCK, &owner],
        )
        .await?;
    Ok(())
}

/// Looks after the lock: a database that restarts forgets it. Until it is held again the relay may publish our rows,
/// which is harmless.
async fn keep_lock(url: String, mut client: tokio_postgres::Client, owner: i64) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if !client.is_closed() {
            continue;
        }
        if let Ok(again) = hot::dial(&url).await
            && lock(&again, owner).await.is_ok()
        {
            client = again;
        }
    }
}

/// Deletes what the broker has confirmed, many rows a statement: nobody waits for it.
pub(crate) async fn delete_confirmed(
    store: Store,
    mut confirmed: mpsc::UnboundedReceiver<Vec<OutboxId>>,
) {
    while let Some(mut ids) = confirmed.recv().await {
        while ids.len() < 10_000
            && let Ok(more) = confirmed.try_recv()
        {
            ids.extend(more);
        }
        let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
        while let Err(error) = store.hot().delete_outbox(&ids).await {
            tracing::warn!(%error, rows = ids.len(), "cannot delete published outbox rows; trying again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        tokio::time::sleep(DELETE_EVERY).await;
    }
}

/// A COMMIT failed without an answer. Publishes the rows if it took effect after all; `ticket` keeps their place.
pub(crate) async fn adopt(store: Store, ids: Vec<OutboxId>, ticket: Ticket) {
    let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
    loop {
        match store.hot().outbox_rows(&ids).await {
            Ok(rows) => {
                drop(publish(&store, ticket, rows));
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "cannot tell whether a transaction took effect; trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }
}

/// Returns once everything that is in the outbox now has been published: by its owner, by the relay, or by us if the owner
/// is dead.
///
/// The app server waits for it before it listens, so that what was acknowledged before a crash comes before anything
/// that is sent after it.
pub async fn settle(store: &Store) -> Result<()> {
    let newest = store.hot().newest_outbox_id().await?;
    while store.hot().has_outbox_until(newest).await? {
        sweep(store).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// Publishes what dead processes left behind, oldest first, and waits for the broker. Returns how many rows.
///
/// The relay runs it every second.
pub async fn sweep(store: &Store) -> Result<usize> {
    let mut swept = 0;
    for owner in store.hot().outbox_owners().await? {
        if owner == store.owner() {
            continue;
        }
        // The lock is held by one connection while we look after this owner's rows.
        let client = store.hot().dial().await?;
        let free: bool = client
            .query_one(
                "SELECT pg_try_advisory_lock($1, ($2::bigint % 2147483647)::int)",
                &[&OWNER_LOCK, &owner],
            )
            .await?
            .get(0);
        if !free {
            continue;
        }
        let rows = store.hot().outbox_of(owner).await?;
        swept += rows.len();
        let ids: Vec<i64> = rows.iter().map(|row| row.id.0).collect();
        publish(store, store.publisher().reserve(), rows).await;
        store.hot().delete_outbox(&ids).await?;
    }
    Ok(swept)
}
