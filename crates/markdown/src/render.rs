//! Blocks → HTML.

mod output;

use std::collections::BTreeSet;

use crate::block::{Alignment, Block, List, Table};
use crate::inline::Inline;
use crate::options::Options;
use crate::resolve::{Index, Resolved};
use crate::{Parsed, code, math, preview};
pub(crate) use output::{Output, Parent, SeenLink};

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
        out: Output::with_capacity(parsed.length + parsed.length / 2 + 64),
    };
    renderer.blocks(&parsed.blocks);
    let out = renderer.out;
    let html = preview::add(out, options, resolved, &mut report);
    report.is_me_message =
        parsed.starts_with_me && html.starts_with("<p>") && html.ends_with("</p>");
    Rendered { html, report }
}

struct Renderer<'a> {
    inline: Inline<'a>,
    out: Output,
}

impl Renderer<'_> {
    /// Each block with a line break after it.
    fn blocks(&mut self, blocks: &[Block]) {
        for (i, block) in blocks.iter().enumerate() {
            match block {
                Block::Text(text) => {
                    self.inline.render(text, &mut self.out);
                    continue;
                }
                Block::Paragraph(text) => {
                    self.paragraph(text);
                    continue;
                }
                Block::Math(formulas) => self.math(formulas),
                block => self.block(block),
            }
            // Text after a block begins with a line break of its own.
            if !matches!(blocks.get(i + 1), Some(Block::Text(_))) {
                self.out.html.newline();
            }
            if let Block::Code { fenced: false, .. } = block {
                self.out.html.newline();
            }
        }
    }

    /// The content of an element whose blocks begin on a new line.
    fn content(&mut self, blocks: &[Block]) {
        self.out.html.newline();
        self.blocks(blocks);
    }

    /// An element without attributes.
    fn element(&mut self, tag: &'static str, content: impl FnOnce(&mut Self)) {
        self.out.html.open(tag).end();
        self.inside(tag, content);
    }

    /// The content and the end of an element whose start tag is written.
    fn inside(&mut self, tag: &'static str, content: impl FnOnce(&mut Self)) {
        let outer = self.out.descend();
        content(self);
        self.out.ascend(outer);
        self.out.html.close(tag);
    }

    /// With the line break after it, which goes away together with a paragraph that previews replace.
    fn paragraph(&mut self, text: &str) {
        let start = self.out.html.len();
        self.element("p", |this| {
            let parent = this.out.begin_parent(Parent::Paragraph { start });
            this.inline.render(text, &mut this.out);
            this.out.end_parent(parent);
        });
        self.out.html.newline();
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph(text) => self.paragraph(text),
            Block::Text(text) => self.inline.render(text, &mut self.out),
            Block::Heading(level, text) => {
                let tag = match level {
                    1 => "h1",
                    2 => "h2",
                    3 => "h3",
                    4 => "h4",
                    5 => "h5",
                    _ => "h6",
                };
                self.element(tag, |this| this.inline.render(text, &mut this.out));
            }
            Block::Rule => {
                self.out.html.open("hr").end();
            }
            Block::List(list) => self.list(list),
            Block::Quote(blocks) => {
                let before = std::mem::replace(&mut self.inline.silent, true);
                self.out.quotes += 1;
                self.element("blockquote", |this| this.content(blocks));
                self.out.quotes -= 1;
                self.inline.silent = before;
            }
            Block::Code { language, text, .. } => {
                code::block(language.as_deref(), text, &mut self.out.html);
            }
            Block::Math(formulas) => self.element("div", |this| this.math(formulas)),
            Block::Spoiler { header, content } => self.spoiler(header, content),
            Block::Table(table) => self.table(table),
        }
    }

    fn list(&mut self, list: &List) {
        let tag = if list.ordered { "ol" } else { "ul" };
        let element = self.out.html.open(tag);
        match &list.start {
            Some(start) => element.attribute("start", start).end(),
            None => element.end(),
        };
        self.inside(tag, |this| {
            this.out.html.newline();
            for item in list.items() {
                this.element("li", |this| {
                    let parent = this.out.begin_parent(Parent::Item);
                    match item.first() {
                        Some(Block::Text(_)) | None => this.blocks(item),
                        Some(_) => this.content(item),
                    }
                    this.out.end_parent(parent);
                });
                this.out.html.newline();
            }
        });
    }

    /// A paragraph for each formula, with an empty line between them.
    fn math(&mut self, formulas: &[String]) {
        for (i, formula) in formulas.iter().enumerate() {
            if i > 0 {
                self.out.html.newline();
                self.out.html.newline();
            }
            let budget = &mut self.inline.math;
            let p = self.out.html.open("p");
            p.with(|html| math::display(formula, budget, html));
        }
    }

    fn spoiler(&mut self, header: &[Block], content: &[Block]) {
        self.out.html.open("div").class("spoiler-block").end();
        self.inside("div", |this| {
            this.out.html.open("div").class("spoiler-header").end();
            this.inside("div", |this| this.content(header));
            let div = this.out.html.open("div").class("spoiler-content");
            div.attribute("aria-hidden", "true").end();
            this.inside("div", |this| this.content(content));
        });
    }

    fn table(&mut self, table: &Table) {
        self.element("table", |this| {
            this.out.html.newline();
            this.element("thead", |this| {
                this.out.html.newline();
                this.row("th", &table.header, &table.alignments);
            });
            this.out.html.newline();
            this.element("tbody", |this| {
                this.out.html.newline();
                for row in &table.rows {
                    this.row("td", row, &table.alignments);
                }
            });
            this.out.html.newline();
        });
    }

    /// A row, each cell on a line of its own.
    fn row(&mut self, tag: &'static str, cells: &[String], alignments: &[Option<Alignment>]) {
        self.element("tr", |this| {
            this.out.html.newline();
            for (text, alignment) in cells.iter().zip(alignments) {
                let cell = this.out.html.open(tag);
                match alignment {
                    Some(Alignment::Left) => cell.attribute("style", "text-align: left;"),
                    Some(Alignment::Center) => cell.attribute("style", "text-align: center;"),
                    Some(Alignment::Right) => cell.attribute("style", "text-align: right;"),
                    None => cell,
                }
                .end();
                this.inside(tag, |this| this.inline.render(text, &mut this.out));
                this.out.html.newline();
            }
        });
        self.out.html.newline();
    }
}
