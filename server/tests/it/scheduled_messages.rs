use chrono::{DateTime, TimeDelta, Utc};
use narrows_actions::scheduled::deliver;
use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

fn later(app: &TestApp) -> DateTime<Utc> {
    app.ctx.clock.now() + TimeDelta::hours(2)
}

/// Runs what the worker runs, when everything of these tests is due.
async fn deliver(app: &TestApp) -> anyhow::Result<usize> {
    Ok(deliver::deliver_due(&app.ctx, later(app)).await?)
}

fn in_an_hour(app: &TestApp) -> String {
    (app.ctx.clock.now() + TimeDelta::hours(1))
        .timestamp()
        .to_string()
}

async fn stream(user: &TestUser, name: &str) -> anyhow::Result<i64> {
    let subscriptions = json!([{ "name": name }]).to_string();
    user.post(
        "/users/me/subscriptions",
        &[("subscriptions", &subscriptions)],
    )
    .await?
    .assert_success();
    let answer = user.get("/get_stream_id", &[("stream", name)]).await?;
    Ok(answer.field("stream_id").as_i64().unwrap_or_default())
}

async fn schedule(
    app: &TestApp,
    user: &TestUser,
    to: &Value,
    content: &str,
) -> anyhow::Result<Value> {
    let kind = if to.is_array() { "direct" } else { "channel" };
    let (to, time) = (to.to_string(), in_an_hour(app));
    let params = [
        ("type", kind),
        ("to", to.as_str()),
        ("topic", "sched"),
        ("content", content),
        ("scheduled_delivery_timestamp", &time),
    ];
    let answer = user.post("/scheduled_messages", &params).await?;
    answer.assert_success();
    Ok(answer.field("scheduled_message_id").clone())
}

#[actix_web::test]
async fn a_message_is_sent_at_its_time_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let venice = stream(hamlet, "Venice").await?;
    let mut queue = hamlet.register(&[]).await?;
    let id = schedule(&app, hamlet, &json!(venice), "*later*").await?;
    let event = queue.next("scheduled_messages").await?;
    assert_eq!(event["op"], "add");
    let object = &event["scheduled_messages"][0];
    assert_eq!(
        (
            &object["to"],
            &object["type"],
            &object["topic"],
            &object["failed"]
        ),
        (
            &json!(venice),
            &json!("stream"),
            &json!("sched"),
            &json!(false)
        )
    );
    assert_eq!(object["rendered_content"], "<p><em>later</em></p>");
    let listed = hamlet.get("/scheduled_messages", &[]).await?;
    assert_eq!(&listed.field("scheduled_messages")[0], object);

    assert_eq!(
        deliver::deliver_due(&app.ctx, app.ctx.clock.now()).await?,
        0
    );
    assert_eq!(deliver(&app).await?, 1);
    assert_eq!(deliver(&app).await?, 0);
    let message = queue.next("message").await?;
    assert_eq!(
        (
            &message["message"]["content"],
            &message["message"]["subject"]
        ),
        (&json!("<p><em>later</em></p>"), &json!("sched"))
    );
    assert_eq!(message["message"]["sender_id"], json!(hamlet.id));
    let event = queue.next("scheduled_messages").await?;
    assert_eq!(
        (&event["op"], &event["scheduled_message_id"]),
        (&json!("remove"), &id)
    );
    let sent = hamlet
        .get(
            "/messages",
            &[
                ("anchor", "newest"),
                ("num_before", "10"),
                ("num_after", "0"),
                ("narrow", r#"[{"operator":"topic","operand":"sched"}]"#),
            ],
        )
        .await?;
    assert_eq!(sent.field("messages").as_array().map(Vec::len), Some(1));
    app.finish().await
}

#[actix_web::test]
async fn two_workers_send_each_message_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let othello = json!([app.user("othello").id]);
    for number in 0..6 {
        schedule(&app, hamlet, &othello, &format!("number {number}")).await?;
    }
    let (one, two) = tokio::join!(deliver(&app), deliver(&app));
    assert_eq!(one? + two?, 6);
    let narrow = json!([{ "operator": "dm", "operand": [app.user("othello").id] }]).to_string();
    let sent = hamlet
        .get(
            "/messages",
            &[
                ("anchor", "newest"),
                ("num_before", "20"),
                ("num_after", "0"),
                ("narrow", &narrow),
            ],
        )
        .await?;
    assert_eq!(sent.field("messages").as_array().map(Vec::len), Some(6));
    app.finish().await
}

#[actix_web::test]
async fn what_cannot_be_sent_waits_and_its_author_is_told() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, iago) = (app.user("hamlet"), app.user("iago"));
    let venice = stream(hamlet, "Venice").await?;
    let id = schedule(&app, hamlet, &json!(venice), "too late").await?;
    iago.delete(&format!("/streams/{venice}"), &[])
        .await?
        .assert_success();
    let mut queue = hamlet.register(&[]).await?;
    assert_eq!(deliver(&app).await?, 1);
    let event = queue.next("scheduled_messages").await?;
    assert_eq!(
        (&event["op"], &event["scheduled_message"]["failed"]),
        (&json!("update"), &json!(true))
    );
    let notice = queue.next("message").await?;
    assert_eq!(notice["message"]["type"], "private");
    assert!(notice.to_string().contains("could not be sent"), "{notice}");
    // It is not tried again by itself.
    assert_eq!(deliver(&app).await?, 0);

    let path = format!("/scheduled_messages/{id}");
    let othello = json!([app.user("othello").id]).to_string();
    let elsewhere = [("type", "direct"), ("to", othello.as_str())];
    hamlet.patch(&path, &elsewhere).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Scheduled delivery time must be in the future.",
    );
    let time = in_an_hour(&app);
    let again = [
        elsewhere[0],
        elsewhere[1],
        ("scheduled_delivery_timestamp", time.as_str()),
    ];
    hamlet.patch(&path, &again).await?.assert_success();
    assert_eq!(deliver(&app).await?, 1);
    let message = queue.next("message").await?;
    assert_eq!(message["message"]["content"], "<p>too late</p>");
    app.finish().await
}

#[actix_web::test]
async fn scheduled_messages_are_changed_and_deleted_by_their_author_alone() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let venice = stream(hamlet, "Venice").await?;
    let id = schedule(&app, hamlet, &json!(venice), "later").await?;
    let path = format!("/scheduled_messages/{id}");
    let mut queue = hamlet.register(&[]).await?;
    hamlet
        .patch(&path, &[("content", "later edited")])
        .await?
        .assert_success();
    let event = queue.next("scheduled_messages").await?;
    assert_eq!(
        (
            &event["op"],
            &event["scheduled_message"]["content"],
            &event["scheduled_message"]["topic"]
        ),
        (&json!("update"), &json!("later edited"), &json!("sched"))
    );
    for (params, msg) in [
        (vec![], "Nothing to change"),
        (
            vec![("type", "direct")],
            "Recipient required when updating type of scheduled message.",
        ),
        (
            vec![("type", "stream"), ("to", "1")],
            "Topic required when updating scheduled message type to channel.",
        ),
        (
            vec![("scheduled_delivery_timestamp", "1000")],
            "Scheduled delivery time must be in the future.",
        ),
    ] {
        hamlet
            .patch(&path, &params)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    for other in ["iago", "other-hamlet"] {
        let other = app.user(other);
        let missing = "Scheduled message does not exist";
        other
            .patch(&path, &[("content", "x")])
            .await?
            .assert_error(404, "BAD_REQUEST", missing);
        other
            .delete(&path, &[])
            .await?
            .assert_error(404, "BAD_REQUEST", missing);
    }
    hamlet.delete(&path, &[]).await?.assert_success();
    assert_eq!(queue.next("scheduled_messages").await?["op"], "remove");
    assert_eq!(deliver(&app).await?, 0);
    app.finish().await
}

#[actix_web::test]
async fn a_reminder_comes_from_the_notification_bot() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    stream(hamlet, "Venice").await?;
    let message = hamlet
        .send_to("Venice", "bills", "pay ```this```")
        .await?
        .to_string();
    let mut queue = hamlet.register(&[]).await?;
    let time = in_an_hour(&app);
    let params = [
        ("message_id", message.as_str()),
        ("scheduled_delivery_timestamp", &time),
        ("note", "really"),
    ];
    let made = hamlet.post("/reminders", &params).await?;
    made.assert_success();
    let event = queue.next("reminders").await?;
    let reminder = &event["reminders"][0];
    assert_eq!(
        (&reminder["reminder_id"], &reminder["type"], &reminder["to"]),
        (
            made.field("reminder_id"),
            &json!("private"),
            &json!([hamlet.id])
        )
    );
    assert_eq!(reminder["reminder_target_message_id"].to_string(), message);
    // A reminder is no scheduled message.
    let scheduled = hamlet.get("/scheduled_messages", &[]).await?;
    assert_eq!(scheduled.field("scheduled_messages"), &json!([]));
    assert_eq!(deliver(&app).await?, 1);
    let sent = queue.next("message").await?;
    assert_ne!(sent["message"]["sender_id"], json!(hamlet.id));
    assert!(sent.to_string().contains("really"), "{sent}");
    assert_eq!(queue.next("reminders").await?["op"], "remove");

    // Nobody is reminded of what they cannot read.
    let id = hamlet
        .post(
            "/messages",
            &[
                ("type", "direct"),
                ("to", &json!([app.user("cordelia").id]).to_string()),
                ("content", "secret"),
            ],
        )
        .await?;
    let secret = id.field("id").to_string();
    othello
        .post(
            "/reminders",
            &[
                ("message_id", &secret),
                ("scheduled_delivery_timestamp", &time),
            ],
        )
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid message(s)");
    let made = hamlet.post("/reminders", &params).await?;
    let path = format!("/reminders/{}", made.field("reminder_id"));
    othello
        .delete(&path, &[])
        .await?
        .assert_error(404, "BAD_REQUEST", "Reminder does not exist");
    hamlet.delete(&path, &[]).await?.assert_success();
    assert_eq!(deliver(&app).await?, 0);
    app.finish().await
}
