//! The users on whose behalf requests are made.

use std::{fs, path::Path};

use anyhow::{Context, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::header::HeaderValue;
use serde::Deserialize;

/// An entry of the credentials file.
#[derive(Deserialize)]
struct Entry {
    email: String,
    api_key: String,
}

/// A user, as requests need one.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Value of the `Authorization` header.
    pub authorization: HeaderValue,
}

/// Read the file; there is at least one user in it.
pub fn read(path: &Path) -> anyhow::Result<Vec<Credential>> {
    let text = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let users = parse(&text).with_context(|| format!("in {}", path.display()))?;
    ensure!(!users.is_empty(), "{} names no user", path.display());
    Ok(users)
}

/// From the text of the file.
pub fn parse(text: &[u8]) -> anyhow::Result<Vec<Credential>> {
    let entries: Vec<Entry> =
        serde_json::from_slice(text).context("not a list of {\"email\", \"api_key\"}")?;
    entries
        .into_iter()
        .map(|Entry { email, api_key }| {
            let basic = format!("Basic {}", STANDARD.encode(format!("{email}:{api_key}")));
            let mut authorization = HeaderValue::from_str(&basic)?;
            authorization.set_sensitive(true);
            Ok(Credential { authorization })
        })
        .collect()
}
