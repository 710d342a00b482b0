//! Mentions of users, groups and everyone.

use super::stash::{Piece, Stash};
use super::{Inline, Rewriter};
use crate::mention::{self, Mention, Wildcard};

pub(super) fn users(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for found in mention::users(text) {
        if let Some(piece) = user(inline, &found) {
            out.piece(&mut inline.stash, found.start, found.end, piece);
        }
    }
    out.finish()
}

fn user(inline: &mut Inline, found: &Mention) -> Option<Piece> {
    let silent = found.silent || inline.silent;
    match mention::wildcard(found.name) {
        Some(Wildcard::Stream) => {
            inline.report.stream_wildcard |= !silent;
            let id = Some(("data-user-id", "*"));
            Some(span(
                &mut inline.stash,
                "user-mention",
                id,
                found.name,
                silent,
            ))
        }
        Some(Wildcard::Topic) => {
            inline.report.topic_wildcard |= !silent;
            Some(span(
                &mut inline.stash,
                "topic-mention",
                None,
                found.name,
                silent,
            ))
        }
        None => {
            let user = inline.index.user(&mention::user_ref(found.name))?;
            if !silent {
                inline.report.mentioned_users.insert(user.id);
            }
            let id = user.id.to_string();
            let id = Some(("data-user-id", id.as_str()));
            Some(span(
                &mut inline.stash,
                "user-mention",
                id,
                &user.full_name,
                silent,
            ))
        }
    }
}

pub(super) fn groups(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for found in mention::groups(text) {
        let Some(group) = inline.index.group(found.name) else {
            continue;
        };
        let silent = found.silent || inline.silent;
        if !silent {
            inline.report.mentioned_groups.insert(group.id);
        }
        let id = group.id.to_string();
        let id = Some(("data-user-group-id", id.as_str()));
        let piece = span(
            &mut inline.stash,
            "user-group-mention",
            id,
            &group.name,
            silent,
        );
        out.piece(&mut inline.stash, found.start, found.end, piece);
    }
    out.finish()
}

fn span(
    stash: &mut Stash,
    class: &str,
    id: Option<(&'static str, &str)>,
    name: &str,
    silent: bool,
) -> Piece {
    let (quiet, at) = if silent { (" silent", "") } else { ("", "@") };
    stash.element(|html| {
        let span = html.open("span").joined("class", &[class, quiet]);
        let span = match id {
            Some((attribute, id)) => span.attribute(attribute, id),
            None => span,
        };
        span.with(|html| [at, name].iter().for_each(|text| html.text(text)));
    })
}
