//! Marks what a search found.

const OPEN: &str = "<span class=\"highlight\">";
const CLOSE: &str = "</span>";

/// HTML with the words that begin as one of `words` marked, between its tags only.
pub(crate) fn html(html: &str, words: &[String]) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, tag) = rest.split_at(start);
        mark(text, words, &mut out);
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        out.push_str(tag);
        rest = after;
    }
    mark(rest, words, &mut out);
    out
}

/// Plain text as HTML with what was found marked.
pub(crate) fn text(text: &str, words: &[String]) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let mut out = String::with_capacity(escaped.len() + 32);
    mark(&escaped, words, &mut out);
    out
}

fn mark(text: &str, words: &[String], out: &mut String) {
    let mut rest = text;
    let mut inside_word = false;
    while let Some(c) = rest.chars().next() {
        let found = words
            .iter()
            .filter(|word| !inside_word || !word.starts_with(char::is_alphanumeric));
        let length = found
            .filter_map(|word| prefix(rest, word))
            .max()
            .unwrap_or(0);
        let (marked, after) = rest.split_at(length);
        if length > 0 {
            out.push_str(OPEN);
            out.push_str(marked);
            out.push_str(CLOSE);
            inside_word = false;
            rest = after;
            continue;
        }
        // A character reference is one character, whatever letters it is written with.
        let step = match c {
            '&' => rest
                .find(';')
                .filter(|end| *end < 10)
                .map_or(1, |end| end + 1),
            c => c.len_utf8(),
        };
        let (skipped, after) = rest.split_at(step);
        out.push_str(skipped);
        inside_word = c.is_alphanumeric();
        rest = after;
    }
}

/// How long the word at the beginning of `text` is, if it begins with `word`, whatever the letters' case.
fn prefix(text: &str, word: &str) -> Option<usize> {
    let mut chars = text.char_indices();
    for wanted in word.chars() {
        let (_, c) = chars.next()?;
        if c != wanted && !c.to_lowercase().eq(wanted.to_lowercase()) {
            return None;
        }
    }
    let rest = chars.as_str();
    let tail = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    (!word.is_empty()).then_some(text.len() - rest.len() + tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn whole_words_are_marked_outside_of_tags() {
        let found = html(
            "<p title=\"system\">Retrieval Systems &amp; ecosystem</p>",
            &words(&["system"]),
        );
        let wanted = "<p title=\"system\">Retrieval <span class=\"highlight\">Systems</span> &amp; ecosystem</p>";
        assert_eq!(found, wanted);
    }

    #[test]
    fn character_references_stay_whole() {
        assert_eq!(
            html("a &amp; amp", &words(&["amp"])),
            "a &amp; <span class=\"highlight\">amp</span>"
        );
    }

    #[test]
    fn plain_text_is_escaped() {
        assert_eq!(
            text("<b> lunch", &words(&["lun"])),
            "&lt;b&gt; <span class=\"highlight\">lunch</span>"
        );
    }
}
