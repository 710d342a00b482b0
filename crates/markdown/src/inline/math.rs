//! `$$formula$$`

use memchr::memmem;

use super::{Inline, Rewriter};
use crate::math;

pub(super) fn math(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = text
        .as_bytes()
        .get(at..)
        .and_then(|rest| memmem::find(rest, b"$$"))
    {
        let start = at + found;
        let before = text
            .get(..start)
            .and_then(|before| before.chars().next_back());
        at = start + 1;
        if before.is_some_and(|c| c == '$' || is_word(c)) {
            continue;
        }
        let Some(length) = text.get(start + 2..).and_then(body) else {
            continue;
        };
        at = start + 2 + length + 2;
        let body = text.get(start + 2..start + 2 + length).unwrap_or_default();
        let formula = inline.stash.source(body);
        let budget = &mut inline.math;
        let piece = inline
            .stash
            .element(|html| math::inline(&formula, budget, html));
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}

/// Length of the formula, which ends at `$$`; an escaped dollar is part of it where that leaves an end.
fn body(rest: &str) -> Option<usize> {
    if rest.starts_with(['\n', '_', '$']) {
        return None;
    }
    let mut escaped_end = None;
    let mut slash = false;
    for (at, c) in rest.char_indices() {
        match c {
            '\n' => break,
            '$' => {
                let after = rest.get(at..)?;
                let next = after.get(2..).and_then(|s| s.chars().next());
                let ends = after.starts_with("$$") && next.is_none_or(|c| c != '$' && !is_word(c));
                if !slash {
                    return ends.then_some(at).or(escaped_end);
                }
                escaped_end = ends.then_some(at).or(escaped_end);
            }
            _ => {}
        }
        slash = c == '\\';
    }
    escaped_end
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
