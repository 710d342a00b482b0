//! Whatever can post to Slack's incoming webhooks.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::payload::{Payload, object};
use super::{Fault, Integration, Told};
use crate::extract::Delivery;
use narrows_actions::Error;

/// What looks like Slack to other services.
pub(super) const SLACK_INCOMING: Integration = Integration {
    path: "slack_incoming",
    name: "SlackIncoming",
    read,
};

fn read(delivery: &Delivery) -> Result<Told, Fault> {
    let sent = object(delivery)?;
    let sent = Payload(&sent);
    let mut pieces: Vec<String> = sent.list("/blocks").filter_map(block).collect();
    // A text beside blocks is what a notification shows instead of them.
    if pieces.is_empty() {
        pieces.extend(text(sent, "/text"));
    }
    pieces.extend(sent.list("/attachments").filter_map(attachment));
    if pieces.is_empty() {
        return Err(Error::bad_request("Missing 'text' argument").into());
    }
    let channel = text(sent, "/channel");
    let channel = channel.map(|name| name.trim_start_matches('#').to_owned());
    Ok(Told {
        stream: channel.filter(|name| !name.is_empty() && !name.starts_with('@')),
        ..Told::plain("(no topic)", pieces.join("\n\n"))
    })
}

/// The text at a path, as Markdown; what mentions somebody is meant to.
fn text(sent: Payload<'_>, path: &str) -> Option<String> {
    let text = sent.0.pointer(path)?.as_str()?;
    Some(markdown(text)).filter(|text| !text.is_empty())
}

fn block(block: Payload<'_>) -> Option<String> {
    match block.maybe_text("/type")?.as_str() {
        "header" => Some(format!("## {}", text(block, "/text/text")?)),
        "section" => {
            let fields = block
                .list("/fields")
                .filter_map(|field| text(field, "/text"));
            let fields = fields.map(|field| format!("* {}", field.replace('\n', " ")));
            let all: Vec<String> = text(block, "/text/text")
                .into_iter()
                .chain(fields)
                .collect();
            Some(all.join("\n")).filter(|all| !all.is_empty())
        }
        "context" => {
            let all: Vec<String> = block
                .list("/elements")
                .filter_map(|part| text(part, "/text"))
                .collect();
            Some(all.join(" ")).filter(|all| !all.is_empty())
        }
        "divider" => Some("----".to_owned()),
        "image" => {
            let name = text(block, "/alt_text").unwrap_or_else(|| "image".to_owned());
            Some(format!("[{name}]({})", block.maybe_text("/image_url")?))
        }
        _ => None,
    }
}

fn attachment(attachment: Payload<'_>) -> Option<String> {
    let mut lines = Vec::new();
    lines.extend(text(attachment, "/pretext"));
    if let Some(title) = text(attachment, "/title") {
        lines.push(match attachment.maybe_text("/title_link") {
            Some(url) => format!("## [{title}]({url})"),
            None => format!("## {title}"),
        });
    }
    lines.extend(text(attachment, "/text"));
    lines.extend(attachment.list("/blocks").filter_map(block));
    for field in attachment.list("/fields") {
        let value = text(field, "/value").unwrap_or_default();
        lines.push(match text(field, "/title") {
            Some(title) => format!("* **{title}**: {value}"),
            None => format!("* {value}"),
        });
    }
    if lines.is_empty() {
        lines.extend(text(attachment, "/fallback"));
    }
    lines.extend(
        attachment
            .maybe_text("/image_url")
            .map(|url| format!("[image]({url})")),
    );
    lines.extend(text(attachment, "/footer"));
    Some(lines.join("\n")).filter(|all| !all.is_empty())
}

/// What Slack's own marks are in Markdown.
fn markdown(text: &str) -> String {
    #[expect(
        clippy::expect_used,
        reason = "the patterns are fixed, and a test runs them"
    )]
    static MARKS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
        [
            r"<(?P<target>[^<>|\s][^<>|]*)(?:\|(?P<name>[^<>]*))?>",
            r"(?m)(?P<before>^|[\s(])\*(?P<text>[^*\s](?:[^*\n]*[^*\s])?)\*(?P<after>$|[\s).,:;!?])",
            r"(?m)(?P<before>^|[\s(])~(?P<text>[^~\s](?:[^~\n]*[^~\s])?)~(?P<after>$|[\s).,:;!?])",
        ]
        .map(|pattern| Regex::new(pattern).expect("a pattern"))
    });
    let [links, bold, struck] = &*MARKS;
    let text = links.replace_all(text, |found: &Captures<'_>| link(found));
    let text = bold.replace_all(&text, "$before**$text**$after");
    let text = struck.replace_all(&text, "$before~~$text~~$after");
    // Slack escapes these three and nothing else.
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

fn link(found: &Captures<'_>) -> String {
    let target = found.name("target").map_or("", |target| target.as_str());
    let name = found
        .name("name")
        .map(|name| name.as_str())
        .filter(|name| !name.is_empty());
    match (target.chars().next(), target) {
        (_, "!channel" | "!everyone" | "!here") => "@**all**".to_owned(),
        (Some('#'), _) => format!("#**{}**", name.unwrap_or(target.trim_start_matches('#'))),
        (Some('@' | '!'), _) => name.unwrap_or(target).to_owned(),
        _ => match name {
            Some(name) => format!("[{name}]({target})"),
            None => target.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_slack_become_markdown() {
        for (slack, expected) in [
            ("*bold* and _italic_", "**bold** and _italic_"),
            ("2*3*4", "2*3*4"),
            ("~gone~, *here*.", "~~gone~~, **here**."),
            (
                "<https://example.com/a_b|the docs>",
                "[the docs](https://example.com/a_b)",
            ),
            ("see <https://example.com>", "see https://example.com"),
            ("<!channel> look", "@**all** look"),
            ("<@U123|hamlet> in <#C1|general>", "hamlet in #**general**"),
            ("a &lt; b &amp;&amp; c", "a < b && c"),
            ("`*code*`", "`*code*`"),
        ] {
            assert_eq!(markdown(slack), expected, "{slack}");
        }
    }
}
