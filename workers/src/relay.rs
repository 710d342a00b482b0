//! Publishes what dead processes left in the outbox.

use std::time::Duration;

use narrows_runtime::shutdown::Shutdown;
use narrows_store::{Store, outbox};

/// How often the relay looks.
const EVERY: Duration = Duration::from_secs(1);

pub(crate) async fn run(store: Store, shutdown: Shutdown) {
    loop {
        match outbox::sweep(&store).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "published what a dead process had left behind"),
            Err(error) => tracing::warn!(%error, "cannot sweep the outbox; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.wait() => return,
        }
    }
}
