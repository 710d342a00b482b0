//! Zulip's emoji: names and the codes of the characters that they stand for.

pub(crate) mod sequence;
mod table;

use std::fmt::Write;

/// An emoji by one of its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Emoji {
    /// The name asked for, or the canonical one.
    pub name: &'static str,
    /// Code points in hexadecimal, joined by `-`: `1f642`.
    pub code: &'static str,
}

/// The emoji of that name; custom emoji of realms are not here.
pub fn lookup(name: &str) -> Option<Emoji> {
    let position = table::BY_NAME
        .binary_search_by(|(known, _)| (*known).cmp(name))
        .ok()?;
    let (name, row) = table::BY_NAME.get(position)?;
    let (code, _) = table::BY_CODE.get(usize::from(*row))?;
    Some(Emoji { name, code })
}

/// All names of a code, the canonical one first; empty for an unknown code.
pub fn names(code: &str) -> &'static [&'static str] {
    row(code).map_or(&[], |(_, names)| names)
}

/// The canonical name of a code.
pub fn canonical(code: &str) -> Option<Emoji> {
    let (code, names) = row(code)?;
    Some(Emoji {
        name: names.first()?,
        code,
    })
}

/// Every code with its names, the canonical one first, sorted by code.
pub fn all() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    table::BY_CODE.iter().copied()
}

/// The emoji that a character sequence is; variation selectors do not matter.
pub fn from_unicode(text: &str) -> Option<Emoji> {
    let mut code = String::with_capacity(24);
    for c in text.chars().filter(|c| *c != sequence::EMOJI_STYLE) {
        let separator = if code.is_empty() { "" } else { "-" };
        // Writing into a String cannot fail.
        let _ = write!(code, "{separator}{:04x}", u32::from(c));
    }
    canonical(&code)
}

fn row(code: &str) -> Option<(&'static str, &'static [&'static str])> {
    let position = table::BY_CODE
        .binary_search_by(|(known, _)| (*known).cmp(code))
        .ok()?;
    table::BY_CODE.get(position).copied()
}
