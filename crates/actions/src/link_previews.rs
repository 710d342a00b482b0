//! What is behind the links of messages: title, description and picture of websites.
//!
//! What was found, and that nothing was, is kept in memcached for a while, whoever asks.

mod page;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use narrows_markdown::LinkPreview;
use narrows_runtime::memcached::Memcached;
use narrows_runtime::outward::{Outward, OutwardError};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Websites that are asked at a time for one message.
const AT_A_TIME: usize = 4;
/// How long a preview is good.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// How long a website without one is left in peace.
const NOTHING_KEPT: Duration = Duration::from_secs(3600);
/// Changes with the meaning of what is kept.
const VERSION: i64 = 1;
/// What is a page.
const TYPES: &[&str] = &["text/html", "application/xhtml+xml"];

/// Gets previews. Cheap to clone.
#[derive(Clone)]
pub struct LinkPreviews {
    outward: Outward,
    kept: Memcached,
}

impl LinkPreviews {
    pub(crate) fn new(outward: Outward, kept: Memcached) -> LinkPreviews {
        LinkPreviews { outward, kept }
    }

    /// The previews of those URLs that have one.
    pub(crate) async fn of(&self, urls: &[String]) -> Result<BTreeMap<String, LinkPreview>> {
        let looks = urls.iter().cloned().map(|url| {
            let previews = self.clone();
            async move {
                let preview = previews.look(&url).await?;
                Ok(preview.map(|preview| (url, preview)))
            }
        });
        let found: Vec<Result<Option<_>>> = futures_util::stream::iter(looks)
            .buffer_unordered(AT_A_TIME)
            .collect()
            .await;
        found.into_iter().filter_map(Result::transpose).collect()
    }

    async fn look(&self, url: &str) -> Result<Option<LinkPreview>> {
        let key = hex::encode(Sha256::digest(url));
        if let Some(kept) = self.kept.get("link_preview", &key, VERSION).await {
            return Ok(serde_json::from_slice(&kept)?);
        }
        let preview = match self.outward.get(url, TYPES).await {
            Ok(document) => off_the_loop(move || page::preview(&document)).await?,
            Err(error) => nothing(url, &error),
        };
        let ttl = match preview {
            Some(_) => KEPT,
            None => NOTHING_KEPT,
        };
        let value = serde_json::to_vec(&preview)?.into();
        self.kept
            .set("link_preview", &key, VERSION, value, ttl)
            .await;
        Ok(preview)
    }
}

/// Other people's websites fail all the time: nothing to be done about it.
fn nothing(url: &str, error: &OutwardError) -> Option<LinkPreview> {
    tracing::debug!(url, %error, "no preview of a website");
    None
}

/// A page may take milliseconds to read.
async fn off_the_loop<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::Internal(Box::new(error)))
}
