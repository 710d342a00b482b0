//! Users who call the API.

use std::time::Duration;

use narrows_actions::{Ctx, auth};
use narrows_store::models::User;
use narrows_wire::{RealmId, UserId};
use reqwest::{Client, Method};
use serde_json::json;

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
    /// The realm they are in; 0 for nobody.
    pub realm_id: RealmId,
    /// Their id; 0 for nobody.
    pub id: UserId,
    /// Their address; "" for nobody.
    pub email: String,
    /// Their API key; "" for nobody.
    pub api_key: String,
    /// A browser's session instead of the key: they call `/json`.
    pub session: Option<String>,
}

/// What the browser of a session proves its pages with.
const CSRF: &str = "abcdefghijklmnopqrstuvwxyz012345";

/// Parameters of a call.
pub type Params<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn client() -> anyhow::Result<Client> {
    let client = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none());
    Ok(client
        // Well before the server closes what is idle: a slow machine shall not send into a connection that is going.
        .pool_idle_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(100))
        .user_agent("TestKit/1")
        .build()?)
}

/// Somebody without an account.
pub fn anonymous(base: &str, host: &str) -> anyhow::Result<TestUser> {
    Ok(anonymous_with(client()?, base, host))
}

pub(crate) fn anonymous_with(http: Client, base: &str, host: &str) -> TestUser {
    TestUser {
        http,
        base: base.to_owned(),
        host: host.to_owned(),
        realm_id: RealmId(0),
        id: UserId(0),
        email: String::new(),
        api_key: String::new(),
        session: None,
    }
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
        let prefix = if self.session.is_some() {
            "/json"
        } else {
            "/api/v1"
        };
        let request = self.request(method.clone(), &format!("{prefix}{path}"));
        let request = if method == Method::GET {
            request.query(params)
        } else {
            request.form(params)
        };
        Answer::to(request).await
    }

    /// A request to any path, to be changed before it is sent with [`TestUser::send`].
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .header("host", &self.host);
        match &self.session {
            Some(session) if session.is_empty() => request,
            Some(session) => request
                .header("cookie", format!("sessionid={session}; csrftoken={CSRF}"))
                .header("x-csrftoken", CSRF),
            None if self.email.is_empty() => request,
            None => request.basic_auth(&self.email, Some(&self.api_key)),
        }
    }

    /// Sends a request of [`TestUser::request`].
    pub async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Answer> {
        Answer::to(request).await
    }

    /// The same user with another key.
    pub fn with_key(&self, api_key: &str) -> TestUser {
        TestUser {
            api_key: api_key.to_owned(),
            ..self.clone()
        }
    }

    /// The same user in a browser, logged in: calls go to `/json`, with cookies and the CSRF token.
    pub async fn in_browser(&self, ctx: &Ctx) -> anyhow::Result<TestUser> {
        let user = self.stored(ctx).await?;
        Ok(TestUser {
            session: Some(auth::log_in(ctx, &user, "test").await?),
            ..self.clone()
        })
    }

    /// Nobody in a browser: calls go to `/json`, without cookies.
    pub(crate) fn without_session(self) -> TestUser {
        TestUser {
            session: Some(String::new()),
            ..self
        }
    }

    /// Their row.
    pub async fn stored(&self, ctx: &Ctx) -> anyhow::Result<User> {
        Ok(User::find(&mut *ctx.store.read().await?, self.realm_id, self.id).await?)
    }

    /// The same user, asking at the host of another realm.
    pub fn at(&self, host: &str) -> TestUser {
        TestUser {
            host: host.to_owned(),
            ..self.clone()
        }
    }

    /// An event queue.
    pub async fn register(&self, params: Params<'_>) -> anyhow::Result<Queue> {
        let answer = self.post("/register", params).await?;
        answer.assert_success();
        Queue::of(self.clone(), answer.json)
    }

    /// Makes a stream and subscribes these others, with more parameters such as `("invite_only", "true")`; returns its id.
    pub async fn make_stream(
        &self,
        name: &str,
        others: &[&TestUser],
        more: Params<'_>,
    ) -> anyhow::Result<i64> {
        let subscriptions = json!([{ "name": name }]).to_string();
        let people: Vec<i32> = others.iter().chain([&self]).map(|user| user.id.0).collect();
        let principals = json!(people).to_string();
        let mut params = vec![
            ("subscriptions", subscriptions.as_str()),
            ("principals", principals.as_str()),
        ];
        params.extend_from_slice(more);
        self.post("/users/me/subscriptions", &params)
            .await?
            .assert_success();
        let id = self.get("/get_stream_id", &[("stream", name)]).await?;
        id.assert_success();
        Ok(id.field("stream_id").as_i64().unwrap_or_default())
    }

    /// Leaves a stream.
    pub async fn leave(&self, stream: &str) -> anyhow::Result<()> {
        let names = json!([stream]).to_string();
        let answer = self
            .delete("/users/me/subscriptions", &[("subscriptions", &names)])
            .await?;
        answer.assert_success();
        Ok(())
    }

    /// Sends a direct message; returns its id.
    pub async fn send_direct(&self, to: &[&TestUser], content: &str) -> anyhow::Result<i64> {
        let people: Vec<i32> = to.iter().map(|user| user.id.0).collect();
        let to = json!(people).to_string();
        let params = [("type", "direct"), ("to", &to), ("content", content)];
        let answer = self.post("/messages", &params).await?;
        answer.assert_success();
        Ok(answer.field("id").as_i64().unwrap_or_default())
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
