//! Lexers that are tables: in each state rules, of which the first that matches says what a piece of code is and which
//! state follows.
//!
//! The tables are those of Pygments, so that what they say is what Pygments says.

mod indent;

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::pattern::{Compiler, Pattern, Slots, TooSlow};
use super::{Lexer, Token, json, languages};
use indent::{Indents, Outcome, Step};

/// A lexer as it lies in `lexers/`.
#[derive(Deserialize)]
struct Raw {
    classes: Vec<String>,
    start: Vec<String>,
    renamed: HashMap<String, HashMap<String, String>>,
    states: HashMap<String, Vec<usize>>,
    rules: Vec<(Value, Value, Value)>,
}

/// A lexer, ready to run.
#[derive(Debug)]
pub(super) struct Table {
    start: Vec<String>,
    /// Words of a class that have another class.
    renamed: HashMap<String, HashMap<String, String>>,
    states: HashMap<String, Vec<usize>>,
    /// None where there is a pattern that we cannot run.
    rules: Vec<Option<Rule>>,
}

#[derive(Debug)]
struct Rule {
    pattern: Pattern,
    action: Option<Action>,
    next: Next,
}

#[derive(Debug)]
enum Action {
    Class(String),
    /// For each group its own.
    Groups(Vec<Option<Action>>),
    /// Another lexer, or this one, and its states, if those are not the ones that it starts with.
    Using(Option<String>, Vec<String>),
    /// A step that looks at indentation, the class of it, and that of what does not belong to it.
    Indent(Step, String, String),
}

#[derive(Debug)]
enum Next {
    Stay,
    Pop(usize),
    Push(Vec<String>),
}

/// Steps that one block of code may take.
const STEPS: usize = 20_000_000;
/// Languages within each other.
const MAX_DEPTH: usize = 8;

/// The tokens of `text`; `None` if it takes too long.
pub(super) fn tokens<'t>(table: &'static Table, text: &'t str) -> Option<Vec<Token<'t>>> {
    let mut run = Run {
        out: Vec::new(),
        steps: STEPS,
        depth: 0,
        indents: Indents::default(),
    };
    run.lex(table, &table.start, text).ok()?;
    Some(run.out)
}

impl Table {
    /// `None` if the JSON is not that of a lexer.
    pub(super) fn parse(json: &str) -> Option<Table> {
        let raw: Raw = serde_json::from_str(json).ok()?;
        let compiler = Compiler { pool: raw.classes };
        let rules = raw.rules.iter().map(|(pattern, action, next)| {
            Some(Rule {
                pattern: compiler.compile(pattern)?,
                action: parse_action(action)?,
                next: parse_next(next)?,
            })
        });
        Some(Table {
            rules: rules.collect(),
            start: raw.start,
            renamed: raw.renamed,
            states: raw.states,
        })
    }

    /// Whether every rule can run.
    #[cfg(test)]
    pub(super) fn is_whole(&self) -> bool {
        self.rules.iter().all(Option::is_some)
    }

    fn class(&'static self, class: &'static str, text: &str) -> Option<&'static str> {
        let renamed = self.renamed.get(class).and_then(|words| words.get(text));
        let class = renamed.map_or(class, String::as_str);
        (!class.is_empty()).then_some(class)
    }
}

fn strings(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    items.map(|item| item.as_str().map(str::to_owned)).collect()
}

/// `Some(None)` for a rule that only changes the state.
fn parse_action(value: &Value) -> Option<Option<Action>> {
    let items = match value {
        Value::Null => return Some(None),
        Value::String(class) => return Some(Some(Action::Class(class.clone()))),
        value => value.as_array()?,
    };
    let (kind, rest) = items.split_first()?;
    Some(Some(match kind.as_str()? {
        "g" => Action::Groups(rest.iter().map(parse_action).collect::<Option<_>>()?),
        "i" => {
            let text = |at: usize| rest.get(at)?.as_str().map(str::to_owned);
            Action::Indent(Step::parse(rest.first()?.as_str()?)?, text(1)?, text(2)?)
        }
        _ => {
            let other = rest.first()?.as_str().filter(|name| !name.is_empty());
            Action::Using(other.map(str::to_owned), strings(rest.get(1)?)?)
        }
    }))
}

fn parse_next(value: &Value) -> Option<Next> {
    Some(match value {
        Value::Null => Next::Stay,
        Value::Number(pops) => Next::Pop(usize::try_from(pops.as_i64()?.unsigned_abs()).ok()?),
        states => Next::Push(strings(states)?),
    })
}

struct Run<'t> {
    out: Vec<Token<'t>>,
    steps: usize,
    depth: usize,
    indents: Indents,
}

impl<'t> Run<'t> {
    fn lex(
        &mut self,
        table: &'static Table,
        start: &[String],
        text: &'t str,
    ) -> Result<(), TooSlow> {
        let mut stack: Vec<&str> = start.iter().map(String::as_str).collect();
        let mut slots = Slots::default();
        let mut at = 0;
        loop {
            self.steps = self.steps.checked_sub(1).ok_or(TooSlow)?;
            let state = stack.last().copied().unwrap_or("root");
            let rules = table.states.get(state).map(Vec::as_slice);
            let mut matched = None;
            for number in rules.unwrap_or_default() {
                let Some(Some(rule)) = table.rules.get(*number) else {
                    continue;
                };
                if let Some(end) = (rule.pattern).matches(text, at, &mut slots, &mut self.steps)? {
                    matched = Some((rule, end));
                    break;
                }
            }
            if let Some((rule, end)) = matched {
                if let Some(Action::Indent(step, class, other)) = &rule.action {
                    let piece = text.get(at..end).unwrap_or_default();
                    let digit = slots.group(1).and_then(|(from, to)| text.get(from..to));
                    match self.indents.apply(*step, piece, digit) {
                        Outcome::Shown(length) => {
                            self.classed(table, class, text, at, at + length);
                            self.classed(table, other, text, at + length, end);
                            at = end;
                        }
                        Outcome::Left => stack.truncate(stack.len().saturating_sub(2).max(1)),
                    }
                    rule.next.apply(&mut stack);
                    continue;
                }
                if let Some(action) = &rule.action {
                    self.act(table, action, text, (at, end), &slots)?;
                }
                at = end;
                rule.next.apply(&mut stack);
                continue;
            }
            let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                return Ok(());
            };
            let end = at + c.len_utf8();
            let piece = text.get(at..end).unwrap_or_default();
            if c == '\n' {
                stack = vec!["root"];
                self.out.push((None, piece));
            } else {
                self.out.push((Some("err"), piece));
            }
            at = end;
        }
    }

    fn act(
        &mut self,
        table: &'static Table,
        action: &'static Action,
        text: &'t str,
        (from, to): (usize, usize),
        slots: &Slots,
    ) -> Result<(), TooSlow> {
        let piece = text.get(from..to).unwrap_or_default();
        match action {
            Action::Class(class) => {
                self.classed(table, class, text, from, to);
                Ok(())
            }
            Action::Indent(step, class, _) => {
                self.indents.apply(*step, piece, None);
                self.classed(table, class, text, from, to);
                Ok(())
            }
            Action::Using(other, stack) => self.using(table, other.as_deref(), stack, piece),
            Action::Groups(actions) => {
                let mut at = from;
                for (number, action) in (1..).zip(actions) {
                    let Some(range) = slots.group(number).filter(|range| range.0 >= at) else {
                        continue;
                    };
                    self.plain(text, at, range.0);
                    match action {
                        Some(action) => self.act(table, action, text, range, slots)?,
                        None => self.plain(text, range.0, range.1),
                    }
                    at = range.1;
                }
                // Whatever no group has: nothing of the text is to be lost.
                self.plain(text, at, to);
                Ok(())
            }
        }
    }

    fn classed(
        &mut self,
        table: &'static Table,
        class: &'static str,
        text: &'t str,
        from: usize,
        to: usize,
    ) {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            self.out.push((table.class(class, piece), piece));
        }
    }

    fn plain(&mut self, text: &'t str, from: usize, to: usize) {
        if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
            self.out.push((None, piece));
        }
    }

    fn using(
        &mut self,
        table: &'static Table,
        other: Option<&str>,
        stack: &[String],
        piece: &'t str,
    ) -> Result<(), TooSlow> {
        let table = match other.map(languages::by_name) {
            None => Some(table),
            Some(language) => match language.map(|language| &language.lexer) {
                Some(Lexer::Table(loaded)) => loaded.get(),
                Some(Lexer::Json) => {
                    self.out.extend(json::tokens(piece));
                    return Ok(());
                }
                _ => None,
            },
        };
        match table.filter(|_| self.depth < MAX_DEPTH) {
            Some(table) => {
                self.depth += 1;
                let stack: &[String] = if stack.is_empty() {
                    &table.start
                } else {
                    stack
                };
                let done = self.lex(table, stack, piece);
                self.depth -= 1;
                done
            }
            None => {
                self.plain(piece, 0, piece.len());
                Ok(())
            }
        }
    }
}

impl Next {
    fn apply<'s>(&'s self, stack: &mut Vec<&'s str>) {
        match self {
            Next::Stay => {}
            // At least one state is left.
            Next::Pop(count) => stack.truncate(stack.len().saturating_sub(*count).max(1)),
            Next::Push(states) => {
                for state in states {
                    match state.as_str() {
                        "#pop" => stack.truncate(stack.len().saturating_sub(1).max(1)),
                        "#push" => stack.extend(stack.last().copied()),
                        state => stack.push(state),
                    }
                }
            }
        }
    }
}
