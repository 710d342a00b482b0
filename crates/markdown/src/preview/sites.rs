//! Websites whose address of a picture is that of a page about it, as Zulip knows them.
//!
//! To add one: a case in [`Picture::of`].

use std::borrow::Cow;

use crate::link::url::{self, Parts};

/// A picture that a link leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Picture<'u> {
    /// Where a click leads.
    pub(super) href: Cow<'u, str>,
    /// The picture itself.
    pub(super) src: Cow<'u, str>,
    /// Shown at the end of the message rather than near its link.
    pub(super) at_end: bool,
}

impl<'u> Picture<'u> {
    /// Of a link to an image by its name; `None` where the name deceives.
    pub(super) fn of(link: &'u str) -> Option<Picture<'u>> {
        let parts = url::split(link);
        let host = parts.host.to_ascii_lowercase();
        if host == "pasteboard.co" {
            return None;
        }
        let raw = if is_of(&host, "wikipedia.org") {
            file_page(&parts)
        } else if host == "linx.li" {
            Some(format!("https://linx.li/s{}", parts.path))
        } else {
            None
        };
        let at_end = is_of(&host, "dropbox.com")
            && ["/s/", "/sh/"]
                .iter()
                .any(|start| parts.path.starts_with(start));
        let behind = if at_end {
            let Parts {
                scheme, host, path, ..
            } = parts;
            Some(format!("{scheme}://{host}{path}?raw=1"))
        } else if is_of(&host, "github.com") {
            blob(&parts)
        } else {
            None
        };
        let href: Cow<'u, str> = raw.map_or(Cow::Borrowed(link), Cow::Owned);
        let src = behind.map_or_else(|| href.clone(), Cow::Owned);
        Some(Picture { href, src, at_end })
    }
}

/// Whether a host is a site's or one below it.
fn is_of(host: &str, site: &str) -> bool {
    host.strip_suffix(site)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// `/wiki/File:x.png` is a page, `/wiki/Special:FilePath/File:x.png` the picture.
fn file_page(parts: &Parts<'_>) -> Option<String> {
    let name = parts.path.strip_prefix("/wiki/File:")?;
    let (scheme, host) = (parts.scheme, parts.host);
    let query = if parts.query.is_empty() { "" } else { "?" };
    let page = format!("{scheme}://{host}/wiki/Special:FilePath/File:{name}");
    Some([&page, query, parts.query].concat())
}

/// `/owner/repository/blob/branch/x.png` is a page.
fn blob(parts: &Parts<'_>) -> Option<String> {
    let mut steps = parts.path.splitn(5, '/');
    let (_, owner, repository) = (steps.next()?, steps.next()?, steps.next()?);
    let file = steps
        .next()
        .filter(|step| *step == "blob")
        .and(steps.next())?;
    Some(format!(
        "https://raw.githubusercontent.com/{owner}/{repository}/{file}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where a click leads, and the picture, if they are not the link.
    fn picture(link: &str) -> Option<(Option<String>, Option<String>)> {
        let changed = |to: Cow<'_, str>| (to != link).then(|| to.into_owned());
        Picture::of(link).map(|picture| (changed(picture.href), changed(picture.src)))
    }

    #[test]
    fn pages_about_a_picture_are_shown_by_the_picture() {
        let to = |url: &str| Some(url.to_owned());
        let file = "https://en.wikipedia.org/wiki/Special:FilePath/File:Harbour.jpg";
        let page = "https://en.wikipedia.org/wiki/File:Harbour.jpg";
        assert_eq!(picture(page), Some((to(file), to(file))));
        let raw = "https://raw.githubusercontent.com/o/r/main/a/x.png";
        let page = "https://github.com/o/r/blob/main/a/x.png";
        assert_eq!(picture(page), Some((None, to(raw))));
        let raw = "https://www.dropbox.com/s/ab/x.png?raw=1";
        let page = "https://www.dropbox.com/s/ab/x.png?dl=0";
        assert_eq!(picture(page), Some((None, to(raw))));
        let raw = "https://linx.li/s/x.png";
        assert_eq!(picture("https://linx.li/x.png"), Some((to(raw), to(raw))));
    }

    #[test]
    fn other_addresses_are_taken_as_they_are() {
        for link in [
            "https://example.com/wiki/File:x.png",
            "https://github.com/o/r/raw/main/x.png",
            "https://notgithub.com/o/r/blob/main/x.png",
            "https://www.dropbox.com/home/x.png",
        ] {
            assert_eq!(picture(link), Some((None, None)), "{link}");
        }
        assert_eq!(picture("https://pasteboard.co/x.png"), None);
    }
}
