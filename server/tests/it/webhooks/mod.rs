//! What other services tell becomes messages. Bodies are written after the services' public documentation, and hold no
//! more than what is read of them.

mod code;
mod errors;
mod others;
mod place;

use narrows_testkit::{Answer, TestApp, TestUser};
use reqwest::Method;
use serde_json::Value;

/// A stream, and a bot of Hamlet's that only sends.
struct Hook {
    app: TestApp,
    key: String,
}

impl Hook {
    async fn start() -> anyhow::Result<Hook> {
        Hook::start_with("").await
    }

    /// A server with these settings.
    async fn start_with(settings: &str) -> anyhow::Result<Hook> {
        let app = TestApp::start_with(settings, |_| {}).await?;
        let hamlet = app.user("hamlet");
        hamlet.make_stream("builds", &[], &[]).await?;
        let bot = [
            ("full_name", "Hook"),
            ("short_name", "hook"),
            ("bot_type", "2"),
        ];
        let made = hamlet.post("/bots", &bot).await?;
        let key = made
            .assert_success()
            .field("api_key")
            .as_str()
            .unwrap()
            .to_owned();
        Ok(Hook { app, key })
    }

    fn hamlet(&self) -> &TestUser {
        self.app.user("hamlet")
    }

    /// What the integration answers; `query` ends its URL.
    async fn send(
        &self,
        integration: &str,
        query: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> anyhow::Result<Answer> {
        let path = format!("/api/v1/external/{integration}?api_key={}{query}", self.key);
        let nobody = self.app.anonymous()?;
        let mut request = nobody.request(Method::POST, &path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .header("content-type", "application/json")
            .body(body);
        nobody.send(request).await
    }

    /// The newest message of the stream, as topic and content; `null` if there is none that is newer than `after`.
    async fn newest(&self, after: &mut i64) -> anyhow::Result<Option<(String, String)>> {
        let params = [
            ("anchor", "newest"),
            ("num_before", "1"),
            ("num_after", "0"),
            ("apply_markdown", "false"),
            ("narrow", r#"[["stream", "builds"]]"#),
        ];
        let answer = self.hamlet().get("/messages", &params).await?;
        let messages = answer
            .assert_success()
            .field("messages")
            .as_array()
            .cloned();
        let newest = messages.unwrap().pop().unwrap_or(Value::Null);
        let id = newest["id"].as_i64().unwrap_or(0);
        if id <= *after || newest["sender_full_name"] != "Hook" {
            return Ok(None);
        }
        *after = id;
        let text = |key: &str| newest[key].as_str().unwrap().to_owned();
        Ok(Some((text("subject"), text("content"))))
    }
}

/// Headers, a body, and the topic and content of the message that it becomes. No topic: nothing.
type Case<'a> = (&'a [(&'a str, &'a str)], Value, &'a str, &'a str);

async fn assert_told(integration: &str, cases: &[Case<'_>]) -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let mut after = 0;
    for (headers, body, topic, content) in cases {
        let sent = hook.send(integration, "&stream=builds", headers, body.to_string());
        sent.await?.assert_success();
        let told = hook.newest(&mut after).await?;
        let told = told
            .as_ref()
            .map(|(topic, content)| (topic.as_str(), content.as_str()));
        let expected = (!topic.is_empty()).then_some((*topic, *content));
        assert_eq!(told, expected, "{headers:?} {body}");
    }
    hook.app.finish().await
}
