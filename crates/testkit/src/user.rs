//! Users who call the API.

use std::time::Duration;

use narrows_wire::UserId;
use reqwest::{Client, Method};

use crate::answer::Answer;
use crate::queue::Queue;

/// A user with an API key, or nobody.
#[derive(Clone, Debug)]
pub struct TestUser {
    pub(crate) http: Client,
    /// `http://127.0.0.1:port`.
    pub base: String,
    /// The Host header: which realm.
    pub host: String,
    /// Their id; 0 for nobody.
    pub id: UserId,
    /// Their address; "" for nobody.
    pub email: String,
    /// Their API key; "" for nobody.
    pub api_key: String,
}

/// Parameters of a call.
pub type Params<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn client() -> anyhow::Result<Client> {
    let client = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    Ok(client
        .timeout(Duration::from_secs(100))
        .user_agent("TestKit/1")
        .build()?)
}

/// Somebody without an account.
pub fn anonymous(base: &str, host: &str) -> anyhow::Result<TestUser> {
    Ok(TestUser {
        http: client()?,
        base: base.to_owned(),
        host: host.to_owned(),
        id: UserId(0),
        email: String::new(),
        api_key: String::new(),
    })
}

impl TestUser {
    /// `GET /api/v1…`, parameters in the query.
    pub async fn get(&self, path: &str, params: Params<'_>) -> anyhow::Result<Answer> {
        self.call(Method::GET, path, params).await
    }

    /// `POST /api/v1…`, parameters in a form.
    pub async fn post(&self, path: &str, params: Params<'_>) -> anyhow::Result<Answer> {
        self.call(Method::POST, path, params).await
    }

    /// `PATCH /api/v1…`, parameters in a form.
    pub async fn patch(&self, path: &str, params: Params<'_>) -> anyhow::Result<Answer> {
        self.call(Method::PATCH, path, params).await
    }

    /// `DELETE /api/v1…`, parameters in a form.
    pub async fn delete(&self, path: &str, params: Params<'_>) -> anyhow::Result<Answer> {
        self.call(Method::DELETE, path, params).await
    }

    /// Any method.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        params: Params<'_>,
    ) -> anyhow::Result<Answer> {
        let request = self.request(method.clone(), &format!("/api/v1{path}"));
        let request = if method == Method::GET {
            request.query(params)
        } else {
            request.form(params)
        };
        Answer::of(request.send().await?).await
    }

    /// A request to any path, to be changed before it is sent with [`TestUser::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("host", &self.host);
        if self.email.is_empty() {
            request
        } else {
            request.basic_auth(&self.email, Some(&self.api_key))
        }
    }

    /// Sends a request of [`TestUser::request`].
    pub async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        Answer::of(request.send().await?).await
    }

    /// The same user with another key.
    pub fn with_key(&self, api_key: &str) -> TestUser {
        TestUser {
            api_key: api_key.to_owned(),
            ..self.clone()
        }
    }

    /// An event queue.
    pub async fn register(&self, params: Params<'_>) -> anyhow::Result<Queue> {
        let answer = self.post("/register", params).await?;
        answer.assert_success();
        Queue::of(self.clone(), answer.json)
    }

    /// Sends a message to a stream; returns its id.
    pub async fn send_to(&self, stream: &str, topic: &str, content: &str) -> anyhow::Result<i64> {
        let params = [
            ("type", "stream"),
            ("to", stream),
            ("topic", topic),
            ("content", content),
        ];
        let answer = self.post("/messages", &params).await?;
        answer.assert_success();
        Ok(answer.field("id").as_i64().unwrap_or_default())
    }
}
