//! Who looks in without an account.

use narrows_testkit::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

const PLAIN: &[(&str, &str)] = &[("client_gravatar", "false")];

#[actix_web::test]
async fn a_stranger_gets_the_client_where_there_is_something_to_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let desdemona = app.user("desdemona");
    let nobody = app.anonymous()?;
    let front = || async { nobody.send(nobody.request(Method::GET, "/")).await };
    let page = front().await?;
    assert_eq!((page.status, page.header("location")), (302, "/login/"));
    desdemona
        .make_stream("plaza", &[], &[("is_web_public", "true")])
        .await?;
    let page = front().await?;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("\"is_spectator\":true"), "{}", page.text);
    assert!(page.text.contains("\"user_id\":null"), "{}", page.text);
    let stale = nobody
        .request(Method::GET, "/")
        .header("cookie", "sessionid=nothing");
    let page = nobody.send(stale).await?;
    assert_eq!((page.status, page.header("location")), (302, "/login/"));
    let close = "UPDATE realms SET settings = settings || '{\"enable_spectator_access\": false}'";
    app.sql().await?.execute(close, &[]).await?;
    let page = front().await?;
    assert_eq!((page.status, page.header("location")), (302, "/login/"));
    app.finish().await
}

#[actix_web::test]
async fn a_spectator_is_told_names_and_no_addresses() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    app.user("desdemona")
        .make_stream("plaza", &[], &[("is_web_public", "true")])
        .await?;
    let plaza = hamlet.get("/get_stream_id", &[("stream", "plaza")]).await?;
    let members = format!("/streams/{}/members", plaza.field("stream_id"));
    let guest = app.user("polonius").get(&members, &[]).await?;
    assert_eq!(
        guest.field("subscribers"),
        &json!([app.user("desdemona").id]),
        "a guest reads what the web may read"
    );
    let nobody = app.spectator()?;
    let users = nobody.get("/users", &[]).await?;
    users.assert_success();
    assert!(
        users.text.contains("\"full_name\":\"King Hamlet\""),
        "{}",
        users.text
    );
    for user in app.users().values() {
        assert!(!users.text.contains(&user.email), "{} is told", user.email);
    }
    let own = json!([hamlet.id, app.user("other-iago").id]).to_string();
    let one = nobody.get("/users", &[("user_ids", own.as_str())]).await?;
    let members = one.field("members").as_array().unwrap();
    assert_eq!(members.len(), 1, "{}", one.text);
    for name in ["client_gravatar", "include_custom_profile_fields"] {
        let msg = format!("Invalid '{name}' parameter for anonymous request");
        nobody
            .get("/users", &[(name, "true")])
            .await?
            .assert_error(400, "BAD_REQUEST", &msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn a_spectator_gets_what_the_web_may_see_and_no_queue() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let desdemona = app.user("desdemona");
    desdemona
        .make_stream("plaza", &[], &[("is_web_public", "true")])
        .await?;
    desdemona.make_stream("square", &[], &[]).await?;
    desdemona
        .make_stream("cellar", &[], &[("invite_only", "true")])
        .await?;
    let shown = desdemona.send_to("plaza", "t", "hello").await?;
    desdemona.send_to("square", "t", "secret word").await?;
    let nobody = app.spectator()?;
    let state = nobody.post("/register", PLAIN).await?;
    state.assert_success();
    assert_eq!(state.field("queue_id"), &Value::Null);
    let names = |field: &str| -> Vec<Value> {
        let streams = state.field(field).as_array().unwrap();
        streams
            .iter()
            .map(|stream| stream["name"].clone())
            .collect()
    };
    assert_eq!(names("subscriptions"), ["plaza"]);
    assert_eq!(names("streams"), ["plaza"]);
    assert_eq!(names("never_subscribed"), Vec::<Value>::new());
    for (field, value) in [
        ("user_id", json!(0)),
        ("full_name", json!("Anonymous User")),
        ("is_guest", json!(true)),
        ("max_message_id", json!(-1)),
        ("presences", json!({})),
        ("alert_words", json!([])),
        ("realm_name", json!("Test")),
    ] {
        assert_eq!(state.field(field), &value, "{field}");
    }
    for user in app
        .users()
        .values()
        .filter(|user| user.realm_id == desdemona.realm_id)
    {
        assert!(!state.text.contains(&user.email), "{} is told", user.email);
    }
    assert!(!state.text.contains("cellar") && !state.text.contains("square"));
    let narrow = r#"[["channels", "web-public"]]"#;
    let all = [
        ("anchor", "oldest"),
        ("num_before", "0"),
        ("num_after", "100"),
        ("narrow", narrow),
    ];
    let messages = nobody.get("/messages", &all).await?;
    messages.assert_success();
    let ids: Vec<i64> = messages
        .field("messages")
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["id"].as_i64().unwrap())
        .collect();
    assert!(ids.contains(&shown), "{ids:?}");
    assert!(!messages.text.contains("secret word"));
    let people = ["hamlet", "iago", "desdemona", "cordelia"].map(|key| app.user(key));
    for person in people {
        assert!(!messages.text.contains(&person.email), "{}", messages.text);
    }
    app.finish().await
}

#[actix_web::test]
async fn spectators_choose_less() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let nobody = app.spectator()?;
    let msg = "Invalid 'client_gravatar' parameter for anonymous request";
    nobody
        .post("/register", &[("client_gravatar", "true")])
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let params = [
        ("client_gravatar", "false"),
        ("include_subscribers", "true"),
    ];
    let msg = "Invalid 'include_subscribers' parameter for anonymous request";
    nobody
        .post("/register", &params)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let some = [
        ("client_gravatar", "false"),
        ("fetch_event_types", r#"["realm"]"#),
    ];
    let state = nobody.post("/register", &some).await?;
    state.assert_success();
    assert_eq!(state.field("subscriptions"), &Value::Null);
    assert_eq!(state.field("realm_users"), &Value::Null);
    // Programs always bring a key.
    let program = app.anonymous()?.post("/register", &some).await?;
    program.assert_error(
        401,
        "UNAUTHORIZED",
        "Not logged in: API authentication or user session required",
    );
    let close = "UPDATE realms SET settings = settings || '{\"enable_spectator_access\": false}'";
    app.sql().await?.execute(close, &[]).await?;
    let closed = nobody.post("/register", PLAIN).await?;
    assert_eq!(closed.status, 401, "{}", closed.text);
    app.finish().await
}
