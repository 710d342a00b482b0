//! A strict reader of HTML, for comparing and checking what was written.

use std::collections::BTreeMap;

/// A piece of HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    Text(String),
    Element {
        tag: String,
        attributes: BTreeMap<String, String>,
        children: Vec<Tree>,
    },
}

/// Reads HTML in which every element is closed, in order, and every attribute is quoted.
pub fn read(html: &str) -> Result<Vec<Tree>, String> {
    let mut open: Vec<Tree> = Vec::new();
    let mut done = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let at = rest.find('<').unwrap_or(rest.len());
        let (text, after) = rest.split_at(at);
        if text.contains('>') {
            return Err(format!("bare > in {text:?}"));
        }
        if !text.is_empty() {
            add(&mut open, &mut done, Tree::Text(text.to_owned()));
        }
        if after.is_empty() {
            break;
        }
        let end = after.find('>').ok_or("unclosed tag")?;
        rest = &after[end + 1..];
        let inside = &after[1..end];
        if let Some(name) = inside.strip_prefix('/') {
            let element = open.pop().ok_or_else(|| format!("stray </{name}>"))?;
            match &element {
                Tree::Element { tag, .. } if tag == name => {}
                other => return Err(format!("</{name}> closes {other:?}")),
            }
            add(&mut open, &mut done, element);
            continue;
        }
        let (tag, attributes) = attributes(inside)?;
        let void = matches!(tag.as_str(), "br" | "hr" | "img");
        let element = Tree::Element {
            tag,
            attributes,
            children: Vec::new(),
        };
        if void {
            add(&mut open, &mut done, element);
        } else {
            open.push(element);
        }
    }
    if open.is_empty() {
        Ok(done)
    } else {
        Err(format!("{} elements left open", open.len()))
    }
}

fn add(open: &mut [Tree], done: &mut Vec<Tree>, tree: Tree) {
    match open.last_mut() {
        Some(Tree::Element { children, .. }) => children.push(tree),
        _ => done.push(tree),
    }
}

fn attributes(inside: &str) -> Result<(String, BTreeMap<String, String>), String> {
    let (tag, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    if tag.is_empty() || !tag.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("tag {tag:?}"));
    }
    let mut attributes = BTreeMap::new();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once("=\"")
            .ok_or_else(|| format!("attribute {rest:?}"))?;
        let (value, after) = after
            .split_once('"')
            .ok_or_else(|| format!("value {after:?}"))?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(format!("attribute {name:?}"));
        }
        if attributes
            .insert(name.to_owned(), value.to_owned())
            .is_some()
        {
            return Err(format!("{name} twice"));
        }
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    Ok((tag.to_owned(), attributes))
}

/// Calls `visit` with every element.
pub fn elements<'t>(
    trees: &'t [Tree],
    visit: &mut impl FnMut(&'t str, &'t BTreeMap<String, String>),
) {
    for tree in trees {
        if let Tree::Element {
            tag,
            attributes,
            children,
        } = tree
        {
            visit(tag, attributes);
            elements(children, visit);
        }
    }
}
