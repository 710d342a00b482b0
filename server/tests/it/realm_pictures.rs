//! The realm's icon and logos.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use narrows_testkit::{Answer, TestApp, TestUser};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

async fn post(
    user: &TestUser,
    path: &str,
    size: (u32, u32),
    night: Option<bool>,
) -> anyhow::Result<Answer> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::new(size.0, size.1).write_to(&mut bytes, ImageFormat::Png)?;
    let part = Part::bytes(bytes.into_inner()).file_name("picture.png");
    let mut form = Form::new().part("file", part);
    if let Some(night) = night {
        form = form.text("night", night.to_string());
    }
    let request = user.request(Method::POST, &format!("/api/v1{path}"));
    user.send(request.multipart(form)).await
}

async fn size_of(user: &TestUser, url: &str) -> anyhow::Result<(u32, u32)> {
    let response = user.request(Method::GET, url).send().await?;
    assert_eq!(response.status().as_u16(), 200, "{url}");
    let picture = image::load_from_memory(&response.bytes().await?)?;
    Ok((picture.width(), picture.height()))
}

#[actix_web::test]
async fn an_icon_is_shown_to_everybody() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let mut queue = hamlet.register(&[("event_types", r#"["realm"]"#)]).await?;
    let before = hamlet.post("/register", &[]).await?;
    assert_eq!(before.field("realm_icon_source"), "G");
    let set = post(iago, "/realm/icon", (300, 200), None).await?;
    let url = set
        .assert_success()
        .field("icon_url")
        .as_str()
        .unwrap()
        .to_owned();
    let event = queue.next("realm").await?;
    assert_eq!(
        (&event["op"], &event["property"]),
        (&json!("update_dict"), &json!("icon"))
    );
    assert_eq!(
        event["data"],
        json!({ "icon_source": "U", "icon_url": url })
    );
    let nobody = app.anonymous()?;
    assert_eq!(size_of(&nobody, &url).await?, (100, 100));
    let settings = nobody.get("/server_settings", &[]).await?;
    assert_eq!(settings.field("realm_icon"), &json!(url));
    let state = hamlet.post("/register", &[]).await?;
    assert_eq!(state.field("realm_icon_url"), &json!(url));
    let again = post(iago, "/realm/icon", (10, 10), None).await?;
    assert_ne!(again.field("icon_url"), &json!(url), "another version");
    queue.next("realm").await?;
    let removed = iago.delete("/realm/icon", &[]).await?;
    assert_eq!(
        removed.assert_success().field("icon_url"),
        before.field("realm_icon_url")
    );
    assert_eq!(queue.next("realm").await?["data"]["icon_source"], "G");
    let gone = nobody.request(Method::GET, &url).send().await?;
    assert_eq!(gone.status().as_u16(), 404);
    app.finish().await
}

#[actix_web::test]
async fn there_is_a_logo_for_the_day_and_one_for_the_night() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let mut queue = iago.register(&[("event_types", r#"["realm"]"#)]).await?;
    for (night, name) in [(false, "logo"), (true, "night_logo")] {
        let set = post(iago, "/realm/logo", (1600, 100), Some(night)).await?;
        set.assert_success();
        let event = queue.next("realm").await?;
        assert_eq!(event["property"], json!(name));
        let url = event["data"][format!("{name}_url")].as_str().unwrap();
        assert_eq!(size_of(iago, url).await?, (800, 50));
    }
    let removed = iago.delete("/realm/logo", &[("night", "true")]).await?;
    removed.assert_success();
    assert_eq!(queue.next("realm").await?["data"]["night_logo_source"], "D");
    let state = iago.post("/register", &[]).await?;
    assert_eq!(state.field("realm_logo_source"), "U");
    assert_eq!(state.field("realm_night_logo_source"), "D");
    app.finish().await
}

#[actix_web::test]
async fn only_administrators_change_them() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let msg = "Must be an organization administrator";
    for (path, night) in [("/realm/icon", None), ("/realm/logo", Some(false))] {
        let refused = post(hamlet, path, (1, 1), night).await?;
        refused.assert_error(400, "UNAUTHORIZED_PRINCIPAL", msg);
        let refused = hamlet.delete(path, &[("night", "false")]).await?;
        refused.assert_error(400, "UNAUTHORIZED_PRINCIPAL", msg);
    }
    let missing = post(app.user("iago"), "/realm/logo", (1, 1), None).await?;
    missing.assert_error(400, "REQUEST_VARIABLE_MISSING", "Missing 'night' argument");
    app.finish().await
}
