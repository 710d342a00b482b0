//! Links to streams, topics and messages.

use super::{Inline, Rewriter};
use crate::node::Element;
use crate::stream::{self, StreamLink};

/// `#**stream>topic**` and `#**stream>topic@id**`
pub(super) fn topics(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for link in stream::links(text) {
        if let Some(element) = topic(inline, &link) {
            out.node(&mut inline.stash, link.start, link.end, element);
        }
    }
    out.finish()
}

fn topic(inline: &Inline, link: &StreamLink) -> Option<Element> {
    let stream = inline.index.stream(link.stream)?;
    let (topic, message) = stream::split_message(link.topic?);
    let a = Element::new("a");
    let a = match message {
        Some(_) => a.class("message-link"),
        None => a
            .class("stream-topic")
            .attribute("data-stream-id", stream.id.to_string()),
    };
    let a = a.attribute("href", stream::topic_url(stream, topic, message));
    let suffix = if message.is_some() { " @ 💬" } else { "" };
    Some(match topic {
        "" => {
            let a = a.text(format!("#{} > ", stream.name));
            let a = a.child(Element::new("em").text("general chat"));
            if suffix.is_empty() { a } else { a.text(suffix) }
        }
        topic => a.text(format!("#{} > {topic}{suffix}", stream.name)),
    })
}

/// `#**stream**`
pub(super) fn streams(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for link in stream::links(text).filter(|link| link.topic.is_none()) {
        let Some(stream) = inline.index.stream(link.stream) else {
            continue;
        };
        let element = Element::new("a")
            .class("stream")
            .attribute("data-stream-id", stream.id.to_string())
            .attribute("href", stream::stream_url(stream))
            .text(format!("#{}", stream.name));
        out.node(&mut inline.stash, link.start, link.end, element);
    }
    out.finish()
}
