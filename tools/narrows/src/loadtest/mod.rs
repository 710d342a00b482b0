//! `narrows loadtest`: a load client for any server that speaks Zulip's API.
//!
//! Every load speaks the public API only, so that Narrows and other servers are measured by the same tool. A load is
//! a file that turns its options into requests; [`pool`] sends them over keep-alive connections, [`tally`] counts,
//! [`report`] prints. All runs in one thread: a client that takes both cores from the server would measure itself.
//!
//! To add a load: a file with an `Options` struct and an async `run`, a variant in [`Load`], a line in [`measure`].

use std::{path::Path, time::Duration};

use anyhow::Context;
use clap::{Args, Subcommand};

use self::{site::Site, target::Target};

mod client;
mod credentials;
mod delivery;
mod events;
mod get;
mod history;
mod idle_queues;
mod mark_read;
mod memory;
mod pool;
mod prepare;
mod register;
mod report;
mod search;
mod send;
mod site;
mod tally;
mod target;
mod topics;

#[cfg(test)]
mod tests;

/// Options of `narrows loadtest`.
#[derive(Debug, Args)]
#[command(
    long_about = "Load a server through the public API and print what it did: requests per second, percentiles, errors.

Works against any server that speaks Zulip's API. The users must exist and be subscribed to the streams named;
on Narrows, `narrows loadtest prepare` makes them.",
    after_long_help = "The credentials file is a JSON list of {\"email\": …, \"api_key\": …, \"user_id\": …}; user_id may be missing.

A load runs --runs times after a short warm-up. Each run ends after --count requests or --max-seconds, whichever is
first. The table shows each run and the median of the runs; with --json there is one line per run and one of medians,
named as in the table. Times are in milliseconds, from the first byte written to the last byte read; percentiles are
of all requests that were answered with 200. All else is an error: counted, the first one shown, exit status 1.

Rate limits of the server count as errors too: switch them off on the server, or spread the load over more users.

Example:
  narrows loadtest send --site http://localhost:9991 --creds creds.json --stream load-10 --connections 8 --count 20000"
)]
pub struct Options {
    #[command(subcommand)]
    load: Load,
}

/// What to do to the server.
#[derive(Debug, Subcommand)]
enum Load {
    /// Make a realm to measure on, with many users and a long history
    Prepare(prepare::Options),
    /// Send messages to a stream
    Send(With<send::Options>),
    /// Read the newest messages of a stream
    History(With<history::Options>),
    /// List the topics of a stream
    Topics(With<topics::Options>),
    /// Mark everything as read
    MarkRead(With<mark_read::Options>),
    /// Search for words in messages
    Search(With<search::Options>),
    /// Register event queues, fetching the whole state
    Register(With<register::Options>),
    /// Time from a send to its arrival at many listeners
    Delivery(With<delivery::Options>),
    /// Open many event queues and hold them idle
    IdleQueues(With<idle_queues::Options>),
    /// Read any path of the API
    Get(With<get::Options>),
}

/// The options of a load, with those that all loads share.
#[derive(Debug, Args)]
struct With<L: Args> {
    #[command(flatten)]
    load: L,
    #[command(flatten)]
    target: Target,
}

/// Run the load that was asked for. `config` names the settings of the Narrows whose database `prepare` fills.
pub fn run(options: Options, config: Option<&Path>) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("starting the runtime")?;
    let done = runtime.block_on(measure(options.load, config));
    // What still hangs is a connection that nobody waits for.
    runtime.shutdown_timeout(Duration::from_millis(100));
    done
}

async fn measure(load: Load, config: Option<&Path>) -> anyhow::Result<()> {
    match load {
        Load::Prepare(options) => prepare::run(&options, config).await,
        Load::Send(with) => repeat("send", &with, send::run).await,
        Load::History(with) => repeat("history", &with, history::run).await,
        Load::Topics(with) => repeat("topics", &with, topics::run).await,
        Load::MarkRead(with) => repeat("mark-read", &with, mark_read::run).await,
        Load::Search(with) => repeat("search", &with, search::run).await,
        Load::Register(with) => repeat("register", &with, register::run).await,
        Load::Delivery(with) => repeat("delivery", &with, delivery::run).await,
        Load::IdleQueues(with) => {
            let site = with.target.site()?;
            report::print_once(&with.target, idle_queues::run(&site, &with.load).await?)
        }
        Load::Get(with) => repeat("get", &with, get::run).await,
    }
}

/// Warm up, run as often as asked, print.
async fn repeat<L: Args>(
    name: &str,
    with: &With<L>,
    run: impl AsyncFn(&Site, &L, Extent) -> anyhow::Result<report::Figures>,
) -> anyhow::Result<()> {
    let site = with.target.site()?;
    let limit = with.target.limit();
    if !with.target.no_warm_up {
        run(&site, &with.load, Extent::WarmUp).await?;
    }
    let mut report = report::Report::new(name, with.target.json);
    for _ in 0..with.target.runs {
        report.add(run(&site, &with.load, Extent::Full(limit)).await?)?;
    }
    report.finish()
}

/// How many connections an option may ask for.
fn connections() -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(1..=4096)
}

/// How much of a load to run.
#[derive(Clone, Copy, Debug)]
enum Extent {
    /// A few requests, so that connections, caches and plans exist.
    WarmUp,
    /// All of it, for at most this long.
    Full(Duration),
}

impl Extent {
    /// How many of the requests asked for to make.
    fn count(self, asked: u64, warm_up: u64) -> u64 {
        match self {
            Self::WarmUp => asked.min(warm_up),
            Self::Full(_) => asked,
        }
    }

    /// How long it may take.
    fn limit(self) -> Duration {
        match self {
            Self::WarmUp => Duration::from_secs(30),
            Self::Full(limit) => limit,
        }
    }
}
