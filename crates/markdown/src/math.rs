//! Formulas as KaTeX markup.
//!
//! KaTeX is code of others working on hostile input: what it may be given is bounded, it runs where a deep recursion cannot
//! hurt, a panic in it costs one formula, and its output is read element by element against a list of what we expect.

mod markup;

use std::sync::OnceLock;
use std::thread;

use katex::{KatexContext, Settings};

use crate::html::Html;

/// Bytes that one formula may have.
const MAX_LENGTH: usize = 8 * 1024;
/// Characters in one formula that can nest it deeper.
const MAX_NESTING: usize = 1000;
/// From this many on a formula gets a stack of its own.
const SHALLOW: usize = 12;
/// Enough for `MAX_NESTING` levels without optimisation; only what is touched is really taken.
const STACK: usize = 256 << 20;
/// What defines macros: ten short definitions expand to millions of nested groups.
const DEFINITIONS: &[&str] = &["def", "let", "newcommand", "renewcommand", "providecommand"];

/// What the formulas of one message may cost.
#[derive(Debug)]
pub(crate) struct Budget {
    formulas: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            formulas: 300,
            bytes: 32 * 1024,
        }
    }
}

impl Budget {
    fn spend(&mut self, formula: &str) -> Option<()> {
        self.formulas = self.formulas.checked_sub(1)?;
        self.bytes = self.bytes.checked_sub(formula.len())?;
        Some(())
    }
}

/// A formula within a line; one that KaTeX does not understand is shown as it is.
pub(crate) fn inline(formula: &str, budget: &mut Budget, html: &mut Html) {
    if render(formula, false, budget, html).is_none() {
        html.open("span").class("tex-error").with(|html| {
            ["$$", formula, "$$"]
                .iter()
                .for_each(|text| html.text(text));
        });
    }
}

/// A formula on its own.
pub(crate) fn display(formula: &str, budget: &mut Budget, html: &mut Html) {
    if render(formula, true, budget, html).is_none() {
        (html.open("span").class("tex-error")).with(|html| html.apostrophes(formula));
    }
}

fn render(formula: &str, display: bool, budget: &mut Budget, html: &mut Html) -> Option<()> {
    budget.spend(formula)?;
    let nesting = formula.bytes().filter(|b| b"\\{[(^_".contains(b)).count();
    if formula.len() > MAX_LENGTH || nesting > MAX_NESTING || defines_macros(formula) {
        return None;
    }
    let markup = if nesting <= SHALLOW {
        std::panic::catch_unwind(|| katex(formula, display)).ok()?
    } else {
        thread::scope(|scope| {
            let worker = thread::Builder::new().stack_size(STACK);
            worker
                .spawn_scoped(scope, || katex(formula, display))
                .ok()?
                .join()
                .ok()?
        })
    };
    markup::copy(&markup?, &context().font_metrics, html)
}

/// The tables of symbols and functions, built on first use.
fn context() -> &'static KatexContext {
    static CONTEXT: OnceLock<KatexContext> = OnceLock::new();
    CONTEXT.get_or_init(KatexContext::default)
}

fn defines_macros(formula: &str) -> bool {
    formula.split('\\').skip(1).any(|command| {
        DEFINITIONS.iter().any(|name| {
            command.starts_with(name)
                || ["g", "e", "x", "future", "global", "long"]
                    .iter()
                    .any(|prefix| {
                        command
                            .strip_prefix(prefix)
                            .is_some_and(|c| c.starts_with(name))
                    })
        })
    })
}

fn katex(formula: &str, display: bool) -> Option<String> {
    let settings = Settings {
        display_mode: display,
        ..Settings::default()
    };
    katex::render_to_string(context(), formula, &settings).ok()
}
