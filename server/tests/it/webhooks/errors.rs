//! What is no delivery.

use serde_json::json;

use super::Hook;

const PUSH: &[(&str, &str)] = &[("X-GitHub-Event", "push")];

#[actix_web::test]
async fn a_key_is_asked_for() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let nobody = hook.app.anonymous()?;
    for (query, status, code, msg) in [
        (
            "",
            400,
            "REQUEST_VARIABLE_MISSING",
            "Missing 'api_key' argument",
        ),
        ("?api_key=wrong", 401, "UNAUTHORIZED", "Invalid API key"),
    ] {
        let path = format!("/api/v1/external/json{query}");
        let request = nobody.request(reqwest::Method::POST, &path).body("{}");
        nobody.send(request).await?.assert_error(status, code, msg);
    }
    // Keys are of one realm.
    let elsewhere = nobody.at(&hook.app.user("other-hamlet").host);
    let path = format!("/api/v1/external/json?api_key={}", hook.key);
    let request = elsewhere.request(reqwest::Method::POST, &path).body("{}");
    assert_eq!(elsewhere.send(request).await?.status, 401);
    hook.app.finish().await
}

#[actix_web::test]
async fn faults_are_told_in_the_words_of_the_api() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let bad = hook.send("github", "", PUSH, "{bad".into()).await?;
    bad.assert_error(400, "BAD_REQUEST", "Malformed JSON");
    let silent = hook.send("github", "", &[], "{}".into()).await?;
    let msg = "Missing the HTTP event header 'X-GitHub-Event'";
    silent.assert_error(400, "MISSING_HTTP_EVENT_HEADER", msg);
    assert_eq!(silent.field("header"), "X-GitHub-Event");
    // Services give up on webhooks that answer with errors.
    let unknown = hook.send("github", "", &[("X-GitHub-Event", "sneeze")], "{}".into());
    let unknown = unknown.await?;
    let msg = "The 'sneeze' event isn't currently supported by the GitHub webhook; ignoring";
    unknown.assert_error(200, "UNSUPPORTED_WEBHOOK_EVENT_TYPE", msg);
    assert_eq!(
        (unknown.field("webhook_name"), unknown.field("event_type")),
        (&json!("GitHub"), &json!("sneeze"))
    );
    for body in ["{}", "[]", r#"{"ref": 1}"#] {
        let odd = hook.send("github", "", PUSH, body.into()).await?;
        let msg = "Unable to parse request: Did GitHub generate this event?";
        odd.assert_error(400, "ANOMALOUS_WEBHOOK_PAYLOAD", msg);
    }
    for (body, msg) in [
        (json!({ "content": "x" }), "Topic can't be empty"),
        (
            json!({ "topic": "x", "content": "" }),
            "Content can't be empty",
        ),
    ] {
        for integration in ["ifttt", "zapier"] {
            let empty = hook.send(integration, "", &[], body.to_string()).await?;
            empty.assert_error(400, "BAD_REQUEST", msg);
        }
    }
    let nothing = hook.send("slack_incoming", "", &[], "{}".into()).await?;
    nothing.assert_error(400, "BAD_REQUEST", "Missing 'text' argument");
    assert_eq!(
        hook.send("no-such-service", "", &[], "{}".into())
            .await?
            .status,
        404
    );
    assert_eq!(hook.newest(&mut 0).await?, None);
    hook.app.finish().await
}
