//! Markup within a block, one pass per construct in a fixed order.
//!
//! A pass looks over the whole text and replaces what it recognises by a placeholder for a finished node, which later
//! passes step over as they would over any character. So `` `**` `` never becomes bold, and each pass is linear by
//! itself. A pass for what may contain markup (bold, say) runs the later passes over the content: no construct is in
//! itself, and nesting cannot be deeper than the table of passes is long.

mod code;
mod emoji;
mod emphasis;
mod linkify;
mod links;
mod math;
mod mentions;
mod stash;
mod streams;
mod times;

use std::sync::LazyLock;

use crate::options::Options;
use crate::render::{Output, Report};
use crate::resolve::Index;
pub(crate) use stash::Rewriter;
use stash::Stash;

/// What rendering a text depends upon and reports to.
pub(crate) struct Inline<'a> {
    pub(crate) options: &'a Options,
    pub(crate) index: &'a Index<'a>,
    pub(crate) report: &'a mut Report,
    /// Mentions in quotes tell nobody.
    pub(crate) silent: bool,
    /// What formulas may still cost in this message.
    pub(crate) math: crate::math::Budget,
    stash: Stash,
}

type Pass = for<'a> fn(&mut Inline<'a>, &str, usize) -> Option<String>;

/// The passes in order, each with the bytes without one of which it cannot match.
const PASSES: &[(u32, Pass)] = &[
    (BACKTICK, code::code),
    (STAR, emphasis::strong_emphasis),
    (AT, mentions::users),
    (DOLLAR, math::math),
    (HASH, streams::topics),
    (HASH, streams::streams),
    (LESS, times::times),
    (AT, mentions::groups),
    (BRACKET, links::links),
    (DOT | COLON, linkify::urls),
    (ALWAYS, linkify::linkifiers),
    (STAR, emphasis::strong),
    (STAR, emphasis::emphasis),
    (TILDE, emphasis::deleted),
    (COLON, emoji::named),
    (ALWAYS, emoji::emoticons),
    (WIDE, emoji::unicode),
];

const BACKTICK: u32 = 1;
const STAR: u32 = 1 << 1;
const AT: u32 = 1 << 2;
const DOLLAR: u32 = 1 << 3;
const HASH: u32 = 1 << 4;
const LESS: u32 = 1 << 5;
const BRACKET: u32 = 1 << 6;
const DOT: u32 = 1 << 7;
const COLON: u32 = 1 << 8;
const TILDE: u32 = 1 << 9;
const WIDE: u32 = 1 << 10;
const ALWAYS: u32 = 1 << 31;

fn trigger(byte: u8) -> u32 {
    match byte {
        b'`' => BACKTICK,
        b'*' => STAR,
        b'@' => AT,
        b'$' => DOLLAR,
        b'#' => HASH,
        b'<' => LESS,
        b'[' => BRACKET,
        b'.' => DOT,
        b':' => COLON,
        b'~' => TILDE,
        0x80.. => WIDE,
        _ => 0,
    }
}

/// What each byte triggers.
static TRIGGERS: LazyLock<[u32; 256]> =
    LazyLock::new(|| std::array::from_fn(|byte| u8::try_from(byte).map_or(0, trigger)));

/// Which of the bytes that passes wait for are in the text.
fn triggers(text: &str) -> u32 {
    let table = &*TRIGGERS;
    text.bytes().fold(ALWAYS, |seen, byte| {
        seen | table.get(usize::from(byte)).copied().unwrap_or_default()
    })
}

impl<'a> Inline<'a> {
    pub(crate) fn new(options: &'a Options, index: &'a Index<'a>, report: &'a mut Report) -> Self {
        Self {
            options,
            index,
            report,
            silent: false,
            math: crate::math::Budget::default(),
            stash: Stash::default(),
        }
    }

    /// Writes a block's text.
    pub(crate) fn render(&mut self, text: &str, out: &mut Output) {
        self.stash.begin(text.len());
        match self.apply(text, 0) {
            Some(text) => {
                self.stash.write(&text, out);
                self.stash.recycle(text);
            }
            None => out.html.lines(text),
        }
    }

    /// Runs the passes from `from` on; `None` when nothing changed.
    fn apply(&mut self, text: &str, from: usize) -> Option<String> {
        let seen = triggers(text);
        let mut changed: Option<String> = None;
        for (number, (trigger, pass)) in PASSES.iter().enumerate().skip(from) {
            if seen & trigger != 0 {
                let current = changed.as_deref().unwrap_or(text);
                if let Some(new) = pass(self, current, number)
                    && let Some(old) = changed.replace(new)
                {
                    self.stash.recycle(old);
                }
            }
        }
        changed
    }

    /// The content of a node that may contain markup, after the passes that follow `pass`.
    fn content(&mut self, text: &str, pass: usize) -> String {
        self.apply(text, pass + 1)
            .unwrap_or_else(|| text.to_owned())
    }
}
