//! Counts the messages of streams now and then, for what clients show of how busy they are.

use std::time::Duration;

use narrows_actions::Ctx;
use narrows_actions::streams::traffic;
use narrows_runtime::shutdown::Shutdown;

/// How often: a stream that was asleep is shown as active soon after it wakes.
const EVERY: Duration = Duration::from_secs(600);

pub(crate) async fn run(ctx: Ctx, shutdown: Shutdown) {
    loop {
        if let Err(error) = traffic::count(&ctx, ctx.clock.now()).await {
            tracing::warn!(%error, "cannot count the traffic of streams; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.requested() => return,
        }
    }
}
