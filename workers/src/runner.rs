//! Takes jobs off a queue and sees each of them to an end: done, tried again later, or buried.
//!
//! RabbitMQ delivers a job at least once. A receipt per key makes a job that comes again harmless: it is written after
//! the work, so work that can be seen twice (a mail) must be recognisable by its key.

use narrows_runtime::bus::{Bus, BusError, JobDelivery};
use narrows_runtime::shutdown::Shutdown;
use narrows_store::queries::job_receipts;
use narrows_wire::jobs::JobEnvelope;

use crate::Worker;
use crate::jobs::{self, JobError};

/// Jobs of a queue that are worked on at a time.
const AT_A_TIME: u16 = 16;

/// Works on a queue until shutdown, then finishes what is in hand.
pub(crate) async fn run(worker: Worker, bus: Bus, queue: &'static str, shutdown: Shutdown) {
    let mut consumer = bus.consume_jobs(queue, AT_A_TIME);
    let mut in_hand = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            delivery = consumer.next() => {
                let worker = worker.clone();
                in_hand.spawn(async move { handle(&worker, delivery).await });
            }
            Some(_) = in_hand.join_next() => {}
            () = shutdown.requested() => break,
        }
    }
    while in_hand.join_next().await.is_some() {}
}

async fn handle(worker: &Worker, delivery: JobDelivery) {
    let verdict = match serde_json::from_slice::<JobEnvelope>(delivery.body()) {
        Ok(envelope) => judge(work(worker, &envelope).await, delivery, &envelope).await,
        Err(error) => {
            tracing::error!(%error, queue = delivery.queue, "a job that this release does not know is buried");
            delivery.bury(&error.to_string()).await
        }
    };
    if let Err(error) = verdict {
        tracing::warn!(%error, "RabbitMQ did not take the verdict on a job; it will come again");
    }
}

async fn work(worker: &Worker, envelope: &JobEnvelope) -> Result<(), JobError> {
    let mut conn = worker.ctx.store.read().await?;
    if job_receipts::is_done_across_realms(&mut conn, &envelope.key).await? {
        return Ok(());
    }
    drop(conn);
    jobs::run(worker, &envelope.job).await?;
    let mut tx = worker.ctx.store.begin().await?;
    job_receipts::insert_across_realms(&mut tx, &envelope.key, worker.ctx.clock.now()).await?;
    drop(tx.commit().await?);
    Ok(())
}

async fn judge(
    done: Result<(), JobError>,
    delivery: JobDelivery,
    envelope: &JobEnvelope,
) -> Result<(), BusError> {
    let queue = envelope.job.queue();
    metrics::counter!("narrows_jobs_total", "queue" => queue, "outcome" => outcome(&done))
        .increment(1);
    match done {
        Ok(()) => delivery.finish().await,
        Err(JobError::Retry(error)) => {
            tracing::warn!(%error, queue, key = envelope.key, attempt = envelope.attempt, "a job will be tried again");
            delivery.retry(envelope.attempt, &error.to_string()).await
        }
        Err(JobError::Fail(error)) => {
            tracing::error!(%error, queue, key = envelope.key, "a job failed; see `narrows jobs dead`");
            delivery.bury(&error.to_string()).await
        }
    }
}

fn outcome(done: &Result<(), JobError>) -> &'static str {
    match done {
        Ok(()) => "done",
        Err(JobError::Retry(_)) => "retry",
        Err(JobError::Fail(_)) => "failed",
    }
}
