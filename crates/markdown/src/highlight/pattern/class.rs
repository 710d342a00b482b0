//! Sets of characters.

/// A set of characters.
#[derive(Debug)]
pub(in crate::highlight) struct Class {
    /// One bit for each ASCII character, negation and case seen to.
    ascii: u128,
    /// Beyond ASCII, sorted.
    ranges: Vec<(char, char)>,
    categories: String,
    negated: bool,
    any_case: bool,
}

impl Class {
    /// `ranges` holds first and last character in turn; `categories` letters as in `\w`.
    pub(super) fn new(ranges: &str, categories: &str, negated: bool, any_case: bool) -> Class {
        let ends: Vec<char> = ranges.chars().collect();
        let mut ranges: Vec<(char, char)> = ends
            .chunks_exact(2)
            .filter_map(|pair| Some((*pair.first()?, *pair.last()?)))
            .collect();
        ranges.sort_unstable();
        let mut class = Class {
            ascii: 0,
            ranges,
            categories: categories.to_owned(),
            negated,
            any_case,
        };
        for byte in 0..128_u8 {
            if class.has(char::from(byte)) {
                class.ascii |= 1 << byte;
            }
        }
        class.ranges.retain(|(_, last)| !last.is_ascii());
        class
    }

    /// All characters but line breaks, or all.
    pub(super) fn any(with_newline: bool) -> Class {
        Class::new(if with_newline { "" } else { "\n\n" }, "", true, false)
    }

    pub(super) fn ascii(&self) -> u128 {
        self.ascii
    }

    pub(super) fn has_ascii(&self, byte: u8) -> bool {
        self.ascii >> byte & 1 == 1
    }

    pub(super) fn has(&self, c: char) -> bool {
        let listed = self.lists(c)
            || self.any_case
                && (c.to_lowercase().any(|c| self.lists(c))
                    || c.to_uppercase().any(|c| self.lists(c)));
        listed != self.negated
    }

    fn lists(&self, c: char) -> bool {
        // Ranges may overlap: the last that begins before the character need not be the one that has it.
        let before = self.ranges.partition_point(|(first, _)| *first <= c);
        let ranges = self.ranges.get(..before).unwrap_or_default();
        ranges.iter().rev().any(|(_, last)| *last >= c)
            || self.categories.chars().any(|category| match category {
                'd' => is_digit(c),
                'D' => !is_digit(c),
                's' => is_space(c),
                'S' => !is_space(c),
                'w' => is_word(c),
                _ => !is_word(c),
            })
    }
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && c.is_numeric()
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}
