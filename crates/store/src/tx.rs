//! The one way to write.

use std::ops::{Deref, DerefMut};

use diesel::sql_types::{BigInt, Integer};
use diesel_async::pooled_connection::deadpool::Object;
use diesel_async::{AnsiTransactionManager, RunQueryDsl, TransactionManager};
use narrows_runtime::bus::Confirmed;
use narrows_wire::envelope::{Clients, Scope};
use narrows_wire::jobs::JobEnvelope;
use narrows_wire::{
    Audience, Effect, Envelope, Event, Job, OutboxId, Payload, PersonalFlags, RealmId, Xid,
};

use crate::error::{Error, Result};
use crate::outbox::{self, Row};
use crate::prepared::Prepared;
use crate::store::{Conn, Store};

type Manager = AnsiTransactionManager;

/// A transaction with the events and jobs that it causes. Dropped without [`Tx::commit`], it changes nothing.
pub struct Tx {
    store: Store,
    conn: Option<Object<Conn>>,
    drafts: Vec<Draft>,
}

/// What is to become a row of the outbox.
#[derive(Debug)]
pub enum Draft {
    /// An event; its `id` and `xid` are set when it is written.
    Event(Box<Envelope>),
    /// A job for a worker.
    Job(Job),
}

/// A transaction took effect.
#[must_use = "await `confirmed` where access was taken away, drop it elsewhere"]
pub struct Committed {
    confirmed: Option<Confirmed>,
}

impl Committed {
    /// Waits until the broker has all events: no event that is published later can overtake them.
    pub async fn confirmed(self) {
        if let Some(confirmed) = self.confirmed {
            confirmed.await;
        }
    }
}

impl Tx {
    /// `how`: the statement that begins it.
    pub(crate) async fn begin(store: &Store, mut conn: Object<Conn>, how: &str) -> Result<Tx> {
        Manager::begin_transaction_sql(&mut *conn, how).await?;
        Ok(Tx {
            store: store.clone(),
            conn: Some(conn),
            drafts: Vec::new(),
        })
    }

    /// The store that this transaction belongs to.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// An event for `audience`, published after COMMIT.
    pub fn emit(&mut self, realm_id: RealmId, audience: Audience, event: &Event) -> Result<()> {
        let envelope = Envelope::event(realm_id, audience, event)?;
        self.drafts.push(Draft::Event(Box::new(envelope)));
        Ok(())
    }

    /// As [`Tx::emit`], for some clients only.
    pub fn emit_to(
        &mut self,
        clients: Clients,
        realm_id: RealmId,
        audience: Audience,
        event: &Event,
    ) -> Result<()> {
        let envelope = Envelope::event(realm_id, audience, event)?.for_clients(clients);
        self.drafts.push(Draft::Event(Box::new(envelope)));
        Ok(())
    }

    /// As [`Tx::emit`], an event about a message with each recipient's own flags.
    pub fn emit_with_flags(
        &mut self,
        realm_id: RealmId,
        audience: Audience,
        event: &Event,
        flags: PersonalFlags,
    ) -> Result<()> {
        let envelope = Envelope::event(realm_id, audience, event)?.with_flags(flags);
        self.drafts.push(Draft::Event(Box::new(envelope)));
        Ok(())
    }

    /// A change of what push knows, without an event of its own. Emit it before the events that rely on it.
    pub fn emit_effect(&mut self, realm_id: RealmId, effect: Effect) {
        let envelope = Envelope {
            id: None,
            xid: None,
            realm_id,
            audience: Audience::default(),
            effects: vec![effect],
            payload: None,
        };
        self.drafts.push(Draft::Event(Box::new(envelope)));
    }

    /// Whatever follows from the transaction.
    pub fn add(&mut self, draft: Draft) {
        self.drafts.push(draft);
    }

    /// A job, run by a worker after COMMIT.
    pub fn enqueue(&mut self, job: Job) {
        self.drafts.push(Draft::Job(job));
    }

    /// COMMIT, then publish.
    pub async fn commit(mut self) -> Result<Committed> {
        let rows = self.write_outbox().await?;
        let Some(mut conn) = self.conn.take() else {
            return Err(Error::Internal("transaction used after commit".into()));
        };
        if rows.is_empty() {
            Manager::commit_transaction(&mut *conn).await?;
            return Ok(Committed { confirmed: None });
        }
        // The place in the order is taken before COMMIT: whoever sees our effects gets a later place.
        let ticket = self.store.publisher().reserve();
        if let Err(error) = Manager::commit_transaction(&mut *conn).await {
            // The connection may have died after COMMIT took effect: then the rows are there, and ours to publish.
            let ids = rows.iter().map(|row| row.id).collect();
            tokio::spawn(outbox::adopt(self.store.clone(), ids, ticket));
            return Err(error.into());
        }
        let confirmed = outbox::publish(&self.store, ticket, rows);
        Ok(Committed {
            confirmed: Some(confirmed),
        })
    }

    async fn write_outbox(&mut self) -> Result<Vec<Row>> {
        let drafts = std::mem::take(&mut self.drafts);
        if drafts.is_empty() {
            return Ok(vec![]);
        }
        let count =
            i32::try_from(drafts.len()).map_err(|error| Error::Internal(Box::new(error)))?;
        let places: Vec<Place> = diesel::sql_query(
            "SELECT nextval('outbox_id_seq') AS id, pg_current_xact_id()::text::bigint AS xid FROM generate_series(1, $1)",
        )
        .bind::<Integer, _>(count)
        .prepared().load(&mut **self)
        .await?;
        let rows = drafts
            .into_iter()
            .zip(places)
            .map(|(draft, place)| draft.row(OutboxId(place.id), Xid(place.xid.unsigned_abs())))
            .collect::<Result<Vec<Row>>>()?;
        let owner = self.store.owner();
        outbox::insert(self, owner, &rows).await?;
        Ok(rows)
    }
}

#[derive(diesel::QueryableByName)]
struct Place {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    xid: i64,
}

impl Draft {
    pub(crate) fn row(self, id: OutboxId, xid: Xid) -> Result<Row> {
        match self {
            Draft::Event(mut envelope) => {
                envelope.id = Some(id);
                envelope.xid = Some(xid);
                Row::event(id, &envelope)
            }
            Draft::Job(job) => Row::job(id, job),
        }
    }
}

impl Row {
    /// The outbox row of an envelope whose id and xid are set.
    fn event(id: OutboxId, envelope: &Envelope) -> Result<Row> {
        // Effects concern all shards: any of them may hold queues of the people in question.
        let few = envelope.effects.is_empty() && envelope.audience.scope == Scope::Nobody;
        let user_ids = few.then(|| envelope.audience.plus.iter().map(|user| user.0).collect());
        Ok(Row {
            id,
            queue: None,
            user_ids,
            body: serde_json::to_vec(envelope)?.into(),
            is_plain: envelope.effects.is_empty()
                && matches!(envelope.payload, Some(Payload::Message(_))),
        })
    }

    fn job(id: OutboxId, job: Job) -> Result<Row> {
        let queue = job.queue().to_owned();
        let body = serde_json::to_vec(&JobEnvelope {
            key: id.to_string(),
            attempt: 0,
            job,
        })?
        .into();
        Ok(Row {
            id,
            queue: Some(queue),
            user_ids: None,
            body,
            is_plain: false,
        })
    }
}

impl Deref for Tx {
    type Target = Conn;

    #[expect(
        clippy::expect_used,
        reason = "the connection leaves only in commit and drop, which consume the Tx"
    )]
    fn deref(&self) -> &Conn {
        self.conn.as_ref().expect("open transaction")
    }
}

impl DerefMut for Tx {
    #[expect(clippy::expect_used, reason = "as above")]
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn.as_mut().expect("open transaction")
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        // An error returned early. Without a runtime (shutdown) the connection is closed, which rolls back too.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(error) = Manager::rollback_transaction(&mut *conn).await {
                    tracing::debug!(%error, "rollback failed; the connection is dropped");
                }
            });
        }
    }
}
