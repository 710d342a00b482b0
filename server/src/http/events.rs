//! Event queues, for hosts where no proxy in front of us sends these requests to push.

use std::marker::PhantomData;
use std::time::Duration;

use actix_web::body::BoxBody;
use actix_web::http::header::{CONNECTION, HOST, HeaderMap, TRANSFER_ENCODING, UPGRADE};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Responder, web};
use futures_util::{SinkExt, StreamExt};
use narrows_actions::Error;
use narrows_runtime::Config;
use narrows_wire::events::QueuedEvent;
use schemars::JsonSchema;
use serde::Serialize;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite;

use crate::error::ServerError;
use crate::extract::Elsewhere;
use crate::reply::Empty;

/// How long a poll waits for push to come back.
const PATIENCE: Duration = Duration::from_secs(15);
/// A body of such a request is small.
const MAX_BODY: usize = 64 << 10;

/// Where push is.
#[derive(Clone)]
pub struct Proxy {
    http: reqwest::Client,
    config: std::sync::Arc<narrows_runtime::config::PushConfig>,
}

impl Proxy {
    /// For the shards of this configuration.
    pub fn new(config: &Config) -> Result<Proxy, reqwest::Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .no_proxy()
            .build()?;
        Ok(Proxy {
            http,
            config: std::sync::Arc::new(config.push.clone()),
        })
    }

    /// The shard that the queue id in the query or the body names; unknown ids are any shard's to refuse.
    fn url(&self, request: &HttpRequest, body: &[u8]) -> String {
        let pairs = |input: &[u8]| -> Vec<(String, String)> {
            serde_urlencoded::from_bytes(input).unwrap_or_default()
        };
        let mut parameters = pairs(request.query_string().as_bytes());
        parameters.extend(pairs(body));
        let id = parameters
            .iter()
            .rev()
            .find(|(name, _)| name == "queue_id")
            .map_or("", |(_, id)| id.as_str());
        let shard = id.split_once(':').and_then(|(shard, _)| shard.parse().ok());
        let shard = shard
            .filter(|shard| *shard < self.config.shards)
            .unwrap_or(0);
        let path = request
            .uri()
            .path_and_query()
            .map_or("/", |path| path.as_str());
        format!("{}{path}", self.config.url_of(shard).trim_end_matches('/'))
    }
}

/// Push's answer, with the fields of `T`.
pub struct Forwarded<T>(HttpResponse, PhantomData<fn() -> T>);

impl<T> Responder for Forwarded<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.0
    }
}

/// Parameters of [`poll`].
#[derive(JsonSchema)]
pub struct Poll {
    /// The queue, as `POST /register` named it.
    pub queue_id: String,
    /// The newest event that the client has; the queue forgets it and those before it.
    pub last_event_id: i64,
    /// Answer at once, even if there is nothing to tell.
    pub dont_block: Option<bool>,
}

/// Answer of [`poll`].
#[derive(Serialize, JsonSchema)]
pub struct Polled {
    /// What happened since.
    events: Vec<QueuedEvent>,
    /// The queue.
    queue_id: String,
}

/// Parameters of [`close`] and [`websocket`].
#[derive(JsonSchema)]
pub struct Queue {
    /// The queue, as `POST /register` named it.
    pub queue_id: String,
}

/// `GET /events`.
pub async fn poll(
    proxy: web::Data<Proxy>,
    request: HttpRequest,
    payload: web::Payload,
    _: Elsewhere<Poll>,
) -> Result<Forwarded<Polled>, ServerError> {
    let answer = forward(&proxy, &request, payload).await?;
    Ok(Forwarded(answer, PhantomData))
}

/// `DELETE /events`.
pub async fn close(
    proxy: web::Data<Proxy>,
    request: HttpRequest,
    payload: web::Payload,
    _: Elsewhere<Queue>,
) -> Result<Forwarded<Empty>, ServerError> {
    let answer = forward(&proxy, &request, payload).await?;
    Ok(Forwarded(answer, PhantomData))
}

/// `GET /events/websocket`.
pub async fn websocket(
    proxy: web::Data<Proxy>,
    request: HttpRequest,
    payload: web::Payload,
    _: Elsewhere<Queue>,
) -> Result<HttpResponse, ServerError> {
    forward(&proxy, &request, payload).await
}

/// Long poll and websocket alike. Push authenticates.
async fn forward(
    proxy: &Proxy,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ServerError> {
    if request
        .headers()
        .get(UPGRADE)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
    {
        let url = proxy.url(request, b"").replacen("http", "ws", 1);
        return connect(&url, request, payload).await;
    }
    let body = payload.to_bytes_limited(MAX_BODY).await;
    let body = body
        .map_err(|_| Error::bad_request("The request is too large"))?
        .unwrap_or_default();
    let url = proxy.url(request, &body);
    let answer = answer(&proxy.http, request, &url, body).await?;
    let status = StatusCode::from_u16(answer.status().as_u16()).map_err(ServerError::internal)?;
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers() {
        if !is_hop_by_hop(name.as_str()) {
            response.append_header((name.as_str(), value.as_bytes()));
        }
    }
    Ok(response.streaming(answer.bytes_stream()))
}

/// A poll changes nothing but what its own `last_event_id` says, so it is tried again while push restarts.
async fn answer(
    http: &reqwest::Client,
    request: &HttpRequest,
    url: &str,
    body: web::Bytes,
) -> Result<reqwest::Response, ServerError> {
    let deadline = Instant::now() + PATIENCE;
    let again = request.method() == Method::GET;
    loop {
        let method = reqwest::Method::from_bytes(request.method().as_str().as_bytes())
            .map_err(ServerError::internal)?;
        let sent = http
            .request(method, url)
            .headers(forwarded(request.headers()))
            .body(body.clone())
            .send()
            .await;
        match sent {
            Ok(answer) if answer.status() != reqwest::StatusCode::SERVICE_UNAVAILABLE || !again => {
                return Ok(answer);
            }
            Ok(answer) if Instant::now() > deadline => return Ok(answer),
            Err(error) if !again || Instant::now() > deadline => return Err(unavailable(error)),
            _ => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> ServerError {
    Error::Unavailable {
        component: "the push server",
        source: Box::new(error),
    }
    .into()
}

/// The headers of the request that are the client's, not the connection's. `Host` names the realm.
fn forwarded(headers: &HeaderMap) -> reqwest::header::HeaderMap {
    let mut forwarded = reqwest::header::HeaderMap::new();
    for (name, value) in headers {
        let name = reqwest::header::HeaderName::from_bytes(name.as_str().as_bytes());
        let value = reqwest::header::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value)
            && (name.as_str() == HOST.as_str() || !is_hop_by_hop(name.as_str()))
        {
            forwarded.append(name, value);
        }
    }
    forwarded
}

fn is_hop_by_hop(name: &str) -> bool {
    let of_connection = [
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "content-length",
    ];
    [CONNECTION, TRANSFER_ENCODING, UPGRADE]
        .iter()
        .any(|header| header.as_str() == name)
        || of_connection.contains(&name)
}

/// Two websockets, and what comes from one goes to the other.
async fn connect(
    url: &str,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<HttpResponse, ServerError> {
    let mut upstream_request =
        tungstenite::client::IntoClientRequest::into_client_request(url).map_err(unavailable)?;
    for name in ["authorization", "cookie", "host", "origin", "user-agent"] {
        let value = request
            .headers()
            .get(name)
            .and_then(|value| tungstenite::http::HeaderValue::from_bytes(value.as_bytes()).ok());
        if let Some(value) = value {
            upstream_request.headers_mut().insert(name, value);
        }
    }
    let (upstream, _) = match tokio_tungstenite::connect_async(upstream_request).await {
        Ok(connected) => connected,
        Err(tungstenite::Error::Http(refusal)) => return Ok(refused(*refusal)),
        Err(error) => return Err(unavailable(error)),
    };
    let (response, session, messages) = actix_ws::handle(request, payload)
        .map_err(|error| Error::bad_request(error.to_string()))?;
    actix_web::rt::spawn(relay(upstream, session, messages));
    Ok(response)
}

fn refused(refusal: tungstenite::http::Response<Option<Vec<u8>>>) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.status().as_u16()).unwrap_or(StatusCode::BAD_GATEWAY);
    HttpResponse::build(status)
        .content_type("application/json")
        .body(refusal.into_body().unwrap_or_default())
}

async fn relay<S>(
    upstream: tokio_tungstenite::WebSocketStream<S>,
    mut session: actix_ws::Session,
    mut messages: actix_ws::MessageStream,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let (mut to_push, mut from_push) = upstream.split();
    loop {
        let alive = tokio::select! {
            message = from_push.next() => match message {
                Some(Ok(tungstenite::Message::Text(text))) => session.text(text.as_str()).await.is_ok(),
                Some(Ok(tungstenite::Message::Ping(data))) => session.ping(&data).await.is_ok(),
                Some(Ok(tungstenite::Message::Pong(data))) => session.pong(&data).await.is_ok(),
                Some(Ok(tungstenite::Message::Binary(data))) => session.binary(data).await.is_ok(),
                Some(Ok(tungstenite::Message::Frame(_))) => true,
                Some(Ok(tungstenite::Message::Close(_)) | Err(_)) | None => false,
            },
            message = messages.recv() => match message {
                Some(Ok(actix_ws::Message::Text(text))) => {
                    to_push.send(tungstenite::Message::text(text.to_string())).await.is_ok()
                }
                Some(Ok(actix_ws::Message::Ping(data))) => to_push.send(tungstenite::Message::Ping(data)).await.is_ok(),
                Some(Ok(actix_ws::Message::Pong(data))) => to_push.send(tungstenite::Message::Pong(data)).await.is_ok(),
                Some(Ok(actix_ws::Message::Close(_)) | Err(_)) | None => false,
                Some(Ok(_)) => true,
            },
        };
        if !alive {
            break;
        }
    }
    // Both ends may be gone already.
    to_push.close().await.ok();
    session.close(None).await.ok();
}
