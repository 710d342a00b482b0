//! Rights in streams given to groups, what the notification bot says of streams, and topics that one follows by writing.

use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

async fn make(user: &TestUser, name: &str, extra: &[(&str, &str)]) -> anyhow::Result<i64> {
    let subscriptions = json!([{ "name": name }]).to_string();
    let mut params = vec![("subscriptions", subscriptions.as_str())];
    params.extend(extra);
    user.post("/users/me/subscriptions", &params)
        .await?
        .assert_success();
    let answer = user.get("/get_stream_id", &[("stream", name)]).await?;
    Ok(answer.field("stream_id").as_i64().unwrap_or_default())
}

async fn say(
    user: &TestUser,
    stream: &str,
    topic: &str,
) -> anyhow::Result<narrows_testkit::Answer> {
    let params = [
        ("type", "stream"),
        ("to", stream),
        ("topic", topic),
        ("content", "x"),
    ];
    user.post("/messages", &params).await
}

fn people(ids: &[narrows_wire::UserId]) -> String {
    json!({ "new": { "direct_members": ids, "direct_subgroups": [] } }).to_string()
}

#[actix_web::test]
async fn a_stream_says_who_sends() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, othello) = (app.user("iago"), app.user("hamlet"), app.user("othello"));
    let id = make(hamlet, "Venice", &[]).await?;
    let path = format!("/streams/{id}");
    let mut queue = othello
        .register(&[("event_types", r#"["stream"]"#)])
        .await?;
    let only = people(&[hamlet.id]);
    hamlet
        .patch(&path, &[("can_send_message_group", &only)])
        .await?
        .assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator",
        );
    iago.patch(&path, &[("can_send_message_group", &only)])
        .await?
        .assert_success();
    let event = queue.next("stream").await?;
    assert_eq!(
        (&event["property"], &event["value"]),
        (
            &json!("can_send_message_group"),
            &json!({ "direct_members": [hamlet.id], "direct_subgroups": [] })
        )
    );
    say(hamlet, "Venice", "t").await?.assert_success();
    for other in [othello, iago] {
        say(other, "Venice", "t").await?.assert_error(
            400,
            "BAD_REQUEST",
            "You do not have permission to post in this channel.",
        );
    }
    // The older setting takes the place of the newer one.
    iago.patch(&path, &[("stream_post_policy", "2")])
        .await?
        .assert_success();
    say(iago, "Venice", "t").await?.assert_success();
    say(hamlet, "Venice", "t").await?.assert_error(
        400,
        "BAD_REQUEST",
        "Only organization administrators can send to this channel.",
    );
    // A group that the older setting can name is told under both names.
    let groups = iago.get("/user_groups", &[]).await?;
    let everyone = groups.field("user_groups").as_array().into_iter().flatten();
    let everyone = everyone
        .into_iter()
        .find(|group| group["name"] == "role:everyone");
    let everyone = everyone
        .map(|group| group["id"].clone())
        .unwrap_or_default();
    iago.patch(&path, &[("can_send_message_group", &everyone.to_string())])
        .await?
        .assert_success();
    let stream = hamlet.get(&path, &[]).await?;
    assert_eq!(
        (
            &stream.field("stream")["stream_post_policy"],
            &stream.field("stream")["can_send_message_group"]
        ),
        (&json!(1), &everyone)
    );
    say(othello, "Venice", "t").await?.assert_success();
    let foreign = people(&[app.user("other-hamlet").id]);
    let msg = format!("Invalid user ID: {}", app.user("other-hamlet").id);
    iago.patch(&path, &[("can_send_message_group", &foreign)])
        .await?
        .assert_error(400, "BAD_REQUEST", &msg);
    app.finish().await
}

#[actix_web::test]
async fn a_stream_says_who_administers_it_and_who_comes_and_goes() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, othello) = (app.user("iago"), app.user("hamlet"), app.user("othello"));
    let cordelia = app.user("cordelia");
    let id = make(hamlet, "Secret", &[("invite_only", "true")]).await?;
    let path = format!("/streams/{id}");
    let list = json!([{ "name": "Secret" }]).to_string();
    let names = json!(["Secret"]).to_string();
    let join = [("subscriptions", list.as_str())];
    othello
        .post("/users/me/subscriptions", &join)
        .await?
        .assert_error(400, "BAD_REQUEST", "Unable to access channel (Secret).");
    iago.patch(
        &path,
        &[("can_administer_channel_group", &people(&[hamlet.id]))],
    )
    .await?
    .assert_success();
    hamlet
        .patch(&path, &[("can_subscribe_group", &people(&[othello.id]))])
        .await?
        .assert_success();
    othello
        .post("/users/me/subscriptions", &join)
        .await?
        .assert_success();
    cordelia
        .post("/users/me/subscriptions", &join)
        .await?
        .assert_error(400, "BAD_REQUEST", "Unable to access channel (Secret).");

    let principals = json!([othello.id]).to_string();
    let remove = [
        ("subscriptions", names.as_str()),
        ("principals", principals.as_str()),
    ];
    hamlet
        .delete("/users/me/subscriptions", &remove)
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    hamlet
        .patch(
            &path,
            &[("can_remove_subscribers_group", &people(&[hamlet.id]))],
        )
        .await?
        .assert_success();
    let removed = hamlet.delete("/users/me/subscriptions", &remove).await?;
    removed.assert_success();
    assert_eq!(removed.field("removed"), &json!(["Secret"]));
    app.finish().await
}

#[actix_web::test]
async fn an_archived_stream_comes_back() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let id = make(hamlet, "Venice", &[]).await?;
    let path = format!("/streams/{id}");
    iago.delete(&path, &[]).await?.assert_success();
    say(hamlet, "Venice", "t").await?.assert_error(
        400,
        "STREAM_DOES_NOT_EXIST",
        "Channel 'Venice' does not exist",
    );
    let mut queue = hamlet.register(&[("event_types", r#"["stream"]"#)]).await?;
    iago.patch(&path, &[("is_archived", "false")])
        .await?
        .assert_success();
    let event = queue.next("stream").await?;
    assert_eq!(
        (&event["op"], &event["streams"][0]["stream_id"]),
        (&json!("create"), &json!(id))
    );
    say(hamlet, "Venice", "t").await?.assert_success();
    iago.patch(&path, &[("is_archived", "false")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Channel is not currently archived.");
    app.finish().await
}

#[actix_web::test]
async fn a_stream_says_which_topics_it_has() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let id = make(hamlet, "Venice", &[]).await?;
    let path = format!("/streams/{id}");
    let only = [("topics_policy", "empty_topic_only")];
    let refused = iago.patch(&path, &only).await?;
    assert_eq!(
        (refused.status, refused.field("code")),
        (400, &json!("CANNOT_SET_TOPICS_POLICY_TO_EMPTY_TOPIC_ONLY")),
        "there is a topic of events"
    );
    iago.post(
        &format!("{path}/delete_topic"),
        &[("topic_name", "channel events")],
    )
    .await?
    .assert_success();
    for (policy, topic, sent) in [
        ("empty_topic_only", "", true),
        ("empty_topic_only", "t", false),
        ("inherit", "", true),
        ("disable_empty_topic", "", false),
        ("disable_empty_topic", "t", true),
    ] {
        iago.patch(&path, &[("topics_policy", policy)])
            .await?
            .assert_success();
        let answer = say(hamlet, "Venice", topic).await?;
        assert_eq!(
            answer.status == 200,
            sent,
            "{policy} {topic:?}: {}",
            answer.text
        );
        if !sent {
            assert_eq!(answer.field("code"), "TOPICS_POLICY");
        }
    }
    iago.patch(&path, &[("topics_policy", "x")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid topics_policy");
    let message = say(hamlet, "Venice", "t").await?.field("id").clone();
    let message = format!("/messages/{message}");
    let renamed = hamlet.patch(&message, &[("topic", "")]).await?;
    assert_eq!(
        renamed.field("code"),
        "TOPICS_POLICY",
        "nor do messages go there later"
    );
    app.finish().await
}

#[actix_web::test]
async fn a_stream_may_say_who_begins_topics() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let id = make(iago, "Venice", &[]).await?;
    let mine = [("subscriptions", r#"[{"name": "Venice"}]"#)];
    hamlet
        .post("/users/me/subscriptions", &mine)
        .await?
        .assert_success();
    iago.send_to("Venice", "there", "x").await?;
    let only = json!({ "new": { "direct_members": [iago.id], "direct_subgroups": [] } });
    let change = [("can_create_topic_group", &*only.to_string())];
    iago.patch(&format!("/streams/{id}"), &change)
        .await?
        .assert_success();
    say(hamlet, "Venice", "THERE").await?.assert_success();
    say(iago, "Venice", "new").await?.assert_success();
    let msg = "You do not have permission to create new topics in this channel.";
    say(hamlet, "Venice", "newer")
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let message = hamlet.send_to("Venice", "there", "x").await?;
    let path = format!("/messages/{message}");
    hamlet
        .patch(&path, &[("topic", "newer")])
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let resolved = [("topic", "✔ there"), ("propagate_mode", "change_all")];
    hamlet.patch(&path, &resolved).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn what_people_want_of_a_topic_moves_with_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    let venice = iago.make_stream("Venice", &[hamlet, othello], &[]).await?;
    let private = [("invite_only", "true")];
    let secret = iago.make_stream("secret", &[hamlet], &private).await?;
    let quiet = [("automatically_follow_topics_policy", "4")];
    iago.patch("/settings", &quiet).await?.assert_success();
    let want =
        async |user: &TestUser, stream: i64, topic: &str, policy: &str| -> anyhow::Result<()> {
            let stream = stream.to_string();
            let params = [
                ("stream_id", stream.as_str()),
                ("topic", topic),
                ("visibility_policy", policy),
            ];
            user.post("/user_topics", &params).await?.assert_success();
            Ok(())
        };
    let wanted = async |user: &TestUser| -> anyhow::Result<Vec<Value>> {
        let state = user.register(&[]).await?.state;
        let topics = state["user_topics"].as_array().cloned().unwrap_or_default();
        Ok(topics
            .iter()
            .map(|one| {
                json!([
                    one["stream_id"],
                    one["topic_name"],
                    one["visibility_policy"]
                ])
            })
            .collect())
    };
    let message = iago.send_to("Venice", "t", "x").await?;
    iago.send_to("Venice", "there", "x").await?;
    want(hamlet, venice, "t", "3").await?;
    want(othello, venice, "t", "1").await?;
    want(othello, venice, "there", "2").await?;
    let mut queue = hamlet.register(&[]).await?;
    let all = async |params: &[(&str, &str)]| -> anyhow::Result<()> {
        let mut params = params.to_vec();
        params.push(("propagate_mode", "change_all"));
        let path = format!("/messages/{message}");
        iago.patch(&path, &params).await?.assert_success();
        Ok(())
    };
    all(&[("topic", "✔ t")]).await?;
    let events = [
        queue.next("user_topic").await?,
        queue.next("user_topic").await?,
    ];
    let told = events.map(|event| {
        (
            event["topic_name"].clone(),
            event["visibility_policy"].clone(),
        )
    });
    assert_eq!(told, [(json!("t"), json!(0)), (json!("✔ t"), json!(3))]);
    assert_eq!(wanted(hamlet).await?, [json!([venice, "✔ t", 3])]);
    all(&[("topic", "there")]).await?;
    assert_eq!(wanted(hamlet).await?, [json!([venice, "there", 3])]);
    assert_eq!(
        wanted(othello).await?,
        [json!([venice, "there", 2])],
        "of both, the more visible"
    );
    let secret = secret.to_string();
    all(&[("stream_id", secret.as_str())]).await?;
    assert_eq!(wanted(othello).await?, Vec::<Value>::new(), "out of sight");
    assert_eq!(wanted(hamlet).await?.len(), 1);
    app.finish().await
}

#[actix_web::test]
async fn resolving_is_news_to_those_who_want_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let keys = ["iago", "hamlet", "othello", "cordelia"];
    let [iago, hamlet, othello, cordelia] = keys.map(|key| app.user(key));
    let people = [hamlet, othello, cordelia];
    iago.make_stream("Venice", &people, &[]).await?;
    let never = [("resolved_topic_notice_auto_read_policy", "never")];
    cordelia.patch("/settings", &never).await?.assert_success();
    let quiet = [("automatically_follow_topics_policy", "4")];
    for user in [iago, hamlet, othello, cordelia] {
        user.patch("/settings", &quiet).await?.assert_success();
    }
    let message = iago.send_to("Venice", "t", "x").await?;
    othello.send_to("Venice", "t", "x").await?;
    let id = hamlet
        .get("/get_stream_id", &[("stream", "Venice")])
        .await?;
    let id = id.field("stream_id").to_string();
    let follow = [
        ("stream_id", id.as_str()),
        ("topic", "t"),
        ("visibility_policy", "3"),
    ];
    hamlet.post("/user_topics", &follow).await?.assert_success();
    for user in people {
        user.post("/mark_all_as_read", &[]).await?.assert_success();
    }
    // Who has the newest message unread: by its event, by the page, and by what is counted.
    let unread_by = async |topic: &str| -> anyhow::Result<Vec<String>> {
        let mut queues = Vec::new();
        for user in people {
            queues.push((user, user.register(&[]).await?));
        }
        let path = format!("/messages/{message}");
        let rename = [("topic", topic), ("propagate_mode", "change_all")];
        iago.patch(&path, &rename).await?.assert_success();
        let mut unread = Vec::new();
        for (user, mut queue) in queues {
            let event = queue.next("message").await?;
            let is_unread = event["flags"] == json!([]);
            let notice = event["message"]["id"].clone();
            let page = user.get(&format!("/messages/{notice}"), &[]).await?;
            assert_eq!(page.field("message")["flags"], event["flags"]);
            let state = user.register(&[]).await?.state;
            assert_eq!(state["unread_msgs"]["count"], json!(i32::from(is_unread)));
            let receipts = format!("/messages/{notice}/read_receipts");
            let receipts = iago.get(&receipts, &[]).await?.field("user_ids").clone();
            let has_read = receipts
                .as_array()
                .is_some_and(|all| all.contains(&json!(user.id)));
            assert_eq!(has_read, !is_unread);
            user.post("/mark_all_as_read", &[]).await?.assert_success();
            if is_unread {
                unread.push(user.email.clone());
            }
        }
        Ok(unread)
    };
    let followers = [hamlet.email.clone(), cordelia.email.clone()];
    assert_eq!(
        unread_by("✔ t").await?,
        followers,
        "who follows, who always wants to"
    );
    assert_eq!(
        unread_by("t").await?,
        std::slice::from_ref(&othello.email),
        "who takes part"
    );
    app.finish().await
}

fn texts(events: &[Value]) -> Vec<(&str, &str)> {
    let messages = events.iter().filter(|event| event["type"] == "message");
    messages
        .map(|event| {
            let message = &event["message"];
            (
                message["subject"].as_str().unwrap_or_default(),
                message["content"].as_str().unwrap_or_default(),
            )
        })
        .collect()
}

#[actix_web::test]
async fn the_notification_bot_tells_of_streams() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, othello) = (app.user("iago"), app.user("othello"));
    let raw = [("apply_markdown", "false")];
    let mut queue = othello.register(&raw).await?;
    let principals = json!([iago.id, othello.id]).to_string();
    let id = make(iago, "Venice", &[("principals", &principals)]).await?;
    let path = format!("/streams/{id}");
    iago.patch(&path, &[("new_name", "Verona")])
        .await?
        .assert_success();
    iago.patch(&path, &[("description", "new *text*")])
        .await?
        .assert_success();
    make(iago, "Padua", &[]).await?;
    let only = json!([othello.id]).to_string();
    make(iago, "Padua", &[("principals", &only)]).await?;
    let events = queue.until_marker(iago, "general").await?;
    let who = format!("@_**Iago|{}**", iago.id);
    assert_eq!(
        texts(&events),
        [
            (
                "channel events",
                format!("**Public** channel created by {who}. **Description:**\n```` quote\n*No description.*\n````").as_str()
            ),
            (
                "channel events",
                format!("{who} renamed channel **Venice** to **Verona**.").as_str()
            ),
            (
                "channel events",
                format!(
                    "{who} changed the description for this channel.\n\n* **Old description:**\n```` quote\n*No description.*\n````\n* **New description:**\n```` quote\nnew *text*\n````"
                )
                .as_str()
            ),
            (
                "",
                format!("@**Iago|{}** subscribed you to the channel #**Padua**.", iago.id).as_str()
            ),
        ]
    );
    app.finish().await
}

#[actix_web::test]
async fn topics_are_followed_by_starting_them_and_by_being_mentioned() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let mut own = hamlet.register(&[]).await?;
    let mut other = othello.register(&[]).await?;
    hamlet.send_to("general", "Denmark", "rotten").await?;
    let event = own.next("user_topic").await?;
    assert_eq!(
        (&event["topic_name"], &event["visibility_policy"]),
        (&json!("Denmark"), &json!(3))
    );
    // Writing in a topic that is there changes nothing by default; being mentioned does.
    othello.send_to("general", "denmark", "indeed").await?;
    hamlet
        .send_to("general", "Denmark", "@**Othello** speak")
        .await?;
    let events = other.until_marker(hamlet, "general").await?;
    let types: Vec<&str> = events
        .iter()
        .filter_map(|event| event["type"].as_str())
        .collect();
    assert_eq!(
        types,
        [
            "message",
            "message",
            "muted_topics",
            "user_topic",
            "message"
        ]
    );

    // What somebody set by hand stays.
    let stream = own.state["streams"][0]["stream_id"].to_string();
    let mute = [
        ("stream_id", stream.as_str()),
        ("topic", "quiet"),
        ("visibility_policy", "1"),
    ];
    othello.post("/user_topics", &mute).await?.assert_success();
    other.next("user_topic").await?;
    hamlet.send_to("general", "quiet", "@**Othello**").await?;
    othello.send_to("general", "quiet", "what").await?;
    let events = other.until_marker(hamlet, "general").await?;
    assert!(
        !events.iter().any(|event| event["type"] == "user_topic"),
        "{events:?}"
    );

    // Who wants so follows whatever they write in, or react to.
    let id = othello.send_to("general", "cyprus", "x").await?;
    let cordelia = app.user("cordelia");
    let mut third = cordelia.register(&[]).await?;
    cordelia
        .patch("/settings", &[("automatically_follow_topics_policy", "1")])
        .await?
        .assert_success();
    cordelia
        .post(
            &format!("/messages/{id}/reactions"),
            &[("emoji_name", "car")],
        )
        .await?
        .assert_success();
    let event = third.next("user_topic").await?;
    assert_eq!(
        (&event["topic_name"], &event["visibility_policy"]),
        (&json!("cyprus"), &json!(3))
    );
    app.finish().await
}

#[actix_web::test]
async fn a_stream_has_a_colour_that_no_other_has() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    for name in ["first room", "second room", "third room"] {
        hamlet.make_stream(name, &[], &[]).await?;
    }
    let mine = hamlet.get("/users/me/subscriptions", &[]).await?;
    let mine = mine.field("subscriptions").as_array().unwrap();
    let colors: std::collections::BTreeSet<_> = mine
        .iter()
        .map(|one| one["color"].as_str().unwrap())
        .collect();
    assert!(mine.len() > 3);
    assert_eq!(colors.len(), mine.len());
    app.finish().await
}
