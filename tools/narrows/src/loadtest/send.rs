//! Sending messages.

use clap::Args;

use super::{
    Extent,
    client::Call,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest send`.
#[derive(Debug, Args)]
#[command(long_about = "Send messages to a stream: POST /messages.

The first --connections users of the credentials file send at the same time, each the next message as soon as the
last one is acknowledged. They must be allowed to send to the stream.")]
pub struct Options {
    /// Name of the stream
    #[arg(long)]
    stream: String,
    /// Topic of the messages
    #[arg(long, default_value = "bench")]
    topic: String,
    #[command(flatten)]
    volume: Volume,
    /// Name the stream as a JSON string, as servers older than level 1 want it
    #[arg(long)]
    json_to: bool,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let to = match options.json_to {
        true => serde_json::to_string(&options.stream)?,
        false => options.stream.clone(),
    };
    let plan = |connection: usize, number| {
        Ok((connection, message(&to, &options.topic, &content(number))?))
    };
    let tally = pool::run(site, options.volume, extent, plan, |_, _| ()).await?;
    Ok(tally.figures())
}

/// The request that sends a message to a stream.
pub fn message(to: &str, topic: &str, content: &str) -> anyhow::Result<Call> {
    Call::post(
        "/messages",
        [
            ("type", "stream"),
            ("to", to),
            ("topic", topic),
            ("content", content),
        ],
    )
}

/// A short message with a little of each: emphasis, code, an emoji.
fn content(number: u64) -> String {
    format!("Message {number}: the build is **green** again, see `deploy.log` :tada: and go on")
}
