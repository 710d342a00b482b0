//! Emoji: by name, as emoticons, as Unicode.

use memchr::memchr;

use super::stash::{Piece, Stash};
use super::{Inline, Rewriter};
use crate::emoji::{self, sequence};

/// Emoticons that are emoji for those who want it.
const EMOTICONS: &[(&str, &str)] = &[
    (":)", "smile"),
    ("(:", "smile"),
    (":(", "frown"),
    ("<3", "heart"),
    (":|", "neutral"),
    (":/", "confused"),
    (";)", "wink"),
    (":D", "grinning"),
];

/// `:name:`
pub(super) fn named(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| memchr(b':', rest))
    {
        let start = at + found;
        let body = text.get(start + 1..)?;
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+');
        let length = body.find(|c| !is_name(c)).unwrap_or(body.len());
        if length == 0 || body.as_bytes().get(length) != Some(&b':') {
            at = start + 1 + length;
            continue;
        }
        at = start + 1 + length + 1;
        if let Some(piece) = by_name(inline, body.get(..length).unwrap_or_default()) {
            out.piece(&mut inline.stash, start, at, piece);
        }
    }
    out.finish()
}

fn by_name(inline: &mut Inline, name: &str) -> Option<Piece> {
    if let Some(custom) = inline.options.custom_emoji.get(name) {
        return Some(image(&mut inline.stash, name, &custom.source_url));
    }
    if name == "zulip" {
        return Some(image(
            &mut inline.stash,
            name,
            "/static/generated/emoji/images/emoji/unicode/zulip.png",
        ));
    }
    emoji::lookup(name).map(|emoji| span(&mut inline.stash, name, emoji.code))
}

fn image(stash: &mut Stash, name: &str, source: &str) -> Piece {
    stash.element(|html| {
        html.open("img")
            .joined("alt", &[":", name, ":"])
            .class("emoji")
            .attribute("src", source)
            .attribute("title", &name.replace('_', " "))
            .end();
    })
}

fn span(stash: &mut Stash, name: &str, code: &str) -> Piece {
    let title = name.replace('_', " ");
    stash.element(|html| {
        html.open("span")
            .attribute("aria-label", &title)
            .joined("class", &["emoji emoji-", code])
            .attribute("role", "img")
            .attribute("title", &title)
            .with(|html| [":", name, ":"].iter().for_each(|text| html.text(text)));
    })
}

/// `:)` and its like, between spaces or punctuation.
pub(super) fn emoticons(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    if !inline.options.translate_emoticons {
        return None;
    }
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = text
        .get(at..)
        .and_then(|rest| rest.find([':', ';', '(', '<']))
    {
        let start = at + found;
        let (before, rest) = text.split_at_checked(start)?;
        let hit = EMOTICONS.iter().find(|(emoticon, _)| {
            rest.strip_prefix(emoticon).is_some_and(|after| {
                before.chars().next_back().is_none_or(is_terminal)
                    && after.chars().next().is_none_or(is_terminal)
            })
        });
        at = start + hit.map_or(1, |(emoticon, _)| emoticon.len());
        if let Some(emoji) = hit.and_then(|(_, name)| emoji::lookup(name)) {
            let piece = span(&mut inline.stash, emoji.name, emoji.code);
            out.piece(&mut inline.stash, start, at, piece);
        }
    }
    out.finish()
}

fn is_terminal(c: char) -> bool {
    ",.;?!()[] \"'\n\t".contains(c)
}

/// Emoji that the author typed as such; a sequence that we do not know stays whole.
pub(super) fn unicode(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some((start, end)) = sequence::next(text, at) {
        at = end;
        let found = text.get(start..end).and_then(emoji::from_unicode);
        if let Some(emoji) = found {
            let piece = span(&mut inline.stash, emoji.name, emoji.code);
            out.piece(&mut inline.stash, start, end, piece);
        }
    }
    out.finish()
}
