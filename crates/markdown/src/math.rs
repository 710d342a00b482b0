//! Formulas as KaTeX markup.

use crate::node::{Element, Node};

/// A formula within a line; one that KaTeX does not understand is shown as it is.
pub(crate) fn inline(formula: &str) -> Element {
    error().child(Node::Verbatim(format!("$${formula}$$")))
}

/// A formula on its own.
pub(crate) fn display(formula: &str) -> Element {
    error().child(Node::Apostrophes(formula.to_owned()))
}

fn error() -> Element {
    Element::new("span").class("tex-error")
}
