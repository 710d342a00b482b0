//! Archives of what an organisation has.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::GzDecoder;
use narrows_actions::{exports, uploads};
use narrows_store::queries::export::TABLES;
use narrows_testkit::{TestApp, TestUser};
use narrows_wire::Job;
use object_store::ObjectStoreExt;
use reqwest::Method;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const EXPORTS: &str = "/export/realm";
const CONSENT: &[(&str, &str)] = &[("allow_private_data_export", "true")];

/// Tables that no archive has, and why.
const LEFT_OUT: &[(&str, &str)] = &[
    ("__diesel_schema_migrations", "of the server"),
    ("api_keys", "secret"),
    ("invitations", "secret: they hold the salts of links"),
    ("job_receipts", "of the server"),
    ("outbox", "of the server"),
    ("push_tokens", "secret"),
    ("realm_exports", "names archives"),
    ("sessions", "secret"),
    ("stream_traffic", "follows from the messages"),
    ("traffic_progress", "of the server"),
];

/// Files by path.
type Files = BTreeMap<String, Vec<u8>>;

async fn ask(user: &TestUser, export_type: &str) -> anyhow::Result<i64> {
    let asked = user.post(EXPORTS, &[("export_type", export_type)]).await?;
    Ok(asked.assert_success().field("id").as_i64().unwrap())
}

/// Does the job that is next.
async fn work(app: &TestApp) -> anyhow::Result<()> {
    let Job::ExportRealm(job) = app.next_job("export_realm").await? else {
        anyhow::bail!("another job");
    };
    // A job can come twice.
    for _ in 0..2 {
        exports::write(&app.ctx, job.realm_id, job.export_id).await?;
    }
    Ok(())
}

async fn list(user: &TestUser) -> anyhow::Result<Vec<Value>> {
    let answer = user.get(EXPORTS, &[]).await?;
    let exports = answer.assert_success().field("exports").as_array();
    Ok(exports.cloned().unwrap())
}

/// The path of the newest archive.
async fn newest(user: &TestUser) -> anyhow::Result<String> {
    let all = list(user).await?;
    let url = all.last().unwrap()["export_url"].as_str().unwrap();
    Ok(url::Url::parse(url)?.path().to_owned())
}

/// The files of a new archive.
async fn export(app: &TestApp, user: &TestUser, export_type: &str) -> anyhow::Result<Files> {
    ask(user, export_type).await?;
    work(app).await?;
    let request = user.request(Method::GET, &newest(user).await?);
    let bytes = request.send().await?.error_for_status()?.bytes().await?;
    let mut files = Files::new();
    for entry in tar::Archive::new(GzDecoder::new(&bytes[..])).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        files.insert(path, content);
    }
    Ok(files)
}

fn rows(files: &Files, table: &str) -> Vec<Value> {
    let prefix = format!("{table}/");
    let pages = files.iter().filter(|(path, _)| path.starts_with(&prefix));
    pages
        .flat_map(|(_, page)| serde_json::from_slice::<Vec<Value>>(page).unwrap())
        .collect()
}

/// The values of a field.
fn all<'a>(rows: &'a [Value], field: &str) -> Vec<&'a str> {
    rows.iter().filter_map(|row| row[field].as_str()).collect()
}

fn holds(files: &Files, text: &str) -> bool {
    let holds = |content: &Vec<u8>| {
        content
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    files.values().any(holds) || files.keys().any(|path| path.contains(text))
}

async fn upload(user: &TestUser, name: &str, text: &str) -> anyhow::Result<String> {
    let part = Part::bytes(text.as_bytes().to_vec()).file_name(name.to_owned());
    let request = user.request(Method::POST, "/api/v1/user_uploads");
    let answer = user
        .send(request.multipart(Form::new().part("file", part)))
        .await?;
    Ok(answer
        .assert_success()
        .field("url")
        .as_str()
        .unwrap()
        .to_owned())
}

/// Hamlet consents, Othello does not. Each place has a text that names it.
async fn fill(app: &TestApp) -> anyhow::Result<()> {
    let (hamlet, othello, cordelia) = (
        app.user("hamlet"),
        app.user("othello"),
        app.user("cordelia"),
    );
    hamlet.patch("/settings", CONSENT).await?.assert_success();
    let private = ("invite_only", "true");
    let shared = ("history_public_to_subscribers", "true");
    let protected = ("history_public_to_subscribers", "false");
    othello.make_stream("open", &[hamlet], &[]).await?;
    othello
        .make_stream("theirs", &[cordelia], &[private])
        .await?;
    othello
        .make_stream("shared", &[], &[private, shared])
        .await?;
    othello
        .make_stream("guarded", &[], &[private, protected])
        .await?;
    othello.send_to("open", "t", "in the open").await?;
    othello.send_to("theirs", "t", "among themselves").await?;
    othello.send_to("shared", "t", "before hamlet came").await?;
    othello
        .send_to("guarded", "hidden topic", "under guard")
        .await?;
    for stream in ["shared", "guarded"] {
        let subscriptions = json!([{ "name": stream }]).to_string();
        let principals = json!([hamlet.id]).to_string();
        let params = [
            ("subscriptions", &*subscriptions),
            ("principals", &*principals),
        ];
        let added = othello.post("/users/me/subscriptions", &params).await?;
        added.assert_success();
    }
    othello.send_to("guarded", "t", "hamlet is here").await?;
    othello.send_direct(&[hamlet], "for hamlet").await?;
    othello.send_direct(&[cordelia], "for cordelia").await?;
    for (user, word) in [(hamlet, "elsinore"), (othello, "handkerchief")] {
        let words = json!([word]).to_string();
        let added = user
            .post("/users/me/alert_words", &[("alert_words", &words)])
            .await?;
        added.assert_success();
    }
    let linked = upload(othello, "linked.txt", "bytes of the linked file").await?;
    othello
        .send_to("open", "t", &format!("see [it]({linked})"))
        .await?;
    let kept = upload(othello, "kept.txt", "bytes of the kept file").await?;
    othello
        .send_direct(&[cordelia], &format!("see [it]({kept})"))
        .await?;
    let long = format!("{}.txt", "long-".repeat(30));
    upload(hamlet, &long, "bytes of hamlet's own").await?;
    let stranger = app.user("other-hamlet");
    stranger.make_stream("elsewhere", &[], &[]).await?;
    stranger
        .send_to("elsewhere", "t", "in another realm")
        .await?;
    Ok(())
}

#[actix_web::test]
async fn a_public_archive_holds_what_everybody_may_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    fill(&app).await?;
    let (iago, othello) = (app.user("iago"), app.user("othello"));
    let files = export(&app, iago, "1").await?;
    for text in ["in the open", "bytes of the linked file"] {
        assert!(holds(&files, text), "{text}");
    }
    for text in [
        "among themselves",
        "before hamlet came",
        "under guard",
        "hidden topic",
        "hamlet is here",
        "for hamlet",
        "for cordelia",
        "elsinore",
        "handkerchief",
        "bytes of the kept file",
        "kept.txt",
        "bytes of hamlet's own",
        "in another realm",
        "elsewhere",
    ] {
        assert!(!holds(&files, text), "{text}");
    }
    let messages = rows(&files, "messages");
    assert!(all(&messages, "content").contains(&"in the open"));
    let streams = rows(&files, "streams");
    assert!(all(&streams, "name").contains(&"open"));
    assert!(streams.iter().all(|stream| stream["invite_only"] == false));
    let users = rows(&files, "users");
    assert!(all(&users, "delivery_email").contains(&othello.email.as_str()));
    assert!(users.iter().all(|user| user["settings"].is_null()));
    assert_eq!(rows(&files, "realms").len(), 1);
    let about: Value = serde_json::from_slice(&files["export.json"])?;
    assert_eq!(about["export_type"], 1);
    app.finish().await
}

#[actix_web::test]
async fn a_full_archive_adds_what_those_have_who_consented() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    fill(&app).await?;
    let hamlet = app.user("hamlet");
    let files = export(&app, app.user("iago"), "2").await?;
    for text in [
        "in the open",
        "before hamlet came",
        "hamlet is here",
        "for hamlet",
        "elsinore",
        "bytes of the linked file",
        "bytes of hamlet's own",
    ] {
        assert!(holds(&files, text), "{text}");
    }
    for text in [
        "among themselves",
        "under guard",
        "hidden topic",
        "for cordelia",
        "handkerchief",
        "bytes of the kept file",
        "in another realm",
    ] {
        assert!(!holds(&files, text), "{text}");
    }
    let users = rows(&files, "users");
    let id = json!(hamlet.id);
    for user in &users {
        let theirs = user["id"] == id || user["bot_owner_id"] == id;
        assert_eq!(user["settings"].is_object(), theirs, "{user}");
    }
    let uploads: Vec<Value> = rows(&files, "attachments");
    assert_eq!(uploads.len(), 2);
    for path in all(&uploads, "path_id") {
        assert!(files.contains_key(&format!("uploads/{path}")), "{path}");
    }
    app.finish().await
}

#[actix_web::test]
async fn who_left_or_shows_no_address_is_not_taken_along() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    fill(&app).await?;
    let (iago, hamlet, othello) = (app.user("iago"), app.user("hamlet"), app.user("othello"));
    let bot = [("full_name", "Ghost"), ("short_name", "ghost")];
    let bot = hamlet.post("/bots", &bot).await?;
    let bot = bot.assert_success().field("user_id").as_i64().unwrap();
    let hide = [("email_address_visibility", "4")];
    for user in [hamlet, othello] {
        user.patch("/settings", &hide).await?.assert_success();
    }
    let files = export(&app, iago, "2").await?;
    assert!(!holds(&files, &othello.email));
    let users = rows(&files, "users");
    assert!(all(&users, "delivery_email").contains(&hamlet.email.as_str()));
    // A bot consents with its owner.
    let ghost = users.iter().find(|user| user["id"] == bot).unwrap();
    assert!(ghost["settings"].is_object());
    let path = format!("/users/{}", hamlet.id);
    iago.delete(&path, &[]).await?.assert_success();
    let files = export(&app, iago, "2").await?;
    for text in ["elsinore", "for hamlet", &hamlet.email] {
        assert!(!holds(&files, text), "{text}");
    }
    app.finish().await
}

#[actix_web::test]
async fn no_archive_holds_secrets() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    for user in app.users().values() {
        user.patch("/settings", CONSENT).await?.assert_success();
    }
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let bot = [("full_name", "Ghost"), ("short_name", "ghost")];
    let bot = hamlet.post("/bots", &bot).await?;
    let key = bot
        .assert_success()
        .field("api_key")
        .as_str()
        .unwrap()
        .to_owned();
    let link = iago.post("/invites/multiuse", &[]).await?;
    let link = link.field("invite_link").as_str().unwrap().to_owned();
    let link = link
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap()
        .to_owned();
    let token = [("token", "dGhlIHBob25l")];
    let phone = hamlet.post("/users/me/apns_device_token", &token).await?;
    phone.assert_success();
    let sql = app.sql().await?;
    let change = "UPDATE users SET password_hash = 'a hash of a password'";
    sql.execute(change, &[]).await?;
    let files = export(&app, iago, "2").await?;
    for text in [
        "a hash of a password",
        "password",
        "key_salt",
        "token_salt",
        "dGhlIHBob25l",
        &key,
        &link,
        &hamlet.api_key,
    ] {
        assert!(!holds(&files, text), "{text}");
    }
    app.finish().await
}

#[actix_web::test]
async fn of_each_table_somebody_has_decided() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";
    for row in app.sql().await?.query(sql, &[]).await? {
        let name: String = row.get(0);
        let exported = TABLES.iter().any(|table| table.name == name);
        let left_out = LEFT_OUT.iter().any(|(table, _)| *table == name);
        assert!(exported != left_out, "{name}: either exported or left out");
    }
    app.finish().await
}

#[actix_web::test]
async fn large_tables_come_in_several_pages() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    hamlet.make_stream("open", &[], &[]).await?;
    let text = "x".repeat(9000);
    hamlet.send_to("open", "t", &text).await?;
    let copies = "INSERT INTO messages (realm_id, recipient_id, topic_id, sender_id, content, rendered_content, rendered_version, client, sent_at)
        SELECT realm_id, recipient_id, topic_id, sender_id, content, rendered_content, rendered_version, client, sent_at
        FROM messages, generate_series(1, 1200) WHERE content = $1";
    app.sql().await?.execute(copies, &[&text]).await?;
    let files = export(&app, app.user("iago"), "1").await?;
    assert!(
        files
            .keys()
            .filter(|path| path.starts_with("messages/"))
            .count()
            > 2
    );
    let messages = rows(&files, "messages");
    let copies = messages
        .iter()
        .filter(|message| message["content"] == text.as_str());
    assert_eq!(copies.count(), 1201);
    app.finish().await
}

#[actix_web::test]
async fn administrators_are_told_and_others_see_nothing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, desdemona, hamlet) = (app.user("iago"), app.user("desdemona"), app.user("hamlet"));
    let types = [(
        "event_types",
        r#"["realm_export", "realm_export_consent", "alert_words"]"#,
    )];
    let mut told = desdemona.register(&types).await?;
    let mut untold = hamlet.register(&types).await?;
    let id = ask(iago, "1").await?;
    let pending = told.next("realm_export").await?;
    assert_eq!(pending["exports"], json!(list(iago).await?));
    let export = &pending["exports"][0];
    assert_eq!(
        (
            &export["id"],
            &export["pending"],
            &export["export_url"],
            &export["acting_user_id"],
            &export["export_type"]
        ),
        (
            &json!(id),
            &json!(true),
            &Value::Null,
            &json!(iago.id),
            &json!(1)
        )
    );
    work(&app).await?;
    let done = told.next("realm_export").await?;
    assert_eq!(done["exports"], json!(list(desdemona).await?));
    assert_eq!(done["exports"][0]["pending"], false);
    let url = newest(desdemona).await?;
    for (user, status) in [
        (desdemona, 200),
        (hamlet, 404),
        (app.user("other-hamlet"), 404),
    ] {
        assert_eq!(
            user.send(user.request(Method::GET, &url)).await?.status,
            status
        );
    }
    let elsewhere = desdemona.request(Method::GET, &format!("{url}x"));
    assert_eq!(desdemona.send(elsewhere).await?.status, 404);
    for refused in [
        hamlet.get(EXPORTS, &[]).await?,
        hamlet.post(EXPORTS, &[]).await?,
        hamlet.delete(&format!("{EXPORTS}/{id}"), &[]).await?,
        hamlet.get("/export/realm/consents", &[]).await?,
    ] {
        refused.assert_error(
            400,
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator",
        );
    }
    hamlet.patch("/settings", CONSENT).await?.assert_success();
    let consent = told.next("realm_export_consent").await?;
    assert_eq!(
        (&consent["user_id"], &consent["consented"]),
        (&json!(hamlet.id), &json!(true))
    );
    let consents = iago.get("/export/realm/consents", &[]).await?;
    let consents = consents
        .assert_success()
        .field("export_consents")
        .as_array()
        .cloned()
        .unwrap();
    assert!(consents.contains(&json!({ "user_id": hamlet.id, "consented": true })));
    assert!(consents.contains(&json!({ "user_id": iago.id, "consented": false })));
    // Nothing came before this.
    let words = [("alert_words", r#"["x"]"#)];
    hamlet
        .post("/users/me/alert_words", &words)
        .await?
        .assert_success();
    assert_eq!(untold.event().await?["type"], "alert_words");
    app.finish().await
}

#[actix_web::test]
async fn an_archive_can_be_deleted_once_it_is_there() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let id = ask(iago, "1").await?;
    let path = format!("{EXPORTS}/{id}");
    let early = iago.delete(&path, &[]).await?;
    early.assert_error(400, "BAD_REQUEST", "Export still in progress");
    work(&app).await?;
    let url = newest(iago).await?;
    iago.delete(&path, &[]).await?.assert_success();
    let Job::DeleteFiles(job) = app.next_job("delete_files").await? else {
        anyhow::bail!("another job");
    };
    uploads::delete_stored(&app.ctx, &job.keys).await?;
    let left = app.ctx.files.get(&job.keys[0].as_str().into()).await;
    assert!(matches!(left, Err(object_store::Error::NotFound { .. })));
    assert_eq!(
        iago.send(iago.request(Method::GET, &url)).await?.status,
        404
    );
    let export = &list(iago).await?[0];
    assert!(export["deleted_timestamp"].is_number());
    assert_eq!(export["export_url"], Value::Null);
    let again = iago.delete(&path, &[]).await?;
    again.assert_error(400, "BAD_REQUEST", "Export already deleted");
    let nothing = iago.delete("/export/realm/9000000", &[]).await?;
    nothing.assert_error(400, "BAD_REQUEST", "Invalid data export ID");
    app.finish().await
}

#[actix_web::test]
async fn what_cannot_be_written_has_failed() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    // No directory can be where a file is.
    let files = std::path::Path::new(&app.ctx.config.server.data_dir).join("uploads");
    std::fs::write(files.join("exports"), "")?;
    let id = ask(iago, "1").await?;
    work(&app).await?;
    let export = &list(iago).await?[0];
    assert!(export["failed_timestamp"].is_number());
    assert_eq!(
        (&export["pending"], &export["export_url"]),
        (&json!(false), &Value::Null)
    );
    let refused = iago.delete(&format!("{EXPORTS}/{id}"), &[]).await?;
    refused.assert_error(400, "BAD_REQUEST", "Export failed, nothing to delete");
    ask(iago, "1").await?;
    app.finish().await
}

#[actix_web::test]
async fn one_at_a_time_and_five_in_a_week() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, stranger) = (app.user("iago"), app.user("other-desdemona"));
    let refused = iago.post(EXPORTS, &[("export_type", "3")]).await?;
    refused.assert_error(400, "BAD_REQUEST", "Invalid export_type");
    ask(iago, "1").await?;
    let second = iago.post(EXPORTS, &[]).await?;
    second.assert_error(400, "BAD_REQUEST", "An export is already in progress.");
    ask(stranger, "1").await?;
    // What is not there after a day will never be.
    let sql = app.sql().await?;
    let age = "UPDATE realm_exports SET requested_at = requested_at - interval '25 hours'";
    for _ in 0..4 {
        sql.execute(age, &[]).await?;
        ask(iago, "1").await?;
    }
    sql.execute(age, &[]).await?;
    let sixth = iago.post(EXPORTS, &[]).await?;
    sixth.assert_error(400, "BAD_REQUEST", "Exceeded rate limit.");
    let week = "UPDATE realm_exports SET requested_at = requested_at - interval '2 days 12 hours'";
    sql.execute(week, &[]).await?;
    ask(iago, "1").await?;
    assert_eq!(
        list(iago)
            .await?
            .iter()
            .filter(|export| export["pending"] == true)
            .count(),
        1
    );
    app.finish().await
}
