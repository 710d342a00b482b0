//! `narrows demo`: a team to look around in.
//!
//! [`cast`] says who is there and which streams they have, [`script`] reads what they said from `*.txt`, and
//! [`fill`] makes it happen through the same actions that clients use.

mod cast;
mod fill;
mod script;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use narrows_runtime::Config;

#[derive(Subcommand)]
pub enum DemoCommand {
    /// Make two organizations with 30 users and some weeks of conversation. Safe to repeat.
    ///
    /// What is there already stays; every user gets a new API key. The passwords are public knowledge: not for servers
    /// that others can reach.
    Fill(Fill),
}

#[derive(Args)]
pub struct Fill {
    /// Write URLs, users, passwords and API keys to this file, as JSON.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub async fn run(config: Arc<Config>, command: DemoCommand) -> anyhow::Result<()> {
    let DemoCommand::Fill(args) = command;
    let ctx = super::connect(config).await?;
    let made = fill::fill(&ctx).await?;
    std::fs::write(&args.out, serde_json::to_string_pretty(&made)?)?;
    ctx.store.publisher().flush().await;
    Ok(())
}
