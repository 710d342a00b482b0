use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};
use narrows_testkit::{Answer, TestApp, TestUser};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

/// A picture as a file of some format.
fn picture(width: u32, height: u32, format: ImageFormat) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let red = RgbImage::from_pixel(width, height, Rgb([200, 0, 0]));
    red.write_to(&mut bytes, format)?;
    Ok(bytes.into_inner())
}

async fn post(user: &TestUser, files: &[&[u8]]) -> anyhow::Result<Answer> {
    let mut form = Form::new();
    for (index, bytes) in files.iter().enumerate() {
        let part = Part::bytes(bytes.to_vec()).file_name("me.png");
        form = form.part(format!("file{index}"), part);
    }
    let request = user.request(Method::POST, "/api/v1/users/me/avatar");
    user.send(request.multipart(form)).await
}

/// Width and height of the picture at a URL.
async fn size_of(user: &TestUser, url: &str) -> anyhow::Result<(u32, u32)> {
    let response = user.request(Method::GET, url).send().await?;
    assert_eq!(response.status().as_u16(), 200, "{url}");
    assert_eq!(response.headers()["content-type"], "image/png");
    let picture = image::load_from_memory(&response.bytes().await?)?;
    Ok((picture.width(), picture.height()))
}

#[actix_web::test]
async fn a_picture_is_cut_to_size_and_everybody_is_told() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    let mut queue = cordelia
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    for (format, width, height) in [
        (ImageFormat::Png, 640, 300),
        (ImageFormat::Jpeg, 30, 50),
        (ImageFormat::Gif, 700, 700),
        (ImageFormat::WebP, 1, 1),
    ] {
        let answer = post(hamlet, &[&picture(width, height, format)?]).await?;
        let small = answer
            .assert_success()
            .field("avatar_url")
            .as_str()
            .unwrap()
            .to_owned();
        let event = queue.next("realm_user").await?;
        let person = &event["person"];
        assert_eq!(
            (&event["op"], &person["user_id"]),
            (&json!("update"), &json!(hamlet.id))
        );
        assert_eq!(
            (&person["avatar_source"], &person["avatar_url"]),
            (&json!("U"), &json!(small))
        );
        let medium = person["avatar_url_medium"].as_str().unwrap();
        assert!(small.ends_with(&format!("?version={}", person["avatar_version"])));
        assert_eq!(size_of(cordelia, &small).await?, (100, 100));
        assert_eq!(size_of(cordelia, medium).await?, (500, 500));
    }
    app.finish().await
}

#[actix_web::test]
async fn a_picture_can_be_taken_away() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let answer = post(hamlet, &[&picture(9, 9, ImageFormat::Png)?]).await?;
    let url = answer
        .assert_success()
        .field("avatar_url")
        .as_str()
        .unwrap()
        .to_owned();
    let redirect = hamlet
        .send(hamlet.request(Method::GET, &format!("/avatar/{}", hamlet.id)))
        .await?;
    assert_eq!((redirect.status, redirect.header("location")), (302, &*url));
    let mut queue = hamlet
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let answer = hamlet.delete("/users/me/avatar", &[]).await?;
    let gravatar = answer
        .assert_success()
        .field("avatar_url")
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        gravatar.starts_with("https://secure.gravatar.com/avatar/"),
        "{gravatar}"
    );
    assert!(gravatar.ends_with("?d=identicon&version=3"), "{gravatar}");
    let person = queue.next("realm_user").await?["person"].clone();
    let medium = gravatar.replace("&version", "&s=500&version");
    assert_eq!(
        person,
        json!({
            "user_id": hamlet.id, "avatar_source": "G", "avatar_url": gravatar,
            "avatar_url_medium": medium, "avatar_version": 3,
        })
    );
    assert_eq!(
        hamlet.send(hamlet.request(Method::GET, &url)).await?.status,
        404
    );
    app.finish().await
}

#[actix_web::test]
async fn what_is_no_picture_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let exactly_one = "You must upload exactly one avatar.";
    hamlet
        .post("/users/me/avatar", &[])
        .await?
        .assert_error(400, "BAD_REQUEST", exactly_one);
    let good = picture(9, 9, ImageFormat::Png)?;
    post(hamlet, &[&good, &good])
        .await?
        .assert_error(400, "BAD_REQUEST", exactly_one);
    let undecodable = "Could not decode image; did you upload an image file?";
    post(hamlet, &[b"<svg onload=alert(1)>"])
        .await?
        .assert_error(400, "BAD_REQUEST", undecodable);
    post(hamlet, &[&good[..good.len() / 2]])
        .await?
        .assert_error(400, "BAD_REQUEST", undecodable);
    // A few kilobytes that would be gigabytes: the size in the header counts, whatever follows.
    let mut bomb = good.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0x80, 0, 0, 0, 0x80, 0]);
    let checksum = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
    let too_many_pixels = "Image size exceeds limit.";
    post(hamlet, &[&bomb])
        .await?
        .assert_error(400, "BAD_REQUEST", too_many_pixels);
    let msg = "Uploaded file is larger than the allowed limit of 5 MiB";
    post(hamlet, &[&vec![0; (5 << 20) + 1]])
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    let me = hamlet.get("/users/me", &[]).await?;
    assert_eq!(me.assert_success().field("avatar_version"), 1);
    app.finish().await
}

/// The checksum of PNG chunks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 * (crc & 1))
        })
    })
}

#[actix_web::test]
async fn pictures_are_for_who_may_see_the_organisation() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let answer = post(hamlet, &[&picture(9, 9, ImageFormat::Png)?]).await?;
    let url = answer
        .assert_success()
        .field("avatar_url")
        .as_str()
        .unwrap()
        .to_owned();
    let nobody = app.anonymous()?;
    for (user, expected) in [
        (hamlet, 200),
        (app.user("polonius"), 200),
        (&nobody, 200),
        (app.user("other-hamlet"), 404),
    ] {
        let answer = user.request(Method::GET, &url).send().await?;
        assert_eq!(answer.status().as_u16(), expected, "{}", user.email);
    }
    assert_eq!(
        post(&nobody, &[&picture(9, 9, ImageFormat::Png)?])
            .await?
            .status,
        401
    );
    app.finish().await
}
