//! Listing the topics of a stream.

use anyhow::Context;
use clap::Args;
use serde_json::Value;

use super::{
    Extent,
    client::{Call, Connection},
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest topics`.
#[derive(Debug, Args)]
#[command(
    long_about = "List the topics of a stream: GET /users/me/{stream_id}/topics.

Each connection asks as a user of its own. `body_bytes` is the size of the last answer."
)]
pub struct Options {
    /// Name of the stream
    #[arg(long)]
    stream: String,
    #[command(flatten)]
    volume: Volume,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let id = stream_id(site, &options.stream).await?;
    let call = Call::get(&format!("/users/me/{id}/topics"), [("", ""); 0])?;
    pool::repeat(site, options.volume, extent, &call).await
}

async fn stream_id(site: &Site, name: &str) -> anyhow::Result<i64> {
    let call = Call::get("/get_stream_id", [("stream", name)])?;
    let answer = Connection::new(site).call(site.user(0)?, call).await?;
    let answer: Value = serde_json::from_slice(&answer)?;
    let id = answer.get("stream_id").and_then(Value::as_i64);
    id.context("the stream has no id")
}
