//! Who sent a while ago is not asked for again, and what changed since counts all the same.

use narrows_testkit::{Answer, TestApp, TestUser};
use narrows_wire::Role;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::json;

async fn say(user: &TestUser, stream: &str) -> anyhow::Result<Answer> {
    let params = [
        ("type", "stream"),
        ("to", stream),
        ("topic", "known"),
        ("content", "x"),
    ];
    user.post("/messages", &params).await
}

/// A stream of one's own for a sender who was just here.
async fn known(app: &TestApp, stream: &str) -> anyhow::Result<(TestUser, i64)> {
    let email = format!("{stream}@example.com");
    let sender = app
        .add_user(app.user("hamlet"), &email, stream, Role::Member)
        .await?;
    let iago = app.user("iago");
    let private = [("invite_only", "true")];
    let id = iago.make_stream(stream, &[&sender], &private).await?;
    for _ in 0..2 {
        say(&sender, stream).await?.assert_success();
    }
    Ok((sender, id))
}

async fn count(app: &TestApp) -> anyhow::Result<i64> {
    let sql = app.sql().await?;
    let row = sql.query_one("SELECT count(*) FROM messages", &[]).await?;
    Ok(row.get(0))
}

/// Refused for this reason, and nothing was written.
async fn assert_refused(
    app: &TestApp,
    sender: &TestUser,
    stream: &str,
    (status, code): (u16, &str),
) -> anyhow::Result<()> {
    let before = count(app).await?;
    for _ in 0..2 {
        let refused = say(sender, stream).await?;
        let got = (refused.status, refused.field("code").as_str());
        assert_eq!(got, (status, Some(code)), "{stream}: {}", refused.json);
    }
    assert_eq!(count(app).await?, before, "{stream}");
    Ok(())
}

const MISSING: (u16, &str) = (400, "STREAM_DOES_NOT_EXIST");
const REFUSED: (u16, &str) = (400, "BAD_REQUEST");
const UNAUTHORIZED: (u16, &str) = (401, "UNAUTHORIZED");

#[actix_web::test]
async fn nobody_sends_with_what_they_once_proved_themselves_with() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (sender, _) = known(&app, "key").await?;
    let renewed = sender.post("/users/me/api_key/regenerate", &[]).await?;
    renewed.assert_success();
    assert_refused(&app, &sender, "key", UNAUTHORIZED).await?;

    let (sender, _) = known(&app, "gone").await?;
    let path = format!("/users/{}", sender.id);
    app.user("iago").delete(&path, &[]).await?.assert_success();
    assert_refused(&app, &sender, "gone", UNAUTHORIZED).await?;

    let (sender, _) = known(&app, "browser").await?;
    let browser = sender.in_browser(&app.ctx).await?;
    for _ in 0..2 {
        say(&browser, "browser").await?.assert_success();
    }
    // What a browser came with is no key.
    let token = browser.session.clone().unwrap();
    assert_refused(&app, &sender.with_key(&token), "browser", UNAUTHORIZED).await?;
    // And without the token against forgery it is nothing.
    let forged = browser.request(reqwest::Method::POST, "/json/messages");
    let guess = [(
        HeaderName::from_static("x-csrftoken"),
        HeaderValue::from_static("guess"),
    )];
    let forged = forged.headers(guess.into_iter().collect());
    assert_eq!(browser.send(forged).await?.status, 403);
    let sql = app.sql().await?;
    sql.execute("DELETE FROM sessions", &[]).await?;
    assert_refused(&app, &browser, "browser", UNAUTHORIZED).await?;

    let (sender, _) = known(&app, "address").await?;
    let mut stranger = sender.clone();
    stranger.email = app.user("hamlet").email.clone();
    assert_refused(&app, &stranger, "address", UNAUTHORIZED).await?;
    let elsewhere = sender.at(&app.user("other-hamlet").host);
    assert_refused(&app, &elsewhere, "address", UNAUTHORIZED).await?;

    let (sender, _) = known(&app, "closed").await?;
    let closed = app.user("desdemona").post("/realm/deactivate", &[]).await?;
    closed.assert_success();
    assert_refused(&app, &sender, "closed", UNAUTHORIZED).await?;
    app.finish().await
}

#[actix_web::test]
async fn nobody_sends_where_they_once_were_allowed_to() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let (sender, _) = known(&app, "left").await?;
    sender.leave("left").await?;
    assert_refused(&app, &sender, "left", MISSING).await?;

    let (sender, id) = known(&app, "archived").await?;
    let path = format!("/streams/{id}");
    iago.delete(&path, &[]).await?.assert_success();
    assert_refused(&app, &sender, "archived", MISSING).await?;

    let (sender, id) = known(&app, "renamed").await?;
    let path = format!("/streams/{id}");
    let renamed = [("new_name", "otherwise")];
    iago.patch(&path, &renamed).await?.assert_success();
    assert_refused(&app, &sender, "renamed", MISSING).await?;
    say(&sender, "otherwise").await?.assert_success();

    let (sender, id) = known(&app, "announcements").await?;
    let path = format!("/streams/{id}");
    let admins = json!({ "new": { "direct_members": [iago.id], "direct_subgroups": [] } });
    let admins = admins.to_string();
    let policy = [("can_send_message_group", admins.as_str())];
    iago.patch(&path, &policy).await?.assert_success();
    assert_refused(&app, &sender, "announcements", REFUSED).await?;
    app.finish().await
}

#[actix_web::test]
async fn leaving_a_group_that_may_send_counts_at_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let (sender, id) = known(&app, "writers").await?;
    let members = json!([sender.id, iago.id]).to_string();
    let made = [
        ("name", "writers"),
        ("description", ""),
        ("members", members.as_str()),
    ];
    let group = iago.post("/user_groups/create", &made).await?;
    let group = group.assert_success().field("group_id").clone();
    let path = format!("/streams/{id}");
    let writers = json!({ "new": group }).to_string();
    let policy = [("can_send_message_group", writers.as_str())];
    iago.patch(&path, &policy).await?.assert_success();
    for _ in 0..2 {
        say(&sender, "writers").await?.assert_success();
    }
    let leave = [("delete", json!([sender.id]).to_string())];
    let leave: Vec<(&str, &str)> = leave.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let path = format!("/user_groups/{group}/members");
    iago.post(&path, &leave).await?.assert_success();
    assert_refused(&app, &sender, "writers", REFUSED).await?;
    app.finish().await
}

#[actix_web::test]
async fn what_changed_of_a_sender_shows_in_the_next_message() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (sender, _) = known(&app, "names").await?;
    let mut queue = sender.register(&[("event_types", "[\"message\"]")]).await?;
    let renamed = [("full_name", "Somebody Else")];
    let path = format!("/users/{}", sender.id);
    app.user("iago")
        .patch(&path, &renamed)
        .await?
        .assert_success();
    for _ in 0..2 {
        say(&sender, "names").await?.assert_success();
        let event = queue.next("message").await?;
        assert_eq!(event["message"]["sender_full_name"], "Somebody Else");
    }
    app.finish().await
}
