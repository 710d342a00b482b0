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
