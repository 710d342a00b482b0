//! From the syntax tree of a pattern to its program.

use std::sync::Arc;

use serde_json::Value;

use super::{Class, First, Kind, Op, Pattern, Place};

/// Ops that a pattern may have; counted repetitions are written out.
const MAX_OPS: usize = 50_000;

/// Compiles the patterns of a lexer, which share long classes.
#[derive(Debug)]
pub(in crate::highlight) struct Compiler {
    /// Ranges of long classes.
    pub(in crate::highlight) pool: Vec<String>,
}

struct Build<'c> {
    compiler: &'c Compiler,
    program: Vec<Op>,
    groups: usize,
    loops: Vec<usize>,
}

impl Compiler {
    /// `None` if the tree is not one that we know.
    pub(in crate::highlight) fn compile(&self, tree: &Value) -> Option<Pattern> {
        let mut build = Build {
            compiler: self,
            program: Vec::new(),
            groups: 1,
            loops: Vec::new(),
        };
        build.sequence(tree)?;
        build.program.push(Op::Accept);
        // The slots of loops follow those of groups, whose number is known only now.
        let groups = build.groups * 2;
        for op in &mut build.program {
            if let Op::Save(slot) | Op::Progress(slot) = op
                && *slot >= LOOP
            {
                *slot = *slot - LOOP + groups;
            }
        }
        let first = first(&build.program);
        Some(Pattern {
            first,
            slots: groups + build.loops.len(),
            program: build.program,
        })
    }
}

/// Slots of loops before the number of groups is known.
const LOOP: usize = 1 << 20;

impl Build<'_> {
    fn sequence(&mut self, tree: &Value) -> Option<()> {
        tree.as_array()?.iter().try_for_each(|item| self.item(item))
    }

    fn item(&mut self, item: &Value) -> Option<()> {
        if self.program.len() > MAX_OPS {
            return None;
        }
        if let Some(literal) = item.as_str() {
            self.program.push(Op::Text(literal.into()));
            return Some(());
        }
        let item = item.as_array()?;
        if let Some(class) = self.class(item) {
            self.program.push(Op::Char(class));
            return Some(());
        }
        let number = |at: usize| item.get(at).and_then(Value::as_i64);
        match item.first()?.as_str()? {
            "|" => self.branches(item.get(1..)?),
            "(" => self.group(usize::try_from(number(1)?).ok()?, item.get(2)?),
            "*" => {
                let least = usize::try_from(number(1)?).ok()?;
                let most = usize::try_from(number(2)?).unwrap_or(usize::MAX);
                let kind = match number(3)? {
                    0 => Kind::Lazy,
                    1 => Kind::Greedy,
                    _ => Kind::Possessive,
                };
                self.repeat(least, most, kind, item.get(4)?)
            }
            "=" => {
                let behind = usize::try_from(number(1)?).ok();
                let negated = number(2)? == 1;
                self.enclosed(item.get(3)?, |end| Op::Look {
                    behind,
                    negated,
                    end,
                })
            }
            ">" => self.enclosed(item.get(1)?, Op::Atomic),
            "r" => {
                self.program
                    .push(Op::Reference(usize::try_from(number(1)?).ok()?));
                Some(())
            }
            place => {
                self.program.push(Op::At(match place {
                    "^" => Place::LineStart,
                    "$" => Place::LineEnd,
                    "start" => Place::Start,
                    "last" => Place::LastLineEnd,
                    "end" => Place::End,
                    "b" => Place::WordBoundary,
                    "B" => Place::NoWordBoundary,
                    _ => return None,
                }));
                Some(())
            }
        }
    }

    fn class(&self, item: &[Value]) -> Option<Arc<Class>> {
        let class = match item.first()?.as_str()? {
            "a" => Class::any(false),
            "A" => Class::any(true),
            "c" => {
                let ranges = match item.get(1)? {
                    Value::String(ranges) => ranges.as_str(),
                    index => {
                        let index = usize::try_from(index.as_u64()?).ok()?;
                        self.compiler.pool.get(index)?
                    }
                };
                let set = |at: usize| item.get(at).and_then(Value::as_i64) == Some(1);
                Class::new(ranges, item.get(2)?.as_str()?, set(3), set(4))
            }
            _ => return None,
        };
        Some(Arc::new(class))
    }

    fn branches(&mut self, branches: &[Value]) -> Option<()> {
        let (last, others) = branches.split_last()?;
        let mut jumps = Vec::new();
        for branch in others {
            let split = self.hole();
            self.sequence(branch)?;
            jumps.push(self.hole());
            self.fill(split, Op::Split(split + 1, self.program.len()));
        }
        self.sequence(last)?;
        for jump in jumps {
            self.fill(jump, Op::Jump(self.program.len()));
        }
        Some(())
    }

    fn group(&mut self, number: usize, inner: &Value) -> Option<()> {
        if number == 0 {
            return self.sequence(inner);
        }
        self.groups = self.groups.max(number + 1);
        self.program.push(Op::Save(number * 2));
        self.sequence(inner)?;
        self.program.push(Op::Save(number * 2 + 1));
        Some(())
    }

    fn repeat(&mut self, least: usize, most: usize, kind: Kind, inner: &Value) -> Option<()> {
        if let [only] = inner.as_array()?.as_slice()
            && let Some(class) = self.single(only)
        {
            self.program.push(Op::Run {
                class,
                least,
                most,
                kind,
            });
            return Some(());
        }
        if kind == Kind::Possessive {
            let hole = self.hole();
            self.repeat(least, most, Kind::Greedy, inner)?;
            self.program.push(Op::Accept);
            self.fill(hole, Op::Atomic(self.program.len()));
            return Some(());
        }
        for _ in 0..least {
            self.sequence(inner)?;
        }
        let mut splits = Vec::new();
        if most == usize::MAX {
            let slot = LOOP + self.loops.len();
            self.loops.push(slot);
            let split = self.hole();
            self.program.push(Op::Save(slot));
            self.sequence(inner)?;
            self.program.push(Op::Progress(slot));
            self.program.push(Op::Jump(split));
            splits.push(split);
        } else {
            for _ in least..most {
                splits.push(self.hole());
                self.sequence(inner)?;
            }
        }
        let out = self.program.len();
        for split in splits {
            let op = match kind {
                Kind::Lazy => Op::Split(out, split + 1),
                _ => Op::Split(split + 1, out),
            };
            self.fill(split, op);
        }
        Some(())
    }

    /// The class that an item of one character is.
    fn single(&self, item: &Value) -> Option<Arc<Class>> {
        if let Some(literal) = item.as_str() {
            let mut chars = literal.chars();
            let c = chars.next().filter(|_| chars.next().is_none())?;
            let both: String = [c, c].iter().collect();
            return Some(Arc::new(Class::new(&both, "", false, false)));
        }
        self.class(item.as_array()?)
    }

    /// Ops of their own, with an end to them.
    fn enclosed(&mut self, inner: &Value, op: impl FnOnce(usize) -> Op) -> Option<()> {
        let hole = self.hole();
        self.sequence(inner)?;
        self.program.push(Op::Accept);
        self.fill(hole, op(self.program.len()));
        Some(())
    }

    /// Keeps a place for an op that is not known yet.
    fn hole(&mut self) -> usize {
        self.program.push(Op::Accept);
        self.program.len() - 1
    }

    fn fill(&mut self, hole: usize, op: Op) {
        if let Some(place) = self.program.get_mut(hole) {
            *place = op;
        }
    }
}

/// What a match can begin with: everything that the ops reached without taking a character can take.
fn first(program: &[Op]) -> First {
    let mut found = First {
        ascii: 0,
        other: false,
        empty: false,
    };
    let mut seen = vec![false; program.len()];
    let mut open = vec![0];
    while let Some(pc) = open.pop() {
        match seen.get_mut(pc) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        match program.get(pc) {
            None | Some(Op::Accept | Op::Reference(_) | Op::Atomic(_)) => found.empty = true,
            Some(Op::Text(text)) => match text.as_bytes().first() {
                Some(byte) if byte.is_ascii() => found.ascii |= 1 << byte,
                Some(_) => found.other = true,
                None => open.push(pc + 1),
            },
            Some(Op::Char(class)) => found.add(class),
            Some(Op::Run { class, least, .. }) => {
                found.add(class);
                if *least == 0 {
                    open.push(pc + 1);
                }
            }
            Some(Op::Split(one, other)) => open.extend([*one, *other]),
            Some(Op::Jump(to)) => open.push(*to),
            Some(Op::Look { end, .. }) => open.push(*end),
            Some(Op::Save(_) | Op::Progress(_) | Op::At(_)) => open.push(pc + 1),
        }
    }
    found
}

impl First {
    fn add(&mut self, class: &Class) {
        self.ascii |= class.ascii();
        self.other = true;
    }
}
