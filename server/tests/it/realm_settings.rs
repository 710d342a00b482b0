//! What administrators decide for a realm.

use narrows_testkit::TestApp;
use serde_json::{Value, json};

#[actix_web::test]
async fn administrators_change_the_realm() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let mut queue = hamlet.register(&[]).await?;
    let answer = iago.patch("/realm", &[("name", "Elsinore")]).await?;
    answer.assert_success();
    assert_eq!(answer.field("name"), "updated");
    let event = queue.next("realm").await?;
    assert_eq!(
        (&event["op"], &event["property"], &event["value"]),
        (&json!("update"), &json!("name"), &json!("Elsinore"))
    );
    let change = [
        ("allow_message_editing", "true"),
        ("message_content_edit_limit_seconds", "1200"),
    ];
    let answer = iago.patch("/realm", &change).await?;
    answer.assert_success();
    assert_eq!(
        (
            answer.field("message_content_edit_limit_seconds"),
            answer.field("allow_message_editing")
        ),
        (&json!(1200), &Value::Null)
    );
    let event = queue.next("realm").await?;
    assert_eq!(
        (&event["op"], &event["property"], &event["data"]),
        (
            &json!("update_dict"),
            &json!("default"),
            &json!({ "message_content_edit_limit_seconds": 1200 })
        )
    );
    let change = [("message_content_edit_limit_seconds", "\"unlimited\"")];
    iago.patch("/realm", &change).await?.assert_success();
    assert_eq!(
        queue.next("realm").await?["data"]["message_content_edit_limit_seconds"],
        Value::Null
    );
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(
        (
            &state["realm_name"],
            &state["realm_message_content_edit_limit_seconds"]
        ),
        (&json!("Elsinore"), &Value::Null)
    );
    hamlet
        .patch("/realm", &[("name", "x")])
        .await?
        .assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator",
        );
    let long = "d".repeat(1001);
    for (name, value, code, msg) in [
        (
            "invite_to_realm_policy",
            "77",
            "BAD_REQUEST",
            "Invalid invite_to_realm_policy",
        ),
        (
            "wildcard_mention_policy",
            "4",
            "BAD_REQUEST",
            "Invalid wildcard_mention_policy",
        ),
        (
            "description",
            long.as_str(),
            "BAD_REQUEST",
            "description is too long (limit: 1000 characters)",
        ),
        (
            "message_content_edit_limit_seconds",
            "0",
            "REQUEST_VARIABLE_INVALID",
            "Bad value for 'message_content_edit_limit_seconds': 0",
        ),
        (
            "new_stream_announcements_stream_id",
            "99999",
            "BAD_REQUEST",
            "Invalid channel ID",
        ),
        (
            "waiting_period_threshold",
            "3",
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization owner",
        ),
    ] {
        let both = [("mandatory_topics", "true"), (name, value)];
        iago.patch("/realm", &both)
            .await?
            .assert_error(400, code, msg);
    }
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state["realm_mandatory_topics"], false);
    app.finish().await
}

#[actix_web::test]
async fn direct_messages_can_be_disabled() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    app.user("iago")
        .patch("/realm", &[("private_message_policy", "2")])
        .await?
        .assert_success();
    let send = |to: narrows_wire::UserId| async move {
        let to = json!([to]).to_string();
        let params = [("type", "direct"), ("to", to.as_str()), ("content", "x")];
        hamlet.post("/messages", &params).await
    };
    send(app.user("othello").id).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Direct messages are disabled in this organization.",
    );
    send(hamlet.id).await?.assert_success();
    send(app.user("bot").id).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn a_right_is_given_to_groups_and_known_by_its_old_number() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [desdemona, iago, hamlet, polonius] =
        ["desdemona", "iago", "hamlet", "polonius"].map(|key| app.user(key));
    let name = "can_move_messages_between_topics_group";
    let state = hamlet.register(&[]).await?.state;
    let group = |state: &Value, name: &str| {
        let groups = state["realm_user_groups"].as_array().unwrap();
        groups.iter().find(|group| group["name"] == name).unwrap()["id"].clone()
    };
    let (everyone, moderators) = (
        group(&state, "role:everyone"),
        group(&state, "role:moderators"),
    );
    let members = group(&state, "role:members");
    assert_eq!(state[format!("realm_{name}")], everyone);
    assert_eq!(state["realm_edit_topic_policy"], 5);
    let mut queue = hamlet.register(&[("event_types", r#"["realm"]"#)]).await?;

    // By the older number: both rights, told by both names.
    iago.patch("/realm", &[("edit_topic_policy", "4")])
        .await?
        .assert_success();
    let (old, new) = (queue.next("realm").await?, queue.next("realm").await?);
    assert_eq!(old["data"], json!({ "edit_topic_policy": 4 }));
    assert_eq!(
        new["data"],
        json!({ name: moderators, "can_resolve_topics_group": moderators })
    );

    // By a group without a name.
    let people = json!({ "direct_members": [polonius.id], "direct_subgroups": [moderators] });
    let stale = json!({ "new": people, "old": everyone }).to_string();
    iago.patch("/realm", &[(name, &stale)]).await?.assert_error(
        400,
        "EXPECTATION_MISMATCH",
        "'old' value does not match the expected value.",
    );
    let change = json!({ "new": people, "old": moderators }).to_string();
    iago.patch("/realm", &[(name, &change)])
        .await?
        .assert_success();
    // No number stands for it: older clients are told the widest, and the server decides.
    let event = queue.next("realm").await?;
    assert_eq!(event["data"], json!({ "edit_topic_policy": 5 }));
    assert_eq!(queue.next("realm").await?["data"], json!({ name: people }));
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state[format!("realm_{name}")], people);
    assert_eq!(state["realm_can_resolve_topics_group"], moderators);

    // To whom it cannot be given.
    for (by, name, value, msg) in [
        (
            iago,
            "can_create_public_channel_group",
            &everyone,
            "'can_create_public_channel_group' setting cannot be set to 'role:everyone' group.",
        ),
        (
            iago,
            "can_create_web_public_channel_group",
            &members,
            "'can_create_web_public_channel_group' setting cannot be set to 'role:members' group.",
        ),
        (
            iago,
            "can_access_all_users_group",
            &people,
            "'can_access_all_users_group' must be a system user group.",
        ),
        (iago, name, &json!(99_999), "Invalid user group"),
        (
            iago,
            name,
            &json!("x"),
            "Invalid can_move_messages_between_topics_group",
        ),
    ] {
        let value = json!({ "new": value }).to_string();
        let answer = by.patch("/realm", &[(name, &value)]).await?;
        answer.assert_error(400, "BAD_REQUEST", msg);
    }
    let value = json!({ "new": moderators }).to_string();
    for name in [
        "can_manage_all_groups",
        "can_create_groups",
        "can_invite_users_group",
    ] {
        iago.patch("/realm", &[(name, &value)]).await?.assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization owner",
        );
        desdemona
            .patch("/realm", &[(name, &value)])
            .await?
            .assert_success();
    }
    assert_eq!(
        hamlet.register(&[]).await?.state["realm_user_group_edit_policy"],
        4
    );
    app.finish().await
}
