//! The syntax of links to streams, topics and messages, and their addresses.

use crate::mention::may_begin;
use crate::resolve::{ResolvedStream, Wanted};

/// A link as it stands in a text.
pub(crate) struct StreamLink<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) stream: &'t str,
    /// What follows the `>`.
    pub(crate) topic: Option<&'t str>,
}

/// All of `#**stream**` and `#**stream>topic**`.
pub(crate) fn links(text: &str) -> impl Iterator<Item = StreamLink<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'#', text.as_bytes().get(at..)?)?;
            at = start + 1;
            let Some(body) = text.get(at..)?.strip_prefix("**") else {
                continue;
            };
            at += 2;
            let Some(length) = body.find('*').filter(|length| *length > 0) else {
                continue;
            };
            let closes = body
                .get(length..)
                .is_some_and(|rest| rest.starts_with("**"));
            if !closes || !may_begin(text, start) {
                continue;
            }
            let name = body.get(..length)?;
            at += length + 2;
            let (stream, topic) = match name.split_once('>') {
                Some((stream, topic)) if !stream.is_empty() => (stream, Some(topic)),
                _ => (name, None),
            };
            return Some(StreamLink {
                start,
                end: at,
                stream,
                topic,
            });
        }
    })
}

/// Adds the names of streams in `text`.
pub(crate) fn collect(text: &str, wanted: &mut Wanted) {
    for link in links(text) {
        wanted.streams.insert(link.stream.to_owned());
    }
}

/// `topic@12` → the topic and the message.
pub(crate) fn split_message(topic: &str) -> (&str, Option<&str>) {
    match topic.rsplit_once('@') {
        Some((topic, id)) if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) => {
            (topic, Some(id))
        }
        _ => (topic, None),
    }
}

/// Where clients show a stream.
pub(crate) fn stream_url(stream: &ResolvedStream) -> String {
    let name = stream.name.replace(' ', "-");
    format!("/#narrow/stream/{}-{}", stream.id, encode(&name))
}

/// Where clients show a topic, or a message in it.
pub(crate) fn topic_url(stream: &ResolvedStream, topic: &str, message: Option<&str>) -> String {
    let mut url = format!("{}/topic/{}", stream_url(stream), encode(topic));
    if let Some(message) = message {
        url.push_str("/near/");
        url.push_str(message);
    }
    url
}

/// Percent encoding with dots for percent signs, as the part of an address after `#narrow` has it.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!(".{byte:02X}")),
        }
    }
    out
}
