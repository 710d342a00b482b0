//! Finding the words that users want to be told of.

use std::collections::BTreeSet;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, MatchKind};

/// All alert words of a realm, compiled once.
#[derive(Debug, Clone, Default)]
pub struct AlertWords(Option<Arc<Compiled>>);

#[derive(Debug)]
struct Compiled {
    automaton: AhoCorasick,
    words: Vec<String>,
}

impl AlertWords {
    /// Compiles the words; case does not matter.
    pub fn new<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let words: BTreeSet<_> = words
            .into_iter()
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty())
            .collect();
        let words: Vec<_> = words.into_iter().collect();
        if words.is_empty() {
            return Self::default();
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&words);
        // Building fails only when the words exceed two gigabytes.
        Self(
            automaton
                .ok()
                .map(|automaton| Arc::new(Compiled { automaton, words })),
        )
    }

    /// Adds the words that stand in `text` by themselves, in lower case.
    pub(crate) fn find(&self, text: &str, found: &mut BTreeSet<String>) {
        let Some(compiled) = &self.0 else { return };
        let text = text.to_lowercase();
        for hit in compiled.automaton.find_overlapping_iter(&text) {
            let before = text.get(..hit.start()).and_then(|s| s.chars().next_back());
            let after = text.get(hit.end()..).and_then(|s| s.chars().next());
            if before.is_none_or(may_precede) && after.is_none_or(may_follow) {
                found.extend(compiled.words.get(hit.pattern().as_usize()).cloned());
            }
        }
    }
}

fn may_precede(c: char) -> bool {
    c.is_whitespace() || "(\".,';[*`>".contains(c)
}

fn may_follow(c: char) -> bool {
    c.is_whitespace() || ")\",?:.';]!*`".contains(c)
}
