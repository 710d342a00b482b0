//! What an edit changed, as HTML: the newer text, in which what came and what went is marked.
//!
//! Words are compared, whatever is around them. The elements of the answer are those of the newer text; words that went
//! stand in the element where their neighbours stayed, or in a copy of their own.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Texts with more words than this are told as one gone and another come.
const MOST_WORDS: usize = 2_000;

/// Elements that have no end.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "source", "wbr"];

/// A piece of text, or a tag without an end, in its elements.
#[derive(Debug)]
struct Leaf<'a> {
    text: &'a str,
    /// From the outermost element to the innermost.
    path: Vec<usize>,
}

/// A word and the white space until the next one.
#[derive(Debug)]
struct Word<'a> {
    leaf: Leaf<'a>,
    spaces: Vec<Leaf<'a>>,
}

/// An element.
#[derive(Debug)]
struct Element<'a> {
    start_tag: &'a str,
    /// The last word in it.
    last: usize,
}

#[derive(Debug, Default)]
struct Document<'a> {
    words: Vec<Word<'a>>,
    elements: Vec<Element<'a>>,
}

/// The name in a tag.
fn name(tag: &str) -> &str {
    let inner = tag.trim_start_matches(['<', '/']);
    let end = inner.find(|c: char| c.is_whitespace() || c == '>' || c == '/');
    inner.get(..end.unwrap_or(inner.len())).unwrap_or(inner)
}

/// The tag at the beginning of a text; attributes may hold `>`.
fn tag(html: &str) -> &str {
    let mut quoted = false;
    let end = html.find(|c| {
        quoted ^= c == '"';
        c == '>' && !quoted
    });
    end.and_then(|end| html.get(..=end)).unwrap_or(html)
}

impl<'a> Document<'a> {
    /// Reads what the renderer wrote, in which all elements are closed.
    fn parse(mut html: &'a str) -> Document<'a> {
        let mut document = Document::default();
        let mut path = Vec::new();
        while let Some(next) = html.chars().next() {
            let piece = match next {
                '<' => tag(html),
                _ => html.split('<').next().unwrap_or(html),
            };
            html = html.get(piece.len()..).unwrap_or_default();
            if next != '<' {
                document.text(piece, &path);
            } else if piece.starts_with("</") {
                path.pop();
            } else if piece.ends_with("/>") || VOID.contains(&name(piece)) {
                document.word(piece, &path);
            } else {
                let last = document.words.len();
                path.push(document.elements.len());
                document.elements.push(Element {
                    start_tag: piece,
                    last,
                });
            }
        }
        document
    }

    fn word(&mut self, text: &'a str, path: &[usize]) {
        for element in path {
            if let Some(element) = self.elements.get_mut(*element) {
                element.last = self.words.len();
            }
        }
        self.words.push(Word {
            leaf: Leaf {
                text,
                path: path.to_vec(),
            },
            spaces: vec![],
        });
    }

    fn text(&mut self, text: &'a str, path: &[usize]) {
        let in_pre = path
            .iter()
            .filter_map(|element| self.elements.get(*element))
            .any(|element| name(element.start_tag) == "pre");
        // Lines between blocks are there for people who read HTML.
        if text.trim().is_empty() && text.contains('\n') && !in_pre {
            return;
        }
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let is_space = next.is_whitespace();
            let end = rest.find(|c: char| c.is_whitespace() != is_space);
            let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            match self.words.last_mut() {
                Some(word) if is_space => word.spaces.push(Leaf {
                    text: piece,
                    path: path.to_vec(),
                }),
                _ => self.word(piece, path),
            }
        }
    }

    fn texts(&self) -> Vec<&'a str> {
        self.words.iter().map(|word| word.leaf.text).collect()
    }
}

/// An element of the answer: one of the newer text, or of the older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    New(usize),
    Old(usize),
}

/// What happened to words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Inserted,
    Deleted,
}

impl Mark {
    fn start_tag(self) -> &'static str {
        match self {
            Mark::Inserted => "<span class=\"highlight_text_inserted\">",
            Mark::Deleted => "<span class=\"highlight_text_deleted\">",
        }
    }
}

/// The answer as it grows.
struct Answer<'a> {
    old: &'a Document<'a>,
    new: &'a Document<'a>,
    /// Elements of the older text that are there in the newer one.
    same: HashMap<usize, usize>,
    html: String,
    open: Vec<Place>,
    opened: Vec<bool>,
}

impl<'a> Answer<'a> {
    fn start_tag(&self, place: Place) -> &'a str {
        let element = match place {
            Place::New(at) => self.new.elements.get(at),
            Place::Old(at) => self.old.elements.get(at),
        };
        element.map_or("", |element| element.start_tag)
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(place) = self.open.pop() {
                let start_tag = self.start_tag(place);
                self.html.push_str("</");
                self.html.push_str(name(start_tag));
                self.html.push('>');
            }
        }
    }

    fn enter(&mut self, place: Place) {
        if let Place::New(at) = place
            && let Some(opened) = self.opened.get_mut(at)
        {
            *opened = true;
        }
        self.html.push_str(self.start_tag(place));
        self.open.push(place);
    }

    /// Leaves what `path` is not in.
    fn leave(&mut self, path: &[Place]) {
        let common = self.open.iter().zip(path);
        let common = common.take_while(|(a, b)| a == b).count();
        self.close_to(common);
    }

    fn go(&mut self, path: &[Place]) {
        self.leave(path);
        for place in path.iter().skip(self.open.len()) {
            self.enter(*place);
        }
    }

    /// Words that went are where their neighbours are, as far as that is not over yet.
    fn translated(&self, path: &[usize]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::with_capacity(path.len());
        for (depth, old) in path.iter().enumerate() {
            let kept = places.iter().all(|place| matches!(place, Place::New(_)));
            let new = self.same.get(old).filter(|new| {
                let is_open = self.open.get(depth) == Some(&Place::New(**new));
                kept && (is_open || self.opened.get(**new) == Some(&false))
            });
            places.push(new.map_or(Place::Old(*old), |new| Place::New(*new)));
        }
        places
    }

    fn space(&mut self) {
        if !self.html.is_empty() && !self.html.ends_with(' ') {
            self.html.push(' ');
        }
    }

    fn kept(&mut self, words: &[Word<'_>]) {
        let new = |path: &[usize]| path.iter().copied().map(Place::New).collect::<Vec<_>>();
        for word in words {
            for leaf in std::iter::once(&word.leaf).chain(&word.spaces) {
                self.go(&new(&leaf.path));
                self.html.push_str(leaf.text);
            }
        }
    }

    /// Words that came or went, up to the one at `end`.
    fn marked(&mut self, mark: Mark, words: &[Word<'_>], end: usize) {
        let path_of = |answer: &Self, path: &[usize]| match mark {
            Mark::Inserted => path.iter().copied().map(Place::New).collect(),
            Mark::Deleted => answer.translated(path),
        };
        let Some(first) = words.first() else {
            return;
        };
        // Elements that go on after these words are entered before them, all others belong to them.
        let path: Vec<Place> = path_of(self, &first.leaf.path);
        self.leave(&path);
        let goes_on = |answer: &Self, place: &Place| match (place, mark) {
            (Place::New(at), Mark::Inserted) => {
                let element = answer.new.elements.get(*at);
                element.is_some_and(|element| element.last >= end)
            }
            (Place::New(_), Mark::Deleted) => true,
            (Place::Old(_), _) => false,
        };
        for place in path.iter().skip(self.open.len()) {
            if !goes_on(self, place) {
                break;
            }
            self.enter(*place);
        }
        self.space();
        let around = self.open.len();
        let mut inside: Option<Vec<Place>> = None;
        let mut pending = String::new();
        for word in words {
            let path: Vec<Place> = path_of(self, &word.leaf.path);
            if inside.as_ref() != Some(&path) {
                if inside.is_some() {
                    self.html.push_str("</span>");
                }
                self.html.push_str(&pending);
                self.go(&path);
                self.html.push_str(mark.start_tag());
                inside = Some(path);
            } else {
                self.html.push_str(&pending);
            }
            self.html.push_str(word.leaf.text);
            pending = word.spaces.iter().map(|leaf| leaf.text).collect();
        }
        self.html.push_str("</span>");
        let shared = self.open.iter().take_while(|place| goes_on(self, place));
        let shared = shared.count().max(around.min(self.open.len()));
        self.close_to(shared);
        self.space();
    }
}

/// The operations that make one list of words of the other.
fn operations(old: &[&str], new: &[&str], is_fine: bool) -> Vec<DiffOp> {
    if is_fine && old.len().max(new.len()) <= MOST_WORDS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    vec![DiffOp::Replace {
        old_index: 0,
        old_len: old.len(),
        new_index: 0,
        new_len: new.len(),
    }]
}

/// Which elements of the older text are there in the newer one: those in which words stayed.
fn same(old: &Document<'_>, new: &Document<'_>, operations: &[DiffOp]) -> HashMap<usize, usize> {
    let mut same = HashMap::new();
    for operation in operations {
        let DiffOp::Equal { .. } = operation else {
            continue;
        };
        let words =
            |document: &'_ Document<'_>, range: std::ops::Range<usize>| -> Vec<Vec<usize>> {
                let words = document.words.get(range).unwrap_or_default();
                words.iter().map(|word| word.leaf.path.clone()).collect()
            };
        let before = words(old, operation.old_range());
        let after = words(new, operation.new_range());
        for (before, after) in before.iter().zip(&after) {
            let tag = |document: &Document<'_>, at: usize| {
                let element = document.elements.get(at);
                element.map(|element| name(element.start_tag).to_owned())
            };
            for (before, after) in before.iter().zip(after) {
                if tag(old, *before) != tag(new, *after) {
                    break;
                }
                same.entry(*before).or_insert(*after);
            }
        }
    }
    same
}

/// The newer HTML with what came since the older one and what went; all of it, if that need not be fine.
pub(super) fn difference(old: &str, new: &str, is_fine: bool) -> String {
    let (old, new) = (Document::parse(old), Document::parse(new));
    let operations = operations(&old.texts(), &new.texts(), is_fine);
    let mut answer = Answer {
        old: &old,
        new: &new,
        same: same(&old, &new, &operations),
        html: String::new(),
        open: vec![],
        opened: vec![false; new.elements.len()],
    };
    for operation in &operations {
        let after = operation.new_range();
        let came = new.words.get(after.clone()).unwrap_or_default();
        let went = old.words.get(operation.old_range()).unwrap_or_default();
        match operation {
            DiffOp::Equal { .. } => answer.kept(came),
            _ => {
                answer.marked(Mark::Inserted, came, after.end);
                answer.marked(Mark::Deleted, went, 0);
            }
        }
    }
    answer.close_to(0);
    format!("<div>{}</div>", answer.html.trim())
}

#[cfg(test)]
mod tests {
    use super::difference;

    fn check(old: &str, new: &str, expected: &str) {
        let expected = expected
            .replace("[", "<span class=\"highlight_text_inserted\">")
            .replace("{", "<span class=\"highlight_text_deleted\">")
            .replace(['}', ']'], "</span>");
        let expected = format!("<div>{expected}</div>");
        assert_eq!(difference(old, new, true), expected, "{old} {new}");
    }

    #[test]
    fn words_that_changed_are_marked() {
        check(
            "<p>Hello!</p>",
            "<p>Howdy!</p>",
            "<p>[Howdy!]</p> <p>{Hello!}</p>",
        );
        check(
            "<p>Hello world</p>",
            "<p>Hello there</p>",
            "<p>Hello [there] {world} </p>",
        );
        check(
            "<p>one two three</p>",
            "<p>one 2 three</p>",
            "<p>one [2] {two} three</p>",
        );
        check(
            "<p>world</p>",
            "<p>hello world</p>",
            "<p> [hello] world</p>",
        );
        check(
            "<p>hello world</p>",
            "<p>world</p>",
            "<p> {hello} world</p>",
        );
        check("<p>a b</p>", "<p>a b</p>", "<p>a b</p>");
        check("", "<p>a</p>", "<p>[a]</p>");
    }

    #[test]
    fn elements_are_those_of_the_newer_text() {
        check("<p>a <strong>b</strong></p>", "<p>a b</p>", "<p>a b</p>");
        check(
            "<p>a b</p>",
            "<p>a b <a href=\"x>y\">c d</a></p>",
            "<p>a b <a href=\"x>y\">[c d]</a> </p>",
        );
        check(
            "<p>a</p>\n<p>b</p>",
            "<p>a</p>\n<ul>\n<li>c</li>\n</ul>",
            "<p>a</p> <ul><li>[c]</li></ul> <p>{b}</p>",
        );
        check(
            "<p>a<br>\nb</p>",
            "<p>a<br>\nc</p>",
            "<p>a<br>\n [c] {b} </p>",
        );
    }

    #[test]
    fn what_is_not_compared_finely_is_told_as_a_whole() {
        assert_eq!(
            difference("<p>a b</p>", "<p>a c</p>", false),
            "<div><p><span class=\"highlight_text_inserted\">a c</span></p> \
             <p><span class=\"highlight_text_deleted\">a b</span></p></div>"
        );
    }

    #[test]
    fn what_is_no_html_is_no_fault() {
        for text in ["", "<", "<p", "</p></p>", "<p><b>a", "a<b>c</p>"] {
            difference(text, "<p>x</p>", true);
            difference("<p>x</p>", text, true);
        }
    }
}
