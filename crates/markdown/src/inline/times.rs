//! `<time:…>`

use memchr::memmem;

use super::{Inline, Rewriter};
use crate::timestamp;

pub(super) fn times(inline: &mut Inline, text: &str, _pass: usize) -> Option<String> {
    const OPENING: &[u8] = b"<time:";
    let mut out = Rewriter::new(text);
    let mut at = 0;
    while let Some(found) = (text.as_bytes().get(at..)).and_then(|rest| memmem::find(rest, OPENING))
    {
        let start = at + found;
        let body = start + OPENING.len();
        let Some(length) = text.get(body..).and_then(|rest| rest.find('>')) else {
            break;
        };
        at = body + length + 1;
        let input = inline
            .stash
            .source(text.get(body..body + length).unwrap_or_default());
        let piece = inline.stash.element(|html| match timestamp::parse(&input) {
            Some(time) => html.open("time").attribute("datetime", &time).text(&input),
            None => (html.open("span").class("timestamp-error"))
                .text(&format!("Invalid time format: {input}")),
        });
        out.piece(&mut inline.stash, start, at, piece);
    }
    out.finish()
}
