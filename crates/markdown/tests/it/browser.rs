//! What a browser makes of HTML.

use std::collections::BTreeMap;

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::tree::Tree;

/// The elements that a browser puts into a `div` for this HTML, with all character references replaced.
pub fn read(html: &str) -> Vec<Tree> {
    let context = QualName::new(None, ns!(html), local_name!("div"));
    let parser = parse_fragment(
        RcDom::default(),
        ParseOpts::default(),
        context,
        vec![],
        true,
    );
    let dom = parser.one(html);
    // The fragment hangs below an `html` element of its own.
    let root = dom.document.children.borrow();
    let root = root.iter().map(trees);
    root.flatten()
        .flat_map(|tree| match tree {
            Tree::Element { children, .. } => children,
            text => vec![text],
        })
        .collect()
}

fn trees(node: &Handle) -> Option<Tree> {
    match &node.data {
        NodeData::Text { contents } => Some(Tree::Text(contents.borrow().to_string())),
        NodeData::Element { name, attrs, .. } => {
            let attributes: BTreeMap<String, String> = attrs
                .borrow()
                .iter()
                .map(|a| (a.name.local.to_string(), a.value.to_string()))
                .collect();
            let children = node.children.borrow();
            Some(Tree::Element {
                tag: name.local.to_string(),
                attributes,
                children: children.iter().filter_map(trees).collect(),
            })
        }
        _ => None,
    }
}
