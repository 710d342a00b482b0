//! Images, videos and websites shown below the text that links to them.

mod embed;
mod sites;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::html::Html;
use crate::link::{self, url};
use crate::options::Options;
use crate::render::{Output, Parent, Report, SeenLink};
use crate::resolve::{Resolved, ResolvedUpload};

use sites::Picture;

/// A message with more links than this gets no previews.
const MAX_PREVIEWS: usize = 24;

/// The finished message with its previews; reports its links.
pub(crate) fn add(
    out: Output,
    options: &Options,
    resolved: &Resolved,
    report: &mut Report,
) -> String {
    let Output { html, links, .. } = out;
    report.has_link = !links.is_empty();
    report.attachments = attachments(&links, options);
    let previewed: BTreeSet<&str> = links
        .iter()
        .filter(|link| !link.quoted)
        .map(|link| link.url.as_str())
        .collect();
    if previewed.is_empty() || previewed.len() > MAX_PREVIEWS {
        return trimmed(html.into_string());
    }
    let mut previews = Previews {
        options,
        resolved,
        report,
        message: html.as_str(),
        html: Html::default(),
        edits: Vec::new(),
    };
    // Zulip goes through the tree level by level.
    let mut in_order: Vec<&SeenLink> = links.iter().collect();
    in_order.sort_by_key(|link| link.depth);
    let mut done = BTreeSet::new();
    for link in in_order {
        if previewed.contains(link.url.as_str()) && done.insert(link.url.as_str()) {
            previews.link(link);
        }
    }
    trimmed(previews.apply())
}

fn trimmed(mut html: String) -> String {
    html.truncate(html.trim_end().len());
    if html.starts_with(char::is_whitespace) {
        html = html.trim_start().to_owned();
    }
    html
}

/// Path ids of the uploads linked to, each once.
fn attachments(links: &[SeenLink], options: &Options) -> Vec<String> {
    let mut paths: Vec<_> = links
        .iter()
        .filter_map(|link| link::upload_path(&link.url, options))
        .collect();
    let mut seen = BTreeSet::new();
    paths.retain(|path| seen.insert(path.clone()));
    paths
}

/// Replaces a part of the message by previews.
struct Edit {
    part: Range<usize>,
    previews: Range<usize>,
}

struct Previews<'a> {
    options: &'a Options,
    resolved: &'a Resolved,
    report: &'a mut Report,
    message: &'a str,
    /// The previews.
    html: Html,
    edits: Vec<Edit>,
}

impl<'a> Previews<'a> {
    /// The message with all edits.
    fn apply(mut self) -> String {
        // Those for one place stay in the order in which they were made.
        self.edits.sort_by_key(|edit| edit.part.start);
        let message = self.message;
        let mut out = String::with_capacity(message.len() + self.html.len());
        let mut at = 0;
        for edit in &self.edits {
            out.push_str(message.get(at..edit.part.start).unwrap_or_default());
            let previews = self.html.as_str().get(edit.previews.clone());
            out.push_str(previews.unwrap_or_default());
            at = at.max(edit.part.end);
        }
        out.push_str(message.get(at..).unwrap_or_default());
        out
    }

    /// Writes a preview and says where it goes.
    fn put(&mut self, part: Range<usize>, write: impl FnOnce(&mut Html)) {
        let start = self.html.len();
        write(&mut self.html);
        let previews = start..self.html.len();
        self.edits.push(Edit { part, previews });
    }

    fn link(&mut self, link: &SeenLink) {
        let in_realm = !url::is_absolute(&link.url);
        match kind(&link.url) {
            Kind::Image if self.options.inline_image_preview => {
                if let Some(picture) = Picture::of(&link.url) {
                    self.image(link, &picture);
                    return;
                }
            }
            Kind::Video if self.options.inline_image_preview && !in_realm => {
                self.replace(link, |html| embed::video(link, html));
                return;
            }
            _ if in_realm => return,
            _ => {}
        }
        if self.options.inline_image_preview
            && let Some(id) = embed::youtube_id(&link.url)
        {
            self.report.has_image = true;
            let place = self.place(link);
            self.put(place, |html| embed::youtube(&link.url, id, html));
        }
        if self.options.inline_url_embed_preview && link.url.starts_with("http") {
            match self.resolved.link_previews.get(&link.url) {
                Some(found) => self.put(self.end(), |html| {
                    embed::website(&link.url, found, html);
                }),
                None => self.report.links.push(link.url.clone()),
            }
        }
    }

    fn image(&mut self, link: &SeenLink, picture: &Picture<'_>) {
        self.report.has_image = true;
        let upload = self.upload(link);
        let write = |html: &mut Html| embed::image(link, picture, upload, html);
        match picture.at_end {
            true => self.put(self.end(), write),
            false => self.replace(link, write),
        }
    }

    /// Where the preview of a link goes: near the paragraph or item that it is directly in, else to the end.
    fn place(&self, link: &SeenLink) -> Range<usize> {
        let at = match &link.parent {
            Some((Parent::Paragraph { .. }, content)) => content.end + "</p>\n".len(),
            Some((Parent::Item, content)) => content.end,
            None => self.message.len(),
        };
        at..at
    }

    fn end(&self) -> Range<usize> {
        self.message.len()..self.message.len()
    }

    /// Puts the preview into the place of an address that stands alone, and beside any other link.
    fn replace(&mut self, link: &SeenLink, write: impl FnOnce(&mut Html)) {
        let place = self.place(link);
        match &link.parent {
            Some((Parent::Paragraph { start }, content))
                if *content == link.at && link.label.is_none() =>
            {
                self.put(*start..place.end, write);
            }
            Some((Parent::Item, content)) if self.begins_item(link, content) => {
                self.put(link.at.clone(), |_| ());
                self.put(place, write);
            }
            _ => self.put(place, write),
        }
    }

    /// Whether a list item begins with an address that no text follows.
    fn begins_item(&self, link: &SeenLink, content: &Range<usize>) -> bool {
        let after = self.message.get(link.at.end..).unwrap_or_default();
        link.label.is_none() && link.at.start == content.start && after.starts_with('<')
    }

    fn upload(&self, link: &SeenLink) -> Option<&'a ResolvedUpload> {
        let path = link::upload_path(&link.url, self.options)?;
        let mut uploads = self.resolved.uploads.iter();
        uploads.find(|upload| upload.path_id == path)
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
    let Some((_, extension)) = url::split(link).path.rsplit_once('.') else {
        return Kind::Other;
    };
    let is = |known: &&str| extension.eq_ignore_ascii_case(known);
    match extension.len() {
        3.. if IMAGES.iter().any(is) => Kind::Image,
        3.. if VIDEOS.iter().any(is) => Kind::Video,
        _ => Kind::Other,
    }
}
