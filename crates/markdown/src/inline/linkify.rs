//! Bare addresses and the realm's linkifiers.

use std::sync::Arc;

use super::stash::Piece;
use super::{Inline, Rewriter};
use crate::link::{self, autolink, url};
use crate::options::Linkifier;

pub(super) fn urls(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut out = Rewriter::new(text);
    for found in autolink::find(text) {
        let address = text.get(found.start..found.end).unwrap_or_default();
        let address = inline.stash.source(address);
        if let Some(piece) = link(inline, &address, &address) {
            out.piece(&mut inline.stash, found.start, found.end, piece);
        }
    }
    out.finish()
}

fn link(inline: &mut Inline, address: &str, text: &str) -> Option<Piece> {
    let href = url::sanitize(address)?;
    let href = link::relative(&href, inline.options);
    let piece = inline.stash.around(text, &["a"], |html| {
        html.open("a").attribute("href", href).end();
    });
    Some(inline.stash.leading_to(href, piece))
}

pub(super) fn linkifiers(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    let mut changed: Option<String> = None;
    for linkifier in &inline.options.linkifiers {
        let current = changed.as_deref().unwrap_or(text);
        if let Some(new) = linkify(inline, linkifier, current) {
            changed = Some(new);
        }
    }
    changed
}

fn linkify(inline: &mut Inline, linkifier: &Arc<Linkifier>, text: &str) -> Option<String> {
    let mut out = Rewriter::new(text);
    for (captures, whole) in linkifier.matches(text) {
        let address = linkifier.address(&captures, |group| inline.stash.source(group));
        let label = inline.stash.source(whole.as_str());
        if let Some(piece) = link(inline, &address, &label) {
            out.piece(&mut inline.stash, whole.start(), whole.end(), piece);
        }
    }
    out.finish()
}
