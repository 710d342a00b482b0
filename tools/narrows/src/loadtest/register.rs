//! Registering event queues with the whole state.

use clap::Args;
use serde_json::json;

use super::{
    Extent,
    client::Call,
    events::Queue,
    idle_queues,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Users who register take turns; more would fill the server with queues of no use.
const USERS: usize = 50;

/// Options of `narrows loadtest register`.
#[derive(Debug, Args)]
#[command(
    long_about = "Register event queues: POST /register for all event types, with the state that a client starts from.

`body_bytes` is the size of the last answer. The queues are deleted after each run."
)]
pub struct Options {
    /// With the list of subscribers of every stream
    #[arg(long)]
    full: bool,
    #[command(flatten)]
    volume: Volume,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let call = everything(options.full)?;
    let users = site.users().min(USERS);
    let mut size = 0;
    let mut queues = Vec::new();
    let tally = pool::run(
        site,
        options.volume,
        extent,
        |_, number| Ok((number as usize % users, call.clone())),
        |user, body| {
            size = body.len();
            queues.extend(Queue::parse(body).map(|queue| (user, queue)));
        },
    )
    .await?;
    idle_queues::delete(site, &queues, 1).await?;
    let mut figures = tally.figures();
    figures.add("body_bytes", size as f64);
    Ok(figures)
}

/// What a modern client asks for.
fn everything(include_subscribers: bool) -> anyhow::Result<Call> {
    let capabilities = json!({
        "notification_settings_null": true,
        "bulk_message_deletion": true,
        "user_avatar_url_field_optional": true,
        "stream_typing_notifications": true,
        "user_settings_object": true,
        "linkifier_url_template": true,
        "user_list_incomplete": true,
    });
    Call::post(
        "/register",
        [
            ("apply_markdown", "true"),
            ("client_gravatar", "true"),
            ("slim_presence", "true"),
            ("include_subscribers", &include_subscribers.to_string()),
            ("client_capabilities", &capabilities.to_string()),
        ],
    )
}
