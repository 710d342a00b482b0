//! Channel folders.

use narrows_testkit::{Queue, TestApp, TestUser};
use serde_json::{Value, json};

async fn make(user: &TestUser, name: &str) -> anyhow::Result<i64> {
    let params = [("name", name), ("description", "About *it*")];
    let made = user.post("/channel_folders/create", &params).await?;
    let id = made.assert_success().field("channel_folder_id").as_i64();
    Ok(id.unwrap_or_default())
}

async fn change(user: &TestUser, id: i64, params: &[(&str, &str)]) -> anyhow::Result<()> {
    let path = format!("/channel_folders/{id}");
    user.patch(&path, params).await?.assert_success();
    Ok(())
}

async fn names(user: &TestUser, params: &[(&str, &str)]) -> anyhow::Result<Vec<String>> {
    let listed = user.get("/channel_folders", params).await?;
    let listed = listed.assert_success().field("channel_folders").clone();
    let name = |folder: &Value| folder["name"].as_str().unwrap_or_default().to_owned();
    Ok(listed.as_array().into_iter().flatten().map(name).collect())
}

async fn next(queue: &mut Queue) -> anyhow::Result<Value> {
    let mut event = queue.next("channel_folder").await?;
    let fields = event.as_object_mut();
    fields.map(|fields| (fields.remove("id"), fields.remove("type")));
    Ok(event)
}

#[actix_web::test]
async fn everybody_is_told_of_folders() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, polonius) = (app.user("iago"), app.user("polonius"));
    let types = [("event_types", r#"["channel_folder"]"#)];
    let mut queue = polonius.register(&types).await?;
    let id = make(iago, " Projects ").await?;
    let event = next(&mut queue).await?;
    let mut folder = event["channel_folder"].clone();
    assert_eq!(event["op"], "add");
    assert!(folder["date_created"].as_i64() > Some(0), "{folder}");
    folder["date_created"] = json!(0);
    let expected = json!({
        "id": id, "name": "Projects", "description": "About *it*",
        "rendered_description": "<p>About <em>it</em></p>", "date_created": 0, "creator_id": iago.id,
        "is_archived": false, "order": 0,
    });
    assert_eq!(folder, expected);
    let state = polonius.register(&[]).await?.state;
    assert_eq!(state["channel_folders"], json!([event["channel_folder"]]));
    change(iago, id, &[("name", "Plans"), ("description", "New")]).await?;
    let data =
        json!({ "name": "Plans", "description": "New", "rendered_description": "<p>New</p>" });
    let expected = json!({ "op": "update", "channel_folder_id": id, "data": data });
    assert_eq!(next(&mut queue).await?, expected);
    // What stays as it is, is no event.
    change(iago, id, &[("name", "Plans"), ("is_archived", "false")]).await?;
    change(iago, id, &[("is_archived", "true")]).await?;
    let data = json!({ "is_archived": true });
    let expected = json!({ "op": "update", "channel_folder_id": id, "data": data });
    assert_eq!(next(&mut queue).await?, expected);
    app.finish().await
}

#[actix_web::test]
async fn folders_have_an_order() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let (a, b) = (make(iago, "a").await?, make(iago, "b").await?);
    let mut queue = iago
        .register(&[("event_types", r#"["channel_folder"]"#)])
        .await?;
    assert_eq!(names(iago, &[]).await?, ["a", "b"]);
    for order in [json!([a]), json!([a, b, b]), json!([a, b, 9_000_000])] {
        let order = order.to_string();
        let refused = iago.patch("/channel_folders", &[("order", &order)]).await?;
        refused.assert_error(400, "BAD_REQUEST", "Invalid order mapping.");
    }
    let order = json!([b, a]).to_string();
    let turned = iago.patch("/channel_folders", &[("order", &order)]).await?;
    turned.assert_success();
    assert_eq!(names(iago, &[]).await?, ["b", "a"]);
    let expected = json!({ "op": "reorder", "order": [b, a] });
    assert_eq!(next(&mut queue).await?, expected);
    let hamlet = app.user("hamlet");
    let refused = hamlet
        .patch("/channel_folders", &[("order", &order)])
        .await?;
    let msg = "Must be an organization administrator";
    refused.assert_error(400, "UNAUTHORIZED_PRINCIPAL", msg);
    app.finish().await
}

#[actix_web::test]
async fn names_of_folders_in_use_are_taken_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let id = make(iago, "Projects").await?;
    let long = "x".repeat(61);
    for (name, msg) in [
        ("", "Channel folder name can't be empty."),
        (" ", "Channel folder name can't be empty."),
        (&long, "name is too long (limit: 60 characters)"),
        (
            "a\nb",
            "Invalid character in channel folder name, at position 2.",
        ),
        ("projects", "Channel folder name already in use"),
    ] {
        let answer = iago
            .post("/channel_folders/create", &[("name", name)])
            .await?;
        answer.assert_error(400, "BAD_REQUEST", msg);
    }
    let long = "x".repeat(1025);
    let params = [("name", "other"), ("description", &long)];
    let answer = iago.post("/channel_folders/create", &params).await?;
    let msg = "description is too long (limit: 1024 characters)";
    answer.assert_error(400, "BAD_REQUEST", msg);
    change(iago, id, &[("is_archived", "true")]).await?;
    make(iago, "projects").await?;
    assert_eq!(names(iago, &[]).await?, ["projects"]);
    let all = [("include_archived", "true")];
    assert_eq!(names(iago, &all).await?, ["Projects", "projects"]);
    let path = format!("/channel_folders/{id}");
    let back = iago.patch(&path, &[("is_archived", "false")]).await?;
    back.assert_error(400, "BAD_REQUEST", "Channel folder name already in use");
    app.finish().await
}

#[actix_web::test]
async fn streams_are_put_into_folders() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let (a, b) = (make(iago, "a").await?, make(iago, "b").await?);
    let in_a = a.to_string();
    let inside = [("folder_id", in_a.as_str())];
    let stream = hamlet.make_stream("Venice", &[iago], &inside).await?;
    let mut queue = hamlet
        .register(&[
            ("event_types", r#"["stream"]"#),
            ("fetch_event_types", r#"["subscription"]"#),
        ])
        .await?;
    let venice = |all: &Value| {
        let all = all.as_array().cloned().unwrap_or_default();
        let found = all.into_iter().find(|one| one["stream_id"] == stream);
        found.map(|one| one["folder_id"].clone())
    };
    assert_eq!(venice(&queue.state["subscriptions"]), Some(json!(a)));
    let path = format!("/streams/{stream}");
    for (folder, shown) in [(b.to_string(), json!(b)), ("null".to_owned(), json!(null))] {
        let moved = iago.patch(&path, &[("folder_id", &folder)]).await?;
        moved.assert_success();
        let event = queue.next("stream").await?;
        let got = (&event["op"], &event["property"], &event["value"]);
        assert_eq!(got, (&json!("update"), &json!("folder_id"), &shown));
        let streams = iago.get("/streams", &[]).await?;
        assert_eq!(venice(streams.field("streams")), Some(shown));
    }
    hamlet.patch(&path, &inside).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    for folder in ["9000000", "-1"] {
        let missing = iago.patch(&path, &[("folder_id", folder)]).await?;
        missing.assert_error(400, "BAD_REQUEST", "Invalid channel folder ID");
    }
    app.finish().await
}

#[actix_web::test]
async fn only_empty_folders_are_archived() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let id = make(iago, "a").await?;
    let inside = [("folder_id", id.to_string())];
    let inside = [(inside[0].0, inside[0].1.as_str())];
    let stream = iago.make_stream("Venice", &[], &inside).await?;
    let (folder, stream) = (
        format!("/channel_folders/{id}"),
        format!("/streams/{stream}"),
    );
    let archive = [("is_archived", "true")];
    let msg = "You need to remove all the channels from this folder to archive it.";
    let refused = iago.patch(&folder, &archive).await?;
    refused.assert_error(400, "BAD_REQUEST", msg);
    let out = iago.patch(&stream, &[("folder_id", "null")]).await?;
    out.assert_success();
    change(iago, id, &archive).await?;
    let msg = "Invalid channel folder ID";
    let back = iago.patch(&stream, &inside).await?;
    back.assert_error(400, "BAD_REQUEST", msg);
    let params = [
        ("subscriptions", r#"[{"name": "Verona"}]"#),
        ("folder_id", inside[0].1),
    ];
    let made = iago.post("/users/me/subscriptions", &params).await?;
    made.assert_error(400, "BAD_REQUEST", msg);
    app.finish().await
}
