//! Finished pieces and their placeholders in the text.

use std::ops::Range;

use crate::html::Html;
use crate::normalize::{CLOSE, OPEN};
use crate::render::Output;

/// What the placeholders of a block's text stand for. All of it lies in two buffers that the next block uses again.
#[derive(Debug, Default)]
pub(super) struct Stash {
    entries: Vec<Entry>,
    html: Html,
    /// Contents, what the author wrote, and addresses.
    texts: String,
}

#[derive(Debug)]
struct Entry {
    piece: Piece,
    /// What the author wrote, which may have placeholders of earlier pieces.
    source: Range<usize>,
}

/// A finished element, or start tags, a content and end tags.
#[derive(Debug)]
pub(super) struct Piece {
    html: Range<usize>,
    content: Range<usize>,
    close: &'static [&'static str],
    /// Where it leads to.
    href: Option<Range<usize>>,
}

impl Stash {
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.html.clear();
        self.texts.clear();
    }

    fn keep(&mut self, text: &str) -> Range<usize> {
        let start = self.texts.len();
        self.texts.push_str(text);
        start..self.texts.len()
    }

    fn kept(&self, range: &Range<usize>) -> &str {
        self.texts.get(range.clone()).unwrap_or_default()
    }

    /// A whole element.
    pub(super) fn element(&mut self, write: impl FnOnce(&mut Html)) -> Piece {
        self.around("", &[], write)
    }

    /// Start tags around a text that may have placeholders; `close` names the tags to end, the inner ones first.
    pub(super) fn around(
        &mut self,
        content: &str,
        close: &'static [&'static str],
        open: impl FnOnce(&mut Html),
    ) -> Piece {
        let start = self.html.len();
        open(&mut self.html);
        Piece {
            html: start..self.html.len(),
            content: self.keep(content),
            close,
            href: None,
        }
    }

    /// Says that the piece is a link.
    pub(super) fn leading_to(&mut self, href: &str, piece: Piece) -> Piece {
        Piece {
            href: Some(self.keep(href)),
            ..piece
        }
    }

    /// Writes a text with placeholders as the content of a block.
    pub(super) fn write(&self, text: &str, out: &mut Output) {
        for part in parts(text) {
            match part {
                Part::Text(text) => out.html.lines(text),
                Part::Piece(number) => self.write_piece(number, out),
            }
        }
    }

    fn write_piece(&self, number: usize, out: &mut Output) {
        let Some(Entry { piece, .. }) = self.entries.get(number) else {
            return;
        };
        let start = out.html.len();
        let html = self.html.as_str().get(piece.html.clone());
        out.html.append(html.unwrap_or_default());
        let content = self.kept(&piece.content);
        out.within(|out| {
            for part in parts(content) {
                match part {
                    Part::Text(text) => out.html.text(text),
                    Part::Piece(number) => self.write_piece(number, out),
                }
            }
        });
        for tag in piece.close {
            out.html.close(tag);
        }
        if let Some(href) = &piece.href {
            let label = match parts(content).next() {
                Some(Part::Text(text)) => Some(text),
                _ => None,
            };
            out.saw_link(start, self.kept(href), label);
        }
    }

    /// Whether there is a link in the text already; links cannot be in links.
    pub(super) fn has_link(&self, text: &str) -> bool {
        parts(text).any(|part| match part {
            Part::Text(_) => false,
            Part::Piece(number) => self.entries.get(number).is_some_and(|entry| {
                entry.piece.href.is_some() || self.has_link(self.kept(&entry.piece.content))
            }),
        })
    }

    /// The text as the author wrote it, without placeholders.
    pub(super) fn source(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        self.push_source(text, &mut out);
        out
    }

    fn push_source(&self, text: &str, out: &mut String) {
        for part in parts(text) {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Piece(number) => {
                    if let Some(entry) = self.entries.get(number) {
                        self.push_source(self.kept(&entry.source), out);
                    }
                }
            }
        }
    }
}

enum Part<'t> {
    Text(&'t str),
    Piece(usize),
}

fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some((digits, after)) = rest
            .strip_prefix(OPEN)
            .and_then(|rest| rest.split_once(CLOSE))
        {
            rest = after;
            return Some(Part::Piece(decode(digits)));
        }
        let end = rest.find(OPEN).unwrap_or(rest.len());
        let (text, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(Part::Text(text))
    })
}

/// Digits of placeholders: private-use characters, so that no pass takes them for a digit or a word.
const ZERO: u32 = 0xE000;
const BASE: usize = 4096;

fn encode(number: usize, out: &mut String) {
    out.push(OPEN);
    let mut rest = number;
    loop {
        let digit = u32::try_from(rest % BASE).unwrap_or_default();
        out.extend(char::from_u32(ZERO + digit));
        rest /= BASE;
        if rest == 0 {
            break;
        }
    }
    out.push(CLOSE);
}

fn decode(digits: &str) -> usize {
    digits.chars().rev().fold(0, |number, c| {
        number * BASE + usize::try_from(u32::from(c).saturating_sub(ZERO)).unwrap_or_default()
    })
}

/// Builds the text that a pass leaves: what it did not recognise, and placeholders.
pub(crate) struct Rewriter<'t> {
    text: &'t str,
    out: String,
    copied: usize,
    changed: bool,
}

impl<'t> Rewriter<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            out: String::new(),
            copied: 0,
            changed: false,
        }
    }

    fn copy_to(&mut self, start: usize) {
        if !self.changed {
            self.changed = true;
            self.out.reserve(self.text.len() + 16);
        }
        self.out
            .push_str(self.text.get(self.copied..start).unwrap_or_default());
    }

    /// Replaces a range by other text.
    pub(super) fn text(&mut self, start: usize, end: usize, new: &str) {
        self.copy_to(start);
        self.out.push_str(new);
        self.copied = end;
    }

    /// Replaces a range by a finished piece.
    pub(super) fn piece(&mut self, stash: &mut Stash, start: usize, end: usize, piece: Piece) {
        self.copy_to(start);
        let source = stash.keep(self.text.get(start..end).unwrap_or_default());
        encode(stash.entries.len(), &mut self.out);
        stash.entries.push(Entry { piece, source });
        self.copied = end;
    }

    /// The new text, unless nothing was replaced.
    pub(crate) fn finish(mut self) -> Option<String> {
        if !self.changed {
            return None;
        }
        self.copy_to(self.text.len());
        Some(self.out)
    }
}
