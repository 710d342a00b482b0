//! The texts that the fuzzer starts from, and all that it ever stumbled over.

use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;
use std::sync::Arc;

use narrows_markdown::{Linkifier, Options, Resolved, parse};

use crate::safety::{check, render};

fn corpus(target: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let read = |entry: io::Result<DirEntry>| {
        let path = entry?.path();
        Ok((path.display().to_string(), fs::read(&path)?))
    };
    fs::read_dir(dir)?.map(read).collect()
}

#[test]
fn every_text_of_the_corpus_gives_allowed_html() {
    let corpus = corpus("render").unwrap();
    assert!(!corpus.is_empty());
    for (name, text) in corpus {
        let text = String::from_utf8_lossy(&text);
        check(&name, &render(&text)).unwrap();
    }
}

#[test]
fn every_linkifier_of_the_corpus_works_or_is_refused() {
    let corpus = corpus("linkifier").unwrap();
    assert!(!corpus.is_empty());
    for (name, input) in corpus {
        let input = String::from_utf8_lossy(&input);
        let mut parts = input.splitn(3, '\0');
        let mut part = || parts.next().unwrap_or_default();
        if let Ok(linkifier) = Linkifier::new(part(), part()) {
            let options = Options {
                linkifiers: vec![Arc::new(linkifier)],
                ..Options::default()
            };
            let rendered = parse(part(), &options).render(&Resolved::default(), &options);
            check(&name, &rendered).unwrap();
        }
    }
}
