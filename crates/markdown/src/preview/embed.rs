//! The markup of previews.

use super::Link;
use crate::link::url;
use crate::node::Element;
use crate::resolve::{LinkPreview, ResolvedUpload};

fn frame(class: &str, link: &Link, content: Element) -> Element {
    let mut a = Element::new("a").attribute("href", link.url.as_str());
    if link.text != link.url {
        a = a.attribute("title", link.text.as_str());
    }
    Element::new("div").class(class).child(a.child(content))
}

/// An image; of an uploaded one its thumbnail, or a placeholder until there is one.
pub(super) fn image(link: &Link, upload: Option<&ResolvedUpload>) -> Element {
    let mut img = Element::new("img");
    if let Some(upload) = upload {
        if let Some((width, height)) = upload.dimensions {
            img = img.attribute("data-original-dimensions", format!("{width}x{height}"));
        }
        if let Some(content_type) = &upload.content_type {
            img = img.attribute("data-original-content-type", content_type.as_str());
        }
        img = match &upload.thumbnail {
            Some(thumbnail) => img.attribute("src", thumbnail.as_str()),
            None => img
                .class("image-loading-placeholder")
                .attribute("src", "/static/images/loading/loader-black.svg"),
        };
    } else {
        img = img.attribute("src", link.url.as_str());
    }
    frame("message_inline_image", link, img)
}

/// A video file.
pub(super) fn video(link: &Link) -> Element {
    let video = Element::new("video")
        .attribute("preload", "metadata")
        .attribute("src", link.url.as_str());
    frame("message_inline_image message_inline_video", link, video)
}

/// A video of YouTube, by its still.
pub(super) fn youtube(link: &str) -> Option<Element> {
    let id = youtube_id(link)?;
    let img =
        Element::new("img").attribute("src", format!("https://i.ytimg.com/vi/{id}/mqdefault.jpg"));
    let a = Element::new("a")
        .attribute("data-id", id)
        .attribute("href", link)
        .child(img);
    Some(
        Element::new("div")
            .class("youtube-video message_inline_image")
            .child(a),
    )
}

fn youtube_id(link: &str) -> Option<&str> {
    let parts = url::split(link);
    let host = parts
        .host
        .rsplit_once('@')
        .map_or(parts.host, |(_, host)| host);
    let host = host
        .strip_prefix("www.")
        .or_else(|| host.strip_prefix("m."))
        .unwrap_or(host);
    let path = parts.path.strip_prefix('/')?;
    let id = match host {
        "youtu.be" => path,
        "youtube.com" | "youtube-nocookie.com" => {
            let in_query = || {
                parts
                    .query
                    .split('&')
                    .find_map(|pair| pair.strip_prefix("v="))
            };
            match path.split_once('/') {
                Some(("v" | "embed" | "shorts" | "live", id)) => id,
                None if matches!(path, "watch" | "watch.php" | "watch_popup" | "") => in_query()?,
                _ => return None,
            }
        }
        _ => return None,
    };
    let end = id.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
    id.get(..end.unwrap_or(id.len()))
        .filter(|id| !id.is_empty())
}

/// What a worker found at a website; without a picture there is no preview.
pub(super) fn website(link: &str, found: &LinkPreview) -> Option<Element> {
    let image = url::sanitize(found.image.as_deref()?).filter(|url| url.starts_with("http"))?;
    let picture = Element::new("a")
        .class("message_embed_image")
        .attribute("href", link)
        .attribute(
            "style",
            format!("background-image: url(\"{}\")", css_escape(&image)),
        );
    let mut data = Element::new("div").class("data-container");
    if let Some(title) = &found.title {
        let a = Element::new("a")
            .attribute("href", link)
            .attribute("title", title.as_str())
            .text(title.as_str());
        data = data.child(Element::new("div").class("message_embed_title").child(a));
    }
    if let Some(description) = &found.description {
        let text = Element::new("div")
            .class("message_embed_description")
            .text(description.as_str());
        data = data.child(text);
    }
    Some(
        Element::new("div")
            .class("message_embed")
            .child(picture)
            .child(data),
    )
}

/// Escapes what could end a string in CSS.
fn css_escape(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&*+,;=%".contains(c) || !c.is_ascii() {
            out.push(c);
        } else {
            out.push_str(&format!("\\{:x} ", u32::from(c)));
        }
    }
    out
}
