//! Bare web addresses, domains and email addresses.

use super::tlds::TLDS;

/// A bare address in a text.
pub(crate) struct Found {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Parentheses within each other that an address may have.
const MAX_PARENTHESES: usize = 7;
/// Places within one word at which a path is tried; bounds the work on hostile words.
const MAX_TRIES: usize = 32;

/// All bare addresses: each begins after white space or certain punctuation and reaches to the end of the word, but
/// for punctuation there.
pub(crate) fn find(text: &str) -> impl Iterator<Item = Found> {
    words(text).flat_map(|(start, word)| {
        in_word(word).map(move |found| Found {
            start: start + found.start,
            end: start + found.end,
        })
    })
}

/// Words with a dot or a colon, without which there is no address, and where they begin.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mark = at + memchr::memchr2(b'.', b':', text.as_bytes().get(at..)?)?;
        let before = text.get(at..mark)?;
        let space = before.char_indices().rfind(|(_, c)| c.is_whitespace());
        let start = at + space.map_or(0, |(at, c)| at + c.len_utf8());
        let rest = text.get(mark..)?;
        at = mark + rest.find(char::is_whitespace).unwrap_or(rest.len());
        Some((start, text.get(start..at)?))
    })
}

fn in_word(word: &str) -> Option<Found> {
    let core = word.trim_end_matches(|c| "!:;?),.'\">".contains(c)).len();
    let mut tries = 0;
    let starts = std::iter::once(0).chain(
        word.char_indices()
            .filter(|(_, c)| "'\"(,:<".contains(*c))
            .map(|(at, _)| at + 1),
    );
    for start in starts {
        // Beyond the core there is only punctuation.
        if start >= core {
            return None;
        }
        if let Some(end) = address(word, start, core, &mut tries) {
            return Some(Found { start, end });
        }
    }
    None
}

/// The end of an address that begins at `start`; what follows it must be punctuation only, which begins at `core`.
fn address(word: &str, start: usize, core: usize, tries: &mut usize) -> Option<usize> {
    let rest = word.get(start..)?;
    web(word, rest, start, core, tries)
        .or_else(|| email(rest, core - start).then_some(core))
        .or_else(|| bitcoin(rest, core - start).then_some(core))
}

fn web(word: &str, rest: &str, start: usize, core: usize, tries: &mut usize) -> Option<usize> {
    let scheme = ["http://", "https://"]
        .iter()
        .find(|scheme| rest.starts_with(**scheme));
    let (domain_end, is_domain) = match scheme {
        Some(scheme) => {
            let body = rest.get(scheme.len()..)?;
            let length = run(body, |c| is_word(c) || ".:@-".contains(c));
            (start + scheme.len() + length, length > 0)
        }
        None => {
            let length = run(rest, |c| is_word(c) || ".-".contains(c));
            let domain = rest.get(..length.min(core - start))?;
            (start + length, is_known_domain(domain))
        }
    };
    if !is_domain {
        return None;
    }
    if core <= domain_end {
        return Some(core);
    }
    let path = word.get(domain_end..)?.starts_with('/');
    *tries += usize::from(path);
    if !path || *tries > MAX_TRIES {
        return None;
    }
    path_end(word, domain_end, core)
}

/// The first place from `core` on at which the parentheses of the path are balanced.
fn path_end(word: &str, start: usize, core: usize) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in word.get(start..)?.char_indices() {
        if start + at >= core && open == 0 {
            return Some(start + at);
        }
        match c {
            '"' => return None,
            '(' if open == MAX_PARENTHESES => return None,
            '(' => open += 1,
            ')' => open = open.checked_sub(1)?,
            _ => {}
        }
    }
    (open == 0).then_some(word.len())
}

/// Labels with dots between them, the last one a top-level domain.
fn is_known_domain(domain: &str) -> bool {
    let Some((labels, tld)) = domain.rsplit_once('.') else {
        return false;
    };
    TLDS.binary_search(&tld).is_ok() && labels.split('.').all(|label| !label.is_empty())
}

fn email(rest: &str, core: usize) -> bool {
    let is_part = |c| is_word(c) || ".-".contains(c);
    // Most words have no `@`, and must not be searched for one from each of their punctuation marks on.
    let local = run(rest, is_part);
    let domain = rest
        .get(local..core)
        .and_then(|rest| rest.strip_prefix('@'));
    let Some((host, tld)) = domain.and_then(|domain| domain.rsplit_once('.')) else {
        return false;
    };
    local > 0
        && !host.is_empty()
        && !tld.is_empty()
        && host.chars().all(is_part)
        && tld.chars().all(is_word)
}

fn bitcoin(rest: &str, core: usize) -> bool {
    let Some(address) = rest
        .get(..core)
        .and_then(|rest| rest.strip_prefix("bitcoin:"))
    else {
        return false;
    };
    (26..=35).contains(&address.len())
        && address.starts_with(['1', '3'])
        && address
            .chars()
            .all(|c| c.is_ascii_alphanumeric() && !"0OIl".contains(c))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}
