//! Making a realm to measure on.

use std::{
    fs, io::Write, os::unix::fs::OpenOptionsExt, path::Path, path::PathBuf, sync::Arc,
    time::Instant,
};

use anyhow::Context;
use clap::Args;
use narrows_actions::{
    load_world::{self, Made, Plan, PlannedStream},
    realms::{self, NewOrganization},
    users::NewPerson,
};
use narrows_runtime::Config;
use narrows_wire::Role;
use serde_json::{Value, json};

use crate::commands;

/// Sizes of the streams that sends are measured on, as far as there are users.
const SIZES: [usize; 4] = [10, 1_000, 5_000, 10_000];

/// Options of `narrows loadtest prepare`.
#[derive(Debug, Args)]
#[command(
    long_about = "Make a realm to measure on, in the database of this Narrows, and write the credentials of its users.

The realm has streams load-10, load-1000, load-5000 and load-10000 with so many subscribers (those that --users allows),
which share the history, and --streams more, team-1, team-2 …, to which the first 1,000 users are subscribed. All users
are members, have the same password and have read all but the newest --unread messages. The realm is new; delete the
database afterwards.

  narrows loadtest prepare --users 10000 --out creds.json"
)]
pub struct Options {
    /// How many users to make
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    users: u32,
    /// How many streams to make beside the load streams
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(0..=1_000))]
    streams: u32,
    /// How many messages of history to make
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(0..=10_000_000))]
    messages: u32,
    /// How many topics each stream has
    #[arg(long, default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    topics: u32,
    /// How many of the newest messages nobody has read
    #[arg(long, default_value_t = 0)]
    unread: u32,
    /// Subdomain of the new realm; "" for the bare host
    #[arg(long, default_value = "load")]
    subdomain: String,
    /// Where to write the credentials
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Password of all users; made if not given, and then nobody knows it
    #[arg(long, env = "NARROWS_LOADTEST_PASSWORD", hide_env_values = true)]
    password: Option<String>,
}

/// Make the realm and write the file.
pub async fn run(options: &Options, config: Option<&Path>) -> anyhow::Result<()> {
    let began = Instant::now();
    let ctx = commands::connect(Arc::new(Config::load(config)?)).await?;
    let password = options.password.clone();
    let password = password.unwrap_or_else(narrows_actions::auth::random_token);
    let owner = realms::create(&ctx, organization(options, &password)).await?;
    let plan = Plan {
        users: options.users as usize,
        password,
        domain: "load.invalid".to_owned(),
        streams: streams(options),
        topics: options.topics,
        unread: options.unread,
    };
    let made = load_world::fill(&ctx, &owner.realm, &plan).await?;
    ctx.store.publisher().flush().await;
    write(&options.out, &made)?;
    say!("site: {}", realms::url(&ctx, &owner.realm));
    say!("credentials: {}", options.out.display());
    for stream in plan.streams.iter().filter(|stream| stream.messages > 0) {
        say!(
            "stream {}: {} subscribers, {} messages",
            stream.name,
            stream.subscribers,
            stream.messages
        );
    }
    say!("took: {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn organization<'a>(options: &'a Options, password: &str) -> NewOrganization<'a> {
    NewOrganization {
        subdomain: &options.subdomain,
        name: "Load test",
        description: "Made to be measured.",
        owner: NewPerson {
            email: "owner@load.invalid",
            full_name: "Load Owner",
            password: Some(password.to_owned()),
            role: Role::Owner,
        },
    }
}

/// The streams, the history in equal parts over those that sends are measured on.
fn streams(options: &Options) -> Vec<PlannedStream> {
    let users = options.users as usize;
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= users).collect();
    let share = options.messages / u32::try_from(sizes.len().max(1)).unwrap_or(1);
    let load = sizes.into_iter().map(|size| PlannedStream {
        name: format!("load-{size}"),
        subscribers: size,
        messages: share,
    });
    let team = (1..=options.streams).map(|number| PlannedStream {
        name: format!("team-{number}"),
        subscribers: users.min(1_000),
        messages: 0,
    });
    load.chain(team).collect()
}

/// The credentials file, for nobody else's eyes.
fn write(path: &Path, made: &[Made]) -> anyhow::Result<()> {
    let users: Vec<Value> = made
        .iter()
        .map(|user| json!({"email": user.email, "api_key": user.api_key, "user_id": user.user_id}))
        .collect();
    let mut options = fs::OpenOptions::new();
    let options = options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options
        .open(path)
        .with_context(|| format!("writing {}", path.display()))?;
    file.write_all(&serde_json::to_vec(&users)?)?;
    Ok(())
}
