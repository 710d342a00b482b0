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
async fn typing_is_told_to_those_who_want_to_know() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello, shiva] =
        ["iago", "hamlet", "othello", "shiva"].map(|key| app.user(key));
    let stream = iago.make_stream("Verona", &[hamlet, othello], &[]).await?;
    let stream = stream.to_string();
    iago.delete(&format!("/users/{}", shiva.id), &[])
        .await?
        .assert_success();
    let only = [
        ("event_types", r#"["typing", "message"]"#),
        (
            "client_capabilities",
            r#"{"notification_settings_null": true, "stream_typing_notifications": true}"#,
        ),
    ];
    let mut wanting = hamlet.register(&only).await?;
    let mut quiet = othello.register(&only).await?;
    let setting = [("receives_typing_notifications", "false")];
    othello.patch("/settings", &setting).await?.assert_success();
    // Who is deactivated belongs to the conversation, too; who types comes last.
    let people = json!([shiva.id, othello.id, hamlet.id]);
    let to = people.to_string();
    let direct = [("op", "start"), ("to", to.as_str())];
    iago.post("/typing", &direct).await?.assert_success();
    let event = wanting.next("typing").await?;
    let told = event["recipients"].as_array().unwrap().iter();
    let told: Vec<_> = told.map(|person| person["user_id"].clone()).collect();
    assert_eq!(
        json!(told),
        json!([shiva.id, othello.id, hamlet.id, iago.id])
    );
    let topic = [
        ("type", "stream"),
        ("op", "start"),
        ("stream_id", stream.as_str()),
        ("topic", "t"),
    ];
    iago.post("/typing", &topic).await?.assert_success();
    assert_eq!(wanting.next("typing").await?["topic"], "t");
    assert_eq!(quiet.until_marker(iago, "Verona").await?.len(), 0);
    app.finish().await
}

#[actix_web::test]
async fn editing_is_told_to_those_who_read_the_message() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    let stream = iago.make_stream("Verona", &[hamlet], &[]).await?;
    iago.make_stream("common", &[hamlet, othello], &[]).await?;
    let only = [("event_types", r#"["typing_edit_message", "message"]"#)];
    let id = iago.send_to("Verona", "t", "draft").await?;
    let direct = iago.send_direct(&[hamlet], "draft").await?;
    let mut inside = hamlet.register(&only).await?;
    let mut outside = othello.register(&only).await?;
    let start = [("op", "start")];
    let path = format!("/messages/{id}/typing");
    iago.post(&path, &start).await?.assert_success();
    let event = inside.next("typing_edit_message").await?;
    let expected = json!({ "type": "channel", "channel_id": stream, "topic": "t" });
    assert_eq!(
        (
            &event["op"],
            &event["sender_id"],
            &event["message_id"],
            &event["recipient"]
        ),
        (&json!("start"), &json!(iago.id), &json!(id), &expected)
    );
    iago.post(&format!("/messages/{direct}/typing"), &[("op", "stop")])
        .await?
        .assert_success();
    let event = inside.next("typing_edit_message").await?;
    assert_eq!(event["recipient"]["type"], "direct");
    let not_own = hamlet.post(&path, &start).await?;
    let msg = "You don't have permission to edit this message";
    not_own.assert_error(400, "BAD_REQUEST", msg);
    let quiet = [("send_stream_typing_notifications", "false")];
    iago.patch("/settings", &quiet).await?.assert_success();
    let msg = "User has disabled typing notifications for channel messages";
    let answer = iago.post(&path, &start).await?;
    answer.assert_error(400, "BAD_REQUEST", msg);
    assert_eq!(outside.until_marker(iago, "common").await?.len(), 0);
    let after = inside.until_marker(iago, "common").await?;
    assert!(
        after.iter().all(|event| event["type"] == "message"),
        "{after:?}"
    );
    app.finish().await
}

#[actix_web::test]
async fn presence_comes_as_each_client_reads_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let simplified = r#"{"notification_settings_null": true, "simplified_presence_events": true}"#;
    let mut new = iago
        .register(&[("client_capabilities", simplified)])
        .await?;
    let mut old = iago.register(&[]).await?;
    hamlet
        .post("/users/me/presence", &[("status", "active")])
        .await?
        .assert_success();
    let event = new.next("presence").await?;
    let own = &event["presences"][hamlet.id.to_string()];
    assert!(own["active_timestamp"].as_i64() > Some(0), "{event}");
    assert_eq!(own["active_timestamp"], own["idle_timestamp"]);
    assert_eq!(event.get("presence"), None);
    let event = old.next("presence").await?;
    assert_eq!(event["presence"]["website"]["status"], "active");
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
    let path = format!("/users/{}/presence", iago.email);
    let msg = format!("No presence data for {}", iago.email);
    hamlet
        .get(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", &msg);
    app.finish().await
}

#[actix_web::test]
async fn presence_is_told_since_the_last_time() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    let report = async |since: &str, days: &str| {
        let params = [
            ("status", "active"),
            ("last_update_id", since),
            ("history_limit_days", days),
        ];
        let answer = iago.post("/users/me/presence", &params).await?;
        answer.assert_success();
        let seen = answer.field("presences").as_object().unwrap();
        let seen: Vec<String> = seen.keys().cloned().collect();
        anyhow::Ok((seen, answer.field("presence_last_update_id").to_string()))
    };
    hamlet
        .post("/users/me/presence", &[("status", "active")])
        .await?
        .assert_success();
    let both = {
        let mut both = [iago, hamlet].map(|user| user.id.to_string());
        both.sort();
        both
    };
    let (seen, last) = report("-1", "14").await?;
    assert_eq!(seen, both);
    let then: i64 = last.parse()?;
    assert_eq!(report(&(then - 60).to_string(), "14").await?.0, both);
    let later = (then + 60).to_string();
    assert_eq!(report(&later, "14").await?.0, Vec::<String>::new());
    app.finish().await
}
