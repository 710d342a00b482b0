//! Facts about the realm that rendering depends on.

use std::collections::HashMap;
use std::sync::Arc;

use crate::AlertWords;
use crate::link::template::UrlTemplate;

/// Realm-wide facts, made once and shared by all messages of the realm.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the realm is, without a trailing slash; links into it are made relative.
    pub realm_url: String,
    /// Active custom emoji by name.
    pub custom_emoji: HashMap<String, CustomEmoji>,
    /// Linkifiers, in the realm's order.
    pub linkifiers: Vec<Arc<Linkifier>>,
    /// Language of fenced code that names none.
    pub default_code_language: Option<String>,
    /// Whether images and videos are shown below the text.
    pub inline_image_preview: bool,
    /// Whether websites are previewed.
    pub inline_url_embed_preview: bool,
    /// Words that users of the realm want to be told of.
    pub alert_words: AlertWords,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            realm_url: String::new(),
            custom_emoji: HashMap::new(),
            linkifiers: Vec::new(),
            default_code_language: None,
            inline_image_preview: true,
            inline_url_embed_preview: false,
            alert_words: AlertWords::default(),
        }
    }
}

/// An emoji that the realm uploaded.
#[derive(Debug, Clone)]
pub struct CustomEmoji {
    /// Where the picture is.
    pub source_url: String,
}

/// A pattern of the realm that becomes a link.
#[derive(Debug)]
pub struct Linkifier {
    pub(crate) pattern: regex::Regex,
    pub(crate) template: UrlTemplate,
}

/// Why a linkifier cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidLinkifier {
    /// The pattern does not compile, or takes too much memory.
    Pattern(String),
    /// The template is not a URL template of RFC 6570.
    Template,
    /// The template uses a variable that the pattern does not have.
    UnknownVariable(String),
    /// The pattern has a group that the template does not use.
    UnusedGroup(String),
}

/// Names of the variables in a URL template (RFC 6570); `None` if it is not one.
pub fn template_variables(template: &str) -> Option<Vec<String>> {
    let template = UrlTemplate::parse(template)?;
    Some(template.variables().map(str::to_owned).collect())
}

/// What is wrong with a pattern, in a line without what stands around it.
fn flaw(pattern: &str, told: &str) -> String {
    let last = told.lines().last().unwrap_or_default();
    match last.trim_start_matches("error: ") {
        "unclosed group" => format!("missing ): {pattern}"),
        "unopened group" => format!("unexpected ): {pattern}"),
        "unclosed character class" => format!("missing ]: {pattern}"),
        other => other.to_owned(),
    }
}

impl Linkifier {
    /// Compiles a pattern with named groups and a URL template that uses them.
    pub fn new(pattern: &str, template: &str) -> Result<Self, InvalidLinkifier> {
        // The pattern has to stand at a word's beginning and end, as Zulip demands.
        let around = format!(r#"(?:^|[\s'"(,:<])(?P<{WHOLE}>{pattern})(?:$|[^\p{{L}}\p{{N}}])"#);
        let pattern = regex::RegexBuilder::new(&around)
            .size_limit(1 << 20)
            .build()
            .map_err(|error| InvalidLinkifier::Pattern(flaw(pattern, &error.to_string())))?;
        let template = UrlTemplate::parse(template).ok_or(InvalidLinkifier::Template)?;
        let known: Vec<_> = pattern.capture_names().flatten().collect();
        if let Some(name) = template.variables().find(|name| !known.contains(name)) {
            return Err(InvalidLinkifier::UnknownVariable(name.to_owned()));
        }
        let mut groups = known.iter().filter(|name| **name != WHOLE);
        match groups.find(|name| !template.variables().any(|used| used == **name)) {
            Some(name) => Err(InvalidLinkifier::UnusedGroup((*name).to_owned())),
            None => Ok(Self { pattern, template }),
        }
    }

    /// Every match of a text, with what of it becomes the link.
    pub(crate) fn matches<'t>(
        &self,
        text: &'t str,
    ) -> Vec<(regex::Captures<'t>, regex::Match<'t>)> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(captures) = self.pattern.captures_at(text, at) {
            let Some(whole) = captures.name(WHOLE) else {
                break;
            };
            // What follows one match may precede the next.
            let next = text.get(whole.end()..).and_then(|rest| rest.chars().next());
            at = match whole.is_empty() {
                true => whole.end() + next.map_or(1, char::len_utf8),
                false => whole.end(),
            };
            if !whole.is_empty() {
                found.push((captures, whole));
            }
            if at > text.len() {
                break;
            }
        }
        found
    }

    /// Where a match leads; `source` gives the text of a group as it was typed.
    pub(crate) fn address(
        &self,
        captures: &regex::Captures<'_>,
        source: impl Fn(&str) -> String,
    ) -> String {
        let values: HashMap<&str, String> = (self.pattern.capture_names().flatten())
            .filter_map(|name| Some((name, source(captures.name(name)?.as_str()))))
            .collect();
        self.template
            .expand(|name| values.get(name).map(String::as_str))
    }
}

/// The group that holds what becomes the link's text.
pub(crate) const WHOLE: &str = "narrows_whole_match";
