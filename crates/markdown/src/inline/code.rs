//! Inline code: what stands between two runs of backticks of one length.

use std::collections::HashMap;

use super::{Inline, Rewriter};

pub(super) fn code(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let runs = runs(text);
    let mut ends: HashMap<usize, Vec<usize>> = HashMap::new();
    for (i, run) in runs.iter().enumerate().rev() {
        ends.entry(run.length).or_default().push(i);
    }
    let mut lengths: Vec<usize> = ends.keys().copied().collect();
    lengths.sort_unstable_by(|a, b| b.cmp(a));

    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(run) = runs.get(at) {
        let (slashes, opening) = unescape(text, run);
        if slashes > 0 {
            let start = run.start - slashes;
            out.text(start, run.start, &"\\".repeat(slashes / 2));
        }
        // The longest closing run wins; a shorter one leaves backticks to the content.
        let close = opening.and_then(|length| {
            lengths.iter().filter(|l| **l <= length).find_map(|l| {
                let later = ends.get_mut(l)?;
                while later.last().is_some_and(|i| *i <= at) {
                    later.pop();
                }
                later.last().map(|i| (*i, *l))
            })
        });
        let skipped = run.length - opening.unwrap_or(run.length);
        match close.and_then(|(i, l)| runs.get(i).map(|end| (i, l, end))) {
            Some((i, length, end)) => {
                let start = run.start + skipped;
                let content = text.get(start + length..end.start).unwrap_or_default();
                let piece = inline.stash.element(|html| {
                    html.open("code").with(|html| html.verbatim(content));
                });
                out.piece(&mut inline.stash, start, end.start + end.length, piece);
                at = i + 1;
            }
            None => at += 1,
        }
    }
    out.finish()
}

struct Run {
    start: usize,
    length: usize,
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| *byte == b'`') {
        match runs.last_mut() {
            Some(run) if run.start + run.length == at => run.length += 1,
            _ => runs.push(Run {
                start: at,
                length: 1,
            }),
        }
    }
    runs
}

/// Backslashes before a run that escape each other, and how many of its backticks open code: an odd backslash escapes
/// the first.
fn unescape(text: &str, run: &Run) -> (usize, Option<usize>) {
    let before = text.get(..run.start).unwrap_or_default();
    let slashes = before.len() - before.trim_end_matches('\\').len();
    match slashes % 2 {
        0 => (slashes, Some(run.length)),
        _ => (0, Some(run.length - 1).filter(|length| *length > 0)),
    }
}
