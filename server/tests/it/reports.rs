//! Telling moderators of a message that should not be there.

use narrows_testkit::TestApp;

#[actix_web::test]
async fn reports_go_to_the_stream_that_the_realm_has_for_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, othello) = (app.user("iago"), app.user("hamlet"), app.user("othello"));
    iago.make_stream("open", &[hamlet, othello], &[]).await?;
    let id = othello.send_to("open", "t", "bad ``` words").await?;
    let path = format!("/messages/{id}/report");
    let spam = [("report_type", "spam"), ("description", "look")];
    let nowhere = hamlet.post(&path, &spam).await?;
    let msg = "Moderation request channel must be specified to enable message reporting.";
    nowhere.assert_error(400, "BAD_REQUEST", msg);
    let place = iago
        .make_stream("moderation", &[], &[("invite_only", "true")])
        .await?;
    let place = place.to_string();
    let setting = [("moderation_request_channel_id", place.as_str())];
    iago.patch("/realm", &setting).await?.assert_success();
    let mut queue = iago
        .register(&[
            ("event_types", r#"["message"]"#),
            ("apply_markdown", "false"),
        ])
        .await?;
    hamlet.post(&path, &spam).await?.assert_success();
    let event = queue.next("message").await?;
    let message = &event["message"];
    assert_eq!(message["subject"], "Othello's moderation requests");
    let content = message["content"].as_str().unwrap_or_default();
    let start = format!("@_**King Hamlet|{}** reported a [message](", hamlet.id);
    assert!(content.starts_with(&start), "{content}");
    for part in [
        "Reason: **Spam**",
        "```quote\nlook\n```",
        "bad ``` words\n````",
        &id.to_string(),
    ] {
        assert!(content.contains(part), "{part}: {content}");
    }
    for (params, msg) in [
        (("other", ""), "An explanation is required."),
        (("boring", "x"), "Invalid report_type"),
    ] {
        let params = [("report_type", params.0), ("description", params.1)];
        let refused = hamlet.post(&path, &params).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    let long = "x".repeat(1001);
    let params = [("report_type", "spam"), ("description", long.as_str())];
    let refused = hamlet.post(&path, &params).await?;
    let msg = "description is too long (limit: 1000 characters)";
    refused.assert_error(400, "BAD_REQUEST", msg);
    app.finish().await
}

#[actix_web::test]
async fn only_what_one_can_read_is_reported() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, othello) = (app.user("iago"), app.user("hamlet"), app.user("othello"));
    let place = iago.make_stream("moderation", &[], &[]).await?.to_string();
    let setting = [("moderation_request_channel_id", place.as_str())];
    iago.patch("/realm", &setting).await?.assert_success();
    let id = othello.send_direct(&[iago], "between us").await?;
    let path = format!("/messages/{id}/report");
    let spam = [("report_type", "spam")];
    let refused = hamlet.post(&path, &spam).await?;
    refused.assert_error(400, "BAD_REQUEST", "Invalid message(s)");
    iago.post(&path, &spam).await?.assert_success();
    app.finish().await
}
