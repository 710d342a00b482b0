//! Options that all loads share.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::{credentials, site::Site};

/// Whom to load, as whom, how often, how to print.
#[derive(Debug, Args)]
#[command(next_help_heading = "Target and output")]
pub struct Target {
    /// Base URL of the server, without /api
    #[arg(long, value_name = "URL", env = "NARROWS_LOADTEST_SITE")]
    site: url::Url,
    /// JSON list of {"email", "api_key", "user_id"}
    #[arg(long, value_name = "FILE", env = "NARROWS_LOADTEST_CREDS")]
    creds: PathBuf,
    /// How many times to run the load
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub runs: u32,
    /// End a run after this many seconds
    #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    max_seconds: u64,
    /// Print JSON lines, not a table
    #[arg(long)]
    pub json: bool,
    /// Measure from the first request on
    #[arg(long)]
    pub no_warm_up: bool,
}

impl Target {
    /// The server, with its users.
    pub fn site(&self) -> anyhow::Result<Site> {
        Site::new(&self.site, credentials::read(&self.creds)?)
    }

    /// The longest that a run may take.
    pub fn limit(&self) -> Duration {
        Duration::from_secs(self.max_seconds)
    }
}
