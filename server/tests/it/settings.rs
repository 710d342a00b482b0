use narrows_testkit::TestApp;
use serde_json::{Value, json};

/// All capabilities but those of old clients.
const MODERN: (&str, &str) = (
    "client_capabilities",
    r#"{"notification_settings_null": true, "user_settings_object": true}"#,
);

#[actix_web::test]
async fn a_setting_is_told_to_old_and_new_clients_of_its_user_alone() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut modern = hamlet.register(&[MODERN]).await?;
    let mut legacy = hamlet.register(&[]).await?;
    let mut other = app.user("othello").register(&[]).await?;
    hamlet
        .patch(
            "/settings",
            &[("default_language", "de"), ("enable_sounds", "false")],
        )
        .await?
        .assert_success();
    for queue in [&mut modern, &mut legacy] {
        let event = queue.next("user_settings").await?;
        assert_eq!(
            (&event["property"], &event["value"], &event["language_name"]),
            (&json!("default_language"), &json!("de"), &json!("Deutsch"))
        );
    }
    let event = legacy.next("update_display_settings").await?;
    assert_eq!(
        (
            &event["setting_name"],
            &event["setting"],
            &event["language_name"],
            &event["user"]
        ),
        (
            &json!("default_language"),
            &json!("de"),
            &json!("Deutsch"),
            &json!(hamlet.email)
        )
    );
    let event = legacy.next("update_global_notifications").await?;
    assert_eq!(
        (&event["notification_name"], &event["setting"]),
        (&json!("enable_sounds"), &json!(false))
    );
    let types = |events: Vec<Value>| -> Vec<String> {
        events
            .iter()
            .map(|event| event["type"].as_str().unwrap_or("").to_owned())
            .collect()
    };
    let iago = app.user("iago");
    let seen = types(modern.until_marker(iago, "general").await?);
    assert_eq!(seen, ["user_settings"]);
    let seen = types(other.until_marker(iago, "general").await?);
    assert_eq!(seen, ["message"]);
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state["user_settings"]["default_language"], "de");
    assert_eq!(state["user_settings"]["enable_sounds"], false);
    app.finish().await
}

#[actix_web::test]
async fn a_value_that_is_none_of_the_settings_changes_nothing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    for (name, value, msg) in [
        ("color_scheme", "7", "Invalid color_scheme"),
        ("default_language", "xx", "Invalid default_language"),
        (
            "notification_sound",
            "moo",
            "Invalid notification sound 'moo'",
        ),
        (
            "email_notifications_batching_period_seconds",
            "-5",
            "email_notifications_batching_period_seconds is not an integer",
        ),
        ("emojiset", "apple", "Invalid emojiset"),
        (
            "timezone",
            "Mars/Phobos",
            "timezone is not a recognized time zone",
        ),
        ("full_name", "x", "Name too short!"),
        (
            "email",
            "new@example.com",
            "Email address changes are disabled in this organization.",
        ),
    ] {
        let both = [("dense_mode", "true"), (name, value)];
        let answer = hamlet.patch("/settings", &both).await?;
        assert_eq!(answer.status, 400, "{name}: {}", answer.text);
        if name != "email_notifications_batching_period_seconds" {
            answer.assert_error(400, "BAD_REQUEST", msg);
        }
    }
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state["user_settings"]["dense_mode"], false);
    let answer = hamlet.patch("/settings", &[("nonsense", "1")]).await?;
    answer.assert_success();
    assert_eq!(
        answer.field("ignored_parameters_unsupported"),
        &json!(["nonsense"])
    );
    app.finish().await
}

#[actix_web::test]
async fn name_and_time_zone_are_told_to_everybody() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = app.user("othello").register(&[]).await?;
    let change = [
        ("full_name", "King Hamlet II"),
        ("timezone", "America/New_York"),
    ];
    hamlet.patch("/settings", &change).await?.assert_success();
    let zone = queue.next("realm_user").await?;
    assert_eq!(
        zone["person"],
        json!({ "user_id": hamlet.id, "email": hamlet.email, "timezone": "America/New_York" })
    );
    let name = queue.next("realm_user").await?;
    assert_eq!(
        name["person"],
        json!({ "user_id": hamlet.id, "full_name": "King Hamlet II" })
    );
    let me = hamlet.get("/users/me", &[]).await?;
    assert_eq!(
        (me.field("full_name"), me.field("timezone")),
        (&json!("King Hamlet II"), &json!("America/New_York"))
    );
    let disabled = [("name_changes_disabled", "true")];
    app.user("iago")
        .patch("/realm", &disabled)
        .await?
        .assert_success();
    hamlet
        .patch("/settings", &[("full_name", "Yorick")])
        .await?
        .assert_success();
    let me = hamlet.get("/users/me", &[]).await?;
    assert_eq!(me.field("full_name"), "King Hamlet II");
    app.finish().await
}

#[actix_web::test]
async fn a_password_is_changed_by_who_knows_the_old_one() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let wrong = [
        ("old_password", "wrong"),
        ("new_password", "long enough 1234"),
    ];
    hamlet
        .patch("/settings", &wrong)
        .await?
        .assert_error(400, "BAD_REQUEST", "Wrong password!");
    let weak = [
        ("old_password", narrows_testkit::PASSWORD),
        ("new_password", "x"),
    ];
    hamlet.patch("/settings", &weak).await?.assert_error(
        400,
        "BAD_REQUEST",
        "New password is too weak!",
    );
    let good = [
        ("old_password", narrows_testkit::PASSWORD),
        ("new_password", "long enough 1234"),
    ];
    hamlet.patch("/settings", &good).await?.assert_success();
    let log_in = |password: &'static str| {
        let nobody = app.anonymous();
        let email = hamlet.email.clone();
        async move {
            let params = [("username", email.as_str()), ("password", password)];
            anyhow::Ok(nobody?.post("/fetch_api_key", &params).await?.status)
        }
    };
    assert_eq!(log_in("long enough 1234").await?, 200);
    assert_eq!(log_in(narrows_testkit::PASSWORD).await?, 401);
    app.finish().await
}

#[actix_web::test]
async fn new_users_begin_with_what_the_realm_says() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let mut queue = app.user("hamlet").register(&[]).await?;
    let change = [("enable_sounds", "false")];
    app.user("hamlet")
        .patch("/realm/user_settings_defaults", &change)
        .await?
        .assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator",
        );
    iago.patch("/realm/user_settings_defaults", &change)
        .await?
        .assert_success();
    let event = queue.next("realm_user_settings_defaults").await?;
    assert_eq!(
        (&event["op"], &event["property"], &event["value"]),
        (&json!("update"), &json!("enable_sounds"), &json!(false))
    );
    let new = [
        ("email", "yorick@example.com"),
        ("full_name", "Yorick"),
        ("password", "alas poor"),
    ];
    iago.post("/users", &new).await?.assert_success();
    let key = app
        .anonymous()?
        .post(
            "/fetch_api_key",
            &[
                ("username", "yorick@example.com"),
                ("password", "alas poor"),
            ],
        )
        .await?;
    key.assert_success();
    let mut yorick = iago.with_key(key.field("api_key").as_str().unwrap_or_default());
    yorick.email = "yorick@example.com".to_owned();
    let state = yorick.register(&[]).await?.state;
    assert_eq!(state["user_settings"]["enable_sounds"], false);
    assert_eq!(
        state["realm_user_settings_defaults"]["enable_sounds"],
        false
    );
    let state = app.user("hamlet").register(&[]).await?.state;
    assert_eq!(state["user_settings"]["enable_sounds"], true);
    app.finish().await
}

#[actix_web::test]
async fn statuses_are_told_to_everybody() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let mut queue = othello.register(&[]).await?;
    let car = [("status_text", "in a meeting"), ("emoji_name", "car")];
    hamlet
        .post("/users/me/status", &car)
        .await?
        .assert_success();
    let mut event = queue.next("user_status").await?;
    event.as_object_mut().map(|event| event.remove("id"));
    assert_eq!(
        event,
        json!({ "type": "user_status", "user_id": hamlet.id, "status_text": "in a meeting", "emoji_name": "car",
            "emoji_code": "1f697", "reaction_type": "unicode_emoji" })
    );
    hamlet
        .post("/users/me/status", &[("emoji_name", "")])
        .await?
        .assert_success();
    assert_eq!(queue.next("user_status").await?.get("status_text"), None);
    let path = format!("/users/{}/status", hamlet.id);
    let status = othello.get(&path, &[]).await?;
    assert_eq!(
        status.field("status"),
        &json!({ "status_text": "in a meeting" })
    );
    let state = othello.register(&[]).await?.state;
    assert_eq!(
        state["user_status"],
        json!({ hamlet.id.to_string(): { "status_text": "in a meeting" } })
    );
    for (params, msg) in [
        (vec![], "Client did not pass any new values."),
        (
            vec![("emoji_code", "1f697")],
            "Client must pass emoji_name if they pass either emoji_code or reaction_type.",
        ),
        (
            vec![("emoji_name", "invalid")],
            "Emoji 'invalid' does not exist",
        ),
    ] {
        hamlet
            .post("/users/me/status", &params)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    let clear = [("status_text", "")];
    othello.post(&path, &clear).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    app.user("iago").post(&path, &clear).await?.assert_success();
    let status = othello.get(&path, &[]).await?;
    assert_eq!(status.field("status"), &json!({}));
    app.finish().await
}

#[actix_web::test]
async fn away_is_the_old_name_of_hidden_presence() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let report = [("status", "active")];
    hamlet
        .post("/users/me/presence", &report)
        .await?
        .assert_success();
    let mut own = hamlet.register(&[]).await?;
    let mut queue = othello.register(&[]).await?;
    hamlet
        .post("/users/me/status", &[("away", "true")])
        .await?
        .assert_success();
    let event = own.next("user_settings").await?;
    assert_eq!(
        (&event["property"], &event["value"]),
        (&json!("presence_enabled"), &json!(false))
    );
    let event = queue.next("presence").await?;
    let (shown, now) = (&event["presence"]["website"], &event["server_timestamp"]);
    assert_eq!(shown["status"], "active");
    let ago = now.as_f64().unwrap() - shown["timestamp"].as_f64().unwrap();
    assert!(ago >= 140.0, "long enough to be shown as away: {event}");
    assert_eq!(queue.next("user_status").await?["away"], true);
    // What they report from now on stays with them.
    hamlet
        .post("/users/me/presence", &report)
        .await?
        .assert_success();
    let path = format!("/users/{}/presence", hamlet.email);
    let seen = othello.get(&path, &[]).await?;
    let then = &seen.field("presence")["website"]["timestamp"];
    assert_eq!(then, &event["presence"]["website"]["timestamp"]);
    hamlet
        .patch("/settings", &[("presence_enabled", "true")])
        .await?
        .assert_success();
    assert_eq!(
        queue.next("presence").await?["presence"]["website"]["status"],
        "active"
    );
    app.finish().await
}

#[actix_web::test]
async fn a_hint_is_shown_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet.register(&[]).await?;
    let step = [("onboarding_step", "intro_inbox_view_modal")];
    hamlet
        .post("/users/me/onboarding_steps", &step)
        .await?
        .assert_success();
    let event = queue.next("onboarding_steps").await?;
    assert!(
        !event.to_string().contains("intro_inbox_view_modal"),
        "{event}"
    );
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state["onboarding_steps"], event["onboarding_steps"]);
    hamlet
        .post("/users/me/onboarding_steps", &[("onboarding_step", "nope")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Unknown onboarding_step: nope");
    let gone = hamlet.delete("/users/me/avatar", &[]).await?;
    gone.assert_success();
    let event = queue.next("realm_user").await?;
    assert_eq!(&event["person"]["avatar_url"], gone.field("avatar_url"));
    for (status, expected) in [("started", 200), ("finished", 200), ("waiting", 400)] {
        let answer = hamlet
            .post("/users/me/tutorial_status", &[("status", status)])
            .await?;
        assert_eq!(answer.status, expected, "{}", answer.text);
    }
    let zoom = hamlet.post("/calls/zoom/create", &[]).await?;
    zoom.assert_error(400, "INVALID_ZOOM_TOKEN", "Invalid Zoom access token");
    let meeting = [("meeting_name", "tea")];
    let other = hamlet.get("/calls/bigbluebutton/create", &meeting).await?;
    other.assert_error(400, "BAD_REQUEST", "BigBlueButton is not configured.");
    app.finish().await
}

#[actix_web::test]
async fn commands_change_settings_and_say_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet
        .register(&[
            ("event_types", r#"["user_settings"]"#),
            (
                "client_capabilities",
                r#"{"notification_settings_null": true, "user_settings_object": true}"#,
            ),
        ])
        .await?;
    for (command, msg) in [
        (
            "/night",
            "Changed to dark theme! To revert dark theme, type `/light`.",
        ),
        ("/dark", "You are still in dark theme."),
        (
            "/day",
            "Changed to light theme! To revert light theme, type `/dark`.",
        ),
        ("/ping", ""),
        ("/fixed-width", "You are still in fixed width mode."),
        (
            "/fluid-width",
            "Changed to fluid-width mode! To revert fluid-width mode, type `/fixed-width`.",
        ),
    ] {
        let answer = hamlet.post("/zcommand", &[("command", command)]).await?;
        assert_eq!(answer.assert_success().field("msg"), msg, "{command}");
    }
    for (property, value) in [
        ("color_scheme", json!(2)),
        ("color_scheme", json!(3)),
        ("fluid_layout_width", json!(true)),
    ] {
        let event = queue.next("user_settings").await?;
        assert_eq!(
            (&event["property"], &event["value"]),
            (&json!(property), &value)
        );
    }
    for (command, msg) in [
        ("night", "There should be a leading slash in the zcommand."),
        ("/dance", "No such command: dance"),
    ] {
        let refused = hamlet.post("/zcommand", &[("command", command)]).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn clients_of_old_find_settings_beside_the_rest() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let old = hamlet.post("/register", &[]).await?;
    assert_eq!(old.field("color_scheme"), &json!(1));
    assert_eq!(old.field("enable_sounds"), &json!(true));
    let subscription = &old.field("subscriptions")[0];
    assert_eq!(subscription["push_notifications"], json!(false));
    assert_eq!(subscription["wildcard_mentions_notify"], Value::Null);

    let some = [("fetch_event_types", r#"["update_display_settings"]"#)];
    let some = hamlet.post("/register", &some).await?;
    assert_eq!(some.field("color_scheme"), &json!(1));
    assert!(some.json.get("enable_sounds").is_none());

    let modern = r#"{"notification_settings_null": true, "user_settings_object": true}"#;
    let new = hamlet
        .post("/register", &[("client_capabilities", modern)])
        .await?;
    assert!(new.json.get("color_scheme").is_none());
    assert_eq!(
        new.field("subscriptions")[0]["push_notifications"],
        Value::Null
    );
    app.finish().await
}
