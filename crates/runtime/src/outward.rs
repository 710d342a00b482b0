//! Requests to servers that users name: the only client for them.
//!
//! A name is resolved once, its addresses are judged, and the connection goes to an address that passed: there is no second
//! look-up that could answer otherwise. Every redirect is judged alike. Time, redirects and bytes are bounded.

mod connection;
mod public;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::header::{self, HeaderMap, HeaderName};
use tokio::sync::OnceCell;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::config::Config;
use connection::Answer;
pub use public::is_public;

/// All redirects and the whole answer have to be there by then.
const PATIENCE: Duration = Duration::from_secs(5);
/// Redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// What is read of an answer.
const MAX_BYTES: usize = 1 << 20;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum OutwardError {
    /// Not an address that can be asked.
    #[error("the URL cannot be asked")]
    Url,
    /// All addresses of the host are ones that nobody may be sent to.
    #[error("{0} has no public address")]
    Forbidden(String),
    /// The host cannot be found or does not speak HTTP.
    #[error("{0}")]
    Connection(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It takes too long.
    #[error("no answer in time")]
    Slow,
    /// Not a success.
    #[error("the server answered {0}")]
    Status(u16),
    /// Redirected too often.
    #[error("too many redirects")]
    Redirects,
    /// None of the types that were asked for, or compressed although nobody asked for it.
    #[error("the answer is of type {0:?}")]
    Type(String),
}

type Result<T> = std::result::Result<T, OutwardError>;

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> OutwardError {
    OutwardError::Connection(Box::new(error))
}

/// The beginning of a document.
#[derive(Clone, Debug)]
pub struct Document {
    /// Where it was in the end.
    pub url: Url,
    /// The character set that its server named.
    pub charset: Option<String>,
    /// Its first bytes, at most [1 MiB](MAX_BYTES).
    pub body: Bytes,
}

/// The client. Cheap to clone.
#[derive(Clone)]
pub struct Outward {
    allowed: Arc<[SocketAddr]>,
    user_agent: Arc<str>,
    /// The system's roots are read when they are first needed.
    tls: Arc<OnceCell<TlsConnector>>,
}

impl Outward {
    /// Connects to nobody yet.
    pub fn new(config: &Config) -> Outward {
        let version = env!("CARGO_PKG_VERSION");
        let host = &config.server.external_host;
        Outward {
            allowed: config.outward.allowed_addresses.as_slice().into(),
            user_agent: format!("Mozilla/5.0 (compatible; Narrows/{version}; +{host})").into(),
            tls: Arc::default(),
        }
    }

    /// Gets a document that is of one of these media types.
    pub async fn get(&self, url: &str, types: &[&str]) -> Result<Document> {
        match tokio::time::timeout(PATIENCE, self.follow(url, types)).await {
            Ok(answer) => answer,
            Err(_) => Err(OutwardError::Slow),
        }
    }

    async fn follow(&self, url: &str, types: &[&str]) -> Result<Document> {
        let mut url = Url::parse(url).map_err(|_| OutwardError::Url)?;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.ask(&url, types).await?;
            let status = answer.response.status();
            let to = text(answer.response.headers(), header::LOCATION);
            match to.filter(|_| status.is_redirection()) {
                Some(to) => url = url.join(to).map_err(|_| OutwardError::Url)?,
                None if status.is_success() => return read(url, answer, types).await,
                None => return Err(OutwardError::Status(status.as_u16())),
            }
        }
        Err(OutwardError::Redirects)
    }

    async fn ask(&self, url: &Url, types: &[&str]) -> Result<Answer> {
        let addresses = self.addresses(url).await?;
        let headers = [
            (header::USER_AGENT, &*self.user_agent),
            (header::ACCEPT, &types.join(", ")),
            (header::ACCEPT_ENCODING, "identity"),
        ];
        let tls = match url.scheme() {
            "https" => Some(self.tls.get_or_try_init(connection::tls).await?),
            _ => None,
        };
        connection::ask(url, &addresses, tls, &headers).await
    }

    /// Where the host of a URL may be reached.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(OutwardError::Url);
        }
        let port = url.port_or_known_default().ok_or(OutwardError::Url)?;
        let mut addresses: Vec<SocketAddr> = match url.host().ok_or(OutwardError::Url)? {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => {
                let found = tokio::net::lookup_host((name, port)).await;
                found.map_err(broken)?.collect()
            }
        };
        addresses.retain(|address| is_public(address.ip()) || self.allowed.contains(address));
        match addresses.is_empty() {
            true => Err(OutwardError::Forbidden(
                url.host_str().unwrap_or_default().to_owned(),
            )),
            false => Ok(addresses),
        }
    }
}

/// The answer's beginning, if it is of one of the types.
async fn read(url: Url, mut answer: Answer, types: &[&str]) -> Result<Document> {
    let headers = answer.response.headers();
    let content_type = text(headers, header::CONTENT_TYPE).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    let encoding = text(headers, header::CONTENT_ENCODING).unwrap_or("identity");
    if !types
        .iter()
        .any(|known| essence.eq_ignore_ascii_case(known))
        || encoding != "identity"
    {
        return Err(OutwardError::Type(content_type.to_owned()));
    }
    let charset = parts
        .filter_map(|part| part.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))
        .map(|(_, value)| value.trim().trim_matches('"').to_owned());
    let mut body = BytesMut::new();
    while body.len() < MAX_BYTES
        && let Some(frame) = answer.response.frame().await
    {
        if let Ok(data) = frame.map_err(broken)?.into_data() {
            let room = MAX_BYTES - body.len();
            body.extend_from_slice(data.get(..room).unwrap_or(&data));
        }
    }
    Ok(Document {
        url,
        charset,
        body: body.freeze(),
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
