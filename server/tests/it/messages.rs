//! Sending, editing, moving and deleting messages.

use narrows_testkit::{Params, TestApp};
use serde_json::json;

#[actix_web::test]
async fn what_cannot_be_sent_is_refused_and_leaves_nothing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("Verona", &[], &[]).await?;
    let long_topic = "t".repeat(70);
    let bad: &[(Params<'_>, &str)] = &[
        (
            &[
                ("type", "stream"),
                ("to", "Verona"),
                ("topic", "t"),
                ("content", " "),
            ],
            "Message must not be empty",
        ),
        (
            &[("type", "stream"), ("to", "Verona"), ("content", "x")],
            "Missing topic",
        ),
        (
            &[
                ("type", "stream"),
                ("to", "nowhere"),
                ("topic", "t"),
                ("content", "x"),
            ],
            "Channel 'nowhere' does not exist",
        ),
        (
            &[("type", "direct"), ("to", "[]"), ("content", "x")],
            "Message must have recipients",
        ),
        (
            &[
                ("type", "direct"),
                ("to", r#"["nobody@example.com"]"#),
                ("content", "x"),
            ],
            "Invalid email 'nobody@example.com'",
        ),
        (
            &[
                ("type", "nonsense"),
                ("to", "Verona"),
                ("topic", "t"),
                ("content", "x"),
            ],
            "Invalid type",
        ),
    ];
    for (params, msg) in bad {
        let answer = hamlet.post("/messages", params).await?;
        assert_eq!(
            (answer.status, answer.field("msg")),
            (400, &json!(msg)),
            "{params:?}"
        );
    }
    let before = hamlet
        .get("/users/me", &[])
        .await?
        .field("max_message_id")
        .clone();
    // What is too long is cut, as the API says.
    let id = hamlet
        .send_to("Verona", &long_topic, &"x".repeat(10_001))
        .await?;
    let path = format!("/messages/{id}");
    let sent = hamlet.get(&path, &[("apply_markdown", "false")]).await?;
    let message = sent.field("message");
    assert_eq!(message["subject"].as_str().unwrap().chars().count(), 60);
    assert!(message["subject"].as_str().unwrap().ends_with("..."));
    let content = message["content"].as_str().unwrap();
    assert!(content.chars().count() <= 10_000 && content.ends_with("[message truncated]"));
    assert!(before.as_i64().unwrap() < id);
    app.finish().await
}

#[actix_web::test]
async fn a_message_is_one_event_for_each_recipient_and_none_for_others() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago, othello] = ["hamlet", "iago", "othello"].map(|key| app.user(key));
    hamlet.make_stream("Verona", &[iago], &[]).await?;
    hamlet.make_stream("common", &[iago, othello], &[]).await?;
    let only = [("event_types", r#"["message"]"#)];
    let mut inside = iago.register(&only).await?;
    let mut outside = othello.register(&only).await?;
    let id = hamlet.send_to("Verona", "t", "hello @**Iago**").await?;
    let direct = hamlet.send_direct(&[iago], "psst").await?;
    let seen = inside.until_marker(hamlet, "common").await?;
    let seen: Vec<_> = seen
        .iter()
        .map(|event| (event["message"]["id"].clone(), event["flags"].clone()))
        .collect();
    assert_eq!(
        seen,
        [
            (json!(id), json!(["mentioned"])),
            (json!(direct), json!([]))
        ]
    );
    let others = outside.until_marker(hamlet, "common").await?;
    let topics: Vec<_> = others
        .iter()
        .map(|event| &event["message"]["subject"])
        .collect();
    assert_eq!(topics, ["marker"], "the marker of the other queue alone");
    app.finish().await
}

#[actix_web::test]
async fn a_topic_is_moved_in_part_or_whole_with_its_messages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    iago.make_stream("from", &[hamlet], &[]).await?;
    let to = iago.make_stream("to", &[hamlet], &[]).await?.to_string();
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(hamlet.send_to("from", "talk", text).await?);
    }
    let mut queue = hamlet
        .register(&[("event_types", r#"["update_message"]"#)])
        .await?;
    let quiet = [
        ("send_notification_to_old_thread", "false"),
        ("send_notification_to_new_thread", "false"),
    ];
    let place = |message: &serde_json::Value| {
        (
            message["display_recipient"].clone(),
            message["subject"].clone(),
        )
    };
    for (mode, moved, params) in [
        ("change_one", vec![ids[1]], vec![("topic", "side")]),
        ("change_later", vec![ids[2]], vec![("topic", "late")]),
        (
            "change_all",
            vec![ids[0]],
            vec![("topic", "new"), ("stream_id", to.as_str())],
        ),
    ] {
        let path = format!("/messages/{}", moved[0]);
        let params = [&params[..], &quiet, &[("propagate_mode", mode)]].concat();
        iago.patch(&path, &params).await?.assert_success();
        let event = queue.next("update_message").await?;
        assert_eq!(event["message_ids"], json!(moved), "{mode}: {event}");
        assert_eq!(event["orig_subject"], "talk", "{mode}");
    }
    for (id, stream, topic) in [
        (ids[0], "to", "new"),
        (ids[1], "from", "side"),
        (ids[2], "from", "late"),
    ] {
        let answer = hamlet.get(&format!("/messages/{id}"), &[]).await?;
        assert_eq!(
            place(answer.field("message")),
            (json!(stream), json!(topic))
        );
    }
    app.finish().await
}

#[actix_web::test]
async fn a_move_takes_nobody_where_they_may_not_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    iago.make_stream("open", &[hamlet, othello], &[]).await?;
    let private = [("invite_only", "true")];
    let closed = iago
        .make_stream("closed", &[hamlet], &private)
        .await?
        .to_string();
    let id = hamlet.send_to("open", "talk", "words").await?;
    let mut queue = othello.register(&[]).await?;
    let params = [
        ("stream_id", closed.as_str()),
        ("propagate_mode", "change_all"),
    ];
    let path = format!("/messages/{id}");
    // Othello is not in it, and moves nothing there.
    let refused = othello.patch(&path, &params).await?;
    assert_eq!(refused.status, 400, "{}", refused.text);
    iago.patch(&path, &params).await?.assert_success();
    let event = queue.next("delete_message").await?;
    assert_eq!(
        event["message_ids"].as_array().map(Vec::len).unwrap_or(1),
        1,
        "{event}"
    );
    othello
        .get(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid message(s)");
    hamlet.get(&path, &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn time_limits_hold_for_members() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let id = hamlet.send_to("Verona", "t", "old").await?;
    let age = "UPDATE messages SET sent_at = now() - interval '30 days' WHERE id = $1";
    app.sql().await?.execute(age, &[&id]).await?;
    let path = format!("/messages/{id}");
    let edit = hamlet.patch(&path, &[("content", "new")]).await?;
    edit.assert_error(
        400,
        "BAD_REQUEST",
        "The time limit for editing this message has passed",
    );
    let gone = "The time limit for deleting this message has passed";
    hamlet
        .delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", gone);
    let renamed = hamlet.patch(&path, &[("topic", "new")]).await?;
    assert_eq!(renamed.status, 400, "{}", renamed.text);
    iago.patch(&path, &[("topic", "new")])
        .await?
        .assert_success();
    iago.delete(&path, &[]).await?.assert_success();
    hamlet
        .get(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid message(s)");
    app.finish().await
}

#[actix_web::test]
async fn an_edit_of_something_else_is_noticed() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("Verona", &[], &[]).await?;
    let id = hamlet.send_to("Verona", "t", "one").await?;
    let path = format!("/messages/{id}");
    let wrong = [
        ("content", "two"),
        ("prev_content_sha256", "0".repeat(64).leak() as &str),
    ];
    let answer = hamlet.patch(&path, &wrong).await?;
    assert_eq!(
        answer.field("code"),
        "EXPECTATION_MISMATCH",
        "{}",
        answer.text
    );
    let raw = hamlet.get(&path, &[("apply_markdown", "false")]).await?;
    assert_eq!(raw.field("message")["content"], "one");
    app.finish().await
}
