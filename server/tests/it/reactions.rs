//! Reactions, typing and presence.

use narrows_testkit::{Params, TestApp};
use serde_json::json;

#[actix_web::test]
async fn a_reaction_is_there_once_and_goes_away() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let id = iago.send_to("Verona", "t", "x").await?;
    let mut queue = iago.register(&[("event_types", r#"["reaction"]"#)]).await?;
    let path = format!("/messages/{id}/reactions");
    let tada = [("emoji_name", "tada")];
    hamlet.post(&path, &tada).await?.assert_success();
    let event = queue.next("reaction").await?;
    assert_eq!(
        (
            &event["op"],
            &event["message_id"],
            &event["user_id"],
            &event["emoji_code"]
        ),
        (
            &json!("add"),
            &json!(id),
            &json!(hamlet.id),
            &json!("1f389")
        )
    );
    hamlet.post(&path, &tada).await?.assert_error(
        400,
        "REACTION_ALREADY_EXISTS",
        "Reaction already exists.",
    );
    iago.delete(&path, &tada).await?.assert_error(
        400,
        "REACTION_DOES_NOT_EXIST",
        "Reaction doesn't exist.",
    );
    hamlet.delete(&path, &tada).await?.assert_success();
    assert_eq!(queue.next("reaction").await?["op"], "remove");
    let message = hamlet.get(&format!("/messages/{id}"), &[]).await?;
    assert_eq!(message.field("message")["reactions"], json!([]));
    let bad: &[(Params<'_>, &str)] = &[
        (
            &[("emoji_name", "nonsense")],
            "Emoji 'nonsense' does not exist",
        ),
        (
            &[("emoji_name", "tada"), ("emoji_code", "1f600")],
            "Invalid emoji name.",
        ),
        (
            &[("emoji_name", "tada"), ("reaction_type", "nonsense")],
            "Invalid emoji type.",
        ),
    ];
    for (params, msg) in bad {
        hamlet
            .post(&path, params)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn typing_is_told_to_those_who_are_written_to() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    let stream = iago
        .make_stream("Verona", &[hamlet], &[])
        .await?
        .to_string();
    iago.make_stream("common", &[hamlet, othello], &[]).await?;
    let only = [
        ("event_types", r#"["typing", "message"]"#),
        (
            "client_capabilities",
            r#"{"notification_settings_null": true, "stream_typing_notifications": true}"#,
        ),
    ];
    let mut inside = hamlet.register(&only).await?;
    let mut outside = othello.register(&only).await?;
    let people = json!([hamlet.id]).to_string();
    let direct = [("op", "start"), ("to", people.as_str())];
    iago.post("/typing", &direct).await?.assert_success();
    let event = inside.next("typing").await?;
    assert_eq!(
        (
            &event["op"],
            &event["sender"]["user_id"],
            &event["message_type"]
        ),
        (&json!("start"), &json!(iago.id), &json!("direct"))
    );
    let topic = [
        ("type", "stream"),
        ("op", "stop"),
        ("stream_id", stream.as_str()),
        ("topic", "t"),
    ];
    iago.post("/typing", &topic).await?.assert_success();
    let event = inside.next("typing").await?;
    assert_eq!(
        (&event["op"], &event["topic"]),
        (&json!("stop"), &json!("t"))
    );
    assert_eq!(outside.until_marker(iago, "common").await?.len(), 0);
    for (params, msg) in [
        (
            &[("op", "nonsense"), ("to", people.as_str())][..],
            "Invalid op",
        ),
        (&[("op", "start"), ("to", "[]")], "Empty 'to' list"),
    ] {
        let answer = iago.post("/typing", params).await?;
        assert_eq!((answer.status, answer.field("msg")), (400, &json!(msg)));
    }
    app.finish().await
}

#[actix_web::test]
async fn presence_is_seen_in_the_realm_and_nowhere_else() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    let active = [("status", "active"), ("slim_presence", "true")];
    hamlet
        .post("/users/me/presence", &active)
        .await?
        .assert_success();
    let of_one = iago
        .get(&format!("/users/{}/presence", hamlet.id), &[])
        .await?;
    assert_eq!(of_one.field("presence")["aggregated"]["status"], "active");
    let realm = iago.get("/realm/presence", &[]).await?;
    assert_ne!(realm.field("presences")[hamlet.email.as_str()], json!(null));
    let stranger = app.user("other-iago");
    let elsewhere = stranger.get("/realm/presence", &[]).await?;
    assert_eq!(
        elsewhere.field("presences")[hamlet.email.as_str()],
        json!(null)
    );
    hamlet
        .post("/users/me/presence", &[("status", "nonsense")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid status: nonsense");
    app.finish().await
}
