//! Sessions of shells and of Python: prompts, what was typed at them, and what came back.

use std::sync::LazyLock;

use regex::Regex;

use super::languages::{Language, find};
use super::{Lexer, Token, table};

/// The prompt of a shell, as Pygments knows it.
static SHELL_PROMPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:(?:\[.*?\])|(?:\(\S+\))?(?:| |sh\S*?|\w+\S+[@:]\S+(?:\s+\S+)?|\[\S+[@:][^\n]+\].+))",
        r"\s*[$#%]\s*"
    ))
    .ok()
});

/// A command being typed: prompts and code in turn.
#[derive(Default)]
struct Command<'t> {
    parts: Vec<(&'t str, &'t str)>,
}

/// A session of a shell.
pub(super) fn shell(text: &str) -> Option<Vec<Token<'_>>> {
    let inner = find("bash")?;
    let prompt = SHELL_PROMPT.as_ref()?;
    let mut tokens = Vec::new();
    let mut command = Command::default();
    let mut goes_on = false;
    for line in text.split_inclusive('\n') {
        let length = match prompt.find(line) {
            Some(found) => found.end(),
            None if goes_on => line.strip_prefix("> ").map_or(0, |_| 2),
            None => {
                command.finish(inner, &mut tokens)?;
                tokens.push((Some("go"), line));
                continue;
            }
        };
        let (prompt, code) = line.split_at_checked(length)?;
        command.parts.push((prompt, code));
        goes_on = code.ends_with("\\\n");
    }
    command.finish(inner, &mut tokens)?;
    Some(tokens)
}

/// A session of Python; from a traceback on everything up to the next prompt belongs to it.
pub(super) fn python(text: &str) -> Option<Vec<Token<'_>>> {
    let (inner, traceback) = (find("python")?, find("pytb")?);
    let mut tokens = Vec::new();
    let mut command = Command::default();
    let mut failed = Command::default();
    for line in text.split_inclusive('\n') {
        let is_prompt = line.starts_with(">>> ") || line == ">>>\n";
        let goes_on = line.starts_with("... ") || line == "...\n";
        if is_prompt || goes_on && !command.parts.is_empty() {
            failed.finish(traceback, &mut tokens)?;
            let bare = matches!(line, ">>>\n" | "...\n");
            let (prompt, code) = line.split_at_checked(if bare { 3 } else { 4 })?;
            command.parts.push((prompt, code));
            continue;
        }
        command.finish(inner, &mut tokens)?;
        let fails = line.trim_start_matches("^C") == "Traceback (most recent call last):\n"
            || line.starts_with("  File \"");
        if fails || !failed.parts.is_empty() {
            failed.parts.push(("", line));
        } else {
            tokens.push((Some("go"), line));
        }
    }
    command.finish(inner, &mut tokens)?;
    failed.finish(traceback, &mut tokens)?;
    Some(tokens)
}

impl<'t> Command<'t> {
    /// Lexes the code as a whole and puts the prompts back where they were.
    fn finish(&mut self, inner: &'static Language, tokens: &mut Vec<Token<'t>>) -> Option<()> {
        let parts = std::mem::take(&mut self.parts);
        let code: String = parts.iter().map(|(_, code)| *code).collect();
        let Lexer::Table(lazy) = &inner.lexer else {
            return None;
        };
        let lexed = table::tokens(lazy.get()?, &code)?;
        let mut lexed = lexed.iter().map(|(class, text)| (*class, text.len()));
        let mut token = (None, 0);
        for (prompt, mut code) in parts {
            if !prompt.is_empty() {
                tokens.push((Some("gp"), prompt));
            }
            while !code.is_empty() {
                if token.1 == 0 {
                    token = lexed.next()?;
                }
                let (piece, rest) = code.split_at_checked(token.1.min(code.len()))?;
                token.1 -= piece.len();
                tokens.push((token.0, piece));
                code = rest;
            }
        }
        Some(())
    }
}
