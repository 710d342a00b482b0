//! Blocks → elements → HTML.

use std::collections::BTreeSet;

use crate::block::{Alignment, Block, List, Table};
use crate::inline::Inline;
use crate::node::{self, Element, Node};
use crate::options::Options;
use crate::resolve::{Index, Resolved};
use crate::{Parsed, code, math, preview};

/// The HTML of a message and what is in it.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// Safe HTML in Zulip's dialect.
    pub html: String,
    /// What was seen.
    pub report: Report,
}

/// What was seen; the caller stores it with the message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Users mentioned by name, not silently.
    pub mentioned_users: BTreeSet<i64>,
    /// Groups mentioned, not silently.
    pub mentioned_groups: BTreeSet<i64>,
    /// `@**all**` or its likes.
    pub stream_wildcard: bool,
    /// `@**topic**`
    pub topic_wildcard: bool,
    /// Any link, into the realm too.
    pub has_link: bool,
    /// Any image shown below the text.
    pub has_image: bool,
    /// Path ids of the uploads linked to.
    pub attachments: Vec<String>,
    /// Addresses of which a worker may fetch a preview.
    pub links: Vec<String>,
    /// Alert words of the realm that occur outside code.
    pub alert_words: BTreeSet<String>,
    /// A `/me` message of one paragraph.
    pub is_me_message: bool,
}

pub(crate) fn render(parsed: &Parsed, resolved: &Resolved, options: &Options) -> Rendered {
    let index = Index::new(resolved);
    let mut report = Report {
        alert_words: parsed.alert_words.clone(),
        ..Report::default()
    };
    let mut renderer = Renderer {
        inline: Inline::new(options, &index, &mut report),
    };
    let nodes = renderer.blocks(&parsed.blocks);
    let nodes = preview::add(nodes, options, resolved, &mut report);
    let mut html = String::new();
    node::write(&nodes, &mut html);
    let html = html.trim().to_owned();
    report.is_me_message =
        parsed.starts_with_me && html.starts_with("<p>") && html.ends_with("</p>");
    Rendered { html, report }
}

struct Renderer<'a> {
    inline: Inline<'a>,
}

impl Renderer<'_> {
    /// Each block with a line break after it.
    fn blocks(&mut self, blocks: &[Block]) -> Vec<Node> {
        let mut nodes = Vec::with_capacity(blocks.len() * 2);
        for (i, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => {
                    nodes.extend(self.inline.render(text));
                    continue;
                }
                Block::Math(formulas) => self.math(formulas, &mut nodes),
                block => nodes.push(self.block(block).into()),
            }
            // Text after a block begins with a line break of its own.
            if !matches!(blocks.get(i + 1), Some(Block::Text(_))) {
                nodes.push(Node::newline());
            }
            if let Block::Code { fenced: false, .. } = block {
                nodes.push(Node::newline());
            }
        }
        nodes
    }

    /// The content of an element whose blocks begin on a new line.
    fn content(&mut self, blocks: &[Block]) -> Vec<Node> {
        let mut nodes = vec![Node::newline()];
        nodes.extend(self.blocks(blocks));
        nodes
    }

    fn block(&mut self, block: &Block) -> Element {
        match block {
            Block::Paragraph(text) | Block::Text(text) => {
                Element::new("p").children(self.inline.render(text))
            }
            Block::Heading(level, text) => {
                let tag = match level {
                    1 => "h1",
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                Element::new(tag).children(self.inline.render(text))
            }
            Block::Rule => Element::new("hr"),
            Block::List(list) => self.list(list),
            Block::Quote(blocks) => {
                let before = std::mem::replace(&mut self.inline.silent, true);
                let content = self.content(blocks);
                self.inline.silent = before;
                Element::new("blockquote").children(content)
            }
            Block::Code { language, text, .. } => code::block(language.as_deref(), text),
            Block::Math(formulas) => {
                let mut nodes = Vec::new();
                self.math(formulas, &mut nodes);
                Element::new("div").children(nodes)
            }
            Block::Spoiler { header, content } => self.spoiler(header, content),
            Block::Table(table) => self.table(table),
        }
    }

    fn list(&mut self, list: &List) -> Element {
        let mut element = Element::new(if list.ordered { "ol" } else { "ul" });
        if let Some(start) = &list.start {
            element = element.attribute("start", start.as_str());
        }
        element.children.push(Node::newline());
        for item in list.items() {
            let content = match item.first() {
                Some(Block::Text(_)) | None => self.blocks(item),
                Some(_) => self.content(item),
            };
            element
                .children
                .push(Element::new("li").children(content).into());
            element.children.push(Node::newline());
        }
        element
    }

    /// A paragraph for each formula, with an empty line between them.
    fn math(&mut self, formulas: &[String], nodes: &mut Vec<Node>) {
        for (i, formula) in formulas.iter().enumerate() {
            if i > 0 {
                nodes.extend([Node::newline(), Node::newline()]);
            }
            let formula = math::display(formula, &mut self.inline.math);
            nodes.push(Element::new("p").child(formula).into());
        }
    }

    fn spoiler(&mut self, header: &[Block], content: &[Block]) -> Element {
        let header = Element::new("div")
            .class("spoiler-header")
            .children(self.content(header));
        let content = Element::new("div")
            .class("spoiler-content")
            .attribute("aria-hidden", "true")
            .children(self.content(content));
        Element::new("div")
            .class("spoiler-block")
            .child(header)
            .child(content)
    }

    fn table(&mut self, table: &Table) -> Element {
        let header = self.row("th", &table.header, &table.alignments);
        let rows = table
            .rows
            .iter()
            .map(|row| self.row("td", row, &table.alignments))
            .collect();
        let thead = lines(Element::new("thead"), vec![header]);
        let tbody = lines(Element::new("tbody"), rows);
        lines(Element::new("table"), vec![thead, tbody])
    }

    fn row(
        &mut self,
        tag: &'static str,
        cells: &[String],
        alignments: &[Option<Alignment>],
    ) -> Element {
        let cells = cells.iter().zip(alignments).map(|(text, alignment)| {
            let cell = Element::new(tag).children(self.inline.render(text));
            match alignment {
                Some(Alignment::Left) => cell.attribute("style", "text-align: left;"),
                Some(Alignment::Center) => cell.attribute("style", "text-align: center;"),
                Some(Alignment::Right) => cell.attribute("style", "text-align: right;"),
                None => cell,
            }
        });
        lines(Element::new("tr"), cells.collect())
    }
}

/// Puts each child on a line of its own.
fn lines(mut parent: Element, children: Vec<Element>) -> Element {
    parent.children.push(Node::newline());
    for child in children {
        parent.children.push(child.into());
        parent.children.push(Node::newline());
    }
    parent
}
