//! Bold, italic, struck out.

use memchr::memchr;

use super::stash::Piece;
use super::{Inline, Rewriter};

/// `***text***`
pub(super) fn strong_emphasis(inline: &mut Inline, text: &str, pass: usize) -> Option<String> {
    starred(inline, text, pass, "***", &["em", "strong"])
}

/// `*text*`
pub(super) fn emphasis(inline: &mut Inline, text: &str, pass: usize) -> Option<String> {
    starred(inline, text, pass, "*", &["em"])
}

/// Text between marks without a star, caret or line break in it, and without white space at its ends.
fn starred(
    inline: &mut Inline,
    text: &str,
    pass: usize,
    mark: &str,
    tags: &'static [&'static str],
) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| memchr(b'*', rest))
    {
        let start = at + found;
        if !text.get(start..).is_some_and(|rest| rest.starts_with(mark)) {
            at = start + 1;
            continue;
        }
        let body = text.get(start + mark.len()..)?;
        let length = body.find(['*', '^', '\n']).unwrap_or(body.len());
        let content = body.get(..length).unwrap_or_default();
        let closes = body
            .get(length..)
            .is_some_and(|rest| rest.starts_with(mark));
        if !closes || content.is_empty() || content.trim() != content {
            at = start + 1;
            continue;
        }
        at = start + mark.len() + length + mark.len();
        let content = inline.content(content, pass);
        let piece = wrap(inline, &content, tags);
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}

/// `**text**`, within a line.
pub(super) fn strong(inline: &mut Inline, text: &str, pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    let mut line_end = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("**")) {
        let start = at + found;
        // Looked for once per line: a line of nothing but stars must not be searched again for each of them.
        if line_end <= start {
            line_end = text
                .get(start..)?
                .find('\n')
                .map_or(text.len(), |length| start + length);
        }
        let line = text.get(start + 2..line_end).unwrap_or_default();
        // The content has at least one character, which may be a star.
        let first = line.chars().next().map_or(0, char::len_utf8);
        let close = line
            .get(first..)
            .and_then(|rest| rest.find("**"))
            .filter(|_| first > 0);
        let Some(close) = close else {
            // Nothing else on this line can close either.
            at = start + 2 + line.len();
            continue;
        };
        at = start + 2 + first + close + 2;
        let content = line.get(..first + close).unwrap_or_default();
        let content = inline.content(content, pass);
        let piece = wrap(inline, &content, &["strong"]);
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}

/// `~~text~~` without a tilde or line break in it.
pub(super) fn deleted(inline: &mut Inline, text: &str, pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("~~")) {
        let start = at + found;
        let body = text.get(start + 2..)?;
        let length = body.find(['~', '\n']).unwrap_or(body.len());
        let rest = body.get(length..).unwrap_or_default();
        let after_tilde = text
            .get(..start)
            .is_some_and(|before| before.ends_with('~'));
        if after_tilde || length == 0 || !rest.starts_with("~~") || rest.starts_with("~~~") {
            at = start + 1;
            continue;
        }
        at = start + 2 + length + 2;
        let content = inline.content(body.get(..length).unwrap_or_default(), pass);
        let piece = wrap(inline, &content, &["del"]);
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}

/// Elements within each other around a text, the inner ones first.
fn wrap(inline: &mut Inline, content: &str, tags: &'static [&'static str]) -> Piece {
    inline.stash.around(content, tags, |html| {
        for tag in tags.iter().rev() {
            html.open(tag).end();
        }
    })
}
