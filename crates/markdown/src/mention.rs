//! The syntax of mentions: `@**user**`, `@**user|id**`, `@*group*`, and with `@_` silent ones.

use crate::resolve::{UserRef, Wanted};

/// A mention as it stands in a text.
pub(crate) struct Mention<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) silent: bool,
    pub(crate) name: &'t str,
}

/// Mentions of users and wildcards.
pub(crate) fn users(text: &str) -> impl Iterator<Item = Mention<'_>> {
    mentions(text, "**")
}

/// Mentions of groups.
pub(crate) fn groups(text: &str) -> impl Iterator<Item = Mention<'_>> {
    mentions(text, "*")
}

fn mentions<'t>(text: &'t str, stars: &'static str) -> impl Iterator<Item = Mention<'t>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'@', text.as_bytes().get(at..)?)?;
            at = start + 1;
            if !may_begin(text, start) {
                continue;
            }
            let rest = text.get(at..)?;
            let body = rest.strip_prefix('_').unwrap_or(rest);
            let silent = body.len() < rest.len();
            let Some(body) = body.strip_prefix(stars) else {
                continue;
            };
            let Some(length) = body.find('*').filter(|length| *length > 0) else {
                continue;
            };
            if body
                .get(length..)
                .is_some_and(|rest| rest.starts_with(stars))
            {
                let begin = text.len() - body.len();
                at = begin + length + stars.len();
                let name = body.get(..length)?;
                return Some(Mention {
                    start,
                    end: at,
                    silent,
                    name,
                });
            }
        }
    })
}

/// Whether a mention or stream link may begin here: not in the middle of a word.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|c| c.is_whitespace() || "'\"({[/<".contains(c))
}

/// What a wildcard mention addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcard {
    Stream,
    Topic,
}

/// `all` and its likes are never the name of a user.
pub(crate) fn wildcard(name: &str) -> Option<Wildcard> {
    match name {
        "all" | "everyone" | "stream" | "channel" => Some(Wildcard::Stream),
        "topic" => Some(Wildcard::Topic),
        _ => None,
    }
}

/// The user that `@**name**` speaks of.
pub(crate) fn user_ref(name: &str) -> UserRef {
    let with_id = name.rsplit_once('|').and_then(|(name, id)| {
        let digits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
        Some((name, id.parse::<i64>().ok().filter(|_| digits)?))
    });
    match with_id {
        Some(("", id)) => UserRef::Id(id),
        Some((name, id)) => UserRef::NameId(name.to_owned(), id),
        None => UserRef::Name(name.to_owned()),
    }
}

/// Adds the names of users and groups in `text`.
pub(crate) fn collect(text: &str, wanted: &mut Wanted) {
    if !text.contains('@') {
        return;
    }
    let people = users(text).filter(|mention| wildcard(mention.name).is_none());
    wanted
        .users
        .extend(people.map(|mention| user_ref(mention.name)));
    wanted
        .groups
        .extend(groups(text).map(|mention| mention.name.to_owned()));
}
