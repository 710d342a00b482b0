use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{Frame, ImageFormat, Rgba, RgbaImage};
use narrows_testkit::{Answer, TestApp, TestUser};
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::json;

fn still(width: u32, height: u32) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let red = RgbaImage::from_pixel(width, height, Rgba([200, 0, 0, 255]));
    red.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

fn moving() -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let colours = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];
    let frames = colours.map(|colour| Frame::new(RgbaImage::from_pixel(300, 100, Rgba(colour))));
    GifEncoder::new(&mut bytes).encode_frames(frames)?;
    Ok(bytes)
}

async fn upload(user: &TestUser, name: &str, files: &[Vec<u8>]) -> anyhow::Result<Answer> {
    let mut form = Form::new();
    for (index, bytes) in files.iter().enumerate() {
        let part = Part::bytes(bytes.clone()).file_name("emoji.png");
        form = form.part(format!("file{index}"), part);
    }
    let request = user.request(Method::POST, &format!("/api/v1/realm/emoji/{name}"));
    user.send(request.multipart(form)).await
}

async fn picture(user: &TestUser, url: &str) -> anyhow::Result<(String, Vec<u8>)> {
    let response = user.request(Method::GET, url).send().await?;
    assert_eq!(response.status().as_u16(), 200, "{url}");
    let content_type = response.headers()["content-type"].to_str()?.to_owned();
    Ok((content_type, response.bytes().await?.to_vec()))
}

#[actix_web::test]
async fn an_emoji_is_told_of_shown_and_taken_out_of_use() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    hamlet.make_stream("pictures", &[cordelia], &[]).await?;
    let mut queue = cordelia
        .register(&[("event_types", r#"["realm_emoji"]"#)])
        .await?;
    assert_eq!(queue.state["realm_emoji"], json!({}));

    // Spaces are underscores, in what is uploaded.
    upload(hamlet, "our%20logo", &[still(200, 100)?])
        .await?
        .assert_success();
    let event = queue.next("realm_emoji").await?;
    assert_eq!(event["op"], "update");
    let listed = cordelia.get("/realm/emoji", &[]).await?;
    assert_eq!(listed.field("emoji"), &event["realm_emoji"]);
    let emoji = event["realm_emoji"].as_object().unwrap();
    assert_eq!(emoji.len(), 1);
    let (id, emoji) = emoji.iter().next().unwrap();
    let source = emoji["source_url"].as_str().unwrap();
    assert_eq!(
        emoji,
        &json!({
            "id": id, "name": "our_logo", "source_url": source, "still_url": null,
            "deactivated": false, "author_id": hamlet.id,
        })
    );
    let (content_type, png) = picture(cordelia, source).await?;
    assert_eq!(content_type, "image/png");
    let shown = image::load_from_memory(&png)?.into_rgba8();
    assert_eq!(shown.dimensions(), (64, 64));
    // A wide picture is in the middle, with nothing above and below.
    assert_eq!(shown.get_pixel(32, 2).0[3], 0);
    assert_eq!(shown.get_pixel(32, 32).0, [200, 0, 0, 255]);

    let rendered = cordelia
        .post("/messages/render", &[("content", "a :our_logo:")])
        .await?;
    assert_eq!(
        rendered.field("rendered"),
        &json!(format!(
            r#"<p>a <img alt=":our_logo:" class="emoji" src="{source}" title="our logo"></p>"#
        ))
    );

    let message = hamlet.send_to("pictures", "x", "hello").await?;
    let reactions = format!("/messages/{message}/reactions");
    let custom = [
        ("emoji_name", "our_logo"),
        ("emoji_code", id.as_str()),
        ("reaction_type", "realm_emoji"),
    ];
    cordelia.post(&reactions, &custom).await?.assert_success();
    hamlet
        .post(&reactions, &[("emoji_name", "our_logo")])
        .await?
        .assert_success();
    let fetched = hamlet.get(&format!("/messages/{message}"), &[]).await?;
    let there = fetched.field("message")["reactions"].as_array().unwrap();
    assert_eq!(there.len(), 2);
    for reaction in there {
        assert_eq!(reaction["reaction_type"], "realm_emoji");
        assert_eq!(reaction["emoji_code"], json!(id));
    }

    // Neither its author nor an administrator.
    cordelia
        .delete("/realm/emoji/our_logo", &[])
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            "Must be an organization administrator or emoji author",
        );
    hamlet
        .delete("/realm/emoji/our_logo", &[])
        .await?
        .assert_success();
    let event = queue.next("realm_emoji").await?;
    assert_eq!(event["realm_emoji"][id]["deactivated"], true);
    let gone = hamlet.delete("/realm/emoji/our_logo", &[]).await?;
    gone.assert_error(404, "BAD_REQUEST", "Emoji 'our_logo' does not exist");

    // Old messages still show it, and a vote for it is possible; a new use is not.
    picture(cordelia, source).await?;
    let rendered = cordelia
        .post("/messages/render", &[("content", "a :our_logo:")])
        .await?;
    assert_eq!(rendered.field("rendered"), "<p>a :our_logo:</p>");
    cordelia.delete(&reactions, &custom).await?.assert_success();
    cordelia.post(&reactions, &custom).await?.assert_success();
    let other = hamlet.send_to("pictures", "x", "again").await?;
    cordelia
        .post(&format!("/messages/{other}/reactions"), &custom)
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            "This custom emoji has been deactivated.",
        );
    // Its name is free again.
    upload(cordelia, "our_logo", &[still(8, 8)?])
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn one_that_moves_has_a_picture_that_does_not() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    upload(hamlet, "party", &[moving()?])
        .await?
        .assert_success();
    let listed = hamlet.get("/realm/emoji", &[]).await?;
    let emoji = listed.field("emoji").as_object().unwrap();
    let emoji = emoji.values().next().unwrap();
    let (content_type, gif) = picture(hamlet, emoji["source_url"].as_str().unwrap()).await?;
    assert_eq!(content_type, "image/gif");
    let decoder = image::codecs::gif::GifDecoder::new(Cursor::new(gif))?;
    let frames = image::AnimationDecoder::into_frames(decoder).collect_frames()?;
    assert_eq!(frames.len(), 3);
    assert_eq!(frames[0].buffer().dimensions(), (64, 64));
    let (content_type, png) = picture(hamlet, emoji["still_url"].as_str().unwrap()).await?;
    assert_eq!(content_type, "image/png");
    assert_eq!(image::load_from_memory(&png)?.width(), 64);
    app.finish().await
}

#[actix_web::test]
async fn what_is_no_emoji_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, polonius) = (app.user("iago"), app.user("hamlet"), app.user("polonius"));
    let png = still(20, 20)?;
    let characters = "Emoji names must contain only lowercase English letters, digits, spaces, dashes, and underscores.";
    for (user, name, files, error) in [
        (hamlet, "Logo", vec![png.clone()], characters),
        (hamlet, "lo%C3%A4", vec![png.clone()], characters),
        (
            hamlet,
            "logo_",
            vec![png.clone()],
            "Emoji names must end with either a letter or digit.",
        ),
        (hamlet, "%20", vec![png.clone()], "Emoji name is missing"),
        (hamlet, "logo", vec![], "You must upload exactly one file."),
        (
            hamlet,
            "logo",
            vec![png.clone(), png.clone()],
            "You must upload exactly one file.",
        ),
        (
            hamlet,
            "logo",
            vec![b"not a picture".to_vec()],
            "Could not decode image; did you upload an image file?",
        ),
        (
            hamlet,
            "smile",
            vec![png.clone()],
            "Only administrators can override default emoji.",
        ),
        (
            polonius,
            "logo",
            vec![png.clone()],
            "Insufficient permission",
        ),
    ] {
        let answer = upload(user, name, &files).await?;
        answer.assert_error(400, "BAD_REQUEST", error);
    }
    assert_eq!(
        hamlet.get("/realm/emoji", &[]).await?.field("emoji"),
        &json!({})
    );
    upload(iago, "smile", std::slice::from_ref(&png))
        .await?
        .assert_success();
    upload(iago, "smile", std::slice::from_ref(&png))
        .await?
        .assert_error(
            400,
            "BAD_REQUEST",
            "A custom emoji with this name already exists.",
        );

    iago.patch("/realm", &[("add_custom_emoji_policy", "2")])
        .await?
        .assert_success();
    let answer = upload(hamlet, "logo", &[png]).await?;
    answer.assert_error(400, "BAD_REQUEST", "Insufficient permission");
    app.finish().await
}

#[actix_web::test]
async fn reactions_name_what_there_is() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("pictures", &[], &[]).await?;
    let message = hamlet.send_to("pictures", "x", "hello").await?;
    upload(hamlet, "logo", &[still(9, 9)?])
        .await?
        .assert_success();
    let listed = hamlet.get("/realm/emoji", &[]).await?;
    let emoji = listed.field("emoji").as_object().unwrap();
    let id = emoji.keys().next().unwrap();
    let path = format!("/messages/{message}/reactions");
    for (name, code, kind, error) in [
        ("logo", "987654", "realm_emoji", "Invalid custom emoji."),
        ("logo", "x", "realm_emoji", "Invalid custom emoji."),
        ("other", id, "realm_emoji", "Invalid custom emoji name."),
        ("zulip", "x", "zulip_extra_emoji", "Invalid emoji code."),
        ("x", "zulip", "zulip_extra_emoji", "Invalid emoji name."),
        ("nothing", "1f604", "unicode_emoji", "Invalid emoji name."),
        ("tada", "x", "unicode_emoji", "Invalid emoji code."),
        ("tada", "1f604", "unicode_emoji", "Invalid emoji name."),
        ("tada", "1f389", "emoji", "Invalid emoji type."),
    ] {
        let params = [
            ("emoji_name", name),
            ("emoji_code", code),
            ("reaction_type", kind),
        ];
        let answer = hamlet.post(&path, &params).await?;
        answer.assert_error(400, "BAD_REQUEST", error);
    }
    app.finish().await
}
