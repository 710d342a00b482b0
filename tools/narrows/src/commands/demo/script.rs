//! What was said, as text that is easy to write:
//!
//! ```text
//! # engineering > tile cache eviction @ 12d 9:40
//! dev: The cache …
//!   a further line of the same message
//!   +thumbs_up tomas marta
//!   *star ines
//! # dm ines tomas @ 2d 18:05
//! ```
//!
//! `@ 12d 9:40` is when the thread begins: so many days ago, at that time of day (UTC). Every message comes some minutes
//! after the one before.

use anyhow::{Context as _, bail};

/// A conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    pub place: Place,
    /// When its first message was sent.
    pub days_ago: i64,
    /// Minutes after midnight.
    pub minute: i64,
    pub messages: Vec<Message>,
}

/// Where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Topic { stream: String, topic: String },
    Direct(Vec<String>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub sender: String,
    pub text: String,
    /// Emoji and who reacted with it.
    pub reactions: Vec<(String, Vec<String>)>,
    pub starred_by: Vec<String>,
}

/// Minutes between messages of a thread, over and over.
const PAUSES: [i64; 7] = [2, 1, 4, 3, 1, 7, 2];

impl Thread {
    /// Minutes from the beginning of the thread to its message of this index.
    pub fn offset(&self, index: usize) -> i64 {
        PAUSES.iter().cycle().take(index).sum()
    }
}

/// Reads a script.
pub fn parse(text: &str) -> anyhow::Result<Vec<Thread>> {
    let mut threads: Vec<Thread> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        read(line, &mut threads).with_context(|| format!("line {}: {line}", number + 1))?;
    }
    Ok(threads)
}

fn read(line: &str, threads: &mut Vec<Thread>) -> anyhow::Result<()> {
    if let Some(heading) = line.strip_prefix("# ") {
        threads.push(thread(heading)?);
        return Ok(());
    }
    let messages = &mut threads
        .last_mut()
        .context("a message before any thread")?
        .messages;
    let Some(more) = line.strip_prefix("  ") else {
        let (sender, text) = line.split_once(": ").context("no sender")?;
        messages.push(Message {
            sender: sender.to_owned(),
            text: text.to_owned(),
            ..Message::default()
        });
        return Ok(());
    };
    let message = messages.last_mut().context("no message to add to")?;
    let mut words = more.split(' ').map(str::to_owned);
    match more.as_bytes().first() {
        Some(b'+') => {
            let emoji = words.next().unwrap_or_default().replacen('+', "", 1);
            message.reactions.push((emoji, words.collect()));
        }
        _ if more.starts_with("*star ") => message.starred_by.extend(words.skip(1)),
        _ => {
            message.text.push('\n');
            message.text.push_str(more);
        }
    }
    Ok(())
}

fn thread(heading: &str) -> anyhow::Result<Thread> {
    let (place, when) = heading.rsplit_once(" @ ").context("no time")?;
    let (days, clock) = when.split_once("d ").context("no days")?;
    let (hour, minute) = clock.split_once(':').context("no time of day")?;
    let place = match place.strip_prefix("dm ") {
        Some(people) => Place::Direct(people.split(' ').map(str::to_owned).collect()),
        None => {
            let Some((stream, topic)) = place.split_once(" > ") else {
                bail!("neither stream and topic nor people");
            };
            Place::Topic {
                stream: stream.to_owned(),
                topic: topic.to_owned(),
            }
        }
    };
    let minute = hour.parse::<i64>()? * 60 + minute.parse::<i64>()?;
    Ok(Thread {
        place,
        days_ago: days.parse()?,
        minute,
        messages: vec![],
    })
}
