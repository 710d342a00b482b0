//! Blocks of code, in the markup of Pygments.

use crate::highlight::{self, Language, Token};
use crate::node::{Element, Node};

/// A block of code.
pub(crate) fn block(language: Option<&str>, text: &str) -> Element {
    let text = format!("{}\n", text.trim_matches('\n'));
    // Zulip writes a block whose language is named through another serialiser, which leaves quotes alone.
    let piece = |text: &str| match language {
        Some(_) => Node::Verbatim(text.to_owned()),
        None => Node::Literal(text.to_owned()),
    };
    let known = match language {
        Some(name) => highlight::find(name),
        None => first_line_language(&text),
    };
    let code = match known.and_then(|language| highlight::tokens(language, &text)) {
        Some(tokens) => tokens_to_nodes(&tokens, piece),
        None => vec![piece(&text)],
    };
    let pre = Element::new("pre")
        .child(Element::new("span"))
        .child(Element::new("code").children(code));
    let div = Element::new("div").class("codehilite");
    match language {
        Some(name) => {
            let name = known.map_or(name, |language| language.name);
            div.attribute("data-code-language", name).child(pre)
        }
        None => div.child(pre),
    }
}

/// One element for neighbours of one class.
fn tokens_to_nodes(tokens: &[Token], piece: impl Fn(&str) -> Node) -> Vec<Node> {
    let mut nodes = Vec::new();
    for group in tokens.chunk_by(|(a, _), (b, _)| a == b) {
        let text: String = group.iter().map(|(_, text)| *text).collect();
        match group.first().and_then(|(class, _)| *class) {
            Some(class) => nodes.push(Element::new("span").class(class).child(piece(&text)).into()),
            None => nodes.push(piece(&text)),
        }
    }
    nodes
}

/// `#!python`, `#!/usr/bin/python` or `:::python` in the first line.
fn first_line_language(text: &str) -> Option<&'static Language> {
    let line = text.split('\n').next()?;
    let rest = match line.strip_prefix("#!") {
        Some(rest) => rest,
        None => line.strip_prefix("::")?.trim_start_matches(':'),
    };
    let command = rest.split_whitespace().next()?;
    let name = command.rsplit('/').next()?;
    highlight::find(name)
}
