//! Links to streams, topics and messages.

use super::stash::Piece;
use super::{Inline, Rewriter};
use crate::stream::{self, StreamLink};

/// `#**stream>topic**` and `#**stream>topic@id**`
pub(super) fn topics(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for link in stream::links(text) {
        if let Some(piece) = topic(inline, &link) {
            out.piece(&mut inline.stash, link.start, link.end, piece);
        }
    }
    out.finish()
}

fn topic(inline: &mut Inline, link: &StreamLink) -> Option<Piece> {
    let stream = inline.index.stream(link.stream)?;
    let (topic, message) = stream::split_message(link.topic?);
    let href = stream::topic_url(stream, topic, message);
    let piece = inline.stash.element(|html| {
        let a = html.open("a");
        let a = match message {
            Some(_) => a.class("message-link"),
            None => (a.class("stream-topic")).attribute("data-stream-id", &stream.id.to_string()),
        };
        a.attribute("href", &href).with(|html| {
            ["#", &stream.name, " > "]
                .iter()
                .for_each(|text| html.text(text));
            match topic {
                "" => html.open("em").text("general chat"),
                topic => html.text(topic),
            }
            if message.is_some() {
                html.text(" @ 💬");
            }
        });
    });
    Some(inline.stash.leading_to(&href, piece))
}

/// `#**stream**`
pub(super) fn streams(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for link in stream::links(text).filter(|link| link.topic.is_none()) {
        let Some(stream) = inline.index.stream(link.stream) else {
            continue;
        };
        let href = stream::stream_url(stream);
        let piece = inline.stash.element(|html| {
            html.open("a")
                .class("stream")
                .attribute("data-stream-id", &stream.id.to_string())
                .attribute("href", &href)
                .with(|html| ["#", &stream.name].iter().for_each(|text| html.text(text)));
        });
        let piece = inline.stash.leading_to(&href, piece);
        out.piece(&mut inline.stash, link.start, link.end, piece);
    }
    out.finish()
}
