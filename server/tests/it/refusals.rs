//! What is refused, and in which words: clients show them to people, and scripts compare them.

use narrows_testkit::{Answer, Params, TestApp, TestUser};
use reqwest::Method;
use serde_json::json;

/// Calls, each with what it is told.
type Calls<'a> = &'a [(Method, &'a str, Params<'a>, &'a str)];

async fn refused(user: &TestUser, calls: Calls<'_>) -> anyhow::Result<()> {
    for (method, path, params, msg) in calls {
        let answer: Answer = user.call(method.clone(), path, params).await?;
        assert_eq!(
            (answer.status, answer.field("msg")),
            (400, &json!(msg)),
            "{method} {path} {params:?}"
        );
    }
    Ok(())
}

#[actix_web::test]
async fn of_subscriptions() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello, polonius] =
        ["iago", "hamlet", "othello", "polonius"].map(|key| app.user(key));
    let verona = iago.make_stream("Verona", &[hamlet], &[]).await?;
    let denmark = iago.make_stream("Denmark", &[], &[]).await?;
    iago.delete(&format!("/users/{}", othello.id), &[])
        .await?
        .assert_success();
    let gone = json!([othello.id]).to_string();
    let long = json!([{ "name": "New", "description": "d".repeat(1025) }]).to_string();
    let (post, delete) = (Method::POST, Method::DELETE);
    let subscriptions = "/users/me/subscriptions";
    let properties = "/users/me/subscriptions/properties";
    let property = |stream: i64, name: &str, value: serde_json::Value| {
        json!([{ "stream_id": stream, "property": name, "value": value }]).to_string()
    };
    let unknown = property(99_999, "size", json!(true));
    let unsubscribed = property(denmark, "color", json!("red"));
    let number = property(verona, "color", json!(5));
    let boolean = property(verona, "color", json!(true));
    let msg = format!("Not subscribed to channel id {denmark}");
    let verona = r#"[{"name": "Verona"}]"#;
    refused(
        hamlet,
        &[
            (
                post.clone(),
                subscriptions,
                &[("subscriptions", verona), ("principals", &gone)],
                "User is deactivated",
            ),
            (
                delete.clone(),
                subscriptions,
                &[("subscriptions", r#"["Verona"]"#), ("principals", &gone)],
                "User is deactivated",
            ),
            (
                post.clone(),
                subscriptions,
                &[(
                    "subscriptions",
                    r#"[{"name": "Verona"}, {"name": "New", "color": "red"}]"#,
                )],
                "subscriptions[1][\"color\"] is not a valid hex color code",
            ),
            (
                post.clone(),
                subscriptions,
                &[("subscriptions", &long)],
                "subscriptions[0][\"description\"] is too long (limit: 1024 characters)",
            ),
            (
                Method::PATCH,
                subscriptions,
                &[("add", r#"[{"name": "Verona", "color": "red"}]"#)],
                "add[0][\"color\"] is not a valid hex color code",
            ),
            (
                post.clone(),
                properties,
                &[("subscription_data", &unknown)],
                "Unknown subscription property: size",
            ),
            (
                post.clone(),
                properties,
                &[("subscription_data", &unsubscribed)],
                &msg,
            ),
            (
                post.clone(),
                properties,
                &[("subscription_data", &number)],
                "subscription_data[0][\"value\"] is not an allowed_type",
            ),
            (
                post.clone(),
                properties,
                &[("subscription_data", &boolean)],
                "color is not a string",
            ),
        ],
    )
    .await?;
    let guests = "Not allowed for guest users";
    let all = ("subscribers", "[]");
    refused(
        polonius,
        &[
            (
                post.clone(),
                subscriptions,
                &[("subscriptions", verona)],
                guests,
            ),
            (Method::PATCH, subscriptions, &[("add", verona)], guests),
            (post, "/channels/create", &[("name", "Mine"), all], guests),
        ],
    )
    .await?;
    app.finish().await
}

#[actix_web::test]
async fn of_changed_messages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    let verona = iago.make_stream("Verona", &[hamlet], &[]).await?;
    let to = verona.to_string();
    let message = format!(
        "/messages/{}",
        hamlet.send_to("Verona", "t", "words").await?
    );
    let poll = format!(
        "/messages/{}",
        hamlet.send_to("Verona", "t", "/poll Lunch?").await?
    );
    let direct = format!("/messages/{}", hamlet.send_direct(&[iago], "words").await?);
    let patch = Method::PATCH;
    let nowhere = "Direct messages cannot be moved to channels.";
    refused(
        hamlet,
        &[
            (
                patch.clone(),
                "/messages/99999999",
                &[],
                "Invalid message(s)",
            ),
            (patch.clone(), &message, &[], "Nothing to change"),
            (
                patch.clone(),
                &message,
                &[("topic", " t ")],
                "Nothing to change",
            ),
            (
                patch.clone(),
                &message,
                &[("stream_id", &to)],
                "Nothing to change",
            ),
            (
                patch.clone(),
                &message,
                &[("content", "x"), ("propagate_mode", "change_all")],
                "Invalid propagate_mode without topic edit",
            ),
            (
                patch.clone(),
                &direct,
                &[("topic", "t")],
                "Direct messages cannot have topics.",
            ),
            (patch.clone(), &direct, &[("stream_id", &to)], nowhere),
            (
                patch.clone(),
                &poll,
                &[("content", "x")],
                "Widgets cannot be edited.",
            ),
        ],
    )
    .await?;
    // Where it is already is no mistake beside another text.
    let both = [("content", "other words"), ("topic", "t")];
    hamlet.patch(&message, &both).await?.assert_success();
    // In an archived stream messages are read, and stay as they are.
    let archived = iago.delete(&format!("/streams/{verona}"), &[]).await?;
    archived.assert_success();
    hamlet.get(&message, &[]).await?.assert_success();
    let reactions = format!("{message}/reactions");
    let invalid = "Invalid message(s)";
    refused(
        hamlet,
        &[
            (patch, &message, &[("content", "x")], invalid),
            (Method::DELETE, &message, &[], invalid),
            (
                Method::POST,
                &reactions,
                &[("emoji_name", "smile")],
                invalid,
            ),
        ],
    )
    .await?;
    app.finish().await
}

#[actix_web::test]
async fn of_streams_topics_and_messages_to_come() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let stream = iago.make_stream("Verona", &[], &[]).await?.to_string();
    let path = format!("/streams/{stream}");
    let muted = "/users/me/subscriptions/muted_topics";
    let later = "/scheduled_messages";
    let (kind, content) = (("type", "direct"), ("content", "x"));
    let time = ("scheduled_delivery_timestamp", "4000000000");
    let recipients = "Invalid data type for recipients";
    let (post, patch) = (Method::POST, Method::PATCH);
    let shared = ("history_public_to_subscribers", "false");
    let (topic, add) = (("topic", "t"), ("op", "add"));
    let narrow = "/messages/flags/narrow";
    let flag = [("anchor", "newest"), ("op", "add"), ("flag", "read")];
    let of_flag = |before, after| {
        let counts = [("num_before", before), ("num_after", after)];
        [&flag[..], &counts].concat()
    };
    refused(
        iago,
        &[
            (patch.clone(), &path, &[shared], "Invalid parameters"),
            (
                patch.clone(),
                muted,
                &[topic, add],
                "Missing 'stream_id' argument",
            ),
            (
                patch.clone(),
                muted,
                &[topic, add, ("stream_id", &stream), ("stream", "Verona")],
                "Unsupported parameter combination: stream_id, stream",
            ),
            (
                patch,
                muted,
                &[topic, ("op", "x"), ("stream_id", &stream)],
                "Invalid op",
            ),
            (
                post.clone(),
                later,
                &[kind, content, time, ("to", "\"x\"")],
                recipients,
            ),
            (
                post.clone(),
                later,
                &[kind, content, time, ("to", "[\"x\"]")],
                "Recipient list may only contain user IDs",
            ),
            (
                post.clone(),
                later,
                &[kind, content, time, ("to", "[99999999999]")],
                "Invalid user ID 2147483647",
            ),
            (
                post.clone(),
                narrow,
                &of_flag("x", "0"),
                "Bad value for 'num_before': x",
            ),
            (
                post.clone(),
                narrow,
                &of_flag("0", "-1"),
                "Bad value for 'num_after': -1",
            ),
            (
                post.clone(),
                "/typing",
                &[("type", "stream"), ("op", "start"), topic],
                "Missing channel ID",
            ),
            (
                post,
                "/typing",
                &[
                    ("type", "stream"),
                    ("op", "start"),
                    topic,
                    ("stream_id", "99999"),
                ],
                "Invalid channel ID",
            ),
        ],
    )
    .await?;
    // More than one request can do is no mistake: the answer says how far it went.
    let many = iago.post(narrow, &of_flag("100000", "100000")).await?;
    many.assert_success();
    assert_eq!(many.field("found_newest"), true);
    // What is so already stays so.
    for op in ["add", "add", "remove", "remove"] {
        let params = [topic, ("op", op), ("stream", "verona")];
        iago.patch(muted, &params).await?.assert_success();
    }
    app.finish().await
}
