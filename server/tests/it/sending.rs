//! What sending brings along: read or unread for the sender, topics that are followed, polls.

use narrows_testkit::{Answer, TestApp, TestUser};
use serde_json::{Value, json};

const STREAM: &str = "general";

async fn post(
    user: &TestUser,
    topic: &str,
    content: &str,
    more: &[(&str, &str)],
) -> anyhow::Result<Answer> {
    let mut params = vec![
        ("type", "stream"),
        ("to", STREAM),
        ("topic", topic),
        ("content", content),
    ];
    params.extend(more);
    let answer = user.post("/messages", &params).await?;
    answer.assert_success();
    Ok(answer)
}

async fn message(user: &TestUser, id: &Value) -> anyhow::Result<Value> {
    let answer = user.get(&format!("/messages/{id}"), &[]).await?;
    answer.assert_success();
    Ok(answer.field("message").clone())
}

#[actix_web::test]
async fn a_script_does_not_read_for_its_user() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet.register(&[("event_types", "[\"message\"]")]).await?;
    for (more, flags) in [
        (vec![], json!([])),
        (vec![("read_by_sender", "true")], json!(["read"])),
        (vec![("read_by_sender", "false")], json!([])),
    ] {
        let sent = post(hamlet, "scripts", "x", &more).await?;
        let event = queue.next("message").await?;
        assert_eq!(event["flags"], flags, "{more:?}");
        assert_eq!(
            message(hamlet, sent.field("id")).await?["flags"],
            flags,
            "{more:?}"
        );
    }
    let unread = hamlet.register(&[]).await?.state["unread_msgs"]["count"].clone();
    assert_eq!(unread, 2);
    // A browser shows what one types.
    let request = hamlet.request(reqwest::Method::POST, "/api/v1/messages");
    let typed = [
        ("type", "stream"),
        ("to", STREAM),
        ("topic", "typed"),
        ("content", "x"),
    ];
    let sent = hamlet
        .send(request.header("user-agent", "Mozilla/5.0").form(&typed))
        .await?;
    assert_eq!(
        message(hamlet, sent.assert_success().field("id")).await?["flags"],
        json!(["read"])
    );
    app.finish().await
}

#[actix_web::test]
async fn topics_are_followed_by_who_begins_them_and_who_is_mentioned() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let types = [("event_types", "[\"message\",\"user_topic\"]")];
    let mut of_hamlet = hamlet.register(&types).await?;
    let mut of_othello = othello.register(&types).await?;
    let begun = post(hamlet, "New", "first", &[]).await?;
    assert_eq!(begun.field("automatic_new_visibility_policy"), 3);
    let followed = of_hamlet.event().await?;
    assert_eq!(
        (
            &followed["type"],
            &followed["topic_name"],
            &followed["visibility_policy"]
        ),
        (&json!("user_topic"), &json!("New"), &json!(3))
    );
    assert_eq!(of_hamlet.event().await?["type"], "message");
    assert_eq!(of_othello.event().await?["type"], "message");

    // The topic is there now, whatever its case: nothing changes for those who join.
    let joined = post(othello, "new", "second", &[]).await?;
    assert_eq!(
        joined.field("automatic_new_visibility_policy"),
        &Value::Null
    );
    assert_eq!(of_othello.event().await?["type"], "message");

    post(hamlet, "New", "@**Othello** third", &[]).await?;
    let followed = of_othello.event().await?;
    assert_eq!(
        (&followed["type"], &followed["visibility_policy"]),
        (&json!("user_topic"), &json!(3))
    );
    // Who follows already is not told again.
    post(hamlet, "New", "@**Othello** fourth", &[]).await?;
    assert_eq!(of_othello.event().await?["type"], "message");
    assert_eq!(of_othello.event().await?["type"], "message");
    app.finish().await
}

#[actix_web::test]
async fn polls_are_messages_with_submessages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let mut queue = othello
        .register(&[("event_types", "[\"message\",\"submessage\"]")])
        .await?;
    let sent = post(hamlet, "food", "/poll Lunch?\nPizza\nSoup", &[]).await?;
    let id = sent.field("id");
    let event = queue.next("message").await?;
    let widget = json!({"widget_type": "poll", "extra_data": {"question": "Lunch?", "options": ["Pizza", "Soup"]}});
    let first = &event["message"]["submessages"][0];
    assert_eq!(
        serde_json::from_str::<Value>(first["content"].as_str().unwrap_or_default())?,
        widget
    );
    assert_eq!(
        (&first["message_id"], &first["msg_type"]),
        (id, &json!("widget"))
    );
    assert_eq!(message(othello, id).await?["submessages"], json!([first]));

    let id = id.to_string();
    let say = async |user: &TestUser, content: &str| {
        let params = [
            ("message_id", id.as_str()),
            ("msg_type", "widget"),
            ("content", content),
        ];
        user.post("/submessage", &params).await
    };
    let vote = r#"{"type":"vote","key":"canned,0","vote":1}"#;
    say(othello, vote).await?.assert_success();
    let told = queue.next("submessage").await?;
    assert_eq!(
        (&told["content"], &told["sender_id"]),
        (&json!(vote), &json!(othello.id))
    );
    let there = message(hamlet, sent.field("id")).await?;
    assert_eq!(there["submessages"].as_array().map(Vec::len), Some(2));

    let question = r#"{"type":"question","question":"Dinner?"}"#;
    let msg = "You can't edit a question unless you are the author.";
    say(othello, question)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    say(hamlet, question).await?.assert_success();
    let msg = "Unknown type for poll data: dance";
    say(hamlet, r#"{"type":"dance"}"#)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    say(hamlet, "{")
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid json for submessage");
    let msg = "poll data[\"key\"] is not a string";
    say(hamlet, r#"{"type":"vote","key":7,"vote":1}"#)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    assert_eq!(
        message(hamlet, sent.field("id")).await?["submessages"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );

    // Nobody makes a poll of what somebody else wrote.
    let plain = hamlet.send_to(STREAM, "food", "no poll").await?.to_string();
    let params = [
        ("message_id", plain.as_str()),
        ("msg_type", "widget"),
        ("content", "{}"),
    ];
    let msg = "You cannot attach a submessage to this message.";
    othello
        .post("/submessage", &params)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    app.finish().await
}

#[actix_web::test]
async fn bad_queries_are_told_what_is_bad() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let answer = hamlet
        .get(
            "/messages",
            &[
                ("anchor", "newest"),
                ("num_before", "x"),
                ("num_after", "0"),
            ],
        )
        .await?;
    answer.assert_error(
        400,
        "REQUEST_VARIABLE_INVALID",
        "Bad value for 'num_before': x",
    );
    for (narrow, msg) in [
        ("[[\"bogus\"]]", "narrow[0] should have exactly 2 items"),
        (
            "[[\"is\",\"dm\"],[\"bogus\",\"x\"]]",
            "Operator bogus not supported.",
        ),
    ] {
        hamlet
            .post("/register", &[("narrow", narrow)])
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    let msg = "notification_settings_null key is missing from client_capabilities";
    let given = [("client_capabilities", "{\"empty_topic_name\":true}")];
    hamlet
        .post("/register", &given)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let id = hamlet.send_to(STREAM, "t", "x").await?;
    let moved = hamlet
        .patch(&format!("/messages/{id}"), &[("stream_id", "99999")])
        .await?;
    moved.assert_error(400, "BAD_REQUEST", "Invalid channel ID");
    app.finish().await
}
