//! `[text](address "title")`

use super::{Inline, Rewriter};
use crate::link::{self, url};

/// Characters that one address with its title may have.
const MAX_TARGET: usize = 4096;

pub(super) fn links(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let closing = closing_brackets(text);
    let mut out = Rewriter::new(text);
    // Each unclosed parenthesis is looked through once; all together must not exceed a few times the text.
    let mut budget = text.len() * 4 + MAX_TARGET;
    let mut at = 0;
    for (start, end) in closing {
        let after_bang = text
            .get(..start)
            .is_some_and(|before| before.ends_with('!'));
        if start < at || after_bang || budget == 0 {
            continue;
        }
        let Some(rest) = text.get(end + 1..).and_then(|rest| rest.strip_prefix('(')) else {
            continue;
        };
        let Some(target) = target(rest, &mut budget) else {
            continue;
        };
        let href = inline.stash.source(target.href);
        let Some(href) = url::sanitize(&href) else {
            continue;
        };
        let href = link::relative(&href, inline.options).to_owned();
        let label = text.get(start + 1..end).unwrap_or_default();
        let label = if label.trim().is_empty() {
            href.clone()
        } else if inline.stash.has_link(label) {
            inline.stash.source(label)
        } else {
            label.to_owned()
        };
        let title = (target.title).map(|title| inline.stash.source(title).replace('\n', " "));
        let piece = inline.stash.around(&label, &["a"], |html| {
            let a = html.open("a").attribute("href", &href);
            match &title {
                Some(title) => a.attribute("title", title).end(),
                None => a.end(),
            };
        });
        let piece = inline.stash.leading_to(&href, piece);
        at = end + 2 + target.length;
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}

/// Every `[` with the `]` that closes it, in order.
fn closing_brackets(text: &str) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' => open.push(at),
            b']' => pairs.extend(open.pop().map(|start| (start, at))),
            _ => {}
        }
    }
    pairs.sort_unstable();
    pairs
}

/// What stands in the parentheses.
struct Target<'t> {
    href: &'t str,
    title: Option<&'t str>,
    /// Up to and including the closing parenthesis.
    length: usize,
}

fn target<'t>(rest: &'t str, budget: &mut usize) -> Option<Target<'t>> {
    if let Some(target) = angled(rest) {
        return Some(target);
    }
    let mut open = 1_usize;
    let mut in_title: Option<char> = None;
    let mut last = ' ';
    let mut without_title = None;
    for (at, c) in rest.char_indices().take(MAX_TARGET) {
        *budget = budget.checked_sub(1)?;
        match c {
            '(' if in_title.is_none() => open += 1,
            ')' => {
                open = open.saturating_sub(1);
                let title_ends = in_title.is_some_and(|quote| quote == last)
                    && title(rest.get(..at)?).1.is_some();
                if title_ends || (in_title.is_none() && open == 0) {
                    let (href, title) = title(rest.get(..at)?);
                    return Some(Target {
                        href: href.trim(),
                        title,
                        length: at + 1,
                    });
                }
                // Should the title not end, this is where the address does.
                if open == 0 && without_title.is_none() {
                    without_title = Some(at);
                }
            }
            '"' | '\'' if in_title.is_none() && last.is_whitespace() => in_title = Some(c),
            _ => {}
        }
        if c != ' ' || in_title.is_none() {
            last = c;
        }
    }
    let at = without_title?;
    Some(Target {
        href: rest.get(..at)?.trim(),
        title: None,
        length: at + 1,
    })
}

/// `(<address> "title")`
fn angled(rest: &str) -> Option<Target<'_>> {
    let body = rest.trim_start().strip_prefix('<')?;
    let end = body
        .find(['<', '>'])
        .filter(|end| body.get(*end..).is_some_and(|b| b.starts_with('>')))?;
    let after = body.get(end + 1..)?.trim_start();
    let (title, after) = match after.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let after = after.get(1..)?;
            let end = after.find(quote)?;
            (after.get(..end), after.get(end + 1..)?.trim_start())
        }
        _ => (None, after),
    };
    let after = after.strip_prefix(')')?;
    Some(Target {
        href: body.get(..end)?.trim(),
        title,
        length: rest.len() - after.len(),
    })
}

/// Splits a title in quotes from the address before it.
fn title(target: &str) -> (&str, Option<&str>) {
    let trimmed = target.trim_end();
    for quote in ['"', '\''] {
        let Some(body) = trimmed.strip_suffix(quote) else {
            continue;
        };
        if let Some(start) = body
            .find([' ', '\n'])
            .and_then(|from| Some(from + body.get(from..)?.find(quote)?))
        {
            let (href, title) = (body.get(..start), body.get(start + 1..));
            return (href.unwrap_or_default(), title);
        }
    }
    (target, None)
}
