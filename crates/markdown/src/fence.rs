//! Cutting out what stands between fences: code, quotes, spoilers and formulas.

use std::ops::Range;

use crate::normalize::{has_pair, lines};

/// A part of a text: plain lines, or what a fence holds.
#[derive(Debug)]
pub(crate) enum Section<'t> {
    Lines(&'t str),
    Code {
        language: Option<String>,
        text: String,
    },
    Math(String),
    Quote(Vec<Section<'t>>),
    Spoiler {
        header: &'t str,
        content: Vec<Section<'t>>,
    },
}

/// A fence that has not been closed yet.
struct Open<'t> {
    fence: &'t str,
    kind: Kind<'t>,
}

enum Kind<'t> {
    Code {
        language: Option<String>,
        lines: Vec<&'t str>,
    },
    Math {
        lines: Vec<&'t str>,
    },
    Quote(Vec<Section<'t>>),
    Spoiler {
        header: &'t str,
        content: Vec<Section<'t>>,
    },
}

/// Deeper fences are text; no message needs more, and the tree stays shallow.
const MAX_DEPTH: usize = 50;

/// Splits a normalised text at its fences; one that is not closed reaches to the end.
pub(crate) fn sections<'t>(text: &'t str, default_language: Option<&str>) -> Vec<Section<'t>> {
    let mut done = Vec::new();
    // Most texts have no fence, and are one section.
    if !has_pair(text, [b'`', b'`']) && !has_pair(text, [b'~', b'~']) {
        done.push(Section::Lines(text));
        return done;
    }
    let mut open: Vec<Open<'t>> = Vec::new();
    let mut end = 0;
    for line in lines(text) {
        let start = end;
        end = start + line.len() + 1;
        if let Some(top) = open.last_mut() {
            if line.trim_end() == top.fence {
                close(&mut open, &mut done);
                continue;
            }
            match &mut top.kind {
                Kind::Code { lines, .. } | Kind::Math { lines } => {
                    lines.push(line.trim_end());
                    continue;
                }
                Kind::Quote(_) | Kind::Spoiler { .. } => {}
            }
        }
        match opening(line, default_language).filter(|_| open.len() < MAX_DEPTH) {
            Some(fence) => open.push(fence),
            None => push_line(innermost(&mut open, &mut done), text, start..end - 1),
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    done
}

fn innermost<'a, 't>(
    open: &'a mut [Open<'t>],
    done: &'a mut Vec<Section<'t>>,
) -> &'a mut Vec<Section<'t>> {
    match open.last_mut().map(|top| &mut top.kind) {
        Some(Kind::Quote(content) | Kind::Spoiler { content, .. }) => content,
        _ => done,
    }
}

/// Adds a line to the lines before it: they follow each other in the text.
fn push_line<'t>(sections: &mut Vec<Section<'t>>, text: &'t str, line: Range<usize>) {
    if let Some(Section::Lines(lines)) = sections.last_mut() {
        let start = line.start - 1 - lines.len();
        *lines = text.get(start..line.end).unwrap_or_default();
    } else {
        sections.push(Section::Lines(text.get(line).unwrap_or_default()));
    }
}

fn close<'t>(open: &mut Vec<Open<'t>>, done: &mut Vec<Section<'t>>) {
    let Some(top) = open.pop() else { return };
    let section = match top.kind {
        Kind::Code { language, lines } => Section::Code {
            language,
            text: lines.join("\n"),
        },
        Kind::Math { lines } => Section::Math(lines.join("\n")),
        Kind::Quote(content) => Section::Quote(content),
        Kind::Spoiler { header, content } => Section::Spoiler { header, content },
    };
    innermost(open, done).push(section);
}

/// A line that opens a fence: three or more of `~` or `` ` ``, perhaps a language, perhaps a header.
fn opening<'t>(line: &'t str, default_language: Option<&str>) -> Option<Open<'t>> {
    let mark = line.chars().next().filter(|c| matches!(c, '~' | '`'))?;
    let rest = line.trim_start_matches(mark);
    let fence = line
        .get(..line.len() - rest.len())
        .filter(|fence| fence.len() >= 3)?;
    let rest = rest.trim_start_matches(' ');
    let rest = rest.strip_prefix('{').unwrap_or(rest);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let header = rest.trim_start_matches(is_language_char);
    let language = rest.get(..rest.len() - header.len()).unwrap_or_default();
    let header = header.trim_start_matches(' ');
    if header.contains(['~', '`']) || (language.is_empty() && !header.is_empty()) {
        return None;
    }
    let header = header.strip_suffix('}').unwrap_or(header);
    let kind = match language {
        "quote" | "quoted" => Kind::Quote(Vec::new()),
        "spoiler" => Kind::Spoiler {
            header,
            content: Vec::new(),
        },
        "math" => Kind::Math { lines: Vec::new() },
        "" => Kind::Code {
            language: default_language.map(str::to_owned),
            lines: Vec::new(),
        },
        language => Kind::Code {
            language: Some(language.to_owned()),
            lines: Vec::new(),
        },
    };
    Some(Open { fence, kind })
}

fn is_language_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+-./#".contains(c)
}
