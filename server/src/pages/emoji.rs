//! The list of emoji that clients complete and pick from.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, ContentType, ETAG, IF_NONE_MATCH};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use narrows_markdown::emoji;
use serde_json::json;
use sha2::{Digest, Sha256};

/// The document and its tag.
struct Served {
    body: Bytes,
    etag: String,
}

/// Made once: it changes only with the program.
static SERVED: LazyLock<Served> = LazyLock::new(|| {
    let names: BTreeMap<_, _> = emoji::all().collect();
    let body = json!({ "code_to_names": names }).to_string();
    let etag = format!("\"{}\"", hex::encode(Sha256::digest(&body)));
    Served {
        body: body.into(),
        etag,
    }
});

/// `GET /static/emoji/emoji_api.json`: every Unicode emoji that messages know, by its code, the canonical name first.
/// Anyone may read it, for clients fetch it without authenticating.
pub async fn get(request: HttpRequest) -> HttpResponse {
    let known = request.headers().get(IF_NONE_MATCH);
    let unchanged = known.is_some_and(|known| known.as_bytes() == SERVED.etag.as_bytes());
    let mut response = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((ETAG, SERVED.etag.as_str()));
    if unchanged {
        return response.finish();
    }
    response
        .insert_header(ContentType::json())
        .body(SERVED.body.clone())
}
