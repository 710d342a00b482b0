//! Lists, ordered and not, nested by two spaces.

use super::{Block, Chunk, Parser, Place, State};

/// Spaces that nest a list.
const INDENT: usize = 2;

/// A list of items.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) ordered: bool,
    /// The first number, when it is not 1.
    pub(crate) start: Option<String>,
    earlier: Vec<Vec<Block>>,
    /// There is always one: a list begins with an item.
    last: Vec<Block>,
}

impl List {
    fn push(&mut self, item: Vec<Block>) {
        self.earlier.push(std::mem::replace(&mut self.last, item));
    }

    /// The items in order.
    pub(crate) fn items(&self) -> impl Iterator<Item = &[Block]> {
        self.earlier.iter().chain([&self.last]).map(Vec::as_slice)
    }
}

/// A line's list marker: what stands before the text, and the text.
struct Marked<'t> {
    ordered: bool,
    number: &'t str,
    text: &'t str,
}

impl Parser {
    /// A list: each marked line is an item, and other lines belong to the item before them.
    pub(super) fn list(&mut self, text: &str, parent: &mut Vec<Block>) -> bool {
        let Some(first) = marked(text) else {
            return false;
        };
        if !self.may_nest() {
            return false;
        }
        let mut items = items(text, first.ordered).into_iter();
        let head = items.next().unwrap_or_default();
        if let Some(Block::List(list)) = parent.last_mut()
            && list.ordered == first.ordered
        {
            loosen(&mut list.last);
            list.push(self.item(State::LooseList, head));
            self.add_items(list, items);
            return true;
        }
        let start = first.number.trim_start_matches('0');
        let start = if start.is_empty() { "0" } else { start };
        let start = (first.ordered && first.number != "1").then(|| start.to_owned());
        let last = self.item(State::List, head);
        let mut list = List {
            ordered: first.ordered,
            start,
            earlier: Vec::new(),
            last,
        };
        self.add_items(&mut list, items);
        parent.push(Block::List(list));
        true
    }

    fn item(&mut self, state: State, text: String) -> Vec<Block> {
        let mut blocks = Vec::new();
        self.within(state, |parser| {
            parser.parse_chunk(Chunk::new(text), &mut blocks, Place::Item);
        });
        blocks
    }

    fn add_items(&mut self, list: &mut List, items: impl Iterator<Item = String>) {
        for item in items {
            if item.starts_with("  ") {
                self.within(State::List, |parser| {
                    parser.parse_chunk(Chunk::new(item), &mut list.last, Place::Item);
                });
            } else {
                list.push(self.item(State::List, item));
            }
        }
    }

    /// An indented chunk that belongs to a list before it.
    pub(super) fn indented(
        &mut self,
        chunk: &Chunk,
        parent: &mut Vec<Block>,
        place: Place,
    ) -> bool {
        let after_list = matches!(parent.last(), Some(Block::List(_)));
        if !chunk.text.starts_with("  ")
            || self.is(State::Detabbed)
            || !(place == Place::Item || after_list)
            || !self.may_nest()
        {
            return false;
        }
        let wanted = chunk.text.bytes().take_while(|b| *b == b' ').count() / INDENT;
        let level = usize::from(self.is(State::List));
        if place == Place::Flow {
            self.within(State::Detabbed, |parser| {
                parser.descend(&chunk.text, parent, Place::Flow, wanted, level);
            });
            return true;
        }
        let text = unindent(&chunk.text, depth(parent, wanted, level));
        self.within(State::Detabbed, |parser| match parent.last_mut() {
            Some(Block::List(list)) => parser.extend(list, &text),
            _ => parser.parse_chunk(Chunk::new(text), parent, Place::Item),
        });
        true
    }

    /// Goes down the last lists and items, as deep as the indentation or as there are any, and parses there.
    fn descend(
        &mut self,
        text: &str,
        parent: &mut Vec<Block>,
        place: Place,
        wanted: usize,
        level: usize,
    ) {
        if level < wanted
            && let Some(Block::List(list)) = parent.last_mut()
        {
            if level + 1 < wanted {
                self.descend(text, &mut list.last, Place::Item, wanted, level + 1);
                return;
            }
            paragraph_first(&mut list.last);
            self.parse_text(&unindent(text, wanted), &mut list.last, Place::Item);
            return;
        }
        self.parse_chunk(Chunk::new(unindent(text, level)), parent, place);
    }

    /// More items for a list, or more text for its last item.
    fn extend(&mut self, list: &mut List, text: &str) {
        match marked(text) {
            Some(first) => self.add_items(list, items(text, first.ordered).into_iter()),
            None => self.parse_text(text, &mut list.last, Place::Item),
        }
    }
}

/// The level that `wanted` reaches when going down the last lists and items.
fn depth(parent: &[Block], wanted: usize, level: usize) -> usize {
    match parent.last() {
        Some(Block::List(list)) if level < wanted => depth(&list.last, wanted, level + 1),
        _ => level,
    }
}

/// After an empty line the text of a tight item becomes a paragraph, and so does text after its last block.
fn loosen(item: &mut Vec<Block>) {
    paragraph_first(item);
    if let Some(Block::Text(text)) = item.last_mut() {
        let text = text.trim_start().to_owned();
        item.pop();
        item.push(Block::Paragraph(text));
    }
}

fn paragraph_first(item: &mut [Block]) {
    if let Some(first) = item.first_mut()
        && let Block::Text(text) = first
    {
        *first = Block::Paragraph(std::mem::take(text));
    }
}

/// Removes `level` indentations from each line that has them.
pub(super) fn unindent(text: &str, level: usize) -> String {
    let indent = " ".repeat(INDENT * level);
    let lines = text
        .split('\n')
        .map(|line| line.strip_prefix(&indent).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The marker of a line that begins an item: at most one space, `*`, `+`, `-` or a number with a dot, spaces.
fn marked(line: &str) -> Option<Marked<'_>> {
    let line = line.strip_prefix(' ').unwrap_or(line);
    let body = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = line.get(..line.len() - body.len()).unwrap_or_default();
    let body = if number.is_empty() {
        body.strip_prefix(['*', '+', '-'])?
    } else {
        body.strip_prefix('.')?
    };
    let text = body.trim_start_matches(' ');
    (text.len() < body.len()).then_some(Marked {
        ordered: !number.is_empty(),
        number,
        text,
    })
}

/// The items of a chunk; one that begins with spaces goes into the item before it.
fn items(text: &str, ordered: bool) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for line in text.split('\n') {
        if let Some(item) = marked(line).filter(|item| item.ordered == ordered) {
            items.push(item.text.to_owned());
            continue;
        }
        let nested = line
            .strip_prefix("  ")
            .is_some_and(|line| marked(line).is_some());
        match items.last_mut() {
            Some(last) if !nested || last.starts_with("  ") => {
                last.push('\n');
                last.push_str(line);
            }
            _ => items.push(line.to_owned()),
        }
    }
    items
}
