use chrono::TimeDelta;
use narrows_actions::uploads::{delete_stored, temporary_url};
use narrows_runtime::Clock;
use narrows_store::models::Attachment;
use narrows_testkit::{Answer, TestApp, TestUser};
use narrows_wire::RealmId;
use object_store::ObjectStoreExt;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

fn part(name: &str, media_type: &str, bytes: impl Into<Vec<u8>>) -> anyhow::Result<Part> {
    let part = Part::bytes(bytes.into()).file_name(name.to_owned());
    Ok(part.mime_str(media_type)?)
}

async fn post(user: &TestUser, form: Form) -> anyhow::Result<Answer> {
    let request = user.request(Method::POST, "/api/v1/user_uploads");
    user.send(request.multipart(form)).await
}

/// Uploads a file; its URL.
async fn upload(
    user: &TestUser,
    name: &str,
    media_type: &str,
    text: &str,
) -> anyhow::Result<String> {
    let answer = post(
        user,
        Form::new().part("file", part(name, media_type, text)?),
    )
    .await?;
    answer.assert_success();
    assert_eq!(answer.field("uri"), answer.field("url"));
    assert_eq!(answer.field("filename"), name);
    Ok(answer.field("url").as_str().unwrap_or_default().to_owned())
}

/// Asks for a page, as apps do: with the key if there is one.
async fn fetch(user: &TestUser, url: &str) -> anyhow::Result<Answer> {
    user.send(user.request(Method::GET, url)).await
}

async fn status(user: &TestUser, url: &str) -> anyhow::Result<u16> {
    Ok(fetch(user, url).await?.status)
}

/// Makes a stream with its first members.
async fn stream(
    by: &TestUser,
    name: &str,
    with: &[&TestUser],
    more: &[(&str, &str)],
) -> anyhow::Result<()> {
    let subscriptions = json!([{ "name": name }]).to_string();
    let principals = json!(with.iter().map(|user| user.id).collect::<Vec<_>>()).to_string();
    let mut params = vec![
        ("subscriptions", &*subscriptions),
        ("principals", &*principals),
    ];
    params.extend_from_slice(more);
    by.post("/users/me/subscriptions", &params)
        .await?
        .assert_success();
    Ok(())
}

async fn own(user: &TestUser) -> anyhow::Result<Value> {
    let answer = user.get("/attachments", &[]).await?;
    answer.assert_success();
    Ok(answer.field("attachments").clone())
}

async fn row(app: &TestApp, url: &str) -> anyhow::Result<Option<Attachment>> {
    let realm = url.split('/').nth(2).unwrap_or_default();
    let realm = RealmId(realm.parse()?);
    let path = url.trim_start_matches("/user_uploads/").to_owned();
    let mut conn = app.ctx.store.read().await?;
    Ok(Attachment::by_paths(&mut conn, realm, &[path]).await?.pop())
}

#[actix_web::test]
async fn a_file_is_stored_and_its_owner_told() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    let mut queue = hamlet
        .register(&[("event_types", r#"["attachment"]"#)])
        .await?;
    let url = upload(hamlet, "hello world.txt", "text/plain", "hello").await?;
    let path = url.strip_prefix("/user_uploads/").unwrap();
    let pattern: Vec<&str> = path.split('/').collect();
    assert_eq!(
        (
            pattern.len(),
            pattern[1].len(),
            pattern[2].len(),
            pattern[3]
        ),
        (4, 2, 24, "hello-world.txt")
    );

    let event = queue.next("attachment").await?;
    let attachment = &event["attachment"];
    assert_eq!(
        (&event["op"], &event["upload_space_used"]),
        (&json!("add"), &json!(5))
    );
    assert_eq!(attachment["name"], "hello world.txt");
    assert_eq!(attachment["path_id"], path);
    assert_eq!(
        (&attachment["size"], &attachment["messages"]),
        (&json!(5), &json!([]))
    );
    assert_eq!(attachment["create_time"].as_i64().unwrap() % 1000, 0);
    assert_eq!(own(hamlet).await?, json!([attachment]));
    assert_eq!(own(cordelia).await?, json!([]));

    let read = fetch(hamlet, &url).await?;
    assert_eq!((read.status, &*read.text), (200, "hello"));
    app.finish().await
}

#[actix_web::test]
async fn what_is_not_one_file_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let none = "You must specify a file to upload";
    hamlet
        .post("/user_uploads", &[])
        .await?
        .assert_error(400, "BAD_REQUEST", none);
    let parameter = Form::new().text("file", "hello");
    post(hamlet, parameter)
        .await?
        .assert_error(400, "BAD_REQUEST", none);
    let two = Form::new().part("a", part("a.txt", "text/plain", "a")?);
    let two = two.part("b", part("b.txt", "text/plain", "b")?);
    let msg = "You may only upload one file at a time";
    post(hamlet, two)
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    assert_eq!(own(hamlet).await?, json!([]));
    let nobody = app.anonymous()?;
    let file = Form::new().part("a", part("a.txt", "text/plain", "a")?);
    assert_eq!(post(&nobody, file).await?.status, 401);
    app.finish().await
}

#[actix_web::test]
async fn files_and_organisations_have_limits() -> anyhow::Result<()> {
    let app =
        TestApp::start_with("[uploads]\nmax_file_mib = 2\nrealm_quota_mib = 3\n", |_| {}).await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    let form =
        |size: usize| anyhow::Ok(Form::new().part("f", part("f", "text/plain", vec![b'x'; size])?));
    let too_large = post(hamlet, form((2 << 20) + 1)?).await?;
    let msg = "Uploaded file is larger than the allowed limit of 2 MiB";
    too_large.assert_error(400, "BAD_REQUEST", msg);
    post(hamlet, form(2 << 20)?).await?.assert_success();
    let msg = "Upload would exceed your organization's upload quota.";
    let over = post(cordelia, form((1 << 20) + 1)?).await?;
    over.assert_error(400, "BAD_REQUEST", msg);
    post(cordelia, form(1 << 20)?).await?.assert_success();
    post(app.user("other-hamlet"), form(1)?)
        .await?
        .assert_success();
    assert_eq!(own(hamlet).await?.as_array().unwrap().len(), 1);
    let state = hamlet.register(&[]).await?.state;
    assert_eq!(state["max_file_upload_size_mib"], 2);
    assert_eq!(state["realm_upload_quota_mib"], 3);
    app.finish().await
}

#[actix_web::test]
async fn who_may_read_a_message_may_read_its_files() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia, othello) = (
        app.user("hamlet"),
        app.user("cordelia"),
        app.user("othello"),
    );
    let nobody = app.spectator()?;
    stream(
        hamlet,
        "secret",
        &[hamlet, cordelia],
        &[("invite_only", "true")],
    )
    .await?;
    stream(
        app.user("desdemona"),
        "web",
        &[hamlet],
        &[("is_web_public", "true")],
    )
    .await?;
    let url = upload(hamlet, "plan.txt", "text/plain", "plan").await?;
    let link = format!("[plan]({url})");
    let api = format!("/api/v1{url}");
    let other = app.user("other-hamlet");
    for (user, expected) in [
        (hamlet, 200),
        (cordelia, 403),
        (othello, 403),
        (&nobody, 403),
        (other, 404),
    ] {
        assert_eq!(
            status(user, &url).await?,
            expected,
            "unsent, {}",
            user.email
        );
        // Programs always bring a key.
        let expected = if user.email.is_empty() { 401 } else { expected };
        assert_eq!(
            status(user, &api).await?,
            expected,
            "unsent, {}",
            user.email
        );
    }

    let mut queue = hamlet
        .register(&[("event_types", r#"["attachment", "message"]"#)])
        .await?;
    let sent = hamlet.send_to("secret", "plans", &link).await?;
    let event = queue.event().await?;
    assert_eq!(
        (&event["type"], &event["op"]),
        (&json!("attachment"), &json!("update"))
    );
    assert_eq!(event["attachment"]["messages"][0]["id"], sent);
    assert_eq!(own(hamlet).await?[0], event["attachment"]);
    assert_eq!(queue.event().await?["message"]["id"], sent);
    for (user, expected) in [
        (hamlet, 200),
        (cordelia, 200),
        (othello, 403),
        (&nobody, 403),
        (other, 404),
    ] {
        assert_eq!(
            status(user, &url).await?,
            expected,
            "in private, {}",
            user.email
        );
        // Programs always bring a key.
        let expected = if user.email.is_empty() { 401 } else { expected };
        assert_eq!(
            status(user, &api).await?,
            expected,
            "in private, {}",
            user.email
        );
    }

    // Cordelia may read it, so she may let others read it; it stays Hamlet's.
    cordelia
        .post(
            "/users/me/subscriptions",
            &[("subscriptions", r#"[{"name": "web"}]"#)],
        )
        .await?
        .assert_success();
    let passed_on = cordelia.send_to("web", "plans", &link).await?;
    let event = queue.next("attachment").await?;
    assert_eq!(event["attachment"]["messages"][1]["id"], passed_on);
    for (user, expected) in [
        (cordelia, 200),
        (othello, 200),
        (&nobody, 200),
        (other, 404),
    ] {
        assert_eq!(
            status(user, &url).await?,
            expected,
            "on the web, {}",
            user.email
        );
    }
    // Access ends with the message.
    cordelia
        .delete(&format!("/messages/{passed_on}"), &[])
        .await?
        .assert_success();
    for (user, expected) in [
        (hamlet, 200),
        (cordelia, 200),
        (othello, 403),
        (&nobody, 403),
    ] {
        assert_eq!(
            status(user, &url).await?,
            expected,
            "in private again, {}",
            user.email
        );
    }
    app.finish().await
}

#[actix_web::test]
async fn nobody_passes_on_what_they_may_not_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia, othello) = (
        app.user("hamlet"),
        app.user("cordelia"),
        app.user("othello"),
    );
    stream(othello, "public", &[othello, cordelia, hamlet], &[]).await?;
    let url = upload(hamlet, "diary.txt", "text/plain", "dear diary").await?;
    let sent = othello
        .send_to("public", "stolen", &format!("[diary]({url})"))
        .await?;
    let edit = [("content", &*format!("see [diary]({url})"))];
    othello
        .patch(&format!("/messages/{sent}"), &edit)
        .await?
        .assert_success();
    for user in [othello, cordelia] {
        assert_eq!(status(user, &url).await?, 403);
    }
    assert_eq!(own(hamlet).await?[0]["messages"], json!([]));
    let narrow = [
        (
            "narrow",
            r#"[{"operator": "has", "operand": "attachment"}]"#,
        ),
        ("anchor", "newest"),
        ("num_before", "9"),
        ("num_after", "0"),
    ];
    let found = hamlet.get("/messages", &narrow).await?;
    assert_eq!(found.assert_success().field("messages"), &json!([]));
    app.finish().await
}

#[actix_web::test]
async fn an_edit_changes_the_links() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    stream(hamlet, "work", &[hamlet, cordelia], &[]).await?;
    let (first, second) = (
        upload(hamlet, "first.txt", "text/plain", "1").await?,
        upload(hamlet, "second.txt", "text/plain", "2").await?,
    );
    let sent = hamlet
        .send_to("work", "files", &format!("[1]({first})"))
        .await?;
    let again = hamlet
        .send_to("work", "files", &format!("[1]({first})"))
        .await?;
    let mut queue = hamlet
        .register(&[("event_types", r#"["attachment"]"#)])
        .await?;
    let path = format!("/messages/{sent}");
    let edited = hamlet
        .patch(&path, &[("content", &format!("[2]({second})"))])
        .await?;
    assert_eq!(
        edited.assert_success().field("detached_uploads"),
        &json!([]),
        "another message links to it"
    );
    let event = queue.next("attachment").await?;
    assert_eq!(event["attachment"]["messages"][0]["id"], sent);
    assert_eq!(
        (
            status(cordelia, &first).await?,
            status(cordelia, &second).await?
        ),
        (200, 200)
    );

    hamlet
        .delete(&format!("/messages/{again}"), &[])
        .await?
        .assert_success();
    assert_eq!(
        status(hamlet, &first).await?,
        404,
        "it went with the last message"
    );
    assert_eq!(queue.next("attachment").await?["op"], "remove");
    let edited = hamlet
        .patch(&path, &[("content", "nothing to see")])
        .await?;
    let detached = edited.assert_success().field("detached_uploads");
    assert_eq!(
        detached[0]["path_id"],
        second.strip_prefix("/user_uploads/").unwrap()
    );
    assert_eq!(
        (
            status(hamlet, &second).await?,
            status(cordelia, &second).await?
        ),
        (200, 403)
    );
    app.finish().await
}

#[actix_web::test]
async fn only_owners_delete_files_and_the_bytes_go_too() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, cordelia) = (app.user("hamlet"), app.user("cordelia"));
    let url = upload(hamlet, "x.txt", "text/plain", "x").await?;
    let file = row(&app, &url).await?.unwrap();
    let path = format!("/attachments/{}", file.id());
    for user in [cordelia, app.user("desdemona"), app.user("other-hamlet")] {
        user.delete(&path, &[])
            .await?
            .assert_error(400, "BAD_REQUEST", "Invalid attachment");
    }
    let mut queue = hamlet
        .register(&[("event_types", r#"["attachment"]"#)])
        .await?;
    hamlet.delete(&path, &[]).await?.assert_success();
    let event = queue.next("attachment").await?;
    assert_eq!(
        (&event["op"], &event["attachment"]),
        (&json!("remove"), &json!({ "id": file.id() }))
    );
    assert_eq!(event["upload_space_used"], 0);
    assert_eq!(status(hamlet, &url).await?, 404);
    hamlet
        .delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid attachment");

    // What the worker does with the job.
    let key = file.path_id.rsplit_once('/').unwrap().0.to_owned();
    let place = object_store::path::Path::from(key.as_str());
    app.ctx.files.head(&place).await?;
    delete_stored(&app.ctx, std::slice::from_ref(&key)).await?;
    assert!(app.ctx.files.head(&place).await.is_err());
    delete_stored(&app.ctx, &[key]).await?;
    app.finish().await
}

#[actix_web::test]
async fn a_temporary_link_opens_one_file_for_a_minute() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, nobody) = (app.user("hamlet"), app.anonymous()?);
    let url = upload(hamlet, "übung 1.txt", "text/plain", "x").await?;
    let answer = hamlet.get(&url, &[]).await?;
    let link = answer
        .assert_success()
        .field("url")
        .as_str()
        .unwrap()
        .to_owned();
    let read = fetch(&nobody, &link).await?;
    assert_eq!((read.status, &*read.text), (200, "x"));

    let (token, name) = link.rsplit_once('/').unwrap();
    let changed = match token.strip_suffix('0') {
        Some(start) => format!("{start}1/{name}"),
        None => format!("{}0/{name}", &token[..token.len() - 1]),
    };
    fetch(&nobody, &changed)
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid token");
    fetch(&nobody, "/user_uploads/temporary/00/x")
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid token");
    fetch(&nobody, &format!("{token}/y")).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Invalid filename",
    );
    let mut past = app.ctx.clone();
    past.clock = Clock::at(app.ctx.clock.now() - TimeDelta::seconds(62));
    let old = temporary_url(&past, &row(&app, &url).await?.unwrap())?;
    fetch(&nobody, &old)
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid token");
    let elsewhere = app.user("other-hamlet");
    fetch(elsewhere, &link)
        .await?
        .assert_error(400, "BAD_REQUEST", "Invalid token");
    app.finish().await
}

#[actix_web::test]
async fn no_upload_runs_in_our_origin() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    for (name, media_type, shown) in [
        ("x.png", "image/png", true),
        ("x.txt", "text/plain", true),
        ("x.html", "text/html", false),
        ("x.svg", "image/svg+xml", false),
        ("x.xml", "application/xml", false),
        ("x.js", "text/javascript", false),
        ("x", "text/html; charset=utf-16", false),
    ] {
        let url = upload(hamlet, name, media_type, "<script>alert(1)</script>").await?;
        let saved = url.replace("/user_uploads/", "/user_uploads/download/");
        for (url, shown) in [(url, shown), (saved, false)] {
            let answer = fetch(hamlet, &url).await?;
            let disposition = if shown { "inline" } else { "attachment" };
            assert!(
                answer
                    .header("content-disposition")
                    .starts_with(disposition),
                "{name}"
            );
            assert!(
                answer
                    .header("content-security-policy")
                    .starts_with("default-src 'none'"),
                "{name}"
            );
            assert_eq!(
                answer.header("content-security-policy").contains("sandbox"),
                !shown,
                "{name}"
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{name}");
            assert_eq!(
                answer.header("cache-control"),
                "private, immutable",
                "{name}"
            );
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn players_get_the_part_that_they_ask_for() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let url = upload(hamlet, "film.mp4", "video/mp4", "0123456789").await?;
    for (range, status, body, content_range) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"),
        ("bytes=5-99", 206, "56789", "bytes 5-9/10"),
        ("bytes=10-", 416, "", "bytes */10"),
        ("bytes=0-1,3-4", 200, "0123456789", ""),
        ("lines=1-2", 200, "0123456789", ""),
    ] {
        let request = hamlet.request(Method::GET, &url).header("range", range);
        let answer = hamlet.send(request).await?;
        assert_eq!((answer.status, &*answer.text), (status, body), "{range}");
        assert_eq!(answer.header("content-range"), content_range, "{range}");
    }
    let head = hamlet.send(hamlet.request(Method::HEAD, &url)).await?;
    assert_eq!((head.status, head.header("content-length")), (200, "10"));
    let empty = upload(hamlet, "empty.txt", "text/plain", "").await?;
    let answer = fetch(hamlet, &empty).await?;
    assert_eq!((answer.status, &*answer.text), (200, ""));
    app.finish().await
}

#[actix_web::test]
#[ignore = "needs the S3 service that `tools/test storage` starts"]
async fn s3_holds_files_like_a_directory_does() -> anyhow::Result<()> {
    let endpoint = std::env::var("NARROWS_TEST_S3_ENDPOINT")?;
    let bucket = reqwest::Client::builder().no_proxy().build()?;
    let bucket = bucket.put(format!("{endpoint}/narrows")).send().await?;
    bucket.error_for_status()?;
    let settings = format!(
        "[uploads]\ns3_bucket = 'narrows'\ns3_endpoint = '{endpoint}'\ns3_access_key = 'a'\ns3_secret_key = 'b'\n"
    );
    let app = TestApp::start_with(&settings, |_| {}).await?;
    let hamlet = app.user("hamlet");
    // More than two parts, so that it goes in pieces.
    let large: String = "0123456789".repeat(1_200_000);
    for text in ["hello", large.as_str()] {
        let url = upload(hamlet, "x.txt", "text/plain", text).await?;
        let read = fetch(hamlet, &url).await?;
        assert_eq!((read.status, read.text == text), (200, true));
        let request = hamlet
            .request(Method::GET, &url)
            .header("range", "bytes=1-3");
        let part = hamlet.send(request).await?;
        assert_eq!((part.status, Some(&*part.text)), (206, text.get(1..4)));

        let file = row(&app, &url).await?.unwrap();
        let key = file.path_id.rsplit_once('/').unwrap().0.to_owned();
        let place = object_store::path::Path::from(key.as_str());
        assert_eq!(app.ctx.files.head(&place).await?.size, text.len() as u64);
        delete_stored(&app.ctx, std::slice::from_ref(&key)).await?;
        assert!(app.ctx.files.head(&place).await.is_err());
        delete_stored(&app.ctx, &[key]).await?;
    }
    app.finish().await
}
