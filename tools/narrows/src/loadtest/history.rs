//! Reading the newest messages of a stream.

use clap::Args;
use serde_json::json;

use super::{
    Extent,
    client::Call,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest history`.
#[derive(Debug, Args)]
#[command(
    long_about = "Read the newest messages of a stream: GET /messages with anchor=newest.

Each connection reads as a user of its own. `body_bytes` is the size of the last answer."
)]
pub struct Options {
    /// Name of the stream
    #[arg(long)]
    stream: String,
    #[command(flatten)]
    volume: Volume,
    /// How many messages to read with each
    #[arg(long, default_value_t = 100)]
    num_before: u32,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let narrow = json!([{"operator": "stream", "operand": options.stream}]);
    let call = newest(&narrow, options.num_before)?;
    pool::repeat(site, options.volume, extent, &call).await
}

/// The request for the newest messages of a narrow.
pub fn newest(narrow: &serde_json::Value, num_before: u32) -> anyhow::Result<Call> {
    Call::get(
        "/messages",
        [
            ("anchor", "newest"),
            ("num_before", &num_before.to_string()),
            ("num_after", "0"),
            ("narrow", &narrow.to_string()),
        ],
    )
}
