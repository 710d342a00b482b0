use narrows_testkit::TestApp;
use serde_json::json;

#[actix_web::test]
async fn linkifiers_are_managed_by_administrators_and_change_messages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let mut queue = hamlet
        .register(&[("event_types", r#"["realm_linkifiers"]"#)])
        .await?;
    let ticket = [
        ("pattern", "ORC-(?P<id>[0-9]+)"),
        ("url_template", "https://example.com/{id}"),
    ];
    hamlet.post("/realm/filters", &ticket).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    let added = iago.post("/realm/filters", &ticket).await?;
    let id = added.assert_success().field("id").as_i64().unwrap();
    let all = json!([{ "id": id, "pattern": ticket[0].1, "url_template": ticket[1].1 }]);
    assert_eq!(
        queue.next("realm_linkifiers").await?["realm_linkifiers"],
        all
    );
    let listed = hamlet.get("/realm/linkifiers", &[]).await?;
    assert_eq!(listed.field("linkifiers"), &all);

    let render = [("content", "see ORC-12, XORC-13")];
    let rendered = hamlet.post("/messages/render", &render).await?;
    assert_eq!(
        rendered.field("rendered"),
        r#"<p>see <a href="https://example.com/12">ORC-12</a>, XORC-13</p>"#
    );

    iago.post("/realm/filters", &ticket).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Realm filter with this Realm and Pattern already exists.",
    );
    let path = format!("/realm/filters/{id}");
    let changed = [
        ("pattern", "ORCX-(?P<id>[0-9]+)"),
        ("url_template", "https://example.com/x/{id}"),
    ];
    iago.patch(&path, &changed).await?.assert_success();
    let event = queue.next("realm_linkifiers").await?;
    assert_eq!(event["realm_linkifiers"][0]["pattern"], changed[0].1);
    let rendered = hamlet.post("/messages/render", &render).await?;
    assert_eq!(rendered.field("rendered"), "<p>see ORC-12, XORC-13</p>");

    iago.delete(&path, &[]).await?.assert_success();
    assert_eq!(
        queue.next("realm_linkifiers").await?["realm_linkifiers"],
        json!([])
    );
    let gone = iago.delete(&path, &[]).await?;
    gone.assert_error(400, "BAD_REQUEST", "Linkifier not found.");
    app.finish().await
}

#[actix_web::test]
async fn a_linkifier_that_cannot_work_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    for (pattern, url_template, msg) in [
        (
            "a(?P<id>x",
            "https://x.example/{id}",
            "Bad regular expression: missing ): a(?P<id>x",
        ),
        (
            "a(?P<id>x)",
            "https://x.example/{id",
            "Invalid URL template.",
        ),
        (
            "a(?P<id>x)",
            "https://x.example/{no}",
            "Group 'no' in URL template is not present in linkifier pattern.",
        ),
        (
            "a(?P<id>x)",
            "https://x.example/",
            "Group 'id' in linkifier pattern is not present in URL template.",
        ),
    ] {
        let params = [("pattern", pattern), ("url_template", url_template)];
        let refused = iago.post("/realm/filters", &params).await?;
        assert_eq!(refused.field("code"), "BAD_REQUEST");
        assert!(
            refused.field("msg").as_str().unwrap().starts_with(msg),
            "{msg}"
        );
    }
    let none = iago.get("/realm/linkifiers", &[]).await?;
    assert_eq!(none.field("linkifiers"), &json!([]));
    app.finish().await
}

#[actix_web::test]
async fn the_first_linkifier_wins_and_their_order_can_be_changed() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let mut ids = Vec::new();
    for host in ["one", "two"] {
        let params = [
            ("pattern", &*format!("T-(?P<id>[0-9]+)(?P<{host}>)")),
            (
                "url_template",
                &*format!("https://{host}.example/{{id}}{{{host}}}"),
            ),
        ];
        let added = iago.post("/realm/filters", &params).await?;
        ids.push(added.assert_success().field("id").as_i64().unwrap());
    }
    let rendered = async || -> anyhow::Result<String> {
        let answer = iago.post("/messages/render", &[("content", "T-1")]).await?;
        Ok(answer.field("rendered").as_str().unwrap().to_owned())
    };
    assert!(rendered().await?.contains("https://one.example/1"));
    let part = [("ordered_linkifier_ids", &*format!("[{}]", ids[1]))];
    iago.patch("/realm/linkifiers", &part).await?.assert_error(
        400,
        "BAD_REQUEST",
        "The ordered list must enumerate all existing linkifiers exactly once",
    );
    let order = [(
        "ordered_linkifier_ids",
        &*format!("[{},{}]", ids[1], ids[0]),
    )];
    iago.patch("/realm/linkifiers", &order)
        .await?
        .assert_success();
    assert!(rendered().await?.contains("https://two.example/1"));
    app.finish().await
}

#[actix_web::test]
async fn playgrounds_are_managed_by_administrators() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let mut queue = (app.user("hamlet"))
        .register(&[("event_types", r#"["realm_playgrounds"]"#)])
        .await?;
    let new = |template| {
        [
            ("name", "Py"),
            ("pygments_language", "Python"),
            ("url_template", template),
        ]
    };
    for (template, msg) in [
        ("https://x.example/{", "Invalid URL template."),
        (
            "https://x.example/",
            "Missing the required variable \"code\" in the URL template",
        ),
        (
            "https://x.example/{code}{more}",
            "\"code\" should be the only variable present in the URL template",
        ),
    ] {
        let refused = iago.post("/realm/playgrounds", &new(template)).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    let template = "https://python.example.com/{code}";
    let added = iago.post("/realm/playgrounds", &new(template)).await?;
    let id = added.assert_success().field("id").clone();
    let all = json!([{ "id": id, "name": "Py", "pygments_language": "Python", "url_template": template }]);
    let event = queue.next("realm_playgrounds").await?;
    assert_eq!(event["realm_playgrounds"], all);
    iago.post("/realm/playgrounds", &new(template))
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            "Realm playground with this Realm, Pygments language and Name already exists.",
        );
    let path = format!("/realm/playgrounds/{id}");
    iago.delete(&path, &[]).await?.assert_success();
    let event = queue.next("realm_playgrounds").await?;
    assert_eq!(event["realm_playgrounds"], json!([]));
    iago.delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid playground");
    app.finish().await
}

#[actix_web::test]
async fn a_message_with_an_alert_word_is_flagged_for_who_asked() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    hamlet.make_stream("Elsinore", &[othello], &[]).await?;
    let words = [("alert_words", r#"["Yorick"]"#)];
    hamlet
        .post("/users/me/alert_words", &words)
        .await?
        .assert_success();
    let mut queue = hamlet
        .register(&[("event_types", r#"["message"]"#)])
        .await?;
    let id = othello
        .send_to("Elsinore", "skulls", "alas, poor yorick!")
        .await?;
    assert_eq!(
        queue.next("message").await?["flags"],
        json!(["has_alert_word"])
    );
    let flags = async |user: &narrows_testkit::TestUser| -> anyhow::Result<serde_json::Value> {
        let message = user.get(&format!("/messages/{id}"), &[]).await?;
        Ok(message.json["message"]["flags"].clone())
    };
    assert_eq!(flags(hamlet).await?, json!(["has_alert_word"]));
    assert_eq!(flags(othello).await?, json!([]));
    let text = [("content", "alas, poor yoricks!")];
    othello
        .patch(&format!("/messages/{id}"), &text)
        .await?
        .assert_success();
    assert_eq!(
        flags(hamlet).await?,
        json!([]),
        "a part of a word is not the word"
    );
    app.finish().await
}

#[actix_web::test]
async fn settings_of_the_author_and_of_the_realm_change_messages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let rendered = async |content: &str| -> anyhow::Result<String> {
        let answer = hamlet
            .post("/messages/render", &[("content", content)])
            .await?;
        Ok(answer.field("rendered").as_str().unwrap().to_owned())
    };
    assert_eq!(rendered("well :)").await?, "<p>well :)</p>");
    hamlet
        .patch("/settings", &[("translate_emoticons", "true")])
        .await?
        .assert_success();
    assert!(rendered("well :)").await?.contains("emoji-1f642"));

    let picture = "https://example.com/a.png";
    assert!(rendered(picture).await?.contains("message_inline_image"));
    iago.patch("/realm", &[("inline_image_preview", "false")])
        .await?
        .assert_success();
    assert!(!rendered(picture).await?.contains("message_inline_image"));
    app.finish().await
}

#[actix_web::test]
async fn topics_have_links_beside_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    hamlet.make_stream("Verona", &[iago], &[]).await?;
    let ticket = [
        ("pattern", "ORC-(?P<id>[0-9]+)"),
        ("url_template", "https://example.com/{id}"),
    ];
    iago.post("/realm/filters", &ticket).await?.assert_success();
    let mut queue = iago
        .register(&[("event_types", r#"["message", "update_message"]"#)])
        .await?;
    let orc =
        |id: u8| json!({ "text": format!("ORC-{id}"), "url": format!("https://example.com/{id}") });
    let message = hamlet.send_to("Verona", "ORC-12 or ORC-7", "x").await?;
    let event = queue.next("message").await?;
    assert_eq!(event["message"]["topic_links"], json!([orc(12), orc(7)]));
    let path = format!("/messages/{message}");
    let shown = hamlet.get(&path, &[]).await?;
    assert_eq!(
        shown.field("message")["topic_links"],
        json!([orc(12), orc(7)])
    );
    hamlet.send_direct(&[iago], "ORC-1").await?;
    let event = queue.next("message").await?;
    assert_eq!(event["message"]["topic_links"], json!([]));
    let topic = [("topic", "see zulip.com/x, https://example.org")];
    hamlet.patch(&path, &topic).await?.assert_success();
    let bare = json!([
        { "text": "zulip.com/x", "url": "https://zulip.com/x" },
        { "text": "https://example.org", "url": "https://example.org" },
    ]);
    assert_eq!(queue.next("update_message").await?["topic_links"], bare);
    let shown = hamlet.get(&path, &[]).await?;
    assert_eq!(shown.field("message")["topic_links"], bare);
    app.finish().await
}
