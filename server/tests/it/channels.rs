//! Making a stream under its newer name.

use narrows_testkit::TestApp;
use serde_json::{Value, json};

#[actix_web::test]
async fn a_channel_is_made_with_all_that_it_is_to_be() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello, cordelia) = (
        app.user("hamlet"),
        app.user("othello"),
        app.user("cordelia"),
    );
    let types = [("event_types", r#"["stream", "subscription"]"#)];
    let mut queue = othello.register(&types).await?;
    let subscribers = json!([othello.id]).to_string();
    let senders = json!({ "direct_members": [othello.id], "direct_subgroups": [] });
    let given = senders.to_string();
    let params = [
        ("name", "Venice"),
        ("description", "A *city*"),
        ("subscribers", subscribers.as_str()),
        ("topics_policy", "empty_topic_only"),
        ("can_send_message_group", &given),
    ];
    let made = hamlet.post("/channels/create", &params).await?;
    let id = made.assert_success().field("id").clone();
    let event = queue.next("stream").await?;
    let stream = &event["streams"][0];
    let got = (&event["op"], &stream["stream_id"], &stream["topics_policy"]);
    assert_eq!(got, (&json!("create"), &id, &json!("empty_topic_only")));
    assert_eq!(stream["can_send_message_group"], senders);
    let event = queue.next("subscription").await?;
    assert_eq!(event["op"], "add");
    let shown = hamlet.get(&format!("/streams/{id}/members"), &[]).await?;
    // Who makes it is not subscribed unless they say so.
    assert_eq!(shown.field("subscribers"), &json!([othello.id]));
    for (user, allowed) in [(othello, true), (cordelia, false)] {
        let params = [
            ("type", "stream"),
            ("to", "Venice"),
            ("topic", ""),
            ("content", "x"),
        ];
        let sent = user.post("/messages", &params).await?;
        assert_eq!(sent.status == 200, allowed, "{}", sent.text);
    }
    app.finish().await
}

#[actix_web::test]
async fn a_channel_is_made_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("Venice", &[], &[]).await?;
    let params = [("name", "venice"), ("subscribers", "[]")];
    let again = hamlet.post("/channels/create", &params).await?;
    let msg = "Channel 'venice' already exists";
    let code = "CHANNEL_ALREADY_EXISTS";
    let again = again.assert_error(409, code, msg);
    assert_eq!(again.field("channel_name"), "venice");
    let nobody = [("name", "Verona"), ("subscribers", "[9000000]")];
    let refused = hamlet.post("/channels/create", &nobody).await?;
    refused.assert_error(400, "BAD_REQUEST", "No such user");
    let streams = hamlet.get("/streams", &[]).await?;
    let names = streams.field("streams").as_array().cloned();
    let there = |name: &str| {
        let mut all = names.iter().flatten();
        all.any(|stream: &Value| stream["name"] == name)
    };
    assert!(there("Venice") && !there("Verona"), "{}", streams.text);
    app.finish().await
}
