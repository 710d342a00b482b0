//! Reading any path.

use clap::Args;

use super::{
    Extent,
    client::Call,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest get`.
#[derive(Debug, Args)]
pub struct Options {
    /// Path below /api/v1, with its query: /users/me
    #[arg(long)]
    path: String,
    /// How many read at the same time
    #[arg(long, default_value_t = 1, value_parser = super::connections())]
    connections: u32,
    /// How many requests to make in a run
    #[arg(long, default_value_t = 100)]
    count: u64,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let path = format!("/{}", options.path.trim_start_matches('/'));
    let call = Call::get(&path, [("", ""); 0])?;
    let volume = Volume {
        connections: options.connections as usize,
        count: extent.count(options.count, 10),
        extent,
    };
    let mut size = 0;
    let tally = pool::run(
        site,
        volume,
        |connection, _| Ok((connection, call.clone())),
        |_, body| size = body.len(),
    )
    .await?;
    let mut figures = tally.figures();
    figures.add("body_bytes", size as f64);
    Ok(figures)
}
