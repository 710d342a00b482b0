//! TeX and LaTeX.

use super::Token;

/// Commands, braces and comments; within dollars formulas.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = text;
    // What ends the formula that we are in.
    let mut math: Option<&'static str> = None;
    while let Some(first) = rest.chars().next() {
        let (class, length) = token(rest, first, &mut math);
        let (piece, after) = rest.split_at_checked(length.max(1)).unwrap_or((rest, ""));
        tokens.push((class, piece));
        rest = after;
    }
    tokens
}

fn token(
    rest: &str,
    first: char,
    math: &mut Option<&'static str>,
) -> (Option<&'static str>, usize) {
    if first == '%' {
        return (Some("c"), rest.find('\n').unwrap_or(rest.len()));
    }
    if let Some(end) = *math
        && rest.starts_with(end)
    {
        *math = None;
        return (Some("s"), end.len());
    }
    if math.is_none() {
        let opening = [("\\(", "\\)"), ("\\[", "\\]"), ("$$", "$$"), ("$", "$")];
        if let Some((open, close)) = opening.iter().find(|(open, _)| rest.starts_with(open)) {
            *math = Some(close);
            return (Some("s"), open.len());
        }
    }
    if first == '\\' {
        let class = if math.is_some() { "nv" } else { "k" };
        let body = rest.get(1..).unwrap_or_default();
        let letters = body.bytes().take_while(u8::is_ascii_alphabetic).count();
        let other = body
            .chars()
            .next()
            .filter(|c| !c.is_whitespace())
            .map_or(0, char::len_utf8);
        return (Some(class), 1 + if letters > 0 { letters } else { other });
    }
    if "{}&_^".contains(first) {
        return (Some("nb"), 1);
    }
    let run = |ends: &str| rest.find(|c| ends.contains(c)).unwrap_or(rest.len());
    match math {
        None => (None, run("\\$%&_^{}")),
        Some(_) if first.is_ascii_digit() => (
            Some("m"),
            rest.bytes().take_while(u8::is_ascii_digit).count(),
        ),
        Some(_) if "-=!+*/()[]".contains(first) => (Some("o"), 1),
        Some(_) => (Some("nb"), run("=!+*/()[]\\$%&_^{}0123456789-")),
    }
}
