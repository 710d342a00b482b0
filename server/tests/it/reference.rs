//! What the API says of itself.

use narrows_testkit::TestApp;
use reqwest::Method;

#[tokio::test]
async fn anybody_can_read_what_operations_there_are() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let anybody = app.anonymous()?;
    let document = anybody
        .send(anybody.request(Method::GET, "/api/openapi.json"))
        .await?;
    assert_eq!(document.status, 200);
    assert_eq!(document.json["openapi"], "3.1.0");
    let send = &document.json["paths"]["/messages"]["post"];
    assert_eq!(send["operationId"], "post-messages");
    assert_eq!(send["security"][0]["key"], serde_json::json!([]));

    let page = anybody.send(anybody.request(Method::GET, "/api/")).await?;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").starts_with("text/html"));
    for operation in ["post-messages", "get-events", "delete-users-user-id"] {
        assert!(
            page.text.contains(&format!("id=\"{operation}\"")),
            "{operation}"
        );
    }
    assert!(page.text.contains("href=\"#object-StreamObject\""));
    // Nothing in it that the content security policy forbids.
    for forbidden in ["<script", " style=", "<style", " onclick="] {
        assert!(!page.text.contains(forbidden), "{forbidden}");
    }
    app.finish().await
}

#[tokio::test]
async fn links_of_the_reference_lead_somewhere() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let anybody = app.anonymous()?;
    let page = anybody.send(anybody.request(Method::GET, "/api/")).await?;
    for rest in page.text.split("href=\"#").skip(1) {
        let anchor = rest.split('"').next().unwrap_or_default();
        assert!(page.text.contains(&format!("id=\"{anchor}\"")), "{anchor}");
    }
    app.finish().await
}
