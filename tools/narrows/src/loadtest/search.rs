//! Searching for words.

use clap::Args;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{
    Extent, history,
    pool::{self, Volume},
    report::Figures,
    site::Site,
};

/// Options of `narrows loadtest search`.
#[derive(Debug, Args)]
#[command(long_about = "Search for words: GET /messages with a `search` narrow.

The words take turns. `mean_hits` is the mean number of messages in the answers.")]
pub struct Options {
    /// Words to search for, separated by commas
    #[arg(long, value_delimiter = ',', required = true)]
    words: Vec<String>,
    /// Search in this stream only
    #[arg(long)]
    stream: Option<String>,
    #[command(flatten)]
    volume: Volume,
    /// How many hits to ask for
    #[arg(long, default_value_t = 50)]
    num_before: u32,
}

#[derive(Deserialize)]
struct Hits {
    messages: Vec<IgnoredAny>,
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let calls = options
        .words
        .iter()
        .map(|word| {
            let stream = options.stream.iter();
            let narrow: Vec<_> = stream
                .map(|name| json!({"operator": "stream", "operand": name}))
                .chain([json!({"operator": "search", "operand": word})])
                .collect();
            history::newest(&narrow.into(), options.num_before)
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut hits = Vec::new();
    let tally = pool::run(
        site,
        options.volume,
        extent,
        |connection, number| {
            let call = calls.iter().cycle().nth(number as usize % calls.len());
            let call = call.ok_or_else(|| anyhow::anyhow!("no words to search for"))?;
            Ok((connection, call.clone()))
        },
        |_, body| {
            if let Ok(answer) = serde_json::from_slice::<Hits>(body) {
                hits.push(answer.messages.len());
            }
        },
    )
    .await?;
    let mut figures = tally.figures();
    if !hits.is_empty() {
        let all: usize = hits.iter().sum();
        figures.add("mean_hits", all as f64 / hits.len() as f64);
    }
    Ok(figures)
}
