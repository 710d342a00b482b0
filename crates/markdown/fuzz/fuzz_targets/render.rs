//! Any text gives well-formed HTML.
#![no_main]

use libfuzzer_sys::fuzz_target;
use narrows_markdown::{Options, Resolved, parse};

#[path = "../../tests/it/tree.rs"]
mod tree;

fuzz_target!(|text: &str| {
    let options = Options::default();
    let resolved = Resolved { translate_emoticons: true, ..Resolved::default() };
    let html = parse(text, &options).render(&resolved, &options).html;
    if let Err(error) = tree::read(&html) {
        panic!("{error}\n{html}");
    }
});
