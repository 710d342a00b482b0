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
    #[command(flatten)]
    volume: Volume,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let path = format!("/{}", options.path.trim_start_matches('/'));
    let call = Call::get(&path, [("", ""); 0])?;
    pool::repeat(site, options.volume, extent, &call).await
}
