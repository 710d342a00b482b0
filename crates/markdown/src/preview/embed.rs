//! The markup of previews.

use super::sites::Picture;
use crate::html::Html;
use crate::link::url;
use crate::render::SeenLink;
use crate::resolve::{LinkPreview, ResolvedUpload};

fn frame(
    class: &str,
    href: &str,
    link: &SeenLink,
    html: &mut Html,
    content: impl FnOnce(&mut Html),
) {
    html.open("div").class(class).with(|html| {
        let a = html.open("a").attribute("href", href);
        let a = match &link.label {
            Some(label) => a.attribute("title", label),
            None => a,
        };
        a.with(content);
    });
}

/// An image; of an uploaded one its thumbnail, or a placeholder until there is one.
pub(super) fn image(
    link: &SeenLink,
    picture: &Picture<'_>,
    upload: Option<&ResolvedUpload>,
    html: &mut Html,
) {
    frame("message_inline_image", &picture.href, link, html, |html| {
        let mut img = html.open("img");
        let Some(upload) = upload else {
            img.attribute("src", &picture.src).end();
            return;
        };
        if let Some((width, height)) = upload.dimensions {
            img = img.attribute("data-original-dimensions", &format!("{width}x{height}"));
        }
        if let Some(content_type) = &upload.content_type {
            img = img.attribute("data-original-content-type", content_type);
        }
        match &upload.thumbnail {
            Some(thumbnail) => img.attribute("src", thumbnail),
            None => img
                .class("image-loading-placeholder")
                .attribute("src", "/static/images/loading/loader-black.svg"),
        }
        .end();
    });
}

/// A video file.
pub(super) fn video(link: &SeenLink, html: &mut Html) {
    let class = "message_inline_image message_inline_video";
    frame(class, &link.url, link, html, |html| {
        let video = html.open("video").attribute("preload", "metadata");
        video.attribute("src", &link.url).with(|_| ());
    });
}

/// A video of YouTube, by its still.
pub(super) fn youtube(link: &str, id: &str, html: &mut Html) {
    let div = html.open("div").class("youtube-video message_inline_image");
    div.with(|html| {
        let a = html.open("a").attribute("data-id", id);
        a.attribute("href", link).with(|html| {
            let still = ["https://i.ytimg.com/vi/", id, "/mqdefault.jpg"];
            html.open("img").joined("src", &still).end();
        });
    });
}

pub(super) fn youtube_id(link: &str) -> Option<&str> {
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
pub(super) fn website(link: &str, found: &LinkPreview, html: &mut Html) {
    let image = found.image.as_deref().and_then(url::sanitize);
    let Some(image) = image.filter(|url| url.starts_with("http")) else {
        return;
    };
    html.open("div").class("message_embed").with(|html| {
        let style = format!("background-image: url(\"{}\")", css_escape(&image));
        let picture = html.open("a").class("message_embed_image");
        (picture.attribute("href", link).attribute("style", &style)).with(|_| ());
        html.open("div").class("data-container").with(|html| {
            if let Some(title) = &found.title {
                html.open("div").class("message_embed_title").with(|html| {
                    let a = html.open("a").attribute("href", link);
                    a.attribute("title", title).text(title);
                });
            }
            if let Some(description) = &found.description {
                let div = html.open("div").class("message_embed_description");
                div.text(description);
            }
        });
    });
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
