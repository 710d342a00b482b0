//! Personal flags: by ids and by narrow.

use narrows_testkit::{Answer, TestApp, TestUser};
use serde_json::{Value, json};

async fn flags_of(user: &TestUser, id: i64) -> anyhow::Result<Vec<Value>> {
    let answer = user.get(&format!("/messages/{id}"), &[]).await?;
    answer.assert_success();
    Ok(answer.field("message")["flags"].as_array().unwrap().clone())
}

async fn flag(user: &TestUser, ids: &[i64], op: &str, flag: &str) -> anyhow::Result<Answer> {
    let messages = json!(ids).to_string();
    let params = [("messages", messages.as_str()), ("op", op), ("flag", flag)];
    user.post("/messages/flags", &params).await
}

#[actix_web::test]
async fn flags_are_set_taken_away_and_told_to_their_owner() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago] = ["hamlet", "iago"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let id = iago.send_to("Verona", "t", "x").await?;
    let only = [("event_types", r#"["update_message_flags"]"#)];
    let mut queue = hamlet.register(&only).await?;
    for name in ["read", "starred", "collapsed"] {
        for (op, there) in [("add", true), ("remove", false)] {
            let done = flag(hamlet, &[id], op, name).await?;
            done.assert_success();
            let event = queue.next("update_message_flags").await?;
            assert_eq!(
                (&event["op"], &event["flag"], &event["messages"]),
                (&json!(op), &json!(name), &json!([id]))
            );
            assert_eq!(
                flags_of(hamlet, id).await?.contains(&json!(name)),
                there,
                "{op} {name}"
            );
        }
    }
    assert!(!flags_of(iago, id).await?.contains(&json!("starred")));
    app.finish().await
}

#[actix_web::test]
async fn flags_of_the_server_and_of_nobody_are_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago] = ["hamlet", "iago"].map(|key| app.user(key));
    hamlet.make_stream("Verona", &[], &[]).await?;
    let id = hamlet.send_to("Verona", "t", "x").await?;
    for (name, msg) in [
        ("mentioned", "Flag not editable: 'mentioned'"),
        ("nonsense", "Invalid flag: 'nonsense'"),
    ] {
        flag(hamlet, &[id], "add", name)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    let msg = "Invalid message flag operation: 'toggle'";
    flag(hamlet, &[id], "toggle", "read")
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let direct = hamlet.send_direct(&[app.user("othello")], "x").await?;
    flag(iago, &[direct], "add", "starred").await?.assert_error(
        400,
        "BAD_REQUEST",
        "Invalid message(s)",
    );
    app.finish().await
}

#[actix_web::test]
async fn a_narrow_is_marked_in_pages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago] = ["hamlet", "iago"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(iago.send_to("Verona", "t", &number.to_string()).await?);
    }
    let other = iago.send_to("Verona", "other", "x").await?;
    let mark = |anchor: String| async move {
        let params = [
            ("anchor", anchor.as_str()),
            ("num_before", "0"),
            ("num_after", "2"),
            (
                "include_anchor",
                if anchor == "oldest" { "true" } else { "false" },
            ),
            ("narrow", r#"[["channel", "Verona"], ["topic", "t"]]"#),
            ("op", "add"),
            ("flag", "read"),
        ];
        hamlet.post("/messages/flags/narrow", &params).await
    };
    let first = mark("oldest".to_owned()).await?;
    first.assert_success();
    let mut updated = first.field("updated_count").as_i64().unwrap();
    assert_eq!(first.field("first_processed_id"), &json!(ids[0]));
    assert_eq!(first.field("found_newest"), &json!(false));
    let mut last = first.field("last_processed_id").to_string();
    loop {
        let page = mark(last.clone()).await?;
        page.assert_success();
        updated += page.field("updated_count").as_i64().unwrap();
        if page.field("found_newest") == &json!(true) {
            break;
        }
        last = page.field("last_processed_id").to_string();
    }
    assert_eq!(updated, 5);
    for id in ids {
        assert!(flags_of(hamlet, id).await?.contains(&json!("read")));
    }
    assert!(!flags_of(hamlet, other).await?.contains(&json!("read")));
    app.finish().await
}

#[actix_web::test]
async fn whole_topics_streams_and_everything_are_read_at_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [hamlet, iago] = ["hamlet", "iago"].map(|key| app.user(key));
    let stream = iago
        .make_stream("Verona", &[hamlet], &[])
        .await?
        .to_string();
    iago.make_stream("Venice", &[hamlet], &[]).await?;
    let topic = iago.send_to("Verona", "t", "x").await?;
    let same = iago.send_to("Verona", "u", "x").await?;
    let other = iago.send_to("Venice", "t", "x").await?;
    let unread = || async {
        let state = hamlet.post("/register", &[]).await?;
        let streams = state.field("unread_msgs")["streams"]
            .as_array()
            .unwrap()
            .clone();
        let mut ids: Vec<i64> = streams
            .iter()
            .flat_map(|stream| stream["unread_message_ids"].as_array().unwrap())
            .map(|id| id.as_i64().unwrap())
            .collect();
        ids.sort_unstable();
        anyhow::Ok(ids)
    };
    let all = unread().await?;
    assert!([topic, same, other].iter().all(|id| all.contains(id)));
    type Call<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [i64]);
    let calls: [Call<'_>; 3] = [
        (
            "/mark_topic_as_read",
            &[("stream_id", &stream), ("topic_name", "T")],
            &[same, other],
        ),
        ("/mark_stream_as_read", &[("stream_id", &stream)], &[other]),
        ("/mark_all_as_read", &[], &[]),
    ];
    for (path, params, left) in calls {
        hamlet.post(path, params).await?.assert_success();
        let unread = unread().await?;
        for id in [topic, same, other] {
            assert_eq!(unread.contains(&id), left.contains(&id), "{path} {id}");
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn what_a_program_sent_is_unread_by_its_sender_wherever_flags_are_told() -> anyhow::Result<()>
{
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("Verona", &[], &[]).await?;
    for (read_by_sender, flags) in [("false", json!([])), ("true", json!(["read"]))] {
        let params = [
            ("type", "stream"),
            ("to", "Verona"),
            ("topic", "t"),
            ("content", "x"),
            ("read_by_sender", read_by_sender),
        ];
        let sent = hamlet.post("/messages", &params).await?;
        let id = sent.assert_success().field("id").clone();
        let mut queue = hamlet
            .register(&[("event_types", r#"["update_message"]"#)])
            .await?;
        let moved = [("topic", format!("moved {read_by_sender}"))];
        let moved: Vec<(&str, &str)> = moved.iter().map(|(a, b)| (*a, b.as_str())).collect();
        hamlet
            .patch(&format!("/messages/{id}"), &moved)
            .await?
            .assert_success();
        assert_eq!(queue.next("update_message").await?["flags"], flags);
    }
    app.finish().await
}
