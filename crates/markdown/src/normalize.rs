//! Cleaning the text before anything else looks at it.

use std::borrow::Cow;

use memchr::memmem;

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
    let odd = |byte: u8| matches!(byte, b'\t' | b'\r' | 0 | 2 | 3);
    !text.bytes().any(odd) && memmem::find(text.as_bytes(), b"\n ").is_none()
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

/// Puts an empty line before a list that directly follows a line of text, so that it is seen as a list.
pub(crate) fn free_lists(lines: &[&str]) -> String {
    let mut out = String::with_capacity(lines.iter().map(|l| l.len() + 1).sum::<usize>() + 8);
    let mut previous: Option<(&str, Option<Marker>)> = None;
    for line in lines {
        let marker = list_marker(line);
        if let Some((before, before_marker)) = previous
            && !before.is_empty()
            && marker.is_some()
            && before_marker != marker
        {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        previous = Some((line, marker));
    }
    out.pop();
    out
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
