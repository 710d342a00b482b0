//! What is reached without log-in, and from which budget each call is taken: two lists, and the calls that prove them.

use narrows_server::routes::{Access, Limit};
use narrows_testkit::{Answer, Queue, TestApp, TestUser};

use super::scene::{Scene, fill};
use super::table::{cases, routes};

/// Nobody is asked who they are.
const PUBLIC: &[&str] = &[
    "DELETE /events",
    "GET /",
    "GET /accounts/login/",
    "GET /api/",
    "GET /api/openapi.json",
    "GET /dev_list_users",
    "GET /emails",
    "GET /events",
    "GET /events/websocket",
    "GET /health",
    "GET /join/{key}/",
    "GET /login/",
    "GET /server_settings",
    "GET /static/emoji/emoji_api.json",
    "GET /static/{path:.*}",
    "GET /user_avatars/{realm_id}/realm/{name}",
    "GET /user_uploads/temporary/{token}/{name}",
    "POST /accounts/login/",
    "POST /accounts/logout/",
    "POST /accounts/register/",
    "POST /dev_fetch_api_key",
    "POST /fetch_api_key",
    "POST /internal/authenticate",
    "POST /join/{key}/",
    "POST /login/",
];

/// Spectators are let in where the realm lets them.
const VISITORS: &[&str] = &[
    "GET /messages",
    "GET /messages/{message_id}",
    "GET /user_avatars/{realm_id}/emoji/images/{name:.+}",
    "GET /user_avatars/{realm_id}/{name}",
    "GET /user_uploads/download/{realm_id}/{path:.*}",
    "GET /user_uploads/{realm_id}/{path:.*}",
    "GET /users",
    "POST /register",
];

/// Public, but push asks for itself whose a queue is: to all others, it does not exist.
const QUEUES: &[&str] = &["DELETE /events", "GET /events", "GET /events/websocket"];

/// The key is in the URL; without one, that is what is missing.
const KEYED: &str = "POST /external/{integration}";

/// Public, but asks for a secret.
const SECRET: &str = "POST /internal/authenticate";

/// Taken from no budget: push counts its own, and the rest costs as much as saying no.
const FREE: &[&str] = &[
    "DELETE /events",
    "GET /events",
    "GET /events/websocket",
    "GET /health",
    "GET /static/emoji/emoji_api.json",
    "GET /static/{path:.*}",
    "POST /internal/authenticate",
];

/// The routes for which `keep` holds, each once, sorted.
fn listed(keep: impl Fn(Access, Limit) -> bool) -> Vec<String> {
    let mut list: Vec<String> = routes()
        .into_iter()
        .filter(|(_, entry, _)| keep(entry.access, entry.limit))
        .map(|(route, ..)| route)
        .collect();
    list.sort();
    list.dedup();
    list
}

#[test]
fn what_needs_no_log_in_is_listed() {
    assert_eq!(listed(|access, _| access == Access::Public), PUBLIC);
    assert_eq!(listed(|access, _| access == Access::Visitor), VISITORS);
    assert_eq!(listed(|_, limit| limit == Limit::Free), FREE);
}

/// A call to each route under each of its prefixes, by `user`: route, prefix, answer. The event queue is there.
async fn call_all(
    user: &TestUser,
    queue: &Queue,
) -> anyhow::Result<Vec<(String, &'static str, Access, Answer)>> {
    let (cases, nowhere) = (cases(), Scene::nowhere().with("queue", &queue.id));
    let mut answers = Vec::new();
    for (route, entry, prefixes) in routes() {
        let case = cases.iter().find(|case| case.route == route);
        let filled = fill(case.expect("a line"), &nowhere, None, "nonce");
        for prefix in prefixes {
            let answer = filled.by(user, prefix).await?;
            answers.push((route.clone(), *prefix, entry.access, answer));
        }
    }
    Ok(answers)
}

/// Whether the answer lets nobody in.
fn is_refused(route: &str, answer: &Answer) -> bool {
    let not_theirs = QUEUES.contains(&route) && answer.field("code") == "BAD_EVENT_QUEUE_ID";
    let no_key = route == KEYED && answer.field("code") == "REQUEST_VARIABLE_MISSING";
    not_theirs || no_key || (answer.status == 401 && answer.field("result") == "error")
}

fn needs_log_in(route: &str, access: Access) -> bool {
    access != Access::Public || QUEUES.contains(&route) || route == SECRET
}

/// Everything that asks who somebody is refuses `user`.
async fn assert_locked_out(user: &TestUser, queue: &Queue) -> anyhow::Result<()> {
    let answers = call_all(user, queue).await?;
    let let_in = answers
        .into_iter()
        .filter(|(route, _, access, answer)| {
            needs_log_in(route, *access) && !is_refused(route, answer)
        })
        .map(|(route, prefix, _, answer)| format!("{route} under {prefix}: {}", answer.text));
    let let_in: Vec<String> = let_in.collect();
    assert!(let_in.is_empty(), "{} gets in: {let_in:#?}", user.email);
    Ok(())
}

async fn poll(user: &TestUser, queue: &Queue) -> anyhow::Result<Answer> {
    let params = [
        ("queue_id", queue.id.as_str()),
        ("last_event_id", "-1"),
        ("dont_block", "true"),
    ];
    user.get("/events", &params).await
}

async fn close_to_spectators(app: &TestApp) -> anyhow::Result<()> {
    let close = "UPDATE realms SET settings = settings || '{\"enable_spectator_access\": false}'";
    app.sql().await?.execute(close, &[]).await?;
    Ok(())
}

#[actix_web::test]
async fn without_log_in_only_what_is_listed_answers() -> anyhow::Result<()> {
    let app = super::start().await?;
    close_to_spectators(&app).await?;
    let nobody = app.anonymous()?;
    let queue = app.user("hamlet").register(&[]).await?;
    assert_locked_out(&nobody, &queue).await?;
    for (route, prefix, access, answer) in call_all(&nobody, &queue).await? {
        let (code, text) = (answer.field("code"), &answer.text);
        assert!(answer.status < 500, "{route} under {prefix}: {text}");
        if needs_log_in(&route, access) {
            let status = if route == KEYED { 400 } else { 401 };
            assert_eq!(answer.status, status, "{route} under {prefix}: {text}");
        } else {
            assert!(code != "UNAUTHORIZED", "{route} under {prefix}: {text}");
        }
    }
    poll(app.user("hamlet"), &queue).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn nothing_opens_to_the_wrong_credentials() -> anyhow::Result<()> {
    let app = super::start().await?;
    close_to_spectators(&app).await?;
    let (hamlet, stranger) = (app.user("hamlet"), app.user("other-hamlet"));
    let queue = hamlet.register(&[]).await?;
    // Of another realm: by key and by session.
    assert_locked_out(&stranger.at(&hamlet.host), &queue).await?;
    assert_locked_out(
        &stranger.in_browser(&app.ctx).await?.at(&hamlet.host),
        &queue,
    )
    .await?;
    // A wrong key; the right key under somebody else's name.
    assert_locked_out(&hamlet.with_key("x"), &queue).await?;
    assert_locked_out(&hamlet.with_key(&app.user("othello").api_key), &queue).await?;
    poll(hamlet, &queue).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn a_deactivated_user_reaches_nothing() -> anyhow::Result<()> {
    let app = super::start().await?;
    close_to_spectators(&app).await?;
    let (othello, iago) = (app.user("othello"), app.user("iago"));
    let browser = othello.in_browser(&app.ctx).await?;
    let queue = othello.register(&[]).await?;
    browser.get("/users/me", &[]).await?.assert_success();
    let path = format!("/users/{}", othello.id);
    iago.delete(&path, &[]).await?.assert_success();
    assert_locked_out(othello, &queue).await?;
    assert_locked_out(&browser, &queue).await?;
    // Coming back brings back no old session.
    iago.post(&format!("{path}/reactivate"), &[])
        .await?
        .assert_success();
    assert_locked_out(&browser, &queue).await?;
    app.finish().await
}

#[actix_web::test]
async fn each_call_is_taken_from_its_budget() -> anyhow::Result<()> {
    let tight = "[limits]\napi_by_user = { calls = 1, seconds = 36000 }\n\
                 api_by_address = { calls = 1, seconds = 36000 }\n";
    let app = TestApp::start_with(tight, |_| {}).await?;
    close_to_spectators(&app).await?;
    let (hamlet, nobody) = (app.user("hamlet"), app.anonymous()?);
    let browser = hamlet.in_browser(&app.ctx).await?;
    let queue = hamlet.register(&[]).await?;
    nobody.get("/server_settings", &[]).await?.assert_success();
    for user in [hamlet, &browser] {
        let own_prefix = if user.session.is_some() {
            "/json"
        } else {
            "/api/v1"
        };
        for (route, prefix, access, answer) in call_all(user, &queue).await? {
            // Of these, the key is in the URL, whoever calls: `webhooks/place.rs` spends what they have.
            if route == KEYED || access != Access::Public && prefix != own_prefix {
                continue;
            }
            let free = FREE.contains(&route.as_str());
            assert_eq!(
                answer.status == 429,
                !free,
                "{route} under {prefix}: {} {}",
                answer.status,
                answer.text
            );
        }
    }
    app.finish().await
}
