use narrows_testkit::{PASSWORD, TestApp};
use reqwest::Method;

const WRONG: &str = "Your username or password is incorrect";

#[actix_web::test]
async fn a_password_buys_a_key_and_every_program_gets_its_own() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let nobody = app.anonymous()?;
    let credentials = [("username", hamlet.email.as_str()), ("password", PASSWORD)];
    let first = nobody.post("/fetch_api_key", &credentials).await?;
    let second = nobody.post("/fetch_api_key", &credentials).await?;
    for answer in [&first, &second] {
        answer.assert_success();
        assert_eq!(answer.field("user_id"), hamlet.id.0);
        assert_eq!(answer.field("email"), hamlet.email.as_str());
        let key = answer.field("api_key").as_str().unwrap();
        assert_eq!(key.len(), 32);
        hamlet
            .with_key(key)
            .get("/users/me", &[])
            .await?
            .assert_success();
    }
    assert_ne!(first.field("api_key"), second.field("api_key"));
    hamlet.get("/users/me", &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn wrong_passwords_are_refused_without_saying_what_was_wrong() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let nobody = app.anonymous()?;
    let of = |key: &str| app.user(key).email.clone();
    for (email, password) in [
        (of("hamlet"), "wrong"),
        (of("iago"), "wrong"),
        ("nobody@example.com".to_owned(), PASSWORD),
        (of("other-hamlet"), PASSWORD),
    ] {
        let answer = nobody
            .post(
                "/fetch_api_key",
                &[("username", &email), ("password", password)],
            )
            .await?;
        answer.assert_error(401, "AUTHENTICATION_FAILED", WRONG);
    }
    let answer = nobody
        .post("/fetch_api_key", &[("username", "nope"), ("password", "x")])
        .await?;
    answer.assert_error(400, "BAD_REQUEST", "Enter a valid email address.");
    let answer = nobody
        .post("/fetch_api_key", &[("username", &of("hamlet"))])
        .await?;
    answer.assert_error(
        400,
        "REQUEST_VARIABLE_MISSING",
        "Missing 'password' argument",
    );
    app.finish().await
}

#[actix_web::test]
async fn basic_authentication_needs_the_right_pair() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    for (email, key, msg) in [
        (
            "nobody@example.com",
            hamlet.api_key.as_str(),
            "Invalid API key",
        ),
        (
            app.user("othello").email.as_str(),
            hamlet.api_key.as_str(),
            "Invalid API key",
        ),
        (hamlet.email.as_str(), "x", "Invalid API key"),
        (hamlet.email.as_str(), "", "Invalid API key"),
        (
            hamlet.email.as_str(),
            app.user("other-hamlet").api_key.as_str(),
            "Invalid API key",
        ),
    ] {
        let request = app
            .anonymous()?
            .request(Method::GET, "/api/v1/users/me")
            .basic_auth(email, Some(key));
        let answer = hamlet.send(request).await?;
        answer.assert_error(401, "UNAUTHORIZED", msg);
        assert_eq!(answer.header("www-authenticate"), "Basic realm=\"zulip\"");
    }
    for (header, msg) in [
        ("Basic !!!", "Invalid authorization header for basic auth"),
        ("Basic", "Invalid authorization header for basic auth"),
        (
            "Bearer abc",
            "This endpoint requires HTTP basic authentication.",
        ),
    ] {
        let request = app
            .anonymous()?
            .request(Method::GET, "/api/v1/users/me")
            .header("authorization", header);
        hamlet
            .send(request)
            .await?
            .assert_error(401, "UNAUTHORIZED", msg);
    }
    let upper = app.anonymous()?.request(Method::GET, "/api/v1/users/me");
    let upper = upper.basic_auth(hamlet.email.to_uppercase(), Some(&hamlet.api_key));
    hamlet.send(upper).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn regenerating_revokes_all_keys_and_their_queues() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let queue = hamlet.register(&[]).await?;
    let answer = hamlet.post("/users/me/api_key/regenerate", &[]).await?;
    answer.assert_success();
    let renewed = hamlet.with_key(answer.field("api_key").as_str().unwrap());
    hamlet
        .get("/users/me", &[])
        .await?
        .assert_error(401, "UNAUTHORIZED", "Invalid API key");
    renewed.get("/users/me", &[]).await?.assert_success();
    let poll = renewed
        .get(
            "/events",
            &[("queue_id", &queue.id), ("last_event_id", "-1")],
        )
        .await?;
    assert_eq!(
        (poll.status, poll.field("code")),
        (400, &"BAD_EVENT_QUEUE_ID".into()),
        "{}",
        poll.text
    );
    app.finish().await
}

#[actix_web::test]
async fn development_keys_need_a_development_server() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let nobody = app.anonymous()?;
    let answer = nobody
        .post("/dev_fetch_api_key", &[("username", &iago.email)])
        .await?;
    answer.assert_success();
    iago.with_key(answer.field("api_key").as_str().unwrap())
        .get("/users/me", &[])
        .await?
        .assert_success();
    let people = nobody.get("/dev_list_users", &[]).await?;
    let count = |field: &str| people.field(field).as_array().map_or(0, Vec::len);
    assert_eq!((count("direct_admins"), count("direct_users")), (4, 10));
    app.finish().await?;

    let app = TestApp::start_with("", |config| config.server.development = false).await?;
    let nobody = app.anonymous()?;
    let answer = nobody
        .post(
            "/dev_fetch_api_key",
            &[("username", &app.user("iago").email)],
        )
        .await?;
    answer.assert_error(400, "BAD_REQUEST", "Endpoint not available in production.");
    assert_eq!(nobody.get("/dev_list_users", &[]).await?.status, 400);
    app.finish().await
}

#[actix_web::test]
async fn push_asks_whose_a_credential_is_with_the_secret_only() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let realm = narrows_actions::auth::realm(&app.ctx, "").await?.id();
    let credential = |key: &str| {
        let hash = narrows_actions::auth::token_hash(key);
        hash.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let secret = app.ctx.config.secrets.internal_secret.expose();
    let ask = |key: &str, secret: &str| {
        let question = serde_json::json!({ "realm_id": realm, "credential": credential(key) });
        let request = hamlet
            .request(Method::POST, "/internal/authenticate")
            .header("X-Narrows-Internal", secret);
        hamlet.send(request.json(&question))
    };
    let answer = ask(&hamlet.api_key, secret).await?;
    assert_eq!(
        (answer.status, answer.field("user_id")),
        (200, &hamlet.id.0.into()),
        "{}",
        answer.text
    );
    assert_eq!(ask(&hamlet.api_key, "wrong").await?.status, 401);
    assert_eq!(ask("unknown", secret).await?.status, 401);
    assert_eq!(
        ask(&app.user("other-hamlet").api_key, secret).await?.status,
        401
    );
    app.finish().await
}
