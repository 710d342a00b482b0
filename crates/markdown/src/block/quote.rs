//! Quotes by `>`.

use super::{Block, Chunk, Parser, Place, State};

impl Parser {
    /// A quote anywhere in the chunk reaches to its end, even where lines lack the `>`.
    pub(super) fn quote(&mut self, chunk: &Chunk, parent: &mut Vec<Block>, place: Place) -> bool {
        if !self.may_nest() {
            return false;
        }
        let Some(start) = find_quote(&chunk.text) else {
            return false;
        };
        let before = chunk
            .text
            .get(..start)
            .unwrap_or_default()
            .trim_end_matches('\n');
        if !before.is_empty() {
            self.parse_chunk(chunk.sub(before), parent, place);
        }
        let quoted = chunk.text.get(start..).unwrap_or_default();
        let content = quoted
            .split('\n')
            .map(unquote)
            .collect::<Vec<_>>()
            .join("\n");
        let mut blocks = Vec::new();
        self.within(State::Quote, |parser| {
            parser.parse_text(&content, &mut blocks, Place::Flow)
        });
        parent.push(Block::Quote(blocks));
        true
    }
}

/// Start of the first line that begins with `>`, unless from there on nothing but empty `>` lines follow.
fn find_quote(text: &str) -> Option<usize> {
    memchr::memchr(b'>', text.as_bytes())?;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if after_mark(line).is_some() {
            let mut lines = text.get(start..)?.split('\n');
            let empty = |line: &str| after_mark(line).is_some_and(|rest| rest.trim().is_empty());
            return (!lines.all(|line| line.is_empty() || empty(line))).then_some(start);
        }
        start += line.len();
    }
    None
}

/// What follows the `>` of a quoted line.
fn after_mark(line: &str) -> Option<&str> {
    let body = line.trim_start_matches(' ');
    (line.len() - body.len() <= 3).then(|| body.strip_prefix('>'))?
}

fn unquote(line: &str) -> &str {
    match after_mark(line) {
        Some(rest) if rest.trim().is_empty() => "",
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => line,
    }
}
