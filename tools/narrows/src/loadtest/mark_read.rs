//! Marking everything as read.

use anyhow::ensure;
use clap::Args;

use super::{
    Extent,
    client::Call,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest mark-read`.
#[derive(Debug, Args)]
#[command(
    long_about = "Mark all messages as read: POST /mark_all_as_read, as one user after the other.

What is read stays read: a second run finds nothing to do. `narrows loadtest prepare --unread N` makes users who have not
read the newest N messages of each load stream. The last user is the one to warm up with."
)]
pub struct Options {
    #[command(flatten)]
    volume: Volume,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let call = Call::post("/mark_all_as_read", [("", ""); 0])?;
    let last = site.users().saturating_sub(1);
    let is_warm_up = matches!(extent, Extent::WarmUp);
    ensure!(
        is_warm_up || options.volume.count <= last as u64,
        "there are {last} users to mark messages as read for: ask for a --count of at most that"
    );
    let user = |number: u64| if is_warm_up { last } else { number as usize };
    let plan = |_, number| Ok((user(number), call.clone()));
    let tally = pool::run(site, options.volume, extent, plan, |_, _| {}).await?;
    Ok(tally.figures())
}
