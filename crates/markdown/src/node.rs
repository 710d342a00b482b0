//! The tree of elements, and the only place that writes HTML.

use std::fmt::Write;

/// A piece of the output.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Text, escaped when written; character references that the author wrote stay as they are.
    Text(String),
    /// Text in which nothing has a meaning of its own: inline code.
    Verbatim(String),
    /// The same with quotes escaped too: blocks of code.
    Literal(String),
    /// The same as Python's `html.escape` does it: formulas that KaTeX does not understand.
    Apostrophes(String),
    Element(Element),
}

/// An element; tags and attribute names are fixed in the program, never taken from a text.
#[derive(Debug, Clone)]
pub(crate) struct Element {
    pub(crate) tag: &'static str,
    pub(crate) attributes: Vec<(&'static str, String)>,
    pub(crate) children: Vec<Node>,
}

impl Element {
    pub(crate) fn new(tag: &'static str) -> Self {
        Self {
            tag,
            attributes: Vec::new(),
            children: Vec::new(),
        }
    }

    pub(crate) fn attribute(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    pub(crate) fn class(self, value: impl Into<String>) -> Self {
        self.attribute("class", value)
    }

    pub(crate) fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(Node::Text(text.into()));
        self
    }

    pub(crate) fn child(mut self, child: impl Into<Node>) -> Self {
        self.children.push(child.into());
        self
    }

    pub(crate) fn children(mut self, children: Vec<Node>) -> Self {
        self.children.extend(children);
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_str())
    }
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl Node {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn newline() -> Self {
        Self::Text("\n".to_owned())
    }

    pub(crate) fn is_newline(&self) -> bool {
        matches!(self, Self::Text(text) if text == "\n")
    }
}

/// Writes the nodes as HTML.
pub(crate) fn write(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => escape_text(text, out),
            Node::Verbatim(text) => escape_verbatim(text, out),
            Node::Literal(text) => escape_literal(text, out),
            Node::Apostrophes(text) => escape_apostrophes(text, out),
            Node::Element(element) => write_element(element, out),
        }
    }
}

fn write_element(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(element.tag);
    for (name, value) in &element.attributes {
        // Writing into a String cannot fail.
        let _ = write!(out, " {name}=\"");
        escape_attribute(value, out);
        out.push('"');
    }
    out.push('>');
    if matches!(element.tag, "br" | "hr" | "img") {
        return;
    }
    write(&element.children, out);
    let _ = write!(out, "</{}>", element.tag);
}

/// Escapes `bytes` that `replacement` knows, copying what lies between in one go.
fn escape<'r>(text: &str, out: &mut String, replacement: impl Fn(u8, &str) -> Option<&'r str>) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if !matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'') {
            continue;
        }
        if let Some(new) = replacement(byte, text.get(at..).unwrap_or_default()) {
            out.push_str(text.get(copied..at).unwrap_or_default());
            out.push_str(new);
            copied = at + 1;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
}

fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |byte, rest| match byte {
        b'&' if character_reference(rest).is_none() => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

fn escape_verbatim(text: &str, out: &mut String) {
    escape(text, out, |byte, _| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

fn escape_literal(text: &str, out: &mut String) {
    escape(text, out, |byte, _| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#39;"),
        _ => None,
    });
}

fn escape_apostrophes(text: &str, out: &mut String) {
    escape(text, out, |byte, _| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        b'\'' => Some("&#x27;"),
        _ => None,
    });
}

fn escape_attribute(text: &str, out: &mut String) {
    escape(text, out, |byte, rest| match byte {
        b'&' if character_reference(rest).is_none() => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    });
}

/// Length of the character reference (`&amp;`, `&#38;`, `&#x26;`) that `text` begins with.
pub(crate) fn character_reference(text: &str) -> Option<usize> {
    let body = text.strip_prefix('&')?;
    let (prefix, digit): (usize, fn(&u8) -> bool) = match body.as_bytes() {
        [b'#', b'x' | b'X', ..] => (2, u8::is_ascii_hexdigit),
        [b'#', ..] => (1, u8::is_ascii_digit),
        _ => (0, u8::is_ascii_alphanumeric),
    };
    let name = body.as_bytes().get(prefix..)?;
    // No reference is longer; the bound keeps `&aaaa…` linear.
    let length = name.iter().take(40).take_while(|b| digit(b)).count();
    (length > 0 && name.get(length) == Some(&b';')).then_some(1 + prefix + length + 1)
}
