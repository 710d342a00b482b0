//! `narrows outbox`.

use std::sync::Arc;

use clap::Subcommand;
use narrows_runtime::Config;

#[derive(Subcommand)]
pub enum OutboxCommand {
    /// Print how many events and jobs wait for RabbitMQ, and how long the oldest has waited.
    Status,
}

pub async fn run(config: Arc<Config>, command: OutboxCommand) -> anyhow::Result<()> {
    let OutboxCommand::Status = command;
    let ctx = super::connect(config).await?;
    let status = narrows_store::outbox::status_across_realms(&mut *ctx.store.read().await?).await?;
    say!("waiting: {}", status.waiting);
    say!("oldest:  {:.1} s", status.oldest_seconds);
    Ok(())
}
