use narrows_testkit::TestApp;
use reqwest::Method;

#[actix_web::test]
async fn urls_and_methods_that_are_not_there() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let answer = hamlet.call(Method::PUT, "/user_groups", &[]).await?;
    answer.assert_error(405, "METHOD_NOT_ALLOWED", "Method Not Allowed");
    assert_eq!(
        answer.field("allowed_methods"),
        &serde_json::json!(["GET", "HEAD"])
    );
    assert_eq!(answer.header("allow"), "GET, HEAD");
    for path in [
        "/api/v1/nosuch",
        "/json/nosuch",
        "/nosuch",
        "/api/v1/messages/x",
        "/static/../Cargo.toml",
        "/static/x",
    ] {
        let answer = hamlet.send(hamlet.request(Method::GET, path)).await?;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert!(
            answer.header("content-type").starts_with("text/html"),
            "{path}"
        );
    }
    let answer = hamlet
        .send(hamlet.request(Method::HEAD, "/api/v1/users/me"))
        .await?;
    assert_eq!((answer.status, answer.text.as_str()), (200, ""));
    hamlet
        .send(hamlet.request(Method::GET, "//api//v1/users/me"))
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn malformed_requests_are_told_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let form = |body: Vec<u8>| {
        let request = iago.request(Method::POST, "/api/v1/users/me/alert_words");
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body)
    };
    for (body, msg) in [
        (
            b"alert_words=%FF".to_vec(),
            "Malformed request: a parameter is not UTF-8",
        ),
        (
            b"alert_words=%5B%22a%5Cu0000%22%5D".to_vec(),
            "alert_words[0] must not contain null bytes",
        ),
        (
            b"alert_words=[".to_vec(),
            "Argument \"alert_words\" is not valid JSON.",
        ),
        (b"alert_words=5".to_vec(), "alert_words is not a list"),
        (
            b"alert_words=[5]".to_vec(),
            "alert_words[0] is not a string",
        ),
    ] {
        iago.send(form(body))
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    let answer = iago
        .send(form(
            b"x="
                .iter()
                .copied()
                .chain(std::iter::repeat_n(b'a', 5 << 20))
                .collect(),
        ))
        .await?;
    answer.assert_error(413, "REQUEST_TOO_LARGE", "The request is too large");
    let answer = iago.get("/users/a%00b@example.com", &[]).await?;
    answer.assert_error(400, "BAD_REQUEST", "The URL must not contain null bytes");
    let answer = iago.get("/users/99999999999999999999", &[]).await?;
    answer.assert_error(400, "BAD_REQUEST", "Invalid ID");
    assert_eq!(
        iago.get("/users/me/alert_words", &[])
            .await?
            .field("alert_words"),
        &serde_json::json!([])
    );
    app.finish().await
}

#[actix_web::test]
async fn parameters_come_in_the_query_in_forms_and_in_parts() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let parts = reqwest::multipart::Form::new().text("alert_words", r#"["ford"]"#);
    let request = iago
        .request(Method::POST, "/api/v1/users/me/alert_words")
        .multipart(parts);
    iago.send(request).await?.assert_success();
    let request = iago.request(
        Method::POST,
        "/api/v1/users/me/alert_words?alert_words=%5B%22spring%22%5D&bogus=1",
    );
    let answer = iago.send(request).await?;
    answer.assert_success();
    assert_eq!(
        answer.field("alert_words"),
        &serde_json::json!(["ford", "spring"])
    );
    assert_eq!(
        answer.field("ignored_parameters_unsupported"),
        &serde_json::json!(["bogus"])
    );
    app.finish().await
}
