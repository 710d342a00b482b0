//! Saved snippets, navigation views, and what bots remember.

use narrows_testkit::TestApp;
use reqwest::Method;
use serde_json::json;

#[actix_web::test]
async fn snippets_are_kept_changed_and_forgotten() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet.register(&[]).await?;
    let new = [("title", " Greeting "), ("content", "Well met")];
    let made = hamlet.post("/saved_snippets", &new).await?;
    made.assert_success();
    let event = queue.next("saved_snippets").await?;
    assert_eq!(
        (
            &event["op"],
            &event["saved_snippet"]["id"],
            &event["saved_snippet"]["title"]
        ),
        (
            &json!("add"),
            made.field("saved_snippet_id"),
            &json!("Greeting")
        )
    );
    let path = format!("/saved_snippets/{}", made.field("saved_snippet_id"));
    hamlet
        .patch(&path, &[("content", "Well met by moonlight")])
        .await?
        .assert_success();
    let event = queue.next("saved_snippets").await?;
    assert_eq!(
        (
            &event["saved_snippet"]["title"],
            &event["saved_snippet"]["content"]
        ),
        (&json!("Greeting"), &json!("Well met by moonlight"))
    );
    let long = "t".repeat(61);
    for (params, msg) in [
        (vec![], "No new data is supplied"),
        (vec![("title", " ")], "Title cannot be empty."),
        (
            vec![("title", long.as_str())],
            "title is too long (limit: 60 characters)",
        ),
    ] {
        hamlet
            .patch(&path, &params)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    for other in ["iago", "other-hamlet"] {
        app.user(other).delete(&path, &[]).await?.assert_error(
            404,
            "BAD_REQUEST",
            "Saved snippet does not exist.",
        );
    }
    hamlet.delete(&path, &[]).await?.assert_success();
    assert_eq!(queue.next("saved_snippets").await?["op"], "remove");
    let left = hamlet.get("/saved_snippets", &[]).await?;
    assert_eq!(left.field("saved_snippets"), &json!([]));
    app.finish().await
}

#[actix_web::test]
async fn navigation_views_are_built_in_or_named() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet.register(&[]).await?;
    let own = [
        ("fragment", "narrow/is/alerted"),
        ("is_pinned", "true"),
        ("name", "Alerts"),
    ];
    hamlet
        .post("/navigation_views", &own)
        .await?
        .assert_success();
    let event = queue.next("navigation_view").await?;
    assert_eq!(
        event["navigation_view"],
        json!({ "fragment": "narrow/is/alerted", "is_pinned": true, "name": "Alerts" })
    );
    hamlet.post("/navigation_views", &own).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Navigation view already exists.",
    );
    for (params, msg) in [
        (
            [
                ("fragment", "inbox"),
                ("is_pinned", "true"),
                ("name", "Mine"),
            ],
            "Built-in views cannot have a custom name.",
        ),
        (
            [
                ("fragment", "narrow/is/dm"),
                ("is_pinned", "true"),
                ("x", "y"),
            ],
            "Custom views must have a valid name.",
        ),
    ] {
        hamlet
            .post("/navigation_views", &params)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    hamlet
        .patch(
            "/navigation_views/narrow/is/alerted",
            &[("is_pinned", "false")],
        )
        .await?
        .assert_success();
    let event = queue.next("navigation_view").await?;
    assert_eq!(
        (&event["fragment"], &event["data"]),
        (&json!("narrow/is/alerted"), &json!({ "is_pinned": false }))
    );
    app.user("iago")
        .delete("/navigation_views/narrow/is/alerted", &[])
        .await?
        .assert_error(404, "BAD_REQUEST", "Navigation view does not exist.");
    hamlet
        .delete("/navigation_views/narrow/is/alerted", &[])
        .await?
        .assert_success();
    assert_eq!(queue.next("navigation_view").await?["op"], "remove");
    app.finish().await
}

#[actix_web::test]
async fn bots_remember() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let bot = app.user("bot");
    let storage = json!({ "a": "1", "b": "2" }).to_string();
    bot.call(Method::PUT, "/bot_storage", &[("storage", &storage)])
        .await?
        .assert_success();
    let storage = json!({ "b": "3" }).to_string();
    bot.call(Method::PUT, "/bot_storage", &[("storage", &storage)])
        .await?
        .assert_success();
    let all = bot.get("/bot_storage", &[]).await?;
    assert_eq!(all.field("storage"), &json!({ "a": "1", "b": "3" }));
    let others = app.user("other-bot").get("/bot_storage", &[]).await?;
    assert_eq!(others.field("storage"), &json!({}));
    let keys = json!(["a", "zz"]).to_string();
    bot.get("/bot_storage", &[("keys", &keys)])
        .await?
        .assert_error(400, "BAD_REQUEST", "Key does not exist.");
    bot.delete("/bot_storage", &[("keys", &json!(["a"]).to_string())])
        .await?
        .assert_success();
    let left = bot.get("/bot_storage", &[]).await?;
    assert_eq!(left.field("storage"), &json!({ "b": "3" }));
    app.finish().await
}
