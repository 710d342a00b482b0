//! Bots, their keys, and who is told of them.

use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

async fn make(owner: &TestUser, full_name: &str, short_name: &str) -> anyhow::Result<Value> {
    let params = [("full_name", full_name), ("short_name", short_name)];
    let made = owner.post("/bots", &params).await?;
    Ok(made.assert_success().json.clone())
}

/// The bot itself.
fn speaking(owner: &TestUser, email: &str, key: &Value) -> TestUser {
    let mut bot = owner.with_key(key.as_str().unwrap());
    bot.email = email.to_owned();
    bot
}

#[actix_web::test]
async fn a_bot_speaks_with_a_key_that_its_owner_looks_up() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello, iago) = (app.user("hamlet"), app.user("othello"), app.user("iago"));
    let events = [("event_types", r#"["realm_bot", "realm_user"]"#)];
    let mut own = hamlet.register(&events).await?;
    let mut admin = iago.register(&events).await?;
    let mut other = othello.register(&events).await?;
    let made = make(hamlet, "Weather Bot", "weather").await?;
    for queue in [&mut own, &mut admin] {
        let person = queue.next("realm_user").await?;
        assert_eq!(person["person"]["bot_owner_id"], json!(hamlet.id));
        let event = queue.next("realm_bot").await?;
        assert_eq!(event["op"], "add");
        assert_eq!(event["bot"]["user_id"], made["user_id"]);
        assert_eq!(event["bot"]["api_key"], made["api_key"]);
        assert_eq!(event["bot"]["owner_id"], json!(hamlet.id));
    }
    other.next("realm_user").await?;
    let registered = hamlet.post("/register", &events).await?;
    let shown = registered.field("realm_bots").as_array().unwrap().clone();
    let shown = shown.iter().find(|bot| bot["user_id"] == made["user_id"]);
    let email = shown.unwrap()["email"].as_str().unwrap().to_owned();
    assert!(email.starts_with("weather-bot@"), "{email}");
    assert_eq!(shown.unwrap()["api_key"], made["api_key"]);
    let others = othello.post("/register", &events).await?;
    assert_eq!(others.field("realm_bots"), &json!([]));
    let bots = hamlet.get("/bots", &[]).await?;
    let listed = bots.field("bots").as_array().unwrap();
    assert!(
        listed
            .iter()
            .any(|bot| bot["username"] == email && bot["api_key"] == made["api_key"])
    );
    let bot = speaking(hamlet, &email, &made["api_key"]);
    let me = bot.get("/users/me", &[]).await?;
    assert_eq!(me.assert_success().field("user_id"), &made["user_id"]);
    bot.get("/bots", &[]).await?.assert_error(
        400,
        "BAD_REQUEST",
        "This endpoint does not accept bot requests.",
    );

    let path = format!("/bots/{}/api_key/regenerate", made["user_id"]);
    othello
        .post(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    let new = hamlet.post(&path, &[]).await?;
    let new = new.assert_success().field("api_key").clone();
    assert_ne!(new, made["api_key"]);
    let event = own.next("realm_bot").await?;
    assert_eq!(
        (&event["op"], &event["bot"]["api_key"]),
        (&json!("update"), &new)
    );
    assert_eq!(bot.get("/users/me", &[]).await?.status, 401);
    let bot = speaking(hamlet, &email, &new);
    bot.get("/users/me", &[]).await?.assert_success();

    let path = format!("/bots/{}", made["user_id"]);
    hamlet.delete(&path, &[]).await?.assert_success();
    let event = own.next("realm_bot").await?;
    assert_eq!(
        event["bot"],
        json!({ "user_id": made["user_id"], "is_active": false })
    );
    assert_eq!(bot.get("/users/me", &[]).await?.status, 401);
    let event = other.event().await?;
    assert_eq!(
        event["type"], "realm_user",
        "keys are of no concern to others: {event}"
    );
    assert_eq!(event["person"]["is_active"], false);
    app.finish().await
}

#[actix_web::test]
async fn a_bot_is_changed_by_its_owner_and_administrators() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello, iago) = (app.user("hamlet"), app.user("othello"), app.user("iago"));
    hamlet.make_stream("Verona", &[othello], &[]).await?;
    let made = make(hamlet, "Weather Bot", "weather").await?;
    let path = format!("/bots/{}", made["user_id"]);
    let events = [("event_types", r#"["realm_bot"]"#)];
    let mut own = hamlet.register(&events).await?;
    let mut next = othello.register(&events).await?;
    let params = [
        ("full_name", "Sunny Bot"),
        ("default_sending_stream", "Verona"),
    ];
    let changed = hamlet.patch(&path, &params).await?;
    changed.assert_success();
    assert_eq!(changed.field("full_name"), "Sunny Bot");
    assert_eq!(changed.field("default_sending_stream"), "Verona");
    assert_eq!(
        own.next("realm_bot").await?["bot"]["full_name"],
        "Sunny Bot"
    );
    let event = own.next("realm_bot").await?;
    assert_eq!(event["bot"]["default_sending_stream"], "Verona");
    let refused = othello.patch(&path, &[("full_name", "x y")]).await?;
    refused.assert_error(400, "BAD_REQUEST", "Insufficient permission");
    let nobody = format!("/bots/{}", othello.id);
    let refused = hamlet.patch(&nobody, &[("full_name", "x y")]).await?;
    refused.assert_error(400, "BAD_REQUEST", "No such bot");

    let owner = othello.id.to_string();
    let given = iago
        .patch(&path, &[("bot_owner_id", owner.as_str())])
        .await?;
    given.assert_success();
    let event = own.next("realm_bot").await?;
    assert_eq!(
        (&event["op"], &event["bot"]["user_id"]),
        (&json!("delete"), &made["user_id"])
    );
    let event = next.next("realm_bot").await?;
    assert_eq!(
        (&event["op"], &event["bot"]["owner_id"]),
        (&json!("add"), &json!(othello.id))
    );
    let gone = hamlet.patch(&path, &[("full_name", "x y")]).await?;
    gone.assert_error(400, "BAD_REQUEST", "Insufficient permission");
    app.finish().await
}

#[actix_web::test]
async fn not_every_bot_may_be_made() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    make(hamlet, "Weather Bot", "weather").await?;
    for (params, msg) in [
        (
            [("full_name", "Weather Bot"), ("short_name", "other")],
            "Name is already in use!",
        ),
        (
            [("full_name", "Other Bot"), ("short_name", "weather")],
            "Username already in use",
        ),
        (
            [("full_name", "Other Bot"), ("short_name", " ")],
            "Bad name or username",
        ),
        (
            [("full_name", "Other Bot"), ("short_name", "a b@c")],
            "Bad name or username",
        ),
    ] {
        let answer = hamlet.post("/bots", &params).await?;
        answer.assert_error(400, "BAD_REQUEST", msg);
    }
    let params = [
        ("full_name", "Third Bot"),
        ("short_name", "third"),
        ("bot_type", "9"),
    ];
    let answer = hamlet.post("/bots", &params).await?;
    answer.assert_error(400, "BAD_REQUEST", "Invalid bot type");
    let answer = app.user("polonius").post("/bots", &params).await?;
    answer.assert_error(400, "BAD_REQUEST", "Not allowed for guest users");
    for (policy, generic, webhook) in [("2", 400, 200), ("3", 400, 400), ("1", 200, 200)] {
        let set = [("bot_creation_policy", policy)];
        app.user("desdemona")
            .patch("/realm", &set)
            .await?
            .assert_success();
        for (kind, expected) in [("1", generic), ("2", webhook)] {
            let name = format!("Bot {policy} {kind}");
            let short = format!("bot-{policy}-{kind}");
            let params = [
                ("full_name", name.as_str()),
                ("short_name", &short),
                ("bot_type", kind),
            ];
            let answer = hamlet.post("/bots", &params).await?;
            assert_eq!(answer.status, expected, "{policy} {kind} {}", answer.text);
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn incoming_webhooks_send_and_do_nothing_else() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("alerts", &[], &[]).await?;
    let params = [
        ("full_name", "Alert Bot"),
        ("short_name", "alert"),
        ("bot_type", "2"),
    ];
    let made = hamlet.post("/bots", &params).await?;
    let id = made.assert_success().field("user_id").clone();
    let shown = hamlet.get(&format!("/users/{id}"), &[]).await?;
    let email = shown.field("user")["email"].as_str().unwrap().to_owned();
    let bot = speaking(hamlet, &email, made.field("api_key"));
    bot.send_to("alerts", "t", "x").await?;
    let msg = "This API is not available to incoming webhook bots.";
    for path in ["/users/me", "/messages", "/users"] {
        let refused = bot.get(path, &[]).await?;
        refused.assert_error(401, "UNAUTHORIZED", msg);
    }
    let refused = bot.post("/register", &[]).await?;
    refused.assert_error(401, "UNAUTHORIZED", msg);
    app.finish().await
}

#[actix_web::test]
async fn who_is_deactivated_takes_their_bots_with_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, bot) = (app.user("iago"), app.user("hamlet"), app.user("bot"));
    let mut queue = iago
        .register(&[("event_types", r#"["realm_bot"]"#)])
        .await?;
    let path = format!("/users/{}", hamlet.id);
    iago.delete(&path, &[]).await?.assert_success();
    let event = queue.next("realm_bot").await?;
    let got = (
        &event["op"],
        &event["bot"]["user_id"],
        &event["bot"]["is_active"],
    );
    assert_eq!(got, (&json!("update"), &json!(bot.id), &json!(false)));
    assert_eq!(bot.get("/users/me", &[]).await?.status, 401);
    iago.post(&format!("{path}/reactivate"), &[])
        .await?
        .assert_success();
    // A bot comes back by a decision of its own.
    let shown = iago.get(&format!("/users/{}", bot.id), &[]).await?;
    assert_eq!(shown.field("user")["is_active"], false);
    app.finish().await
}

#[actix_web::test]
async fn a_bots_role_changes_with_all_else_or_not_at_all() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, bot) = (app.user("iago"), app.user("hamlet"), app.user("bot"));
    let path = format!("/bots/{}", bot.id);
    let role = async || {
        let shown = iago.get(&format!("/users/{}", bot.id), &[]).await?;
        anyhow::Ok(shown.field("user")["role"].clone())
    };
    let moderator = [("role", "300")];
    let refused = hamlet.patch(&path, &moderator).await?;
    refused.assert_error(400, "BAD_REQUEST", "Insufficient permission");
    let owner = [("role", "100")];
    let refused = iago.patch(&path, &owner).await?;
    let msg = "Must be an organization owner";
    refused.assert_error(400, "UNAUTHORIZED_PRINCIPAL", msg);
    let wrong = [("role", "300"), ("bot_owner_id", "9000000")];
    assert_eq!(iago.patch(&path, &wrong).await?.status, 400);
    assert_eq!(role().await?, 400);
    iago.patch(&path, &moderator).await?.assert_success();
    assert_eq!(role().await?, 300);
    app.finish().await
}
