//! Group commit: one task writes all concurrent sends of the process, in the order in which they came.
//!
//! A lone send does not wait for company: the task takes what is there, writes it, and takes what came meanwhile. To wait
//! a moment for sends that are still being checked made nothing faster.

use std::sync::Arc;
use std::thread;

use narrows_store::batch::{Batch, NewMessage, Placed};
use narrows_store::{Draft, Error as StoreError, Store};
use tokio::runtime;
use tokio::sync::{mpsc, oneshot};

use crate::error::{Error, Result};

/// Most messages in a transaction: bounds the latency of the first of them.
const MAX_BATCH: usize = 256;
/// Sends that may wait before further ones are refused.
const MAX_WAITING: usize = 10_000;

/// Makes what follows from a message that has its place: an event for each of its files, then its own, then its jobs.
pub(crate) type MakeDrafts = Box<dyn Fn(&Placed) -> Result<Vec<Draft>, StoreError> + Send + Sync>;

/// A message that is ready to be written, and what follows once it has an id.
pub(crate) struct Outbound {
    pub(crate) message: NewMessage,
    pub(crate) drafts: MakeDrafts,
}

struct Pending {
    outbound: Outbound,
    done: oneshot::Sender<Result<Option<Placed>, Arc<StoreError>>>,
}

/// Where sends go. Cheap to clone; all clones feed the same task.
#[derive(Clone)]
pub struct Sender(mpsc::Sender<Pending>);

impl Sender {
    /// Starts the task; it ends when all clones are gone and everything is written.
    ///
    /// It has a thread of its own, which drives its connection too: between its round trips nobody else is woken.
    pub fn start(store: Store) -> std::io::Result<Sender> {
        let (queue, waiting) = mpsc::channel(MAX_WAITING);
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::Builder::new().name("sends".to_owned());
        thread.spawn(move || runtime.block_on(run(store, waiting)))?;
        Ok(Sender(queue))
    }

    /// Resolves once the message is committed.
    pub(crate) async fn send(&self, outbound: Outbound) -> Result<Placed> {
        let placed = self.send_on_premise(outbound).await?;
        placed.ok_or_else(|| Error::Internal("a message without a premise was refused".into()))
    }

    /// As [`Sender::send`]; `None` if the message's premise does not hold, so that it was not sent.
    pub(crate) async fn send_on_premise(&self, outbound: Outbound) -> Result<Option<Placed>> {
        let (done, written) = oneshot::channel();
        let busy = |source: Box<dyn std::error::Error + Send + Sync>| Error::Unavailable {
            component: "sending",
            source,
        };
        let sent = self.0.try_send(Pending { outbound, done });
        sent.map_err(|error| busy(error.to_string().into()))?;
        match written.await {
            Ok(Ok(placed)) => Ok(placed),
            Ok(Err(error)) => Err(shared(&error)),
            Err(gone) => Err(busy(Box::new(gone))),
        }
    }
}

/// The error of a batch belongs to each of its messages.
fn shared(error: &Arc<StoreError>) -> Error {
    match &**error {
        StoreError::NotFound => Error::Store(StoreError::NotFound),
        StoreError::Constraint(constraint) => Error::Store(StoreError::Constraint(*constraint)),
        StoreError::Unavailable(_) => Error::Unavailable {
            component: "the database",
            source: Box::new(error.clone()),
        },
        StoreError::Internal(_) => Error::Internal(Box::new(error.clone())),
    }
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Pending>) {
    let mut batch = None;
    let mut pending = Vec::new();
    while waiting.recv_many(&mut pending, MAX_BATCH).await > 0 {
        write(&store, &mut batch, std::mem::take(&mut pending)).await;
    }
}

async fn write(store: &Store, batch: &mut Option<Batch>, pending: Vec<Pending>) {
    if batch.as_ref().is_none_or(Batch::is_closed) {
        match Batch::connect(store).await {
            Ok(connected) => *batch = Some(connected),
            Err(error) => return fail(pending, error),
        }
    }
    let Some(batch) = batch else { return };
    if let Err((pending, error)) = write_together(batch, pending).await {
        // One bad message (its stream was deleted meanwhile, say) must not take the others with it.
        if pending.len() == 1 || matches!(error, StoreError::Unavailable(_)) {
            return fail(pending, error);
        }
        for one in pending {
            if let Err((one, error)) = write_together(batch, vec![one]).await {
                fail(one, error);
            }
        }
    }
}

async fn write_together(
    batch: &Batch,
    pending: Vec<Pending>,
) -> Result<(), (Vec<Pending>, StoreError)> {
    let messages: Vec<&NewMessage> = pending.iter().map(|one| &one.outbound.message).collect();
    let drafts = |index: usize, placed: &Placed| match pending.get(index) {
        Some(one) => (one.outbound.drafts)(placed),
        None => Err(StoreError::NotFound),
    };
    match batch.write(&messages, drafts).await {
        Ok(placed) => {
            for (one, placed) in pending.into_iter().zip(placed) {
                // A client that went away does not take its message back.
                drop(one.done.send(Ok(placed)));
            }
            Ok(())
        }
        Err(error) => Err((pending, error)),
    }
}

fn fail(pending: Vec<Pending>, error: StoreError) {
    let error = Arc::new(error);
    for one in pending {
        drop(one.done.send(Err(error.clone())));
    }
}
