use narrows_testkit::TestApp;
use reqwest::Method;

/// Clients take the URL from /register as it is and fetch it without authenticating.
#[actix_web::test]
async fn the_list_of_emoji_is_where_register_says() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let state = hamlet
        .post("/register", &[("fetch_event_types", r#"["realm"]"#)])
        .await?;
    let url = state.field("server_emoji_data_url").as_str().unwrap_or("");
    let path = url.find("/static").map_or("", |at| &url[at..]);
    assert!(url.starts_with("http") && !path.is_empty(), "{url}");
    let anonymous = app.anonymous()?;
    let answer = anonymous.send(anonymous.request(Method::GET, path)).await?;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let list: serde_json::Value = serde_json::from_str(&answer.text)?;
    let names = &list["code_to_names"];
    assert_eq!(names["1f44d"][0], "+1");
    assert!(names.as_object().is_some_and(|all| all.len() > 1500));

    let again = anonymous
        .request(Method::GET, path)
        .header("if-none-match", answer.header("etag"));
    let again = anonymous.send(again).await?;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    app.finish().await
}
