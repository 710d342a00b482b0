//! Sends scheduled messages and reminders when they are due. Any number of workers may do so side by side.

use std::time::Duration;

use narrows_actions::Ctx;
use narrows_actions::scheduled::deliver;
use narrows_runtime::shutdown::Shutdown;

/// How often it looks: the API's times are whole seconds.
const EVERY: Duration = Duration::from_millis(500);

pub(crate) async fn run(ctx: Ctx, shutdown: Shutdown) {
    loop {
        match deliver::deliver_due(&ctx, ctx.clock.now()).await {
            Ok(0) => {}
            Ok(messages) => tracing::info!(messages, "sent what was due"),
            Err(error) => tracing::warn!(%error, "cannot send what is due; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.requested() => return,
        }
    }
}
