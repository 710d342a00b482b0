//! JSON, comments allowed.

use super::Token;

/// A string is a key if a colon follows; until that is known, it waits.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut waiting: Option<usize> = None;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first);
        let (piece, after) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        match class {
            "o" => {
                if let Some((class, _)) = waiting.take().and_then(|at| tokens.get_mut(at)) {
                    *class = Some("nt");
                }
                tokens.push((Some("p"), piece));
            }
            "s2" => {
                waiting = Some(tokens.len());
                tokens.push((Some("s2"), piece));
            }
            class => {
                if !matches!(class, "w" | "c1" | "cm") {
                    waiting = None;
                }
                tokens.push((Some(class), piece));
            }
        }
        rest = after;
    }
    tokens
}

/// Class and length of what the text begins with; `o` for a colon.
fn token(rest: &str, first: char) -> (&'static str, usize) {
    let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    match first {
        '"' => string(rest),
        ':' => ("o", 1),
        ' ' | '\n' | '\r' | '\t' => ("w", run(|c| matches!(c, ' ' | '\n' | '\r' | '\t'))),
        '{' | '}' | '[' | ']' | ',' => ("p", run(|c| matches!(c, '{' | '}' | '[' | ']' | ','))),
        't' | 'f' | 'n' => ("kc", run(|c| "truefalsn".contains(c))),
        '-' | '0'..='9' => {
            let length = run(|c| c.is_ascii_digit() || matches!(c, '-' | '.' | 'e' | 'E' | '+'));
            let number = rest.get(..length).unwrap_or_default();
            let float = number.contains(['.', 'e', 'E', '+']);
            (if float { "mf" } else { "mi" }, length)
        }
        '/' if rest.starts_with("//") => ("c1", rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => match rest.get(2..).and_then(|rest| rest.find("*/")) {
            Some(end) => ("cm", end + 4),
            None => ("err", rest.len()),
        },
        c => ("err", c.len_utf8()),
    }
}

/// Up to the quote that no backslash escapes; without one all of it is an error.
fn string(rest: &str) -> (&'static str, usize) {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '"' if !escaped => return ("s2", at + 1),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    ("err", rest.len())
}
