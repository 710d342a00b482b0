//! The commands, one file each.

pub mod demo;
pub mod jobs;
pub mod migrate;
pub mod outbox;
pub mod processes;
pub mod realm;
pub mod user;

use std::sync::Arc;

use narrows_actions::Ctx;
use narrows_runtime::bus::Bus;
use narrows_runtime::{Clock, Config};

/// Connects an operator's command; it does not serve.
pub async fn connect(config: Arc<Config>) -> anyhow::Result<Ctx> {
    let bus = Bus::connect(&config.amqp);
    Ok(Ctx::connect(config, &bus, Clock::system()).await?)
}
