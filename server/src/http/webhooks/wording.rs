//! What messages of several services have in common.

use super::Fault;
use super::payload::Payload;

/// So many commits are listed.
const MOST_COMMITS: usize = 20;
/// Characters by which people know a commit.
const SHORT_ID: usize = 7;

/// A commit.
pub(super) struct Commit {
    /// Its hash.
    pub(super) id: String,
    /// Where it can be seen.
    pub(super) url: String,
    /// All of what its author says.
    pub(super) message: String,
}

/// The commits that a git host says were pushed.
pub(super) fn commits_of(sent: Payload<'_>) -> Result<Vec<Commit>, Fault> {
    let commit = |sent: Payload<'_>| {
        Ok(Commit {
            id: sent.text("/id")?,
            url: sent.text("/url")?,
            message: sent.text("/message")?,
        })
    };
    sent.list("/commits").map(commit).collect()
}

/// A sentence on a push, and its commits below it.
pub(super) fn pushed(sentence: &str, all: &[Commit]) -> String {
    let list = commits(all);
    let gap = if list.is_empty() { "" } else { "\n" };
    format!("{sentence}{gap}{list}")
}

/// Commits, one line each.
fn commits(all: &[Commit]) -> String {
    let mut text = String::new();
    for commit in all.iter().take(MOST_COMMITS) {
        let subject = commit.message.lines().next().unwrap_or_default();
        let line = format!("\n* {subject} ([{}]({}))", short(&commit.id), commit.url);
        text.push_str(&line);
    }
    match all.len().saturating_sub(MOST_COMMITS) {
        0 => text,
        more => format!("{text}\n* and {}", counted(more, "more commit")),
    }
}

/// The beginning of a hash.
pub(super) fn short(id: &str) -> &str {
    id.get(..SHORT_ID).unwrap_or(id)
}

/// `1 commit`, `2 commits`.
pub(super) fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// The branch or tag of a git reference.
pub(super) fn ref_name(reference: &str) -> &str {
    reference
        .strip_prefix("refs/heads/")
        .or_else(|| reference.strip_prefix("refs/tags/"))
        .unwrap_or(reference)
}

/// Whether a hash stands for nothing, as that before a branch was made.
pub(super) fn is_nothing(id: &str) -> bool {
    id.bytes().all(|byte| byte == b'0')
}

/// What somebody wrote, as a quotation below a line; nothing, if they wrote nothing.
pub(super) fn quoted(text: Option<String>) -> String {
    text.map_or_else(String::new, |text| format!(":{}", fenced("quote", &text)))
}

/// A block that nothing in the text ends.
pub(super) fn fenced(kind: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    let text = text.trim_end();
    format!(
        "\n\n{fence}{}{kind}\n{text}\n{fence}",
        if kind == "quote" { " " } else { "" }
    )
}

/// The end of a sentence that may be followed by a quotation.
pub(super) fn ended(sentence: String, quotation: Option<String>) -> String {
    match quotation {
        None => format!("{sentence}."),
        some => format!("{sentence}{}", quoted(some)),
    }
}
