//! Inline code: what stands between two runs of backticks of one length.

use super::{Inline, Rewriter};

pub(super) fn code(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let runs = runs(text);
    // By length, the longest first, the runs of that length, the last one first.
    let mut ends: Vec<(usize, Vec<usize>)> = Vec::new();
    for (i, run) in runs.iter().enumerate().rev() {
        match ends.binary_search_by(|(length, _)| run.length.cmp(length)) {
            Ok(known) => ends
                .get_mut(known)
                .into_iter()
                .for_each(|(_, runs)| runs.push(i)),
            Err(place) => ends.insert(place, (run.length, vec![i])),
        }
    }

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
            let mut shorter = ends.iter_mut().filter(|(l, _)| *l <= length);
            shorter.find_map(|(l, later)| {
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
    for at in memchr::memchr_iter(b'`', text.as_bytes()) {
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
