//! Where messages go, and which events become one.

use serde_json::{Value, json};

use super::Hook;

fn push(title: &str) -> String {
    json!({ "featured_title": title, "featured_url": "https://example.com" }).to_string()
}

/// The newest direct message of the bot to Hamlet.
async fn direct(hook: &Hook) -> anyhow::Result<String> {
    let params = [
        ("anchor", "newest"),
        ("num_before", "1"),
        ("num_after", "0"),
        ("apply_markdown", "false"),
        ("narrow", r#"[["is", "dm"]]"#),
    ];
    let answer = hook.hamlet().get("/messages", &params).await?;
    let message = answer.assert_success().field("messages")[0].clone();
    assert_eq!(message["sender_full_name"], "Hook");
    assert_eq!(message["client"], "ZulipHelloWorldWebhook");
    Ok(message["content"].as_str().unwrap_or_default().to_owned())
}

#[actix_web::test]
async fn a_stream_a_topic_or_the_owner() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let mut after = 0;
    let id = hook
        .hamlet()
        .get("/get_stream_id", &[("stream", "builds")])
        .await?;
    let by_id = format!("&stream={}", id.field("stream_id"));
    for (query, topic) in [
        ("&stream=builds", "Hello World"),
        ("&stream=BUILDS&topic=mine%20own", "mine own"),
        (by_id.as_str(), "Hello World"),
    ] {
        let sent = hook
            .send("helloworld", query, &[], push("Elsinore"))
            .await?;
        sent.assert_success();
        let told = hook.newest(&mut after).await?.unwrap();
        assert_eq!(told.0, topic, "{query}");
        assert!(
            told.1.ends_with("**[Elsinore](https://example.com)**"),
            "{}",
            told.1
        );
    }
    hook.send("helloworld", "", &[], push("Denmark"))
        .await?
        .assert_success();
    assert!(direct(&hook).await?.contains("Denmark"));
    // The service can do nothing about it; the owner can.
    let nowhere = hook
        .send("helloworld", "&stream=nowhere", &[], push("x"))
        .await?;
    nowhere.assert_success();
    assert!(direct(&hook).await?.contains("`nowhere`"));
    assert_eq!(hook.newest(&mut after).await?, None);
    hook.app.finish().await
}

#[actix_web::test]
async fn what_is_not_visible_to_the_bot_is_not_there() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let othello = hook.app.user("othello");
    let private = [("invite_only", "true")];
    let id = othello.make_stream("secret", &[], &private).await?;
    for stream in ["secret".to_owned(), id.to_string()] {
        let query = format!("&stream={stream}");
        hook.send("helloworld", &query, &[], push("x"))
            .await?
            .assert_success();
        assert!(direct(&hook).await?.contains(&format!("`{stream}`")));
    }
    let narrow = [
        ("anchor", "newest"),
        ("num_before", "5"),
        ("num_after", "0"),
        ("narrow", r#"[["stream", "secret"]]"#),
    ];
    let seen = othello.get("/messages", &narrow).await?;
    let senders = seen.field("messages").as_array().cloned().unwrap();
    assert!(
        senders
            .iter()
            .all(|message| message["sender_full_name"] != "Hook")
    );
    hook.app.finish().await
}

#[actix_web::test]
async fn the_url_chooses_events() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let mut after = 0;
    let star = json!({
        "action": "created", "sender": { "login": "hamlet" },
        "repository": { "name": "denmark", "full_name": "court/denmark", "html_url": "https://github.com/court/denmark" },
    });
    for (query, told) in [
        ("", true),
        (r#"&only_events=["star"]"#, true),
        (r#"&only_events=["push","st*"]"#, true),
        (r#"&only_events=["push"]"#, false),
        (r#"&exclude_events=["push"]"#, true),
        (r#"&exclude_events=["s*r"]"#, false),
        (r#"&only_events=["*"]&exclude_events=["star"]"#, false),
    ] {
        let query = format!("&stream=builds{}", query.replace('"', "%22"));
        let sent = hook.send(
            "github",
            &query,
            &[("X-GitHub-Event", "star")],
            star.to_string(),
        );
        sent.await?.assert_success();
        assert_eq!(hook.newest(&mut after).await?.is_some(), told, "{query}");
    }
    hook.app.finish().await
}

#[actix_web::test]
async fn strangers_mention_nobody() -> anyhow::Result<()> {
    let hook = Hook::start().await?;
    let othello = hook.app.user("othello");
    let mut queue = othello
        .register(&[("event_types", r#"["message"]"#)])
        .await?;
    let subscribe = [("subscriptions", r#"[{"name": "builds"}]"#)];
    othello
        .post("/users/me/subscriptions", &subscribe)
        .await?
        .assert_success();
    let title = "@**all** @_**all** @*everyone*";
    hook.send("helloworld", "&stream=builds", &[], push(title))
        .await?
        .assert_success();
    let event = queue.next("message").await?;
    assert_eq!(event["flags"], json!([]));
    let content = event["message"]["content"].as_str().unwrap();
    assert!(
        !content.contains("user-mention") && !content.contains("@**"),
        "{content}"
    );
    assert_eq!(event["message"]["topic_links"], Value::Array(vec![]));
    hook.app.finish().await
}

#[actix_web::test]
async fn a_bot_has_a_budget_of_its_own() -> anyhow::Result<()> {
    let tight = "[limits]\napi_by_user = { calls = 5, seconds = 36000 }\n";
    let hook = Hook::start_with(tight).await?;
    for status in [200, 200, 200, 200, 200, 429] {
        let sent = hook.send("helloworld", "", &[], push("x")).await?;
        assert_eq!(sent.status, status, "{}", sent.text);
    }
    hook.app.finish().await
}
