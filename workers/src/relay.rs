//! Publishes what dead processes left in the outbox.

use std::time::Duration;

use chrono::TimeDelta;
use narrows_actions::Ctx;
use narrows_runtime::shutdown::Shutdown;
use narrows_store::outbox;
use narrows_store::queries::job_receipts;

/// How often the relay looks.
const EVERY: Duration = Duration::from_secs(1);
/// Receipts are kept longer than any job waits.
const RECEIPTS_DAYS: i64 = 7;
/// Receipts are cleaned up once in so many looks.
const CLEAN_UP_EVERY: u64 = 3600;

pub(crate) async fn run(ctx: Ctx, shutdown: Shutdown) {
    for look in 0_u64.. {
        match outbox::sweep(&ctx.store).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "published what a dead process had left behind"),
            Err(error) => tracing::warn!(%error, "cannot sweep the outbox; trying again"),
        }
        if look % CLEAN_UP_EVERY == 0
            && let Err(error) = forget_receipts(&ctx).await
        {
            tracing::warn!(%error, "cannot clean up receipts of jobs; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.requested() => return,
        }
    }
}

async fn forget_receipts(ctx: &Ctx) -> narrows_store::Result<()> {
    let mut tx = ctx.store.begin().await?;
    let before = ctx.clock.now() - TimeDelta::days(RECEIPTS_DAYS);
    job_receipts::delete_old_across_realms(&mut tx, before).await?;
    drop(tx.commit().await?);
    Ok(())
}
