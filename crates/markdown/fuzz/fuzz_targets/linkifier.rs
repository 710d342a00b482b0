//! Any linkifier that is accepted works on any text. The input is pattern, template and text, with NUL between them.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use narrows_markdown::{Linkifier, Options, Resolved, parse};

#[path = "../../tests/it/tree.rs"]
mod tree;

fuzz_target!(|input: &str| {
    let mut parts = input.splitn(3, '\0');
    let mut part = || parts.next().unwrap_or_default();
    if let Ok(linkifier) = Linkifier::new(part(), part()) {
        let options = Options { linkifiers: vec![Arc::new(linkifier)], ..Options::default() };
        let html = parse(part(), &options).render(&Resolved::default(), &options).html;
        if let Err(error) = tree::read(&html) {
            panic!("{error}\n{html}");
        }
    }
});
