//! The server under load: where it is, who its users are, how a byte stream to it is opened.

use std::sync::Arc;

use anyhow::{Context, bail};
use hyper::header::HeaderValue;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{
    TlsConnector,
    rustls::{ClientConfig, RootCertStore, pki_types::ServerName},
};

use super::credentials::Credential;

/// A byte stream to the server, plain or TLS.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A server and its users.
pub struct Site {
    address: String,
    /// Value of the `Host` header.
    pub host: HeaderValue,
    /// What paths of the API start with.
    pub prefix: String,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    users: Vec<Credential>,
}

impl Site {
    /// From the base URL.
    pub fn new(url: &url::Url, users: Vec<Credential>) -> anyhow::Result<Self> {
        let host = url.host_str().context("the site's URL names no host")?;
        let port = url
            .port_or_known_default()
            .context("the site's URL has no port")?;
        let tls = match url.scheme() {
            "http" => None,
            "https" => Some((connector()?, ServerName::try_from(host.to_owned())?)),
            other => bail!("the site's URL is {other}:, not http: or https:"),
        };
        let authority = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        // Resolvers need not know names below localhost; they are this machine by definition.
        let address = match host.ends_with(".localhost") {
            true => "localhost",
            false => host,
        };
        Ok(Self {
            address: format!("{address}:{port}"),
            host: HeaderValue::from_str(&authority)?,
            prefix: format!("{}/api/v1", url.path().trim_end_matches('/')),
            tls,
            users,
        })
    }

    /// How many users there are.
    pub fn users(&self) -> usize {
        self.users.len()
    }

    /// The user with this number; numbers beyond the last begin anew.
    pub fn user(&self, number: usize) -> anyhow::Result<&Credential> {
        self.users
            .get(number % self.users.len().max(1))
            .context("there are no users")
    }

    /// Open a connection.
    pub async fn connect(&self) -> anyhow::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect(&self.address)
            .await
            .with_context(|| format!("connecting to {}", self.address))?;
        stream.set_nodelay(true)?;
        Ok(match &self.tls {
            None => Box::new(stream),
            Some((connector, name)) => Box::new(connector.connect(name.clone(), stream).await?),
        })
    }

    /// The URL of a websocket at a path of the API.
    pub fn websocket_url(&self, path: &str) -> anyhow::Result<String> {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        let host = self.host.to_str()?;
        Ok(format!("{scheme}://{host}{}{path}", self.prefix))
    }
}

fn connector() -> anyhow::Result<TlsConnector> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
