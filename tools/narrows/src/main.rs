//! The `narrows` command: every process of a Narrows server, and everything an operator does to it.
//!
//! To add a command: a file in `commands/` with its clap arguments and a `run`, and a variant of [`Command`].

// The routes are one nested type; the compiler counts its depth.
#![recursion_limit = "256"]
/// A line for the operator, from a function that returns a `Result`.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($text)*)?;
    }};
}

mod commands;
mod loadtest;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use narrows_runtime::Config;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Team chat for organisations that host themselves.
///
/// Settings come from the file named by --config, overlaid by NARROWS_* variables of the environment; each setting and
/// its variable is described in docs/configuration.md. A first server, once PostgreSQL, RabbitMQ, Redis and memcached
/// are there:
///
///   narrows migrate
///   narrows realm create --subdomain "" --name "Acme" --owner-email ada@acme.example --owner-name "Ada"
///   narrows serve
#[derive(Parser)]
#[command(name = "narrows", version, verbatim_doc_comment)]
struct Cli {
    /// File with settings (TOML).
    #[arg(long, env = "NARROWS_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the app server: pages and the REST API.
    Server,
    /// Run the push server: event queues, by long poll and websocket.
    Push,
    /// Run background jobs.
    Worker(commands::processes::WorkerArgs),
    /// Run app server, push and worker in one process on one port, for small hosts.
    Serve,
    /// Bring the database to the newest schema. Safe to repeat.
    Migrate,
    /// Make and list organizations.
    #[command(subcommand)]
    Realm(commands::realm::RealmCommand),
    /// Make and list users, their roles and API keys.
    #[command(subcommand)]
    User(commands::user::UserCommand),
    /// Fill an empty server with two organizations and a team's conversations, to look around.
    #[command(subcommand)]
    Demo(commands::demo::DemoCommand),
    /// Look at events and jobs that wait for RabbitMQ.
    #[command(subcommand)]
    Outbox(commands::outbox::OutboxCommand),
    /// Look after background jobs that failed for good.
    #[command(subcommand)]
    Jobs(commands::jobs::JobsCommand),
    /// Load a server through its API and measure it; works with any Zulip-compatible server.
    Loadtest(loadtest::Options),
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // `narrows user list | head`: enough was read.
        Err(error) if is_unread(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("narrows: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Nobody reads the output any more.
fn is_unread(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

fn run(cli: Cli) -> anyhow::Result<()> {
    // A server somewhere else is loaded without settings of one's own.
    if let Command::Loadtest(options) = cli.command {
        return loadtest::run(options, cli.config.as_deref());
    }
    let config = Arc::new(Config::load(cli.config.as_deref())?);
    use commands::{demo, jobs, outbox, processes, realm, user};
    actix_runtime(async move {
        match cli.command {
            Command::Server => processes::server(config).await,
            Command::Push => processes::push(config).await,
            Command::Worker(args) => processes::worker(config, args).await,
            Command::Serve => processes::serve(config).await,
            Command::Migrate => commands::migrate::run(&config).await,
            Command::Realm(command) => realm::run(config, command).await,
            Command::User(command) => user::run(config, command).await,
            Command::Demo(command) => demo::run(config, command).await,
            Command::Outbox(command) => outbox::run(config, command).await,
            Command::Jobs(command) => jobs::run(config, command).await,
            Command::Loadtest(_) => Ok(()),
        }
    })
}

/// A Tokio runtime on half of the processors: HTTP workers bring threads of their own, one for each processor, and tasks
/// that could run on one thread wake each other across two.
fn actix_runtime<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads((processors / 2).max(1))
        .enable_all()
        .build()?
        .block_on(future)
}
