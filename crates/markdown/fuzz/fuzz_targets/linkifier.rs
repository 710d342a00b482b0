//! Any linkifier that is accepted works on any text.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use narrows_markdown::{Linkifier, Options, Resolved, parse};

fuzz_target!(|input: (&str, &str, &str)| {
    let (pattern, template, text) = input;
    if let Ok(linkifier) = Linkifier::new(pattern, template) {
        let options = Options { linkifiers: vec![Arc::new(linkifier)], ..Options::default() };
        parse(text, &options).render(&Resolved::default(), &options);
    }
});
