//! Blocks of code, in the markup of Pygments.

use crate::highlight::{self, Language, Token};
use crate::html::Html;

/// Writes a block of code.
pub(crate) fn block(language: Option<&str>, text: &str, html: &mut Html) {
    let text = format!("{}\n", text.trim_matches('\n'));
    // Zulip writes a block whose language is named through another serialiser, which leaves quotes alone.
    let piece = match language {
        Some(_) => Html::verbatim,
        None => Html::literal,
    };
    let known = match language {
        Some(name) => highlight::find(name),
        None => first_line_language(&text),
    };
    let tokens = known.and_then(|language| highlight::tokens(language, &text));
    let div = html.open("div").class("codehilite");
    let div = match language {
        Some(name) => div.attribute(
            "data-code-language",
            known.map_or(name, |language| language.name),
        ),
        None => div,
    };
    div.with(|html| {
        html.open("pre").with(|html| {
            html.open("span").end();
            html.close("span");
            html.open("code").with(|html| match tokens {
                Some(tokens) => write_tokens(&tokens, piece, html),
                None => piece(html, &text),
            });
        });
    });
}

/// One element for neighbours of one class.
fn write_tokens(tokens: &[Token], piece: fn(&mut Html, &str), html: &mut Html) {
    for group in tokens.chunk_by(|(a, _), (b, _)| a == b) {
        let write = |html: &mut Html| group.iter().for_each(|(_, text)| piece(html, text));
        match group.first().and_then(|(class, _)| *class) {
            Some(class) => html.open("span").class(class).with(write),
            None => write(html),
        }
    }
}

/// `#!python`, `#!/usr/bin/python` or `:::python` in the first line.
fn first_line_language(text: &str) -> Option<&'static Language> {
    let line = text.split('\n').next()?;
    let rest = match line.strip_prefix("#!") {
        Some(rest) => rest,
        None => line.strip_prefix("::")?.trim_start_matches(':'),
    };
    let command = rest.split_whitespace().next()?;
    let name = command.rsplit('/').next()?;
    highlight::find(name)
}
