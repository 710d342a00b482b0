//! Images, videos and websites shown below the text that links to them.

mod embed;

use std::collections::BTreeSet;

use crate::link::{self, url};
use crate::node::{Element, Node};
use crate::options::Options;
use crate::render::Report;
use crate::resolve::Resolved;

/// A message with more links than this gets no previews.
const MAX_PREVIEWS: usize = 24;

/// Adds previews to a message and reports its links.
pub(crate) fn add(
    nodes: Vec<Node>,
    options: &Options,
    resolved: &Resolved,
    report: &mut Report,
) -> Vec<Node> {
    let mut links = Vec::new();
    collect(&nodes, false, &mut links);
    if links.is_empty() {
        return nodes;
    }
    report.has_link = true;
    let mut attachments: Vec<_> = links
        .iter()
        .filter_map(|(link, _)| link::upload_path(&link.url, options))
        .collect();
    let mut seen = BTreeSet::new();
    attachments.retain(|path| seen.insert(path.clone()));
    report.attachments = attachments;

    let previewed: BTreeSet<&str> = links
        .iter()
        .filter(|(_, quoted)| !quoted)
        .map(|(link, _)| link.url.as_str())
        .collect();
    if previewed.is_empty() || previewed.len() > MAX_PREVIEWS {
        return nodes;
    }
    let mut previews = Previews {
        options,
        resolved,
        report,
        done: BTreeSet::new(),
        at_end: Vec::new(),
    };
    let mut nodes = previews.flow(nodes);
    nodes.append(&mut previews.at_end);
    nodes
}

/// A link as found in the tree.
struct Link {
    url: String,
    text: String,
}

fn link_of(element: &Element) -> Option<Link> {
    if element.tag != "a" {
        return None;
    }
    let url = element.get("href")?.to_owned();
    let text = match element.children.first() {
        Some(Node::Text(text)) => text.clone(),
        _ => url.clone(),
    };
    Some(Link { url, text })
}

fn collect(nodes: &[Node], quoted: bool, links: &mut Vec<(Link, bool)>) {
    for node in nodes {
        let Node::Element(element) = node else {
            continue;
        };
        links.extend(link_of(element).map(|link| (link, quoted)));
        collect(
            &element.children,
            quoted || element.tag == "blockquote",
            links,
        );
    }
}

struct Previews<'a> {
    options: &'a Options,
    resolved: &'a Resolved,
    report: &'a mut Report,
    done: BTreeSet<String>,
    /// Previews of what is in no paragraph or list item directly, and of websites.
    at_end: Vec<Node>,
}

impl Previews<'_> {
    /// Adds previews below the paragraphs among `nodes`.
    fn flow(&mut self, nodes: Vec<Node>) -> Vec<Node> {
        let mut out = Vec::with_capacity(nodes.len());
        let mut nodes = nodes.into_iter().peekable();
        while let Some(node) = nodes.next() {
            let Node::Element(mut element) = node else {
                out.push(node);
                continue;
            };
            match element.tag {
                "p" => {
                    let alone = is_link_alone(&element);
                    let below = self.inline(&element.children);
                    let newline = nodes.next_if(Node::is_newline);
                    // The preview of an address that stands alone takes its place.
                    if !alone || below.is_empty() {
                        out.push(element.into());
                        out.extend(newline);
                    }
                    out.extend(below);
                }
                "li" => {
                    let mut below = Vec::new();
                    for child in &element.children {
                        if let Node::Element(child) = child
                            && child.tag == "a"
                        {
                            below.extend(link_of(child).and_then(|link| self.link(&link)));
                        }
                    }
                    element.children = self.flow(element.children);
                    element.children.extend(below);
                    out.push(element.into());
                }
                "blockquote" => out.push(element.into()),
                "ul" | "ol" | "div" => {
                    element.children = self.flow(element.children);
                    out.push(element.into());
                }
                "a" => out.push(element.into()),
                _ => {
                    let below = self.inline(std::slice::from_ref(&Node::Element(element.clone())));
                    self.at_end.extend(below);
                    out.push(element.into());
                }
            }
        }
        out
    }

    /// Previews of the links directly among `nodes`; those deeper in go to the end of the message.
    fn inline(&mut self, nodes: &[Node]) -> Vec<Node> {
        let mut below = Vec::new();
        for node in nodes {
            let Node::Element(element) = node else {
                continue;
            };
            match link_of(element) {
                Some(link) => below.extend(self.link(&link)),
                None => {
                    let deeper = self.inline(&element.children);
                    self.at_end.extend(deeper);
                }
            }
        }
        below
    }

    /// The preview of a link that has not been shown yet.
    fn link(&mut self, link: &Link) -> Option<Node> {
        if !self.done.insert(link.url.clone()) {
            return None;
        }
        let kind = kind(&link.url);
        let preview = match kind {
            Kind::Image if self.options.inline_image_preview => {
                self.report.has_image = true;
                Some(self.image(link))
            }
            Kind::Video if self.options.inline_image_preview && url::is_absolute(&link.url) => {
                Some(embed::video(link))
            }
            _ => None,
        };
        if preview.is_some() || !url::is_absolute(&link.url) {
            return preview.map(Node::from);
        }
        if self.options.inline_image_preview
            && let Some(video) = embed::youtube(&link.url)
        {
            self.report.has_image = true;
            self.at_end.push(video.into());
        }
        if self.options.inline_url_embed_preview && link.url.starts_with("http") {
            match self.resolved.link_previews.get(&link.url) {
                Some(found) => self
                    .at_end
                    .extend(embed::website(&link.url, found).map(Node::from)),
                None => self.report.links.push(link.url.clone()),
            }
        }
        None
    }

    fn image(&self, link: &Link) -> Element {
        let upload = link::upload_path(&link.url, self.options).and_then(|path| {
            self.resolved
                .uploads
                .iter()
                .find(|upload| upload.path_id == path)
        });
        embed::image(link, upload)
    }
}

/// Whether a paragraph holds nothing but an address shown as it is.
fn is_link_alone(paragraph: &Element) -> bool {
    match paragraph.children.as_slice() {
        [Node::Element(a)] => link_of(a).is_some_and(|link| link.text == link.url),
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Image,
    Video,
    Other,
}

fn kind(link: &str) -> Kind {
    const IMAGES: &[&str] = &["bmp", "gif", "jpe", "jpeg", "jpg", "png", "webp"];
    const VIDEOS: &[&str] = &["mp4", "webm"];
    let path = url::split(link).path.to_ascii_lowercase();
    match path.rsplit_once('.') {
        Some((_, extension)) if IMAGES.contains(&extension) => Kind::Image,
        Some((_, extension)) if VIDEOS.contains(&extension) => Kind::Video,
        _ => Kind::Other,
    }
}
