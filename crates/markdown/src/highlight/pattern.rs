//! Regular expressions of lexers: they match at a place, look around it and refer back.
//!
//! They come as syntax trees (see `tools/generate-lexers`) and run on a machine that backtracks. Whoever runs one says how
//! many steps it may take, so that no text can keep it busy.

mod class;
mod compile;

use std::sync::Arc;

pub(super) use class::Class;
pub(super) use compile::Compiler;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    program: Vec<Op>,
    /// Where groups begin and end, and what loops remember.
    slots: usize,
    first: First,
}

/// What a match can begin with.
#[derive(Debug, Clone, Copy)]
struct First {
    /// One bit for each ASCII character.
    ascii: u128,
    other: bool,
    /// The pattern may match nothing.
    empty: bool,
}

#[derive(Debug, Clone)]
enum Op {
    Text(Box<str>),
    Char(Arc<Class>),
    /// Characters of one class, at least and at most so many.
    Run {
        class: Arc<Class>,
        least: usize,
        most: usize,
        kind: Kind,
    },
    /// Goes on at the first place, and should that fail at the second.
    Split(usize, usize),
    Jump(usize),
    Save(usize),
    /// Fails if nothing was matched since the slot was saved: a loop that would go on for ever.
    Progress(usize),
    At(Place),
    /// Whether the following ops, up to `end`, match here or so many characters before.
    Look {
        behind: Option<usize>,
        negated: bool,
        end: usize,
    },
    /// What the following ops, up to `end`, match first, and nothing else.
    Atomic(usize),
    Reference(usize),
    Accept,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Greedy,
    Lazy,
    Possessive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    LineStart,
    LineEnd,
    Start,
    /// The end of the text, or before a line break there.
    LastLineEnd,
    End,
    WordBoundary,
    NoWordBoundary,
}

/// What to try when a match fails.
enum Frame {
    Branch(usize, usize),
    Restore(usize, usize),
    /// A greedy run may give back characters down to the second place.
    Shorter(usize, usize, usize),
    /// A lazy run may take another character, so many times.
    Longer(usize, usize, usize),
}

/// A place in a text where a pattern matched: beginnings and ends of groups, the whole being the first.
#[derive(Debug, Default)]
pub(super) struct Slots(Vec<usize>);

const UNSET: usize = usize::MAX;

impl Slots {
    /// Where a group matched.
    pub(super) fn group(&self, number: usize) -> Option<(usize, usize)> {
        match (self.0.get(number * 2), self.0.get(number * 2 + 1)) {
            (Some(&start), Some(&end)) if start != UNSET && end != UNSET => Some((start, end)),
            _ => None,
        }
    }

    fn get(&self, slot: usize) -> usize {
        self.0.get(slot).copied().unwrap_or(UNSET)
    }

    fn set(&mut self, slot: usize, at: usize) {
        if let Some(value) = self.0.get_mut(slot) {
            *value = at;
        }
    }
}

/// What running took too many steps.
#[derive(Debug)]
pub(super) struct TooSlow;

impl Pattern {
    /// Where a match that begins at `at` ends; its groups go into `slots`.
    pub(super) fn matches(
        &self,
        text: &str,
        at: usize,
        slots: &mut Slots,
        steps: &mut usize,
    ) -> Result<Option<usize>, TooSlow> {
        let may_begin = match text.as_bytes().get(at) {
            Some(byte) if byte.is_ascii() => self.first.ascii >> byte & 1 == 1,
            Some(_) => self.first.other,
            None => false,
        };
        if !may_begin && !self.first.empty {
            return Ok(None);
        }
        slots.0.clear();
        slots.0.resize(self.slots, UNSET);
        let end = self.run(0, text, at, slots, steps)?;
        if let Some(end) = end {
            slots.set(0, at);
            slots.set(1, end);
        }
        Ok(end)
    }

    fn run(
        &self,
        start: usize,
        text: &str,
        at: usize,
        slots: &mut Slots,
        steps: &mut usize,
    ) -> Result<Option<usize>, TooSlow> {
        let (mut pc, mut at) = (start, at);
        let mut frames: Vec<Frame> = Vec::new();
        loop {
            *steps = steps.checked_sub(1).ok_or(TooSlow)?;
            let Some(op) = self.program.get(pc) else {
                return Ok(None);
            };
            let next = match op {
                Op::Accept => return Ok(Some(at)),
                Op::Text(literal) => after(text, at)
                    .starts_with(&**literal)
                    .then(|| (pc + 1, at + literal.len())),
                Op::Char(class) => take(class, text, at).map(|at| (pc + 1, at)),
                Op::Run { .. } => self.take_run(pc, text, at, &mut frames, steps)?,
                Op::Split(first, second) => {
                    frames.push(Frame::Branch(*second, at));
                    Some((*first, at))
                }
                Op::Jump(to) => Some((*to, at)),
                Op::Save(slot) => {
                    frames.push(Frame::Restore(*slot, slots.get(*slot)));
                    slots.set(*slot, at);
                    Some((pc + 1, at))
                }
                Op::Progress(slot) => (slots.get(*slot) != at).then_some((pc + 1, at)),
                Op::At(place) => place.is_at(text, at).then_some((pc + 1, at)),
                Op::Look {
                    behind,
                    negated,
                    end,
                } => {
                    let found = self.look(pc, *behind, text, at, slots, steps)?;
                    (found != *negated).then_some((*end, at))
                }
                Op::Atomic(end) => self
                    .run(pc + 1, text, at, slots, steps)?
                    .map(|at| (*end, at)),
                Op::Reference(group) => match slots.group(*group) {
                    Some((from, to)) => {
                        let same = text.get(from..to).unwrap_or_default();
                        let found = after(text, at).starts_with(same);
                        found.then(|| (pc + 1, at + same.len()))
                    }
                    None => None,
                },
            };
            match next.or_else(|| self.back(text, slots, &mut frames)) {
                Some(place) => (pc, at) = place,
                None => return Ok(None),
            }
        }
    }

    /// Takes as many characters as the kind of run says, and remembers the other numbers.
    fn take_run(
        &self,
        pc: usize,
        text: &str,
        at: usize,
        frames: &mut Vec<Frame>,
        steps: &mut usize,
    ) -> Result<Option<(usize, usize)>, TooSlow> {
        let Some(Op::Run {
            class,
            least,
            most,
            kind,
        }) = self.program.get(pc)
        else {
            return Ok(None);
        };
        let wanted = if *kind == Kind::Lazy { least } else { most };
        let (mut end, mut count) = (at, 0);
        let mut shortest = (*least == 0).then_some(at);
        while count < *wanted
            && let Some(next) = take(class, text, end)
        {
            end = next;
            count += 1;
            if count == *least {
                shortest = Some(end);
            }
        }
        *steps = steps.checked_sub(count / 8).ok_or(TooSlow)?;
        let Some(shortest) = shortest else {
            return Ok(None);
        };
        match kind {
            Kind::Greedy if end > shortest => frames.push(Frame::Shorter(pc + 1, end, shortest)),
            Kind::Lazy if most > least => frames.push(Frame::Longer(pc, end, most - least)),
            _ => {}
        }
        Ok(Some((pc + 1, end)))
    }

    fn back(
        &self,
        text: &str,
        slots: &mut Slots,
        frames: &mut Vec<Frame>,
    ) -> Option<(usize, usize)> {
        loop {
            match frames.pop()? {
                Frame::Branch(pc, at) => return Some((pc, at)),
                Frame::Restore(slot, value) => slots.set(slot, value),
                Frame::Shorter(pc, end, shortest) => {
                    let last = text.get(..end)?.chars().next_back()?;
                    let end = end - last.len_utf8();
                    if end > shortest {
                        frames.push(Frame::Shorter(pc, end, shortest));
                    }
                    return Some((pc, end));
                }
                Frame::Longer(pc, end, more) => {
                    let Some(Op::Run { class, .. }) = self.program.get(pc) else {
                        continue;
                    };
                    if let Some(end) = take(class, text, end) {
                        if more > 1 {
                            frames.push(Frame::Longer(pc, end, more - 1));
                        }
                        return Some((pc + 1, end));
                    }
                }
            }
        }
    }

    fn look(
        &self,
        pc: usize,
        behind: Option<usize>,
        text: &str,
        at: usize,
        slots: &mut Slots,
        steps: &mut usize,
    ) -> Result<bool, TooSlow> {
        let start = match behind {
            None => Some(at),
            Some(0) => Some(at),
            Some(width) => {
                let before = text.get(..at).unwrap_or_default();
                before.char_indices().nth_back(width - 1).map(|(at, _)| at)
            }
        };
        let Some(start) = start else {
            return Ok(false);
        };
        let end = self.run(pc + 1, text, start, slots, steps)?;
        Ok(end.is_some_and(|end| behind.is_none() || end == at))
    }
}

fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The end of the character at a place, if it belongs to the class.
fn take(class: &Class, text: &str, at: usize) -> Option<usize> {
    let byte = *text.as_bytes().get(at)?;
    if byte.is_ascii() {
        return class.has_ascii(byte).then_some(at + 1);
    }
    let c = text.get(at..)?.chars().next()?;
    class.has(c).then_some(at + c.len_utf8())
}

impl Place {
    fn is_at(self, text: &str, at: usize) -> bool {
        let bytes = text.as_bytes();
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let here = bytes.get(at);
        match self {
            Place::LineStart => matches!(before, None | Some(b'\n')),
            Place::LineEnd => matches!(here, None | Some(b'\n')),
            Place::Start => at == 0,
            Place::LastLineEnd => at == text.len() || after(text, at) == "\n",
            Place::End => at == text.len(),
            Place::WordBoundary => word_before(text, at) != word_after(text, at),
            Place::NoWordBoundary => word_before(text, at) == word_after(text, at),
        }
    }
}

fn word_before(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    before.is_some_and(class::is_word)
}

fn word_after(text: &str, at: usize) -> bool {
    after(text, at).chars().next().is_some_and(class::is_word)
}
