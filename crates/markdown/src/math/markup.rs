//! Copying KaTeX's markup element by element, in the form of the release whose style sheet clients have (0.16).

use katex::font_metrics_data::FontMetricsData;

use crate::html::Html;

const TAGS: &[&str] = &[
    "span",
    "math",
    "semantics",
    "annotation",
    "mrow",
    "mi",
    "mo",
    "mn",
    "ms",
    "mtext",
    "msup",
    "msub",
    "msubsup",
    "mfrac",
    "msqrt",
    "mroot",
    "mover",
    "munder",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
    "mlabeledtr",
    "mspace",
    "mstyle",
    "mpadded",
    "mphantom",
    "menclose",
    "svg",
    "path",
    "line",
];
const ATTRIBUTES: &[&str] = &[
    "class",
    "style",
    "aria-hidden",
    "xmlns",
    "display",
    "encoding",
    "mathvariant",
    "separator",
    "stretchy",
    "fence",
    "form",
    "symmetric",
    "lspace",
    "rspace",
    "width",
    "height",
    "depth",
    "voffset",
    "minsize",
    "maxsize",
    "mathcolor",
    "mathbackground",
    "mathsize",
    "linethickness",
    "accent",
    "accentunder",
    "notation",
    "scriptlevel",
    "displaystyle",
    "columnalign",
    "columnspacing",
    "columnlines",
    "rowspacing",
    "rowlines",
    "frame",
    "side",
    "largeop",
    "movablelimits",
    "linebreak",
    "valign",
    "viewBox",
    "preserveAspectRatio",
    "d",
    "x1",
    "y1",
    "x2",
    "y2",
    "stroke-width",
];

/// Writes the one element that the markup is; `None`, and nothing written, if there is anything in it that we do not know.
pub(super) fn copy(markup: &str, metrics: &FontMetricsData, html: &mut Html) -> Option<()> {
    let begin = html.len();
    let copied = elements(markup, metrics, html);
    if copied.is_none() {
        html.truncate(begin);
    }
    copied
}

fn elements(markup: &str, metrics: &FontMetricsData, html: &mut Html) -> Option<()> {
    let mut open: Vec<&'static str> = Vec::new();
    let mut rest = markup;
    loop {
        let (text, after) = rest.split_once('<')?;
        if !text.is_empty() {
            open.last()?;
            html.verbatim(&unescape(text));
        }
        let (inside, after) = tag(after)?;
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            html.close(open.pop().filter(|tag| *tag == name)?);
            if open.is_empty() {
                return rest.is_empty().then_some(());
            }
        } else if let Some(inside) = inside.strip_suffix('/') {
            open.last()?;
            let start = start(inside)?;
            start.write(html);
            html.close(start.tag);
        } else {
            let mut start = start(inside)?;
            if let Some((text, after)) = rest.split_once('<')
                && after.starts_with('/')
            {
                start.exact_italics(&unescape(text), metrics);
            }
            start.write(html);
            open.push(start.tag);
        }
    }
}

/// What is in a tag, up to the `>` that is in no quotes.
fn tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return Some((text.get(..at)?, text.get(at + 1..)?)),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// A start tag, all of it known.
struct Start {
    tag: &'static str,
    attributes: Vec<(&'static str, String)>,
}

impl Start {
    fn write(&self, html: &mut Html) {
        let mut tag = html.open(self.tag);
        for (name, value) in &self.attributes {
            tag = tag.attribute(name, value);
        }
        tag.end();
    }

    /// The margin of a slanted symbol is its font's italic correction, which newer releases round to four digits.
    fn exact_italics(&mut self, text: &str, metrics: &FontMetricsData) {
        let Some(symbol) = text.chars().next_back() else {
            return;
        };
        let mut attributes = self.attributes.iter_mut();
        let Some((_, style)) = attributes.find(|(name, _)| *name == "style") else {
            return;
        };
        let Some((rounded, rest)) = style
            .strip_prefix("margin-right:")
            .and_then(|style| style.split_once("em;"))
        else {
            return;
        };
        let exact = FONTS.iter().find_map(|font| {
            let italic = metrics.get_metric(font, u32::from(symbol)).ok()??.italic;
            let same = rounded
                .parse()
                .is_ok_and(|r: f64| (r - italic).abs() < 0.000_051);
            same.then_some(italic)
        });
        if let Some(exact) = exact {
            *style = format!("margin-right:{exact}em;{rest}");
        }
    }
}

fn start(inside: &str) -> Option<Start> {
    let inside = inside.trim_end();
    let (name, mut rest) = inside.split_once(' ').unwrap_or((inside, ""));
    let tag = TAGS.iter().find(|tag| **tag == name)?;
    let mut attributes = Vec::new();
    while !rest.trim_start().is_empty() {
        let (name, after) = rest.trim_start().split_once('=')?;
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after.get(1..)?.split_once(quote)?;
        rest = after;
        let name = ATTRIBUTES.iter().find(|known| **known == name)?;
        let mut value = unescape(value);
        if *name == "class" {
            value = classes(&value);
        }
        if *name == "style" && !is_plain_style(&value) {
            return None;
        }
        attributes.push((*name, value));
    }
    // KaTeX keeps them in maps without an order; the same formula is always to give the same bytes.
    attributes.sort_unstable();
    Some(Start { tag, attributes })
}

/// Newer releases prefix most classes with `katex-`; clients look for the plain ones.
fn classes(value: &str) -> String {
    let plain = value.split(' ').map(|class| match class {
        "katex-html" | "katex-mathml" | "katex-display" | "katex-error" => class,
        class => class.strip_prefix("katex-").unwrap_or(class),
    });
    plain.collect::<Vec<_>>().join(" ")
}

const FONTS: &[&str] = &[
    "Math-Italic",
    "Main-Regular",
    "Main-Italic",
    "Main-Bold",
    "Main-BoldItalic",
    "Math-BoldItalic",
    "Size1-Regular",
    "Size2-Regular",
    "Size3-Regular",
    "Size4-Regular",
    "AMS-Regular",
    "Caligraphic-Regular",
    "Fraktur-Regular",
    "Fraktur-Bold",
    "SansSerif-Regular",
    "SansSerif-Italic",
    "SansSerif-Bold",
    "Script-Regular",
    "Typewriter-Regular",
];

/// Lengths, colours and keywords.
fn is_plain_style(style: &str) -> bool {
    style
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || " .:;#%-,".contains(c))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
