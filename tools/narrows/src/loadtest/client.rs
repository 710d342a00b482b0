//! One keep-alive HTTP/1.1 connection.

use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request, StatusCode,
    client::conn::http1::{self, SendRequest},
    header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use serde::Serialize;

use super::{credentials::Credential, site::Site};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const AGENT: HeaderValue =
    HeaderValue::from_static(concat!("NarrowsLoadtest/", env!("CARGO_PKG_VERSION")));

/// No answer may take longer; above the 90 seconds after which clients give up a long poll.
const PATIENCE: Duration = Duration::from_secs(100);

/// A request, before it is known who makes it.
#[derive(Clone, Debug)]
pub struct Call {
    method: Method,
    path: String,
    body: Bytes,
}

impl Call {
    /// Read a path with a query.
    pub fn get(path: &str, query: impl Serialize) -> anyhow::Result<Self> {
        let query = serde_urlencoded::to_string(query)?;
        let path = match query.as_str() {
            "" => path.to_owned(),
            query => format!("{path}?{query}"),
        };
        Ok(Self::new(Method::GET, path, Bytes::new()))
    }

    /// Post a form.
    pub fn post(path: &str, form: impl Serialize) -> anyhow::Result<Self> {
        let body = serde_urlencoded::to_string(form)?.into();
        Ok(Self::new(Method::POST, path.to_owned(), body))
    }

    /// Delete, with a form.
    pub fn delete(path: &str, form: impl Serialize) -> anyhow::Result<Self> {
        let body = serde_urlencoded::to_string(form)?.into();
        Ok(Self::new(Method::DELETE, path.to_owned(), body))
    }

    fn new(method: Method, path: String, body: Bytes) -> Self {
        Self { method, path, body }
    }
}

/// What the server said.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: StatusCode,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// The body, if the status is 200.
    pub fn ok(self) -> anyhow::Result<Bytes> {
        if self.status == StatusCode::OK {
            return Ok(self.body);
        }
        let text: String = String::from_utf8_lossy(&self.body)
            .chars()
            .take(200)
            .collect();
        Err(anyhow::anyhow!("{}: {text}", self.status))
    }
}

/// A connection, opened at the first call and anew after a failure.
pub struct Connection<'a> {
    site: &'a Site,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl<'a> Connection<'a> {
    /// Not yet open.
    pub fn new(site: &'a Site) -> Self {
        Self { site, sender: None }
    }

    /// Connect, so that the first call need not.
    pub async fn open(&mut self) -> anyhow::Result<()> {
        self.ready().await.map(drop)
    }

    /// Make a call and read the whole answer, which must be a 200.
    pub async fn call(&mut self, user: &Credential, call: Call) -> anyhow::Result<Bytes> {
        let answer = tokio::time::timeout(PATIENCE, self.exchange(user, call)).await;
        match answer
            .context("no answer in time")
            .and_then(|answer| answer)
        {
            Ok(answer) => answer.ok(),
            Err(error) => {
                self.sender = None;
                Err(error)
            }
        }
    }

    async fn exchange(&mut self, user: &Credential, call: Call) -> anyhow::Result<Answer> {
        let mut request = Request::builder()
            .method(call.method)
            .uri(format!("{}{}", self.site.prefix, call.path))
            .header(HOST, &self.site.host)
            .header(AUTHORIZATION, &user.authorization)
            .header(USER_AGENT, AGENT);
        if !call.body.is_empty() {
            request = request.header(CONTENT_TYPE, FORM);
        }
        let request = request.body(Full::new(call.body))?;
        let response = self.ready().await?.send_request(request).await?;
        let status = response.status();
        let body = response.into_body().collect().await?.to_bytes();
        Ok(Answer { status, body })
    }

    async fn ready(&mut self) -> anyhow::Result<&mut SendRequest<Full<Bytes>>> {
        let usable = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !usable {
            let io = TokioIo::new(self.site.connect().await?);
            let (sender, connection) = http1::handshake(io).await?;
            // Its errors come back through the sender.
            tokio::spawn(async move { drop(connection.await) });
            self.sender = Some(sender);
        }
        self.sender.as_mut().context("no connection")
    }
}
