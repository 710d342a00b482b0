//! Caches: found where they are warm, never wrong, and not missed when they are gone.

use std::sync::Arc;

use narrows_actions::register::{Register, register};
use narrows_actions::{Ctx, auth};
use narrows_runtime::bus::Bus;
use narrows_runtime::{Clock, Config};
use narrows_testkit::{Said, TestApp, TestUser};
use serde_json::Value;

/// Another app server beside that of `app`.
async fn another(app: &TestApp, change: impl FnOnce(&mut Config)) -> anyhow::Result<Ctx> {
    let mut config = Config::clone(&app.ctx.config);
    change(&mut config);
    let bus = Bus::connect(&config.amqp);
    Ok(Ctx::connect(Arc::new(config), &bus, Clock::system()).await?)
}

/// What a user's registration at an app server answers.
async fn state(ctx: &Ctx, user: &TestUser) -> anyhow::Result<Value> {
    let client = "test".to_owned();
    let caller = auth::by_api_key(ctx, "", &user.email, &user.api_key, client).await?;
    let request = Register {
        event_types: None,
        fetch_event_types: None,
        apply_markdown: true,
        client_gravatar: true,
        slim_presence: true,
        presence_history_limit_days: None,
        include_subscribers: true,
        all_public_streams: false,
        narrow: vec![],
        capabilities: Default::default(),
        idle_timeout: None,
    };
    let state = register(ctx, &caller, &request).await?;
    Ok(serde_json::from_slice(&state.into_json())?)
}

fn names(state: &Value) -> Vec<&str> {
    let users = state["realm_users"].as_array().into_iter().flatten();
    users
        .filter_map(|user| user["full_name"].as_str())
        .collect()
}

/// Whether all people of a realm were read.
fn read_people(said: &Said) -> bool {
    let all = |sql: &String| {
        sql.contains("\"users\".\"full_name\"")
            && !sql.contains("\"users\".\"id\" = ")
            && !sql.contains("FROM (\"bots\"")
    };
    said.statements.iter().any(all)
}

#[actix_web::test]
async fn an_app_server_finds_what_another_has_made() -> anyhow::Result<()> {
    let (app, tap) = TestApp::start_tapped().await?;
    let hamlet = app.user("hamlet");
    let other = another(&app, |_| {}).await?;
    tap.take();
    let made = state(&other, hamlet).await?;
    assert!(read_people(&tap.take()), "nobody has made it yet");
    state(&other, hamlet).await?;
    assert!(!read_people(&tap.take()), "it keeps it itself");
    // It goes to memcached in the background: sooner or later the next server finds it there.
    loop {
        let next = another(&app, |_| {}).await?;
        tap.take();
        let found = state(&next, hamlet).await?;
        for part in ["realm_users", "cross_realm_bots", "realm_user_groups"] {
            assert_eq!(found[part], made[part]);
        }
        if !read_people(&tap.take()) {
            break;
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn what_has_changed_is_never_shown_as_it_was() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, iago) = (app.user("hamlet"), app.user("iago"));
    let other = another(&app, |_| {}).await?;
    for name in ["Hamlet the First", "Hamlet the Second", "Hamlet the Third"] {
        let path = format!("/users/{}", hamlet.id);
        let params = [("full_name", name)];
        iago.patch(&path, &params).await?.assert_success();
        for ctx in [&app.ctx, &other] {
            let state = state(ctx, hamlet).await?;
            assert!(names(&state).contains(&name), "{:?}", names(&state));
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn subscribers_are_those_of_this_moment() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let other = another(&app, |_| {}).await?;
    let subscribed = async || {
        let mut seen = Vec::new();
        for ctx in [&app.ctx, &other] {
            let state = state(ctx, hamlet).await?;
            let streams = state["subscriptions"].as_array().into_iter().flatten();
            let stream = streams.into_iter().find(|stream| stream["name"] == "play");
            let stream = stream.cloned().unwrap_or_default();
            let people = stream["subscribers"].as_array().map_or(0, Vec::len);
            assert_eq!(stream["subscriber_count"], people);
            seen.push(people);
        }
        anyhow::Ok(seen)
    };
    let play = [("subscriptions", r#"[{"name": "play"}]"#)];
    let leave = [("subscriptions", r#"["play"]"#)];
    let (me, path) = (hamlet, "/users/me/subscriptions");
    me.post(path, &play).await?.assert_success();
    assert_eq!(subscribed().await?, [1, 1]);
    othello.post(path, &play).await?.assert_success();
    assert_eq!(subscribed().await?, [2, 2]);
    othello.delete(path, &leave).await?.assert_success();
    assert_eq!(subscribed().await?, [1, 1]);
    othello.post(path, &play).await?.assert_success();
    let gone = format!("/users/{}", othello.id);
    app.user("desdemona")
        .delete(&gone, &[])
        .await?
        .assert_success();
    assert_eq!(subscribed().await?, [1, 1], "deactivated");
    app.finish().await
}

#[actix_web::test]
async fn without_memcached_nothing_is_missing() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let with = state(&app.ctx, hamlet).await?;
    let alone = another(&app, |config| {
        config.memcache.url = "127.0.0.1:1".to_owned();
    })
    .await?;
    let without = state(&alone, hamlet).await?;
    for part in ["realm_users", "realm_user_groups", "subscriptions"] {
        assert_eq!(without[part], with[part]);
    }
    assert_eq!(names(&without).len(), 8);
    app.finish().await
}
