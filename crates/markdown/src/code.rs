//! Blocks of code.

use crate::node::{Element, Node};

/// A block of code in the markup of Pygments.
pub(crate) fn block(language: Option<&str>, text: &str) -> Element {
    let text = format!("{}\n", text.trim_matches('\n'));
    let code = match language {
        // Zulip writes a block whose language is named through another serialiser, which leaves quotes alone.
        Some(_) => Node::Verbatim(text),
        None => Node::Literal(text),
    };
    let pre = Element::new("pre")
        .child(Element::new("span"))
        .child(Element::new("code").child(code));
    let div = Element::new("div").class("codehilite");
    match language {
        Some(language) => div.attribute("data-code-language", language).child(pre),
        None => div.child(pre),
    }
}
