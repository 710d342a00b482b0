use narrows_testkit::TestApp;
use serde_json::{Value, json};

/// `null` if there is none.
fn group<'a>(groups: &'a Value, name: &str) -> &'a Value {
    let all = groups["user_groups"].as_array().into_iter().flatten();
    all.into_iter()
        .find(|group| group["name"] == name)
        .unwrap_or(&Value::Null)
}

#[actix_web::test]
async fn system_groups_follow_from_roles() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let groups = app.user("hamlet").get("/user_groups", &[]).await?;
    groups.assert_success();
    let admins = group(&groups.json, "role:administrators");
    assert_eq!(admins["members"], json!([app.user("iago").id]));
    assert_eq!(
        admins["direct_subgroup_ids"],
        json!([group(&groups.json, "role:owners")["id"]])
    );
    assert_eq!(admins["is_system_group"], true);
    let everyone = group(&groups.json, "role:everyone")["id"].as_i64().unwrap();
    let members = app
        .user("hamlet")
        .get(&format!("/user_groups/{everyone}/members"), &[])
        .await?;
    assert_eq!(
        members.field("members").as_array().unwrap().len(),
        8,
        "all but the notification bot"
    );
    let path = format!(
        "/user_groups/{everyone}/members/{}",
        app.user("polonius").id
    );
    let is_member = app.user("hamlet").get(&path, &[]).await?;
    assert_eq!(is_member.field("is_user_group_member"), true);
    let refused = app
        .user("desdemona")
        .patch(&format!("/user_groups/{everyone}"), &[("name", "x")])
        .await?;
    refused.assert_error(400, "BAD_REQUEST", "Insufficient permission");
    app.finish().await
}

#[actix_web::test]
async fn groups_are_made_changed_and_taken_out_of_use() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let (othello, cordelia) = (app.user("othello").id, app.user("cordelia").id);
    let mut queue = app
        .user("iago")
        .register(&[("event_types", r#"["user_group"]"#)])
        .await?;
    let members = format!("[{othello}]");
    let new = [
        ("name", "players"),
        ("description", "of the mouse-trap"),
        ("members", members.as_str()),
    ];
    let made = hamlet.post("/user_groups/create", &new).await?;
    made.assert_success();
    let event = queue.next("user_group").await?;
    assert_eq!(
        (&event["op"], &event["group"]["id"]),
        (&json!("add"), made.field("group_id"))
    );
    assert_eq!(event["group"]["members"], json!([othello]));
    hamlet
        .post("/user_groups/create", &new)
        .await?
        .assert_error(400, "BAD_REQUEST", "User group 'players' already exists.");

    let path = format!("/user_groups/{}", made.field("group_id"));
    let change = [
        ("add", format!("[{cordelia}]")),
        ("delete", format!("[{othello}]")),
    ];
    let change: Vec<(&str, &str)> = change
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    hamlet
        .post(&format!("{path}/members"), &change)
        .await?
        .assert_success();
    let (added, removed) = (
        queue.next("user_group").await?,
        queue.next("user_group").await?,
    );
    assert_eq!(
        (&added["op"], &added["user_ids"]),
        (&json!("add_members"), &json!([cordelia]))
    );
    assert_eq!(
        (&removed["op"], &removed["user_ids"]),
        (&json!("remove_members"), &json!([othello]))
    );
    hamlet
        .patch(&path, &[("name", "actors")])
        .await?
        .assert_success();
    assert_eq!(
        queue.next("user_group").await?["data"],
        json!({ "name": "actors" })
    );
    hamlet
        .patch(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "No new data supplied");

    app.user("polonius")
        .patch(&path, &[("name", "x")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    app.user("other-iago")
        .patch(&path, &[("name", "x")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid user group");
    let stranger = format!("[{}]", app.user("other-hamlet").id);
    let foreign = [
        ("name", "x"),
        ("description", ""),
        ("members", stranger.as_str()),
    ];
    let msg = format!("Invalid user ID: {}", app.user("other-hamlet").id);
    hamlet
        .post("/user_groups/create", &foreign)
        .await?
        .assert_error(400, "BAD_REQUEST", &msg);

    hamlet
        .post(&format!("{path}/deactivate"), &[])
        .await?
        .assert_success();
    assert_eq!(
        queue.next("user_group").await?["data"],
        json!({ "deactivated": true })
    );
    let left = hamlet.get("/user_groups", &[]).await?;
    assert!(!left.text.contains("actors"));
    let all = hamlet
        .get("/user_groups", &[("include_deactivated_groups", "true")])
        .await?;
    assert_eq!(group(&all.json, "actors")["deactivated"], true);
    app.finish().await
}

async fn make(user: &narrows_testkit::TestUser, name: &str, members: Value) -> anyhow::Result<i64> {
    let members = members.to_string();
    let new = [
        ("name", name),
        ("description", ""),
        ("members", members.as_str()),
    ];
    let made = user.post("/user_groups/create", &new).await?;
    made.assert_success();
    Ok(made.field("group_id").as_i64().unwrap_or_default())
}

#[actix_web::test]
async fn groups_hold_groups_but_never_themselves() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello").id);
    let inner = make(hamlet, "inner", json!([othello])).await?;
    let outer = make(hamlet, "outer", json!([hamlet.id])).await?;
    let mut queue = app
        .user("iago")
        .register(&[("event_types", r#"["user_group"]"#)])
        .await?;
    let path = format!("/user_groups/{outer}/subgroups");
    let list = json!([inner]).to_string();
    hamlet
        .post(&path, &[("add", &list)])
        .await?
        .assert_success();
    let event = queue.next("user_group").await?;
    assert_eq!(
        (
            &event["op"],
            &event["group_id"],
            &event["direct_subgroup_ids"]
        ),
        (&json!("add_subgroups"), &json!(outer), &json!([inner]))
    );
    let members = hamlet
        .get(&format!("/user_groups/{outer}/members"), &[])
        .await?;
    assert_eq!(members.field("members"), &json!([hamlet.id, othello]));
    let direct = [("direct_member_only", "true")];
    let members = hamlet
        .get(&format!("/user_groups/{outer}/members"), &direct)
        .await?;
    assert_eq!(members.field("members"), &json!([hamlet.id]));
    let subgroups = hamlet.get(&path, &[]).await?;
    assert_eq!(subgroups.field("subgroups"), &json!([inner]));

    hamlet.post(&path, &[("add", &list)]).await?.assert_error(
        400,
        "BAD_REQUEST",
        &format!("User group {inner} is already a subgroup of this group."),
    );
    for (group, other) in [(inner, outer), (inner, inner)] {
        let answer = hamlet
            .post(
                &format!("/user_groups/{group}/subgroups"),
                &[("add", &json!([other]).to_string())],
            )
            .await?;
        let msg = format!(
            "User group {other} is already a supergroup of this group, or the group itself."
        );
        answer.assert_error(400, "BAD_REQUEST", &msg);
    }
    let foreign = make(app.user("other-hamlet"), "foreign", json!([])).await?;
    hamlet
        .post(&path, &[("add", &json!([foreign]).to_string())])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid user group");
    hamlet
        .post(&path, &[("delete", &list)])
        .await?
        .assert_success();
    assert_eq!(queue.next("user_group").await?["op"], "remove_subgroups");
    hamlet
        .post(&path, &[("delete", &list)])
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            &format!("User group {inner} is not a subgroup of this group."),
        );
    app.finish().await
}

#[actix_web::test]
async fn a_group_says_who_mentions_and_who_manages_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let group = make(hamlet, "crew", json!([hamlet.id])).await?;
    let path = format!("/user_groups/{group}");
    let mut queue = othello
        .register(&[("event_types", r#"["user_group"]"#)])
        .await?;
    let everyone = {
        let groups = hamlet.get("/user_groups", &[]).await?;
        group_id(&groups.json, "role:everyone")
    };
    let change = json!({ "new": group, "old": everyone }).to_string();
    hamlet
        .patch(&path, &[("can_mention_group", &change)])
        .await?
        .assert_success();
    let event = queue.next("user_group").await?;
    assert_eq!(
        (&event["group_id"], &event["data"]),
        (&json!(group), &json!({ "can_mention_group": group }))
    );
    // What the client believed is no longer so.
    hamlet
        .patch(&path, &[("can_mention_group", &change)])
        .await?
        .assert_error(
            400,
            "EXPECTATION_MISMATCH",
            "'old' value does not match the expected value.",
        );
    othello
        .post(
            "/messages",
            &[
                ("type", "stream"),
                ("to", "general"),
                ("topic", "t"),
                ("content", "@*crew*"),
            ],
        )
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            "You are not allowed to mention user group 'crew'.",
        );
    hamlet.send_to("general", "t", "@*crew*").await?;
    othello.send_to("general", "t", "@_*crew*").await?;

    let only = json!({ "direct_members": [hamlet.id], "direct_subgroups": [] }).to_string();
    hamlet
        .patch(&path, &[("can_manage_group", &only)])
        .await?
        .assert_success();
    // What nobody decided is now up to who manages it.
    let groups = hamlet.get("/user_groups", &[]).await?;
    let nobody = group_id(&groups.json, "role:nobody");
    let event = queue.next("user_group").await?;
    assert_eq!(
        event["data"],
        json!({
            "can_manage_group": { "direct_members": [hamlet.id], "direct_subgroups": [] },
            "can_add_members_group": nobody, "can_join_group": nobody, "can_remove_members_group": nobody,
        })
    );
    let crew = self::group(&groups.json, "crew");
    assert_eq!(crew["can_join_group"], nobody);
    let ids = json!([othello.id]).to_string();
    let join = [("add", ids.as_str())];
    othello
        .post(&format!("{path}/members"), &join)
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    let open = json!({ "new": everyone, "old": nobody }).to_string();
    hamlet
        .patch(&path, &[("can_join_group", &open)])
        .await?
        .assert_success();
    othello
        .post(&format!("{path}/members"), &join)
        .await?
        .assert_success();
    for other in ["othello", "iago"] {
        app.user(other)
            .patch(&path, &[("name", "x")])
            .await?
            .assert_error(400, "BAD_REQUEST", "Insufficient permission");
        app.user(other)
            .post(
                &format!("{path}/members"),
                &[("add", &json!([app.user("desdemona").id]).to_string())],
            )
            .await?
            .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    }
    app.user("desdemona")
        .patch(&path, &[("name", "x")])
        .await?
        .assert_success();
    app.finish().await
}

fn group_id(groups: &Value, name: &str) -> i64 {
    group(groups, name)["id"].as_i64().unwrap_or_default()
}

#[actix_web::test]
async fn full_members_are_those_past_the_waiting_period() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let members = async || -> anyhow::Result<serde_json::Value> {
        let state = [("fetch_event_types", r#"["realm_user_groups"]"#)];
        let state = hamlet.post("/register", &state).await?;
        let groups = state.field("realm_user_groups").as_array().unwrap();
        let full = groups
            .iter()
            .find(|group| group["name"] == "role:fullmembers");
        Ok(full.unwrap()["members"].clone())
    };
    let has = |members: &serde_json::Value, id: narrows_wire::UserId| {
        members.as_array().unwrap().contains(&json!(id))
    };
    let all = members().await?;
    assert!(has(&all, hamlet.id) && !has(&all, iago.id));
    app.user("desdemona")
        .patch("/realm", &[("waiting_period_threshold", "36500")])
        .await?
        .assert_success();
    assert_eq!(members().await?, json!([]));
    app.finish().await
}
