//! Cleaning the text before anything else looks at it.

use std::borrow::Cow;

/// Begins a placeholder of `inline`; removed from the text, so that authors cannot forge one.
pub(crate) const OPEN: char = '\u{2}';
/// Ends a placeholder.
pub(crate) const CLOSE: char = '\u{3}';

/// Unix line ends, tabs as spaces up to the next multiple of four, no characters that stand for placeholders or that
/// HTML cannot hold, and lines of nothing but spaces emptied.
pub(crate) fn normalize(text: &str) -> Cow<'_, str> {
    if is_normal(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(cleaned(text))
}

fn is_normal(text: &str) -> bool {
    // Without a branch for each byte, so that many are looked at in one go.
    let controls = text
        .bytes()
        .filter(|byte| *byte < b' ' && *byte != b'\n')
        .count();
    controls == 0 && !has_pair(text, [b'\n', b' '])
}

/// Whether two bytes follow each other, the first of them a rare one.
pub(crate) fn has_pair(text: &str, [first, second]: [u8; 2]) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(first, bytes).any(|at| bytes.get(at + 1) == Some(&second))
}

fn cleaned(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    let mut column = 0;
    let mut line_start = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => {
                let line = out.get(line_start..).unwrap_or_default();
                if line_start > 0 && line.bytes().all(|b| b == b' ') {
                    out.truncate(line_start);
                }
                out.push('\n');
                line_start = out.len();
                column = 0;
            }
            '\t' => {
                let width = 4 - column % 4;
                out.extend(std::iter::repeat_n(' ', width));
                column += width;
            }
            OPEN | CLOSE | '\0' => {}
            c => {
                out.push(c);
                column += 1;
            }
        }
    }
    out
}

/// Puts an empty line before a list that directly follows a line of text, so that it is seen as a list, and one at the
/// end, which keeps a last line break out of the last paragraph.
pub(crate) fn free_lists(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut copied = 0;
    let mut start = 0;
    let mut previous: Option<(&str, Option<Marker>)> = None;
    for line in lines(text) {
        let marker = list_marker(line);
        if let Some((before, before_marker)) = previous
            && !before.is_empty()
            && marker.is_some()
            && before_marker != marker
        {
            out.push_str(text.get(copied..start).unwrap_or_default());
            out.push('\n');
            copied = start;
        }
        start += line.len() + 1;
        previous = Some((line, marker));
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out.push_str("\n\n");
    out
}

/// The same as `text.split('\n')`, which takes most of its time to get ready for long lines.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let line = match memchr::memchr(b'\n', text.as_bytes()) {
            Some(end) => {
                rest = text.get(end + 1..);
                text.get(..end)?
            }
            None => {
                rest = None;
                text
            }
        };
        Some(line)
    })
}

/// The same as `text.split("\n\n")`, for the same reason.
pub(crate) fn chunks(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let bytes = text.as_bytes();
        let end = memchr::memchr_iter(b'\n', bytes).find(|at| bytes.get(at + 1) == Some(&b'\n'));
        rest = end.and_then(|end| text.get(end + 2..));
        text.get(..end.unwrap_or(text.len()))
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    Bullet,
    Number,
}

fn list_marker(line: &str) -> Option<Marker> {
    match line.trim_start_matches(' ').as_bytes() {
        [b'*' | b'+' | b'-', b' ', ..] => Some(Marker::Bullet),
        [b'0'..=b'9', b'.', b' ', ..] => Some(Marker::Number),
        _ => None,
    }
}
