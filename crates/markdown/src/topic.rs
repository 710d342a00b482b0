//! Links in the names of topics, which are shown beside the name: what the realm's linkifiers match, and addresses.

use crate::link::{autolink, url};
use crate::options::Options;

/// A link in the name of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicLink {
    /// The part of the name.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// The links in the name of a topic, in their order. Of two that overlap the linkifier counts, and of those the first.
pub fn topic_links(topic: &str, options: &Options) -> Vec<TopicLink> {
    let mut found: Vec<(usize, usize, TopicLink)> = Vec::new();
    let add = |found: &mut Vec<(usize, usize, TopicLink)>, start, end, url: String| {
        let is_free = found
            .iter()
            .all(|(from, to, _)| end <= *from || *to <= start);
        if is_free && let Some(text) = topic.get(start..end) {
            let text = text.to_owned();
            found.push((start, end, TopicLink { text, url }));
        }
    };
    for linkifier in &options.linkifiers {
        for (captures, whole) in linkifier.matches(topic) {
            let address = linkifier.address(&captures, str::to_owned);
            if url::sanitize(&address).is_some() {
                add(&mut found, whole.start(), whole.end(), address);
            }
        }
    }
    for bare in autolink::find(topic) {
        let text = topic.get(bare.start..bare.end).unwrap_or_default();
        let address = match text.contains("://") {
            true => text.to_owned(),
            false => format!("https://{text}"),
        };
        let is_mail = text.contains('@') && !text.contains('/');
        if !is_mail && url::sanitize(&address).is_some() {
            add(&mut found, bare.start, bare.end, address);
        }
    }
    found.sort_by_key(|(start, _, _)| *start);
    found.into_iter().map(|(_, _, link)| link).collect()
}
