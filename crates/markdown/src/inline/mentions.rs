//! Mentions of users, groups and everyone.

use super::{Inline, Rewriter};
use crate::mention::{self, Mention, Wildcard};
use crate::node::Element;

pub(super) fn users(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for found in mention::users(text) {
        if let Some(element) = user(inline, &found) {
            out.node(&mut inline.stash, found.start, found.end, element);
        }
    }
    out.finish()
}

fn user(inline: &mut Inline, found: &Mention) -> Option<Element> {
    let silent = found.silent || inline.silent;
    match mention::wildcard(found.name) {
        Some(Wildcard::Stream) => {
            inline.report.stream_wildcard |= !silent;
            Some(span("user-mention", found.name, silent).attribute("data-user-id", "*"))
        }
        Some(Wildcard::Topic) => {
            inline.report.topic_wildcard |= !silent;
            Some(span("topic-mention", found.name, silent))
        }
        None => {
            let user = inline.index.user(&mention::user_ref(found.name))?;
            if !silent {
                inline.report.mentioned_users.insert(user.id);
            }
            let id = user.id.to_string();
            Some(span("user-mention", &user.full_name, silent).attribute("data-user-id", id))
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
        let element = span("user-group-mention", &group.name, silent)
            .attribute("data-user-group-id", group.id.to_string());
        out.node(&mut inline.stash, found.start, found.end, element);
    }
    out.finish()
}

fn span(class: &str, name: &str, silent: bool) -> Element {
    let span = Element::new("span");
    if silent {
        span.class(format!("{class} silent")).text(name)
    } else {
        span.class(class).text(format!("@{name}"))
    }
}
