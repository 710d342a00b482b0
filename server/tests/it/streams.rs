//! Streams, subscriptions and topics.

use narrows_testkit::{Params, TestApp, TestUser};
use serde_json::{Value, json};

/// Names of the streams that a listing shows.
async fn listed(user: &TestUser, params: Params<'_>) -> anyhow::Result<Vec<String>> {
    let answer = user.get("/streams", params).await?;
    answer.assert_success();
    let streams = answer.field("streams").as_array().unwrap();
    let mut names: Vec<String> = streams
        .iter()
        .map(|stream| stream["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    Ok(names)
}

#[actix_web::test]
async fn who_sees_which_streams() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [desdemona, hamlet, polonius] =
        ["desdemona", "hamlet", "polonius"].map(|key| app.user(key));
    desdemona.make_stream("public", &[], &[]).await?;
    desdemona
        .make_stream("private", &[], &[("invite_only", "true")])
        .await?;
    desdemona
        .make_stream("web", &[], &[("is_web_public", "true")])
        .await?;
    desdemona
        .make_stream("ours", &[hamlet, polonius], &[("invite_only", "true")])
        .await?;
    let without_default = |names: Vec<String>| -> Vec<String> {
        let made = ["ours", "private", "public", "web"];
        names
            .into_iter()
            .filter(|name| made.contains(&name.as_str()))
            .collect()
    };
    for (user, params, expected) in [
        (hamlet, &[][..], &["ours", "public", "web"][..]),
        (hamlet, &[("include_public", "false")], &["ours"]),
        (
            hamlet,
            &[("include_subscribed", "false")],
            &["public", "web"],
        ),
        (polonius, &[], &["ours"]),
        (
            polonius,
            &[("include_web_public", "true")],
            &["ours", "web"],
        ),
        (
            desdemona,
            &[("include_all", "true")],
            &["ours", "private", "public", "web"],
        ),
    ] {
        let names = without_default(listed(user, params).await?);
        assert_eq!(names, expected, "{} {params:?}", user.email);
    }
    let all = hamlet.get("/streams", &[("include_all", "true")]).await?;
    all.assert_error(400, "BAD_REQUEST", "User not authorized for this query");
    app.finish().await
}

#[actix_web::test]
async fn subscribing_makes_joins_and_tells() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    let only = [("event_types", r#"["subscription", "stream"]"#)];
    let mut queue = hamlet.register(&only).await?;
    let id = iago.make_stream("Verona", &[hamlet], &[]).await?;
    let mut seen = Vec::new();
    while seen.len() < 2 {
        let event = queue.event().await?;
        let op = (event["type"].clone(), event["op"].clone());
        if op == (json!("subscription"), json!("add")) || op == (json!("stream"), json!("create")) {
            seen.push(op);
        }
    }
    let again = [("subscriptions", r#"[{"name": "verona"}]"#)];
    let again = hamlet.post("/users/me/subscriptions", &again).await?;
    again.assert_success();
    assert_eq!(again.field("subscribed"), &json!({}));
    let already = again.field("already_subscribed").as_object().unwrap();
    assert_eq!(already.values().next(), Some(&json!(["Verona"])));
    let members = hamlet.get(&format!("/streams/{id}/members"), &[]).await?;
    let mut members: Vec<i64> = members
        .field("subscribers")
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_i64().unwrap())
        .collect();
    members.sort_unstable();
    assert_eq!(members, [i64::from(iago.id.0), i64::from(hamlet.id.0)]);
    hamlet.leave("Verona").await?;
    let status = hamlet
        .get(&format!("/users/{}/subscriptions/{id}", hamlet.id), &[])
        .await?;
    assert_eq!(status.field("is_subscribed"), false);
    let left = [("subscriptions", r#"["Verona"]"#)];
    let left = hamlet.delete("/users/me/subscriptions", &left).await?;
    assert_eq!(
        left.field("not_removed"),
        &json!(["Verona"]),
        "{}",
        left.text
    );
    app.finish().await
}

#[actix_web::test]
async fn each_who_is_unsubscribed_is_reported() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello, shiva] =
        ["iago", "hamlet", "othello", "shiva"].map(|key| app.user(key));
    iago.make_stream("Verona", &[hamlet, othello], &[]).await?;
    let people = json!([hamlet.id, othello.id, shiva.id]).to_string();
    let params = [("subscriptions", r#"["verona"]"#), ("principals", &people)];
    let left = iago.delete("/users/me/subscriptions", &params).await?;
    assert_eq!(
        (left.field("removed"), left.field("not_removed")),
        (&json!(["Verona", "Verona"]), &json!(["Verona"]))
    );
    app.finish().await
}

#[actix_web::test]
async fn names_of_streams_are_checked_and_unique() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let id = iago.make_stream("Verona", &[], &[]).await?;
    iago.make_stream("Venice", &[], &[]).await?;
    let path = format!("/streams/{id}");
    for (name, msg) in [
        ("venice", "Channel name already in use."),
        ("", "Channel name can't be empty."),
        ("Verona", "Channel already has that name."),
    ] {
        iago.patch(&path, &[("new_name", name)])
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    iago.patch(&path, &[("new_name", "verona")])
        .await?
        .assert_success();
    let long = "x".repeat(61);
    let new = json!([{ "name": long }]).to_string();
    let refused = iago
        .post("/users/me/subscriptions", &[("subscriptions", &new)])
        .await?;
    assert_eq!(refused.status, 400, "{}", refused.text);
    app.finish().await
}

#[actix_web::test]
async fn properties_are_personal_and_checked() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet] = ["iago", "hamlet"].map(|key| app.user(key));
    let id = iago.make_stream("Verona", &[hamlet], &[]).await?;
    let set = |property: &'static str, value: Value| async move {
        let data = json!([{ "stream_id": id, "property": property, "value": value }]).to_string();
        hamlet
            .post(
                "/users/me/subscriptions/properties",
                &[("subscription_data", &data)],
            )
            .await
    };
    for (property, value) in [
        ("color", json!("#ff0000")),
        ("pin_to_top", json!(true)),
        ("is_muted", json!(true)),
        ("wildcard_mentions_notify", json!(false)),
    ] {
        set(property, value.clone()).await?.assert_success();
        for (user, changed) in [(hamlet, true), (iago, false)] {
            let answer = user.get("/users/me/subscriptions", &[]).await?;
            let streams = answer.field("subscriptions").as_array().unwrap();
            let stream = streams.iter().find(|one| one["stream_id"] == id).unwrap();
            assert_eq!(stream[property] == value, changed, "{property}: {stream}");
        }
    }
    for (property, value, msg) in [
        ("color", json!("red"), "color is not a valid hex color code"),
        ("pin_to_top", json!("yes"), "pin_to_top is not a boolean"),
        (
            "nonsense",
            json!(1),
            "Unknown subscription property: nonsense",
        ),
    ] {
        set(property, value)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn topics_are_listed_newest_first_to_who_may_read_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [iago, hamlet, othello] = ["iago", "hamlet", "othello"].map(|key| app.user(key));
    let protected = [
        ("invite_only", "true"),
        ("history_public_to_subscribers", "false"),
    ];
    let id = iago.make_stream("Verona", &[hamlet], &protected).await?;
    for topic in ["one", "two", "ONE"] {
        iago.send_to("Verona", topic, "x").await?;
    }
    iago.make_stream("Verona", &[othello], &[]).await?;
    let topics = |user: &'static str| {
        let user = app.user(user);
        async move {
            let answer = user.get(&format!("/users/me/{id}/topics"), &[]).await?;
            answer.assert_success();
            let topics = answer.field("topics").as_array().unwrap().clone();
            anyhow::Ok(
                topics
                    .iter()
                    .map(|topic| topic["name"].clone())
                    .collect::<Vec<_>>(),
            )
        }
    };
    assert_eq!(topics("hamlet").await?, ["one", "two", "channel events"]);
    assert_eq!(
        topics("othello").await?,
        Vec::<Value>::new(),
        "before his time"
    );
    app.finish().await
}

#[actix_web::test]
async fn older_clients_are_told_what_stands_behind_null_but_of_wildcards() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("Verona", &[], &[]).await?;
    let state = hamlet.post("/register", &[]).await?;
    let verona = &state.field("subscriptions")[0];
    assert_eq!(verona["push_notifications"], false);
    assert_eq!(verona["wildcard_mentions_notify"], serde_json::Value::Null);
    app.finish().await
}

#[actix_web::test]
async fn everybody_has_an_address_of_their_own_for_a_stream() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello, bot) = (app.user("hamlet"), app.user("othello"), app.user("bot"));
    let id = hamlet.make_stream("Old Venice!", &[othello], &[]).await?;
    let path = format!("/streams/{id}/email_address");
    let address = async |user: &TestUser, params: &[(&str, &str)]| {
        let answer = user.get(&path, params).await?;
        let email = answer.assert_success().field("email").as_str();
        anyhow::Ok(email.unwrap_or_default().to_owned())
    };
    let own = address(hamlet, &[]).await?;
    assert_eq!(own, address(hamlet, &[]).await?);
    let (local, _) = own.split_once('@').expect("an address");
    let parts: Vec<&str> = local.split('.').collect();
    assert_eq!((parts[0], parts[2]), ("old-venice", "show-sender"));
    assert!(parts[1].chars().all(|c| c.is_ascii_hexdigit()), "{own}");
    let bots = bot.id.to_string();
    let as_bot = address(hamlet, &[("sender_id", &bots)]).await?;
    let me = hamlet.id.to_string();
    assert_eq!(own, address(hamlet, &[("sender_id", &me)]).await?);
    let others = address(othello, &[]).await?;
    assert!(own != as_bot && own != others && as_bot != others);
    for (user, sender) in [(othello, &bots), (othello, &me)] {
        let refused = user.get(&path, &[("sender_id", sender)]).await?;
        refused.assert_error(400, "BAD_REQUEST", "Invalid sender_id");
    }
    let archived = app
        .user("iago")
        .delete(&format!("/streams/{id}"), &[])
        .await?;
    archived.assert_success();
    let refused = hamlet.get(&path, &[]).await?;
    refused.assert_error(400, "BAD_REQUEST", "Invalid channel ID");
    app.finish().await
}

#[actix_web::test]
async fn archived_streams_are_shown_to_clients_that_know_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let id = hamlet.make_stream("Venice", &[iago], &[]).await?;
    let knowing = r#"{"notification_settings_null": true, "archived_channels": true}"#;
    let types = ("event_types", r#"["stream"]"#);
    let fetched = ("fetch_event_types", r#"["subscription", "stream"]"#);
    let knowing = [types, fetched, ("client_capabilities", knowing)];
    let mut queues = [
        hamlet.register(&knowing).await?,
        hamlet.register(&[types, fetched]).await?,
    ];
    let path = format!("/streams/{id}");
    iago.delete(&path, &[]).await?.assert_success();
    let event = queues[0].next("stream").await?;
    let got = (&event["op"], &event["property"], &event["value"]);
    assert_eq!(got, (&json!("update"), &json!("is_archived"), &json!(true)));
    let event = queues[1].next("stream").await?;
    let got = (&event["op"], &event["stream_ids"]);
    assert_eq!(got, (&json!("delete"), &json!([id])));
    for (params, archived) in [
        (&knowing[..], Some(json!(true))),
        (&[types, fetched][..], None),
    ] {
        let state = hamlet.register(params).await?.state;
        for list in ["subscriptions", "streams"] {
            let all = state[list].as_array().cloned().unwrap_or_default();
            let found = all.into_iter().find(|one| one["stream_id"] == id);
            assert_eq!(
                found.map(|one| one["is_archived"].clone()),
                archived,
                "{list}"
            );
        }
    }
    assert!(!listed(hamlet, &[]).await?.contains(&"Venice".to_owned()));
    let all = [("exclude_archived", "false")];
    assert!(listed(hamlet, &all).await?.contains(&"Venice".to_owned()));
    let back = iago.patch(&path, &[("is_archived", "false")]).await?;
    back.assert_success();
    let event = queues[0].next("stream").await?;
    let got = (&event["op"], &event["property"], &event["value"]);
    assert_eq!(
        got,
        (&json!("update"), &json!("is_archived"), &json!(false))
    );
    assert_eq!(queues[1].next("stream").await?["op"], "create");
    app.finish().await
}
