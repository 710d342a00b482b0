use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

async fn add(admin: &TestUser, params: &[(&str, &str)]) -> anyhow::Result<String> {
    let added = admin.post("/realm/profile_fields", params).await?;
    added.assert_success();
    Ok(added.field("id").to_string())
}

/// Somebody's values as others see them.
async fn values(viewer: &TestUser, user: &TestUser) -> anyhow::Result<Value> {
    let path = format!("/users/{}", user.id);
    let seen = viewer
        .get(&path, &[("include_custom_profile_fields", "true")])
        .await?;
    Ok(seen.field("user")["profile_data"].clone())
}

#[actix_web::test]
async fn administrators_define_what_people_say_of_themselves() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let mut queue = hamlet
        .register(&[("event_types", r#"["custom_profile_fields"]"#)])
        .await?;
    let phone = [
        ("name", "Phone"),
        ("hint", "With prefix"),
        ("field_type", "1"),
    ];
    hamlet
        .post("/realm/profile_fields", &phone)
        .await?
        .assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator",
        );
    let first = add(iago, &phone).await?;
    let choices = r#"{"0": {"text": "Vim", "order": "1"}, "1": {"text": "Emacs", "order": "2"}}"#;
    let editor = [
        ("name", "Editor"),
        ("field_type", "3"),
        ("field_data", choices),
    ];
    queue.next("custom_profile_fields").await?;
    let second = add(iago, &editor).await?;
    let told = queue.next("custom_profile_fields").await?;
    let listed = hamlet.get("/realm/profile_fields", &[]).await?;
    assert_eq!(&told["fields"], listed.field("custom_fields"));
    assert_eq!(
        told["fields"][1],
        json!({
            "id": second.parse::<i32>()?, "type": 3, "order": 2, "name": "Editor", "hint": "", "required": false,
            "editable_by_user": true,
            "field_data": r#"{"0":{"text":"Vim","order":"1"},"1":{"text":"Emacs","order":"2"}}"#,
        })
    );
    let state = hamlet
        .post(
            "/register",
            &[("fetch_event_types", r#"["custom_profile_fields"]"#)],
        )
        .await?;
    assert_eq!(state.field("custom_profile_fields"), &told["fields"]);

    let github = r#"{"subtype": "github"}"#;
    add(iago, &[("field_type", "7"), ("field_data", github)]).await?;
    let told = queue.next("custom_profile_fields").await?;
    assert_eq!(told["fields"][2]["name"], "GitHub username");

    let order = [("order", "[3]")];
    iago.patch("/realm/profile_fields", &order)
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid order mapping.");
    let third = told["fields"][2]["id"].to_string();
    let order = format!("[{third}, {second}, {first}]");
    iago.patch("/realm/profile_fields", &[("order", &order)])
        .await?
        .assert_success();
    let told = queue.next("custom_profile_fields").await?;
    assert_eq!(told["fields"][0]["name"], "GitHub username");

    let path = format!("/realm/profile_fields/{first}");
    let change = [("required", "true"), ("display_in_profile_summary", "true")];
    iago.patch(&path, &change).await?.assert_success();
    let told = queue.next("custom_profile_fields").await?;
    let changed = &told["fields"][2];
    assert_eq!(
        (
            &changed["name"],
            &changed["required"],
            &changed["display_in_profile_summary"]
        ),
        (&json!("Phone"), &json!(true), &json!(true))
    );
    iago.delete(&path, &[]).await?.assert_success();
    let told = queue.next("custom_profile_fields").await?;
    assert_eq!(told["fields"].as_array().map(Vec::len), Some(2));
    let gone = format!("Field id {first} not found.");
    iago.delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", &gone);
    app.finish().await
}

#[actix_web::test]
async fn fields_that_make_no_sense_are_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    add(iago, &[("name", "Phone"), ("field_type", "1")]).await?;
    let twice = r#"{"0": {"text": "x", "order": "1"}, "1": {"text": "x", "order": "2"}}"#;
    let no_pattern = r#"{"subtype": "custom"}"#;
    let no_name = r#"{"subtype": "custom", "url_pattern": "https://example.com/"}"#;
    for (params, msg) in [
        (
            vec![("name", "x"), ("field_type", "9")],
            "Invalid field type.",
        ),
        (
            vec![("name", " "), ("field_type", "1")],
            "Label cannot be blank.",
        ),
        (
            vec![("name", "PHONE"), ("field_type", "1")],
            "A field with that label already exists.",
        ),
        (
            vec![("name", "x"), ("field_type", "3"), ("field_data", "{}")],
            "Field must have at least one choice.",
        ),
        (
            vec![("name", "x"), ("field_type", "3"), ("field_data", twice)],
            "Field must not have duplicate choices.",
        ),
        (
            vec![
                ("name", "x"),
                ("field_type", "7"),
                ("field_data", no_pattern),
            ],
            "Custom external account must define URL pattern",
        ),
        (
            vec![("name", "x"), ("field_type", "7"), ("field_data", no_name)],
            "Malformed URL pattern.",
        ),
        (
            vec![
                ("name", "x"),
                ("field_type", "2"),
                ("display_in_profile_summary", "true"),
            ],
            "Field type not supported for display in profile summary.",
        ),
    ] {
        let refused = iago.post("/realm/profile_fields", &params).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    let listed = iago.get("/realm/profile_fields", &[]).await?;
    assert_eq!(
        listed.field("custom_fields").as_array().map(Vec::len),
        Some(1)
    );
    app.finish().await
}

#[actix_web::test]
async fn people_fill_in_and_clear_their_fields() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, cordelia) = (app.user("iago"), app.user("hamlet"), app.user("cordelia"));
    let text = add(iago, &[("name", "Motto"), ("field_type", "1")]).await?;
    let users = add(iago, &[("name", "Mentor"), ("field_type", "6")]).await?;
    let mut queue = cordelia
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let data = format!(
        r#"[{{"id": {text}, "value": "*be*"}}, {{"id": {users}, "value": [{}]}}]"#,
        cordelia.id
    );
    let fill = [("data", data.as_str())];
    hamlet
        .patch("/users/me/profile_data", &fill)
        .await?
        .assert_success();
    let told = queue.next("realm_user").await?;
    let rendered = "<p><em>be</em></p>";
    assert_eq!(
        told["person"],
        json!({
            "user_id": hamlet.id,
            "custom_profile_field": { "id": text.parse::<i32>()?, "value": "*be*", "rendered_value": rendered },
        })
    );
    let told = queue.next("realm_user").await?;
    let mentor = format!("[{}]", cordelia.id);
    assert_eq!(told["person"]["custom_profile_field"]["value"], mentor);
    let all = json!({
        text.as_str(): { "value": "*be*", "rendered_value": rendered }, users.as_str(): { "value": mentor },
    });
    assert_eq!(values(cordelia, hamlet).await?, all);
    let state = [("fetch_event_types", r#"["realm_user"]"#)];
    let state = cordelia.post("/register", &state).await?;
    let people = state.field("realm_users").as_array().unwrap();
    let seen = people
        .iter()
        .find(|user| user["user_id"] == json!(hamlet.id));
    assert_eq!(seen.map(|user| &user["profile_data"]), Some(&all));

    // What is there already is no news; then the text goes.
    hamlet
        .patch("/users/me/profile_data", &fill)
        .await?
        .assert_success();
    let clear = format!("[{text}]");
    hamlet
        .delete("/users/me/profile_data", &[("data", &clear)])
        .await?
        .assert_success();
    let told = queue.next("realm_user").await?;
    assert_eq!(
        told["person"]["custom_profile_field"],
        json!({ "id": text.parse::<i32>()?, "value": null })
    );
    assert_eq!(
        values(cordelia, hamlet).await?,
        json!({ users: { "value": mentor } })
    );
    app.finish().await
}

#[actix_web::test]
async fn what_does_not_fit_a_field_changes_nothing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let choices = r#"{"0": {"text": "Vim", "order": "1"}}"#;
    let text = add(iago, &[("name", "Motto"), ("field_type", "1")]).await?;
    let select = add(
        iago,
        &[
            ("name", "Editor"),
            ("field_type", "3"),
            ("field_data", choices),
        ],
    )
    .await?;
    let date = add(iago, &[("name", "Birthday"), ("field_type", "4")]).await?;
    let link = add(iago, &[("name", "Site"), ("field_type", "5")]).await?;
    let people = add(iago, &[("name", "Mentor"), ("field_type", "6")]).await?;
    let locked = [
        ("name", "Desk"),
        ("field_type", "1"),
        ("editable_by_user", "false"),
    ];
    let locked = add(iago, &locked).await?;
    let long = format!("\"{}\"", "x".repeat(51));
    for (field, value, msg) in [
        ("9000000", "\"x\"", "Field id 9000000 not found."),
        (&text, "7", "Motto is not a string"),
        (&text, &long, "Motto is too long (limit: 50 characters)"),
        (&select, "\"7\"", "'7' is not a valid choice for 'Editor'."),
        (&date, "\"1900-02-30\"", "Birthday is not a date"),
        (&date, "\"1900-2-3\"", "Birthday is not a date"),
        (&link, "\"javascript:alert(1)\"", "Site is not a URL"),
        (&people, "[9000000]", "Invalid user ID: 9000000"),
        (&people, "\"x\"", "User IDs is not a list"),
        (
            &locked,
            "\"x\"",
            "You are not allowed to change this field. Contact an administrator to update it.",
        ),
    ] {
        let data =
            format!(r#"[{{"id": {text}, "value": "ok"}}, {{"id": {field}, "value": {value}}}]"#);
        let refused = hamlet
            .patch("/users/me/profile_data", &[("data", &data)])
            .await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    assert_eq!(values(iago, hamlet).await?, json!({}));
    let path = format!("/users/{}", hamlet.id);
    let data = format!(r#"[{{"id": {locked}, "value": "7"}}]"#);
    let mine = [("profile_data", data.as_str())];
    hamlet
        .patch(&path, &mine)
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    iago.patch(&path, &mine).await?.assert_success();
    assert_eq!(values(iago, hamlet).await?[&locked]["value"], "7");
    app.finish().await
}
