//! Title, description and picture of an HTML page, as it names them.
//!
//! Only the tokens of the page are read, in one pass; no tree is built, so nothing that a page nests costs anything.

use std::cell::RefCell;

use encoding_rs::{Encoding, UTF_8};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};
use narrows_markdown::LinkPreview;
use narrows_runtime::outward::Document;
use url::Url;

use crate::messages::content::truncate;

/// Characters of a title.
const MAX_TITLE: usize = 200;
/// Characters of a description.
const MAX_DESCRIPTION: usize = 500;
/// Bytes of a picture's URL.
const MAX_URL: usize = 2000;
/// Bytes in which a page says what it is encoded in.
const DECLARATION: usize = 1024;

/// The preview of a page; `None` if it names no picture, without which none is shown.
pub(super) fn preview(document: &Document) -> Option<LinkPreview> {
    let found = read(&decode(document));
    let image = found.og_image?;
    let image = document.url.join(image.trim()).ok()?;
    let shown = is_web(&image) && image.as_str().len() <= MAX_URL;
    shown.then(|| LinkPreview {
        title: line(found.og_title.or(found.title), MAX_TITLE),
        description: line(found.og_description.or(found.description), MAX_DESCRIPTION),
        image: Some(image.into()),
    })
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Text on one line; `None` if there is none.
fn line(text: Option<String>, length: usize) -> Option<String> {
    let text = text?;
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    Some(truncate(&words.join(" "), length, "…")).filter(|line| !line.is_empty())
}

/// By the character set that its server names, else that it names itself, else UTF-8.
fn decode(document: &Document) -> String {
    let beginning = document.body.get(..DECLARATION).unwrap_or(&document.body);
    let named = document.charset.as_deref().map(str::as_bytes);
    let encoding = named
        .or_else(|| declared(beginning))
        .and_then(Encoding::for_label)
        .unwrap_or(UTF_8);
    encoding.decode(&document.body).0.into_owned()
}

/// `charset=…` in a `<meta>`.
fn declared(beginning: &[u8]) -> Option<&[u8]> {
    let lower = beginning.to_ascii_lowercase();
    let at = lower.windows(8).position(|bytes| bytes == b"charset=")? + 8;
    let value = beginning.get(at..)?;
    let value = value
        .strip_prefix(b"\"")
        .or(value.strip_prefix(b"'"))
        .unwrap_or(value);
    let end = value
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte))?;
    value.get(..end)
}

/// What a page says of itself; the first of each counts.
#[derive(Default)]
struct Found {
    title: Option<String>,
    description: Option<String>,
    og_title: Option<String>,
    og_description: Option<String>,
    og_image: Option<String>,
}

#[derive(Default)]
struct Sink {
    found: RefCell<Found>,
    in_title: RefCell<bool>,
}

fn read(html: &str) -> Found {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Sink::default(), Default::default());
    let _end = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.found.take()
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.tag(&tag),
            Token::CharacterTokens(text) => {
                if *self.in_title.borrow()
                    && let Some(title) = &mut self.found.borrow_mut().title
                {
                    title.push_str(&text);
                }
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Sink {
    fn tag(&self, tag: &Tag) -> TokenSinkResult<()> {
        if tag.kind == TagKind::EndTag {
            self.in_title.replace(false);
            return TokenSinkResult::Continue;
        }
        match &*tag.name {
            "title" => {
                let first = self.found.borrow().title.is_none();
                if first {
                    self.found.borrow_mut().title = Some(String::new());
                }
                self.in_title.replace(first);
                TokenSinkResult::RawData(RawKind::Rcdata)
            }
            "meta" => {
                self.meta(tag);
                TokenSinkResult::Continue
            }
            "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            _ => TokenSinkResult::Continue,
        }
    }

    fn meta(&self, tag: &Tag) {
        let attribute = |name: &str| {
            let mut attributes = tag.attrs.iter();
            attributes.find(|attribute| &*attribute.name.local == name)
        };
        let names = attribute("property").or_else(|| attribute("name"));
        let (Some(name), Some(content)) = (names, attribute("content")) else {
            return;
        };
        let mut found = self.found.borrow_mut();
        let place = match &*name.value.to_ascii_lowercase() {
            "description" => &mut found.description,
            "og:title" => &mut found.og_title,
            "og:description" => &mut found.og_description,
            "og:image" | "og:image:url" => &mut found.og_image,
            _ => return,
        };
        if !content.value.trim().is_empty() {
            place.get_or_insert_with(|| content.value.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(html: impl Into<Vec<u8>>, charset: Option<&str>) -> Option<LinkPreview> {
        preview(&Document {
            url: Url::parse("https://example.com/a/post").expect("a URL"),
            charset: charset.map(str::to_owned),
            body: html.into().into(),
        })
    }

    const IMAGE: &str = "<meta property='og:image' content='../b.png'>";

    #[test]
    fn open_graph_counts_more_than_what_else_the_page_says() {
        let page = format!(
            "<title>Page</title><meta name=description content=About>{IMAGE}\
             <meta property=og:title content='Open &amp; graph'><meta property='og:description' content='first\n line'>"
        );
        let found = of(page, None).expect("a preview");
        assert_eq!(found.title.as_deref(), Some("Open & graph"));
        assert_eq!(found.description.as_deref(), Some("first line"));
        assert_eq!(found.image.as_deref(), Some("https://example.com/b.png"));
        let plain = of(
            format!("<title> A\n page</title><meta name=Description content=About>{IMAGE}"),
            None,
        );
        let plain = plain.expect("a preview");
        assert_eq!(plain.title.as_deref(), Some("A page"));
        assert_eq!(plain.description.as_deref(), Some("About"));
    }

    #[test]
    fn without_a_picture_of_the_web_there_is_no_preview() {
        assert_eq!(of("<title>x</title>", None), None);
        assert_eq!(of("", None), None);
        for image in [
            "",
            " ",
            "javascript:alert(1)",
            "data:image/png;base64,AA",
            "http://",
        ] {
            assert_eq!(
                of(format!("<meta property=og:image content='{image}'>"), None),
                None,
                "{image}"
            );
        }
        let long = "x".repeat(3000);
        assert_eq!(
            of(format!("<meta property=og:image content='{long}'>"), None),
            None
        );
    }

    #[test]
    fn what_is_no_markup_to_a_browser_is_none_here() {
        let hidden = format!(
            "<script>{IMAGE}</script><!-- {IMAGE} --><style>{IMAGE}</style><title>{IMAGE}</title>"
        );
        assert_eq!(of(hidden, None), None);
        let title = of(
            format!("{IMAGE}<title></b><script>x</script>&lt;i&gt;</title><svg><title>y</title>"),
            None,
        );
        assert_eq!(
            title.expect("a preview").title.as_deref(),
            Some("</b><script>x</script><i>")
        );
    }

    #[test]
    fn texts_are_bounded() {
        let page = format!(
            "{IMAGE}<title>{}</title><meta name=description content='{}'>",
            "t".repeat(9000),
            "ä".repeat(9000)
        );
        let found = of(page, None).expect("a preview");
        assert_eq!(
            found.title.map(|title| title.chars().count()),
            Some(MAX_TITLE)
        );
        assert_eq!(
            found.description.map(|text| text.chars().count()),
            Some(MAX_DESCRIPTION)
        );
    }

    #[test]
    fn character_sets_are_heeded() {
        let page = [IMAGE.as_bytes(), b"<title>caf\xe9</title>"].concat();
        let named = of(page.clone(), Some("ISO-8859-1")).expect("a preview");
        assert_eq!(named.title.as_deref(), Some("café"));
        let itself = [b"<meta charset='latin1'>", &page[..]].concat();
        assert_eq!(
            of(itself, None).expect("a preview").title.as_deref(),
            Some("café")
        );
        assert_eq!(
            of(page, Some("no such"))
                .expect("a preview")
                .title
                .as_deref(),
            Some("caf\u{fffd}")
        );
    }

    #[test]
    fn a_page_of_nothing_but_tags_is_read_to_its_end() {
        let page = format!("{}{IMAGE}", "<b><p a=1>".repeat(100_000));
        assert!(of(page, None).is_some());
    }
}
