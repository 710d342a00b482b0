//! Finding paragraphs, headings, lists, quotes, tables and indented code.
//!
//! A text is a queue of chunks, separated by empty lines. Each construct looks at the first chunk, takes what is its
//! own and puts the rest back, as in Python-Markdown, whose results in odd cases clients have come to expect.

mod list;
mod quote;
mod table;

use std::borrow::Cow;
use std::collections::VecDeque;

use crate::fence::Section;
use crate::normalize::{chunks, free_lists, has_pair, lines};
pub(crate) use list::List;
pub(crate) use table::{Alignment, Table};

/// A block of a message; texts are not yet parsed for inline markup.
#[derive(Debug)]
pub(crate) enum Block {
    Paragraph(String),
    /// The text of a tight list item, not in a paragraph of its own.
    Text(String),
    Heading(u8, String),
    Rule,
    List(List),
    Quote(Vec<Block>),
    Code {
        language: Option<String>,
        text: String,
        fenced: bool,
    },
    /// Formulas of one fence.
    Math(Vec<String>),
    Spoiler {
        header: Vec<Block>,
        content: Vec<Block>,
    },
    Table(Table),
}

/// Quotes and lists within each other beyond this depth are text.
const MAX_DEPTH: usize = 50;

/// The blocks of a text.
pub(crate) fn parse(sections: &[Section]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for section in sections {
        parse_section(section, &mut blocks);
    }
    blocks
}

fn parse_section(section: &Section, blocks: &mut Vec<Block>) {
    match section {
        Section::Lines(lines) => parse_lines(lines, blocks),
        Section::Code { language, text } => blocks.push(Block::Code {
            language: language.clone(),
            text: text.clone(),
            fenced: true,
        }),
        Section::Math(text) => {
            blocks.push(Block::Math(text.split("\n\n").map(str::to_owned).collect()));
        }
        Section::Quote(content) => blocks.push(Block::Quote(parse(content))),
        Section::Spoiler { header, content } => {
            let mut title = Vec::new();
            parse_lines(header, &mut title);
            blocks.push(Block::Spoiler {
                header: title,
                content: parse(content),
            });
        }
    }
}

fn parse_lines(text: &str, blocks: &mut Vec<Block>) {
    // What a fence cut off is a text of its own and does not continue the list or code before it.
    let mut fresh = Vec::new();
    Parser::default().parse_text(&free_lists(text), &mut fresh, Place::Flow);
    blocks.append(&mut fresh);
}

/// Calls `visit` with every text that inline markup may stand in.
pub(crate) fn each_text(blocks: &[Block], visit: &mut impl FnMut(&str)) {
    for block in blocks {
        match block {
            Block::Paragraph(text) | Block::Text(text) | Block::Heading(_, text) => visit(text),
            Block::Rule | Block::Code { .. } | Block::Math(_) => {}
            Block::List(list) => list.items().for_each(|item| each_text(item, visit)),
            Block::Quote(content) => each_text(content, visit),
            Block::Spoiler { header, content } => {
                each_text(header, visit);
                each_text(content, visit);
            }
            Block::Table(table) => {
                table.header.iter().for_each(|cell| visit(cell));
                table.rows.iter().flatten().for_each(|cell| visit(cell));
            }
        }
    }
}

/// Whether there is code in a language, or a formula.
pub(crate) fn is_slow(blocks: &[Block]) -> bool {
    let mut formula = false;
    each_text(blocks, &mut |text| formula |= has_pair(text, [b'$', b'$']));
    formula || blocks.iter().any(has_slow_block)
}

fn has_slow_block(block: &Block) -> bool {
    match block {
        Block::Math(_) => true,
        Block::Code { language, text, .. } => {
            language.is_some() || text.trim_start().starts_with(['#', ':'])
        }
        Block::List(list) => list.items().flatten().any(has_slow_block),
        Block::Quote(content) => content.iter().any(has_slow_block),
        Block::Spoiler { header, content } => header.iter().chain(content).any(has_slow_block),
        _ => false,
    }
}

/// What the blocks being parsed are the content of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Flow,
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    List,
    LooseList,
    Quote,
    Detabbed,
}

/// A part of the text, and what is known not to be in it: without that, a thousand rules would be looked through for
/// headings a thousand times.
#[derive(Debug, Clone)]
struct Chunk<'t> {
    text: Cow<'t, str>,
    no_heading: bool,
    no_rule: bool,
}

impl<'t> Chunk<'t> {
    fn new(text: impl Into<Cow<'t, str>>) -> Self {
        Self {
            text: text.into(),
            no_heading: false,
            no_rule: false,
        }
    }

    fn sub<'s>(&self, text: &'s str) -> Chunk<'s> {
        Chunk {
            text: Cow::Borrowed(text),
            ..*self
        }
    }

    /// What follows after `at`, without copying where it was not a copy.
    fn after(&self, at: usize) -> Self {
        let text = match &self.text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(at..).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(at..).unwrap_or_default().to_owned()),
        };
        Self { text, ..*self }
    }
}

type Queue<'t> = VecDeque<Chunk<'t>>;

#[derive(Debug, Default)]
struct Parser {
    states: Vec<State>,
    depth: usize,
}

impl Parser {
    fn is(&self, state: State) -> bool {
        self.states.last() == Some(&state)
    }

    fn within<T>(&mut self, state: State, work: impl FnOnce(&mut Self) -> T) -> T {
        self.states.push(state);
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        self.states.pop();
        result
    }

    fn may_nest(&self) -> bool {
        self.depth < MAX_DEPTH
    }

    fn parse_text(&mut self, text: &str, parent: &mut Vec<Block>, place: Place) {
        self.parse_queue(chunks(text).map(Chunk::new).collect(), parent, place);
    }

    /// Parses one chunk that has no empty line in it.
    fn parse_chunk(&mut self, chunk: Chunk, parent: &mut Vec<Block>, place: Place) {
        self.parse_queue(VecDeque::from([chunk]), parent, place);
    }

    fn parse_queue(&mut self, mut queue: Queue, parent: &mut Vec<Block>, place: Place) {
        while let Some(mut chunk) = queue.pop_front() {
            if self.empty(&chunk, &mut queue, parent)
                || self.indented(&chunk, parent, place)
                || self.code(&chunk, &mut queue, parent)
                || self.heading(&mut chunk, &mut queue, parent, place)
                || table::table(&chunk.text, parent)
                || self.rule(&mut chunk, &mut queue, parent, place)
                || self.list(&chunk.text, parent)
                || self.quote(&chunk, parent, place)
            {
                continue;
            }
            self.paragraph(&chunk.text, parent);
        }
    }

    /// An empty line; within code it is part of the code.
    fn empty<'t>(&self, chunk: &Chunk<'t>, queue: &mut Queue<'t>, parent: &mut [Block]) -> bool {
        let filler = match chunk.text.as_bytes() {
            [] => "\n\n",
            [b'\n', ..] => "\n",
            _ => return false,
        };
        if chunk.text.len() > 1 {
            queue.push_front(chunk.after(1));
        }
        if let Some(Block::Code {
            text,
            fenced: false,
            ..
        }) = parent.last_mut()
        {
            text.push_str(filler);
        }
        true
    }

    /// Code indented by four spaces.
    fn code<'t>(&self, chunk: &Chunk<'t>, queue: &mut Queue<'t>, parent: &mut Vec<Block>) -> bool {
        if !chunk.text.starts_with("    ") {
            return false;
        }
        let mut code = String::new();
        let mut taken = 0;
        for line in chunk.text.split_inclusive('\n') {
            match line.strip_prefix("    ") {
                Some(line) => code.push_str(line),
                None if line.trim().is_empty() => code.push('\n'),
                None => break,
            }
            taken += line.len();
        }
        let code = code.trim_end();
        match parent.last_mut() {
            Some(Block::Code {
                text,
                fenced: false,
                ..
            }) => {
                text.push('\n');
                text.push_str(code);
                text.push('\n');
            }
            _ => parent.push(Block::Code {
                language: None,
                text: format!("{code}\n"),
                fenced: false,
            }),
        }
        if taken < chunk.text.len() {
            queue.push_front(chunk.after(taken));
        }
        true
    }

    /// A heading anywhere in the chunk; what stands before it is parsed first.
    fn heading<'t>(
        &mut self,
        chunk: &mut Chunk<'t>,
        queue: &mut Queue<'t>,
        parent: &mut Vec<Block>,
        place: Place,
    ) -> bool {
        if chunk.no_heading {
            return false;
        }
        let Some(found) = find_heading(&chunk.text) else {
            chunk.no_heading = true;
            return false;
        };
        let before = chunk.text.get(..found.start).unwrap_or_default();
        if !before.is_empty() {
            let before = Chunk {
                no_heading: true,
                ..chunk.sub(before)
            };
            self.parse_chunk(before, parent, place);
        }
        parent.push(Block::Heading(found.level, found.text.trim().to_owned()));
        let mut after = chunk.after(found.end);
        if !after.text.is_empty() {
            if self.is(State::LooseList) {
                after.text = Cow::Owned(list::unindent(&after.text, 1));
            }
            queue.push_front(after);
        }
        true
    }

    /// A line of three or more `-`, `*` or `_`.
    fn rule<'t>(
        &mut self,
        chunk: &mut Chunk<'t>,
        queue: &mut Queue<'t>,
        parent: &mut Vec<Block>,
        place: Place,
    ) -> bool {
        if chunk.no_rule {
            return false;
        }
        let mut start = 0;
        let line = lines(&chunk.text).find(|line| {
            let found = is_rule(line);
            if !found {
                start += line.len() + 1;
            }
            found
        });
        let Some(line) = line else {
            chunk.no_rule = true;
            return false;
        };
        let end = (start + line.len() + 1).min(chunk.text.len());
        let before = chunk
            .text
            .get(..start)
            .unwrap_or_default()
            .trim_end_matches('\n');
        if !before.is_empty() {
            let before = Chunk {
                no_rule: true,
                ..chunk.sub(before)
            };
            self.parse_chunk(before, parent, place);
        }
        parent.push(Block::Rule);
        let rest = chunk.text.get(end..).unwrap_or_default();
        let skipped = rest.len() - rest.trim_start_matches('\n').len();
        if skipped < rest.len() {
            queue.push_front(chunk.after(end + skipped));
        }
        true
    }

    fn paragraph(&self, text: &str, parent: &mut Vec<Block>) {
        if text.trim().is_empty() {
            return;
        }
        if !self.is(State::List) {
            parent.push(Block::Paragraph(text.trim_start().to_owned()));
            return;
        }
        let first = parent.is_empty();
        match parent.last_mut() {
            Some(Block::Text(before)) => {
                before.push('\n');
                before.push_str(text);
            }
            _ if first => parent.push(Block::Text(text.trim_start().to_owned())),
            _ => parent.push(Block::Text(format!("\n{text}"))),
        }
    }
}

struct Heading<'t> {
    start: usize,
    end: usize,
    level: u8,
    text: &'t str,
}

/// The first line that begins with one to six `#` and white space.
fn find_heading(text: &str) -> Option<Heading<'_>> {
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'#', text.as_bytes().get(at..)?) {
        let start = at + found;
        let rest = text.get(start..)?;
        at = start + 1;
        if start > 0 && text.as_bytes().get(start - 1) != Some(&b'\n') {
            continue;
        }
        let body = rest.trim_start_matches('#');
        let level = rest.len() - body.len();
        let mut chars = body.chars();
        if (1..=6).contains(&level) && chars.next().is_some_and(char::is_whitespace) {
            let body = chars.as_str();
            let line = body.split('\n').next().unwrap_or_default();
            // A backslash at the very end escapes the line's end, and there is no heading.
            let slashes = line.len() - line.trim_end_matches('\\').len();
            if slashes % 2 == 0 {
                let end = text.len() - body.len() + line.len();
                return Some(Heading {
                    start: start.saturating_sub(1),
                    end: (end + 1).min(text.len()),
                    level: u8::try_from(level).unwrap_or(6),
                    text: line.trim_end_matches('#'),
                });
            }
        }
    }
    None
}

fn is_rule(line: &str) -> bool {
    let body = line.trim_start_matches(' ');
    let Some(mark) = body.chars().next().filter(|c| matches!(c, '-' | '_' | '*')) else {
        return false;
    };
    if line.len() - body.len() > 3 {
        return false;
    }
    let body = body.trim_end_matches(' ');
    let mut marks = 0;
    let mut spaces = 0;
    for c in body.chars() {
        match c {
            c if c == mark => {
                marks += 1;
                spaces = 0;
            }
            ' ' if spaces < 2 => spaces += 1,
            _ => return false,
        }
    }
    marks >= 3
}
