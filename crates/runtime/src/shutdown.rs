//! A graceful end: one token that every task watches.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells the tasks of a process to finish. Clones are one and the same.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    token: CancellationToken,
}

impl Shutdown {
    /// One that only [`Shutdown::begin`] sets off.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that SIGTERM and SIGINT set off.
    pub fn on_signals() -> std::io::Result<Self> {
        let shutdown = Self::new();
        let token = shutdown.token.clone();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => tracing::info!("SIGTERM: shutting down"),
                _ = interrupt.recv() => tracing::info!("SIGINT: shutting down"),
                () = token.cancelled() => return,
            }
            token.cancel();
        });
        Ok(shutdown)
    }

    /// Sets it off.
    pub fn begin(&self) {
        self.token.cancel();
    }

    /// Returns once it is set off.
    pub async fn requested(&self) {
        self.token.cancelled().await;
    }

    /// Whether it was set off.
    pub fn is_requested(&self) -> bool {
        self.token.is_cancelled()
    }

    /// For code that takes a token.
    pub fn token(&self) -> CancellationToken {
        self.token.clone()
    }
}
