//! Addresses: which are safe, where bare ones begin and end, and which are the realm's own.

pub(crate) mod autolink;
pub(crate) mod template;
mod tlds;
pub(crate) mod url;

use crate::options::Options;
use crate::resolve::Wanted;

/// The address without the realm's own, for links into the web client and to uploads.
pub(crate) fn relative<'u>(url: &'u str, options: &Options) -> &'u str {
    let local = url
        .strip_prefix(options.realm_url.as_str())
        .filter(|_| !options.realm_url.is_empty())
        .and_then(|path| path.strip_prefix('/'));
    local
        .filter(|path| path.starts_with('#') || path.starts_with("user_uploads/"))
        .unwrap_or(url)
}

/// Path id of the upload that an address in a message points to.
pub(crate) fn upload_path(url: &str, options: &Options) -> Option<String> {
    let url = relative(url, options);
    let path = url
        .strip_prefix('/')
        .unwrap_or(url)
        .strip_prefix("user_uploads/")?;
    let path = path
        .split(['?', '#'])
        .next()
        .filter(|path| !path.is_empty())?;
    Some(path.to_owned())
}

/// Whether there may be links to uploads at all.
pub(crate) fn has_uploads(text: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), b"user_uploads/").is_some()
}

/// Adds the uploads that `text` links to.
pub(crate) fn collect_uploads(text: &str, options: &Options, wanted: &mut Wanted) {
    let mut rest = text;
    while let Some(at) = rest.find("user_uploads/") {
        rest = rest.get(at..).unwrap_or_default();
        // Addresses end at white space, quotes or parentheses; asking for too much is harmless.
        let end = rest.find(|c: char| c.is_whitespace() || "()<>\"'".contains(c));
        let (url, after) = rest
            .split_at_checked(end.unwrap_or(rest.len()))
            .unwrap_or((rest, ""));
        wanted.uploads.extend(upload_path(url, options));
        rest = after;
    }
}
