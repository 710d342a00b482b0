//! The built web client, embedded in the binary.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;
use serde_json::Value;

use crate::error::ServerError;

#[derive(RustEmbed)]
#[folder = "../static/dist"]
struct Dist;

/// What Vite says of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// URL of the script (or, of a style sheet's entry, of the style sheet).
    pub file: String,
    /// URLs of the style sheets that the script brings.
    pub styles: Vec<String>,
    /// URLs of the scripts that the script imports at once, directly or not. A browser that is not told of them asks
    /// for them only when the script has arrived.
    pub imports: Vec<String>,
}

/// The web client.
pub fn app() -> Option<Entry> {
    static APP: LazyLock<Option<Entry>> = LazyLock::new(|| entry(&manifest()?, "src/main.tsx"));
    if cfg!(debug_assertions) {
        entry(&manifest()?, "src/main.tsx")
    } else {
        APP.clone()
    }
}

/// The style sheet of the pages.
pub fn page_styles() -> Option<String> {
    Some(entry(&manifest()?, "styles/pages.css")?.file)
}

fn manifest() -> Option<Value> {
    serde_json::from_slice(&Dist::get(".vite/manifest.json")?.data).ok()
}

fn url(file: &Value) -> Option<String> {
    file.as_str().map(|file| format!("/static/{file}"))
}

/// The values of a list in the manifest; none where there is no such list.
fn list<'a>(chunk: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    chunk
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn entry(manifest: &Value, name: &str) -> Option<Entry> {
    let entry = manifest.get(name)?;
    Some(Entry {
        file: url(entry.get("file")?)?,
        styles: list(entry, "css").filter_map(url).collect(),
        imports: imports(manifest, entry),
    })
}

fn imports(manifest: &Value, entry: &Value) -> Vec<String> {
    let mut found: Vec<&str> = Vec::new();
    let mut waiting = vec![entry];
    while let Some(chunk) = waiting.pop() {
        for name in list(chunk, "imports").filter_map(Value::as_str) {
            if !found.contains(&name) {
                found.push(name);
                waiting.extend(manifest.get(name));
            }
        }
    }
    let file = |name: &&str| url(manifest.get(*name)?.get("file")?);
    found.iter().filter_map(file).collect()
}

/// `GET /static/{path}`. Names that hold a hash of the content never change.
pub async fn get(
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse, ServerError> {
    let found = if path.starts_with('.') {
        None
    } else {
        Dist::get(&path)
    };
    let file = found.ok_or(ServerError::PageNotFound)?;
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let cache = if is_hashed(&path) {
        "public, max-age=31536000, immutable"
    } else {
        "public, max-age=300"
    };
    if request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, etag))
            .finish());
    }
    let mut response = HttpResponse::Ok();
    response
        .content_type(file.metadata.mimetype())
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((ETAG, etag));
    Ok(response.body(file.data.into_owned()))
}

/// Vite writes `name-<8 characters>.ext`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
    let hash = stem
        .char_indices()
        .rev()
        .nth(7)
        .and_then(|(at, _)| stem.split_at_checked(at));
    hash.is_some_and(|(before, hash)| {
        before.ends_with('-')
            && hash
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_a_hash_are_cached_for_ever() {
        assert!(is_hashed("app-BxYz12_a.js"));
        assert!(is_hashed("assets/pages-0a1b2c3d.css"));
        assert!(!is_hashed("favicon.svg"));
        assert!(!is_hashed("long-name.png"));
    }

    #[test]
    fn the_manifest_names_scripts_and_styles() {
        let manifest = json!({
            "src/main.tsx": {"file": "app-1.js", "css": ["app-2.css"], "imports": ["_a.js", "_b.js"]},
            "_a.js": {"file": "a-1.js", "imports": ["_b.js", "_c.js"]},
            "_b.js": {"file": "b-1.js", "imports": ["_a.js"]},
            "_c.js": {"file": "c-1.js", "dynamicImports": ["src/later.ts"]},
        });
        let app = entry(&manifest, "src/main.tsx").expect("there");
        assert_eq!(
            app,
            Entry {
                file: "/static/app-1.js".into(),
                styles: vec!["/static/app-2.css".into()],
                imports: ["a", "b", "c"]
                    .map(|name| format!("/static/{name}-1.js"))
                    .into(),
            }
        );
        assert_eq!(entry(&manifest, "styles/pages.css"), None);
    }
}
