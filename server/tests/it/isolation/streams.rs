//! A stream that one may not read is answered, with all that is in it, as one that does not exist; nothing in it changes.

use std::collections::BTreeSet;

use narrows_testkit::{Extent, TestApp, TestUser, rows};
use narrows_wire::{Role, StreamId};

use super::scene::{NAMES_IN_STREAM, NAMES_OF_ONES_OWN, Scene, fill};
use super::table::{Case, cases};

/// In every text of the stream.
const MARK: &str = "quagga";

/// Somebody, and what is not there for them.
struct Outsider<'a> {
    user: &'a TestUser,
    who: &'static str,
    /// Not there for them.
    hidden: &'a Scene,
    names: &'static [&'static str],
}

/// What administrators, who may manage streams that they are not in, still cannot read.
const WITHIN: &[&str] = &["topic", "message", "word"];
/// What came before one's time in a stream with protected history.
const BEFORE: &[&str] = &["message", "word"];

#[actix_web::test]
async fn who_may_not_read_a_stream_does_not_see_it() -> anyhow::Result<()> {
    let app = super::start().await?;
    let owner = app.user("desdemona");
    let (hamlet, cordelia, polonius) = (
        app.user("hamlet"),
        app.user("cordelia"),
        app.user("polonius"),
    );
    let private = [
        ("invite_only", "true"),
        ("history_public_to_subscribers", "true"),
    ];
    let secret = Scene::make(
        &app,
        owner,
        &format!("{MARK} secret"),
        "secret",
        &[cordelia, polonius],
        &private,
    )
    .await?;
    for former in [cordelia, polonius] {
        starred_and_left(former, &secret).await?;
    }
    let public = Scene::make(&app, owner, &format!("{MARK} public"), "public", &[], &[]).await?;
    let guest = app
        .add_user(owner, "lucio@example.com", "Lucio", Role::Guest)
        .await?;
    let protected = [
        ("invite_only", "true"),
        ("history_public_to_subscribers", "false"),
    ];
    let protected = Scene::make(
        &app,
        owner,
        &format!("{MARK} protected"),
        "protected",
        &[],
        &protected,
    )
    .await?;
    let othello = app.user("othello");
    owner
        .make_stream(protected.get("stream_name"), &[othello], &[])
        .await?;
    let outsiders = [
        outsider(hamlet, "never subscribed", &secret, NAMES_IN_STREAM),
        outsider(cordelia, "subscribed once", &secret, NAMES_IN_STREAM),
        outsider(
            polonius,
            "a guest, subscribed once",
            &secret,
            NAMES_IN_STREAM,
        ),
        outsider(
            &guest,
            "a guest, never subscribed",
            &secret,
            NAMES_IN_STREAM,
        ),
        outsider(
            &guest,
            "a guest, of a public stream",
            &public,
            NAMES_IN_STREAM,
        ),
        outsider(app.user("iago"), "an administrator", &secret, WITHIN),
        outsider(app.user("bot"), "a bot", &secret, NAMES_IN_STREAM),
        outsider(othello, "subscribed later", &protected, BEFORE),
        outsider(
            app.user("iago"),
            "somebody else",
            &secret,
            NAMES_OF_ONES_OWN,
        ),
    ];
    let mut faults = Vec::new();
    for (number, one) in outsiders.into_iter().enumerate() {
        let stream = StreamId(one.hidden.get("stream").parse()?);
        let own = own_scene(&app, owner, one.user, number).await?;
        let sql = app.sql().await?;
        let before = rows(&sql, &Extent::Stream(stream)).await?;
        let mut cases = cases();
        cases.sort_by_key(|case| case.takes_names);
        for case in &cases {
            let found = check(case, &one, &own).await?;
            faults.extend(
                found
                    .into_iter()
                    .map(|fault| format!("{}: {case:?}: {fault}", one.who)),
            );
        }
        let after = rows(&sql, &Extent::Stream(stream)).await?;
        let changed: BTreeSet<_> = before.symmetric_difference(&after).collect();
        assert!(changed.is_empty(), "{} changed {changed:#?}", one.who);
    }
    super::assert_none(&faults);
    // All of these are there for who may read them.
    for scene in [&secret, &public, &protected] {
        let path = format!("/messages/{}", scene.get("message"));
        owner.get(&path, &[]).await?.assert_success();
    }
    app.finish().await
}

fn outsider<'a>(
    user: &'a TestUser,
    who: &'static str,
    hidden: &'a Scene,
    names: &'static [&'static str],
) -> Outsider<'a> {
    Outsider {
        user,
        who,
        hidden,
        names,
    }
}

/// Reads, stars and follows what is in the stream, and leaves.
async fn starred_and_left(user: &TestUser, scene: &Scene) -> anyhow::Result<()> {
    let messages = format!("[{}]", scene.get("message"));
    let star = [
        ("messages", messages.as_str()),
        ("op", "add"),
        ("flag", "starred"),
    ];
    user.post("/messages/flags", &star).await?.assert_success();
    let path = format!("/messages/{}/reactions", scene.get("message"));
    user.post(&path, &[("emoji_name", "heart")])
        .await?
        .assert_success();
    user.leave(scene.get("stream_name")).await
}

/// A stream in which the outsider is, so that the rest of each call is right.
async fn own_scene(
    app: &TestApp,
    owner: &TestUser,
    user: &TestUser,
    number: usize,
) -> anyhow::Result<Scene> {
    let mark = format!("open{number}");
    Scene::make(app, owner, &mark, &mark, &[user], &[]).await
}

/// What is wrong with the answers to a case.
async fn check(case: &Case, one: &Outsider<'_>, own: &Scene) -> anyhow::Result<Vec<String>> {
    let nowhere = Scene::nowhere();
    let mut faults = Vec::new();
    if case.route == "POST /register" {
        // Its narrow is for events; the state is the same with any.
        return Ok(faults);
    }
    for name in case.names() {
        if !one.names.contains(&name) {
            continue;
        }
        let nonce = format!("nonce-{name}");
        let filled = fill(case, own, Some((name, one.hidden)), &nonce);
        let hidden = filled.essence(&filled.by(one.user, "/api/v1").await?);
        if hidden.contains(MARK) {
            faults.push(format!("tells of the stream: {hidden}"));
        }
        if case.takes_names {
            // Whoever takes a name that is free has a stream of that name.
            if hidden.starts_with("200 ") {
                faults.push(format!("{name} was granted: {hidden}"));
            }
            continue;
        }
        let filled = fill(case, own, Some((name, &nowhere)), &nonce);
        let missing = filled.essence(&filled.by(one.user, "/api/v1").await?);
        if hidden != missing {
            faults.push(format!(
                "{name} hidden and nowhere:\n  {hidden}\n  {missing}"
            ));
        }
    }
    Ok(faults)
}
