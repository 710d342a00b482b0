//! What YAML needs beyond a table: how deep the line is indented, and where blocks begin and end.

/// A step of the lexer that looks at indentation, as `tools/generate-lexers` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Shows the text.
    Show,
    /// A document begins.
    Reset,
    /// What may become the indentation; at a line's start it ends deeper blocks.
    Save { start: bool },
    /// The saved indentation counts.
    Set { implicit: bool },
    /// A block of text says how deep it is.
    SetBlock,
    /// An empty line in a block of text.
    EmptyLine,
    /// Spaces before a line of a block of text, which may be the end of it.
    BlockLine,
    /// Spaces before a line of a plain scalar, which may be the end of it.
    PlainLine,
}

impl Step {
    pub(super) fn parse(name: &str) -> Option<Step> {
        Some(match name {
            "something" => Step::Show,
            "reset_indent" => Step::Reset,
            "save_indent" => Step::Save { start: false },
            "save_indent start" => Step::Save { start: true },
            "set_indent" => Step::Set { implicit: false },
            "set_indent implicit" => Step::Set { implicit: true },
            "set_block_scalar_indent" => Step::SetBlock,
            "parse_block_scalar_empty_line" => Step::EmptyLine,
            "parse_block_scalar_indent" => Step::BlockLine,
            "parse_plain_scalar_indent" => Step::PlainLine,
            _ => return None,
        })
    }
}

/// Indentation, in spaces; outside any block it is -1.
#[derive(Debug)]
pub(super) struct Indents {
    outer: Vec<i64>,
    current: i64,
    saved: i64,
    block: Option<i64>,
}

impl Default for Indents {
    fn default() -> Self {
        Self {
            outer: Vec::new(),
            current: -1,
            saved: 0,
            block: None,
        }
    }
}

/// What a step makes of the text that was matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The first bytes have the class of the step, the others are content or an error.
    Shown(usize),
    /// The text is not taken, and two states end.
    Left,
}

impl Indents {
    /// `digit` is the first group of what was matched.
    pub(super) fn apply(&mut self, step: Step, text: &str, digit: Option<&str>) -> Outcome {
        let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
        let all = Outcome::Shown(text.len());
        match step {
            Step::Show => all,
            Step::Reset => {
                *self = Self::default();
                all
            }
            Step::Save { start: false } => {
                self.saved += length;
                all
            }
            Step::Save { start: true } => {
                self.saved = length;
                if self.saved >= self.current {
                    return all;
                }
                while self.saved < self.current {
                    self.current = self.outer.pop().unwrap_or(-1);
                }
                match usize::try_from(self.current) {
                    Ok(current) if self.saved > self.current => Outcome::Shown(current),
                    _ => all,
                }
            }
            Step::Set { implicit } => {
                if self.current < self.saved {
                    self.outer.push(self.current);
                    self.current = self.saved;
                }
                if !implicit {
                    self.saved += length;
                }
                all
            }
            Step::SetBlock => {
                let increment = digit.and_then(|digit| digit.parse::<i64>().ok());
                self.block = increment.map(|increment| self.current.max(0) + increment);
                all
            }
            Step::EmptyLine => match self.block.and_then(|block| usize::try_from(block).ok()) {
                Some(block) if text.len() > block => Outcome::Shown(block),
                _ => all,
            },
            Step::BlockLine => match self.block {
                None if length <= self.current.max(0) => Outcome::Left,
                None => {
                    self.block = Some(length);
                    all
                }
                Some(block) if length < block => Outcome::Left,
                Some(_) => all,
            },
            Step::PlainLine if length <= self.current => Outcome::Left,
            Step::PlainLine => all,
        }
    }
}
