//! Which addresses may be linked to.

use std::borrow::Cow;

/// Schemes that may be linked to; all others could run something.
const SCHEMES: &[&str] = &[
    "http", "https", "ftp", "mailto", "file", "bitcoin", "sms", "tel",
];
/// Schemes without a host.
const WITHOUT_HOST: &[&str] = &["mailto", "file", "bitcoin", "sms", "tel"];

/// An address in its parts, all of them slices of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parts<'u> {
    pub(crate) scheme: &'u str,
    pub(crate) host: &'u str,
    pub(crate) path: &'u str,
    pub(crate) query: &'u str,
    pub(crate) fragment: &'u str,
}

/// Takes any text apart as if it were an address.
pub(crate) fn split(url: &str) -> Parts<'_> {
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => (scheme, rest),
        _ => ("", url),
    };
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = match rest.strip_prefix("//") {
        Some(rest) => rest.split_at(rest.find('/').unwrap_or(rest.len())),
        None => ("", rest),
    };
    Parts {
        scheme,
        host,
        path,
        query,
        fragment,
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The address to link to, if it is safe: one of the allowed schemes, or within this server. Without a scheme it is
/// taken for a web address.
pub(crate) fn sanitize(url: &str) -> Option<String> {
    // Browsers drop these characters, so `java\nscript:` would be what it does not look like.
    let url = url.trim();
    let url: Cow<str> = if url.bytes().all(|b| b.is_ascii_graphic()) {
        Cow::Borrowed(url)
    } else {
        let url: String = url.chars().filter(|c| !c.is_control()).collect();
        Cow::Owned(url.trim().replace(' ', "%20"))
    };
    let parts = split(&url);
    if parts.scheme.is_empty() {
        let local = parts.host.is_empty()
            && (parts.path.starts_with('/')
                || (parts.path.is_empty() && parts.query.is_empty() && !parts.fragment.is_empty()));
        if local {
            return Some(url.into_owned());
        }
        if parts.host.is_empty() && parts.path.contains('@') {
            return Some(format!("mailto:{url}"));
        }
        return sanitize_absolute(&format!("http://{url}"));
    }
    sanitize_absolute(&url)
}

fn sanitize_absolute(url: &str) -> Option<String> {
    let parts = split(url);
    let known = |scheme: &&&str| parts.scheme.eq_ignore_ascii_case(scheme);
    let scheme = SCHEMES.iter().find(known)?;
    if parts.host.is_empty() && !WITHOUT_HOST.contains(scheme) {
        return None;
    }
    let rest = url.get(scheme.len()..).unwrap_or_default();
    Some([scheme, rest].concat())
}

/// Whether the address names a host.
pub(crate) fn is_absolute(url: &str) -> bool {
    !split(url).host.is_empty()
}
