//! Classes of Pygments for program code.
//!
//! Most languages have the tables of Pygments itself (`table`); JSON has a lexer of its own. For what Pygments lexes by program the grammars of Sublime Text say what a piece of code is, and
//! `scopes` what Pygments calls that. Tables and grammars load on first use and are shared.

mod json;
mod languages;
mod pattern;
mod scopes;
mod session;
mod table;
#[cfg(test)]
mod tests;

use languages::Lexer;
pub(crate) use languages::{Language, find};

/// A piece of a line and its class; none for plain text.
pub(crate) type Token<'t> = (Option<&'static str>, &'t str);

/// Code longer than this is shown plainly.
const MAX_BYTES: usize = 32 * 1024;
/// Grammars are regular expressions that backtrack: long lines are shown plainly.
const MAX_LINE: usize = 1000;

/// The tokens of `text`, no token longer than a line; `None` if it is to be shown plainly.
pub(crate) fn tokens<'t>(language: &'static Language, text: &'t str) -> Option<Vec<Token<'t>>> {
    if text.len() > MAX_BYTES || text.split('\n').any(|line| line.len() > MAX_LINE) {
        return None;
    }
    let tokens = match &language.lexer {
        Lexer::Json => json::tokens(text),
        Lexer::ShellSession => session::shell(text)?,
        Lexer::PythonSession => session::python(text)?,
        Lexer::Table(lazy) => table::tokens(lazy.get()?, text)?,
        Lexer::Grammar(name) => scopes::tokens(name, language.spaces, text)?,
        Lexer::Plain => return None,
    };
    Some(by_line(tokens))
}

/// Joins neighbours of one class, and ends every token with its line.
fn by_line(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for (class, text) in tokens {
        for piece in text.split_inclusive('\n') {
            let (body, newline) = match piece.strip_suffix('\n') {
                Some(body) => (body, piece.get(body.len()..).unwrap_or_default()),
                None => (piece, ""),
            };
            for (class, text) in [(class, body), (None, newline)] {
                if !text.is_empty() {
                    out.push((class, text));
                }
            }
        }
    }
    out
}
