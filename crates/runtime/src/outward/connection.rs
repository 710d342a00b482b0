//! One request over one connection.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::header::{self, HeaderName};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use tokio_util::task::AbortOnDropHandle;
use url::{Position, Url};

use super::{OutwardError, Result, broken};

/// Bytes of an answer's head.
const MAX_HEAD: usize = 64 << 10;
/// Addresses of a host that are tried.
const MAX_ATTEMPTS: usize = 3;

/// An answer whose body is still to come.
pub(super) struct Answer {
    pub(super) response: Response<Incoming>,
    /// Ends with the answer.
    _connection: AbortOnDropHandle<()>,
}

/// TLS with the system's roots.
pub(super) async fn tls() -> Result<TlsConnector> {
    let made = tokio::task::spawn_blocking(|| {
        let mut roots = RootCertStore::empty();
        let _unreadable =
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions()?;
        Ok::<_, tokio_rustls::rustls::Error>(
            config.with_root_certificates(roots).with_no_client_auth(),
        )
    });
    let config = made.await.map_err(broken)?.map_err(broken)?;
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Sends a GET to the first of the addresses that can be reached.
pub(super) async fn ask(
    url: &Url,
    addresses: &[SocketAddr],
    tls: Option<&TlsConnector>,
    headers: &[(HeaderName, &str)],
) -> Result<Answer> {
    let path = part(url, Position::BeforePath..Position::AfterQuery);
    let host = part(url, Position::BeforeHost..Position::AfterPort);
    let mut request = Request::get(path).header(header::HOST, host);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Empty::new()).map_err(broken)?;
    let stream = dial(addresses).await?;
    let Some(tls) = tls else {
        return exchange(stream, request).await;
    };
    let name = url.host_str().unwrap_or_default();
    let name = name
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let name = ServerName::try_from(name).map_err(broken)?;
    exchange(tls.connect(name, stream).await.map_err(broken)?, request).await
}

fn part(url: &Url, range: Range<Position>) -> &str {
    &url[range]
}

async fn dial(addresses: &[SocketAddr]) -> Result<TcpStream> {
    let mut last = OutwardError::Url;
    for address in addresses.iter().take(MAX_ATTEMPTS) {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = broken(error),
        }
    }
    Err(last)
}

async fn exchange<S>(stream: S, request: Request<Empty<Bytes>>) -> Result<Answer>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let mut http = hyper::client::conn::http1::Builder::new();
    let http = http.max_buf_size(MAX_HEAD);
    let (mut sender, connection) = http.handshake(TokioIo::new(stream)).await.map_err(broken)?;
    // What ends the connection early ends the answer, where it is seen.
    let connection = tokio::spawn(async { drop(connection.await) });
    let connection = AbortOnDropHandle::new(connection);
    let response = sender.send_request(request).await.map_err(broken)?;
    Ok(Answer {
        response,
        _connection: connection,
    })
}
