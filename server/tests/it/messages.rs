//! Sending, editing, moving and deleting messages.

use narrows_testkit::{Params, TestApp, TestUser};
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
async fn members_move_what_is_young_enough() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let to = iago.make_stream("Denmark", &[hamlet], &[]).await?;
    let to = to.to_string();
    let mut ids = Vec::new();
    for content in ["one", "two", "three"] {
        ids.push(hamlet.send_to("Verona", "t", content).await?);
    }
    let age = "UPDATE messages SET sent_at = now() - interval '30 days' WHERE id = $1";
    app.sql().await?.execute(age, &[&ids[0]]).await?;
    let (old, young) = (
        format!("/messages/{}", ids[0]),
        format!("/messages/{}", ids[2]),
    );
    let all = ("propagate_mode", "change_all");
    let somewhere = [("topic", "new"), ("stream_id", to.as_str())];
    let msg = "The time limit for editing this message's topic has passed.";
    for params in [
        &[("topic", "new")][..],
        &somewhere,
        &[("topic", "new"), all],
    ] {
        let refused = hamlet.patch(&old, params).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    let msg = "The time limit for editing this message's channel has passed";
    let refused = hamlet.patch(&old, &somewhere[1..]).await?;
    refused.assert_error(400, "BAD_REQUEST", msg);

    // One message of the topic is too old to go along.
    let msg = "You only have permission to move the 2/3 most recent messages in this topic.";
    for params in [[("topic", "new"), all], [("stream_id", &to), all]] {
        let refused = hamlet.patch(&young, &params).await?;
        refused.assert_error(400, "MOVE_MESSAGES_TIME_LIMIT_EXCEEDED", msg);
        assert_eq!(
            (
                refused.field("first_message_id_allowed_to_move"),
                refused.field("total_messages_allowed_to_move"),
                refused.field("total_messages_in_topic"),
            ),
            (&json!(ids[1]), &json!(2), &json!(3))
        );
    }
    let later = [("topic", "new"), ("propagate_mode", "change_later")];
    hamlet.patch(&young, &later).await?.assert_success();
    // Resolving is no move, and moderators move everything.
    let resolve = [("topic", "✔ t"), all];
    hamlet.patch(&old, &resolve).await?.assert_success();
    let shiva = app.user("shiva");
    shiva
        .patch(&old, &[("topic", "u"), all])
        .await?
        .assert_success();
    // Without a limit for moving there is none for one's own, whatever holds for their text.
    let unlimited = [("move_messages_within_stream_limit_seconds", "\"unlimited\"")];
    app.user("desdemona")
        .patch("/realm", &unlimited)
        .await?
        .assert_success();
    hamlet
        .patch(&old, &[("topic", "v"), all])
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn what_ones_bots_say_is_deleted_as_what_one_says() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet, othello], &[]).await?;
    let params = [("full_name", "Helper"), ("short_name", "helper")];
    let bot = hamlet.post("/bots", &params).await?;
    bot.assert_success();
    let id = iago.send_to("Verona", "t", "words").await?;
    let own = format!(
        "UPDATE messages SET sender_id = {} WHERE id = $1",
        bot.field("user_id")
    );
    app.sql().await?.execute(&own, &[&id]).await?;
    let path = format!("/messages/{id}");
    let msg = "You don't have permission to delete this message";
    othello
        .delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    hamlet.delete(&path, &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn receipts_leave_out_who_is_muted() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello, shiva] =
        ["iago", "hamlet", "othello", "shiva"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet, othello, shiva], &[])
        .await?;
    let id = iago.send_to("Verona", "t", "words").await?;
    for reader in [hamlet, othello, shiva] {
        reader
            .post("/mark_all_as_read", &[])
            .await?
            .assert_success();
    }
    let mute = |who: &TestUser| format!("/users/me/muted_users/{}", who.id);
    iago.post(&mute(othello), &[]).await?.assert_success();
    shiva.post(&mute(iago), &[]).await?.assert_success();
    let path = format!("/messages/{id}/read_receipts");
    for (viewer, seen) in [
        (iago, vec![hamlet.id]),
        (hamlet, vec![shiva.id, hamlet.id, othello.id]),
    ] {
        let mut seen: Vec<i32> = seen.into_iter().map(|id| id.0).collect();
        seen.sort_unstable();
        let answer = viewer.get(&path, &[]).await?;
        assert_eq!(answer.field("user_ids"), &json!(seen), "{}", viewer.email);
    }
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
