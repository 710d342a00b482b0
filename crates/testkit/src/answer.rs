//! Answers of the API.

use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::contract::{self, Exchange};
use crate::facts;

/// An answer, with what a test asks of it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
    /// The body as JSON; `null` if it is none.
    pub json: Value,
}

impl Answer {
    /// Sends a request. What comes back has to fit the API's description.
    pub(crate) async fn to(request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        let (client, request) = request.build_split();
        let request = request?;
        let (method, url) = (request.method().clone(), request.url().clone());
        let form = request
            .body()
            .and_then(|body| body.as_bytes())
            .unwrap_or_default();
        let params = url.query_pairs().chain(url::form_urlencoded::parse(form));
        let params = params
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let answer = Answer::of(client.execute(request).await?).await?;
        let exchange = Exchange {
            method: &method,
            path: url.path(),
            params,
            status: answer.status,
            body: &answer.json,
        };
        contract::check(&exchange)?;
        facts::check(&exchange)?;
        Ok(answer)
    }

    async fn of(response: reqwest::Response) -> anyhow::Result<Answer> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let json = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer {
            status,
            headers,
            text,
            json,
        })
    }

    /// A field of the body.
    pub fn field(&self, name: &str) -> &Value {
        self.json.get(name).unwrap_or(&Value::Null)
    }

    /// A header as text; "" if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("")
    }

    /// Fails unless the operation succeeded.
    #[track_caller]
    pub fn assert_success(&self) -> &Self {
        assert_eq!(
            (self.status, self.field("result")),
            (200, &Value::from("success")),
            "{}",
            self.text
        );
        self
    }

    /// Fails unless it was refused so.
    #[track_caller]
    pub fn assert_error(&self, status: u16, code: &str, msg: &str) -> &Self {
        let got = (
            self.status,
            self.field("result"),
            self.field("code"),
            self.field("msg"),
        );
        assert_eq!(
            got,
            (status, &"error".into(), &code.into(), &msg.into()),
            "{}",
            self.text
        );
        self
    }
}
