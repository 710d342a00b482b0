//! The only place that writes HTML: tags and attribute names are fixed in the program, everything else is escaped.

use memchr::{memchr2, memchr3};

/// HTML as it grows. There is no tree: a message is written once, from its first byte to its last.
#[derive(Debug, Default)]
pub(crate) struct Html(String);

/// A start tag that takes attributes until it is ended.
#[must_use]
pub(crate) struct Tag<'h> {
    html: &'h mut Html,
    name: &'static str,
}

impl Html {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }

    /// Begins an element.
    pub(crate) fn open(&mut self, name: &'static str) -> Tag<'_> {
        self.0.push('<');
        self.0.push_str(name);
        Tag { html: self, name }
    }

    /// Ends an element.
    pub(crate) fn close(&mut self, name: &'static str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    pub(crate) fn newline(&mut self) {
        self.0.push('\n');
    }

    /// Adds what was written elsewhere.
    pub(crate) fn append(&mut self, written: &str) {
        self.0.push_str(written);
    }

    /// Text; character references that the author wrote stay as they are.
    pub(crate) fn text(&mut self, text: &str) {
        self.escape(text, |byte, rest| match byte {
            b'&' if character_reference(rest).is_none() => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            _ => None,
        });
    }

    /// Text with a visible break at each line's end.
    pub(crate) fn lines(&mut self, text: &str) {
        let mut rest = text;
        while let Some((line, after)) = rest.split_once('\n') {
            self.text(line);
            self.0.push_str("<br>\n");
            rest = after;
        }
        self.text(rest);
    }

    /// Text in which nothing has a meaning of its own: inline code.
    pub(crate) fn verbatim(&mut self, text: &str) {
        self.escape(text, |byte, _| match byte {
            b'&' => Some("&amp;"),
            b'<' => Some("&lt;"),
            b'>' => Some("&gt;"),
            _ => None,
        });
    }

    /// The same with quotes escaped too: blocks of code.
    pub(crate) fn literal(&mut self, text: &str) {
        self.with_quotes(text, "&#39;");
    }

    /// The same as Python's `html.escape` does it: formulas that KaTeX does not understand.
    pub(crate) fn apostrophes(&mut self, text: &str) {
        self.with_quotes(text, "&#x27;");
    }

    fn with_quotes(&mut self, text: &str, apostrophe: &'static str) {
        let mut rest = text;
        while let Some(at) = memchr2(b'"', b'\'', rest.as_bytes()) {
            let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.verbatim(before);
            let quote = if after.starts_with('"') {
                "&quot;"
            } else {
                apostrophe
            };
            self.0.push_str(quote);
            rest = after.get(1..).unwrap_or_default();
        }
        self.verbatim(rest);
    }

    fn attribute(&mut self, text: &str) {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('"') {
            self.text(before);
            self.0.push_str("&quot;");
            rest = after;
        }
        self.text(rest);
    }

    /// Escapes what `replacement` knows, copying what lies between in one go.
    fn escape(&mut self, text: &str, replacement: impl Fn(u8, &str) -> Option<&'static str>) {
        let mut rest = text;
        let mut from = 0;
        let find = |from: usize, rest: &str| {
            let bytes = rest.as_bytes().get(from..)?;
            memchr3(b'&', b'<', b'>', bytes).map(|at| from + at)
        };
        while let Some(at) = find(from, rest) {
            let (before, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
            let byte = special.bytes().next().unwrap_or_default();
            match replacement(byte, special) {
                Some(new) => {
                    self.0.push_str(before);
                    self.0.push_str(new);
                    rest = special.get(1..).unwrap_or_default();
                    from = 0;
                }
                None => from = at + 1,
            }
        }
        self.0.push_str(rest);
    }
}

impl<'h> Tag<'h> {
    pub(crate) fn attribute(self, name: &'static str, value: &str) -> Self {
        self.html.0.push(' ');
        self.html.0.push_str(name);
        self.html.0.push_str("=\"");
        self.html.attribute(value);
        self.html.0.push('"');
        self
    }

    /// An attribute whose value comes in pieces.
    pub(crate) fn joined(self, name: &'static str, pieces: &[&str]) -> Self {
        self.html.0.push(' ');
        self.html.0.push_str(name);
        self.html.0.push_str("=\"");
        for piece in pieces {
            self.html.attribute(piece);
        }
        self.html.0.push('"');
        self
    }

    pub(crate) fn class(self, value: &str) -> Self {
        self.attribute("class", value)
    }

    /// Ends the start tag; content follows, or nothing for an element that has none.
    pub(crate) fn end(self) -> &'h mut Html {
        self.html.0.push('>');
        self.html
    }

    /// Ends the start tag, writes the content and the end tag.
    pub(crate) fn with(self, content: impl FnOnce(&mut Html)) {
        let name = self.name;
        let html = self.end();
        content(html);
        html.close(name);
    }

    /// An element of nothing but text.
    pub(crate) fn text(self, text: &str) {
        self.with(|html| html.text(text));
    }
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
