//! Finished nodes and their placeholders in the text.

use crate::node::{Element, Node};
use crate::normalize::{CLOSE, OPEN};

/// The nodes that the placeholders of a text stand for.
#[derive(Debug, Default)]
pub(super) struct Stash(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    /// Elements, each in the one before; the content goes into the last.
    elements: Vec<Element>,
    /// Text with placeholders.
    content: String,
    /// What the author wrote.
    source: String,
}

impl Stash {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The nodes of a text with placeholders.
    pub(super) fn resolve(&mut self, text: &str) -> Vec<Node> {
        let mut nodes = Vec::new();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => nodes.push(Node::text(text)),
                Piece::Node(number) => nodes.extend(self.node(number)),
            }
        }
        nodes
    }

    fn node(&mut self, number: usize) -> Option<Node> {
        let entry = self.0.get_mut(number)?;
        let mut elements = std::mem::take(&mut entry.elements);
        let content = std::mem::take(&mut entry.content);
        let mut inner = elements.pop()?;
        if !content.is_empty() {
            inner.children.extend(self.resolve(&content));
        }
        let wrap = |inner: Element, outer: Element| outer.child(inner);
        Some(elements.into_iter().rev().fold(inner, wrap).into())
    }

    /// The text as the author wrote it, without placeholders.
    pub(super) fn source(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text) {
            out.push_str(match piece {
                Piece::Text(text) => text,
                Piece::Node(number) => self.0.get(number).map_or("", |entry| &entry.source),
            });
        }
        out
    }

    fn push(&mut self, entry: Entry) -> usize {
        self.0.push(entry);
        self.0.len() - 1
    }
}

enum Piece<'t> {
    Text(&'t str),
    Node(usize),
}

fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split(OPEN).enumerate().flat_map(|(i, part)| {
        let (number, text) = match part.split_once(CLOSE).filter(|_| i > 0) {
            Some((digits, text)) => (Some(Piece::Node(decode(digits))), text),
            None => (None, part),
        };
        number
            .into_iter()
            .chain((!text.is_empty()).then_some(Piece::Text(text)))
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
        self.changed = true;
        self.out
            .push_str(self.text.get(self.copied..start).unwrap_or_default());
    }

    /// Replaces a range by other text.
    pub(super) fn text(&mut self, start: usize, end: usize, new: &str) {
        self.copy_to(start);
        self.out.push_str(new);
        self.copied = end;
    }

    /// Replaces a range by a finished element.
    pub(super) fn node(&mut self, stash: &mut Stash, start: usize, end: usize, element: Element) {
        self.wrap(stash, start, end, vec![element], String::new());
    }

    /// Replaces a range by elements within each other around a text that may have placeholders.
    pub(super) fn wrap(
        &mut self,
        stash: &mut Stash,
        start: usize,
        end: usize,
        elements: Vec<Element>,
        content: String,
    ) {
        self.copy_to(start);
        let source = stash.source(self.text.get(start..end).unwrap_or_default());
        let number = stash.push(Entry {
            elements,
            content,
            source,
        });
        encode(number, &mut self.out);
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
