//! Which people somebody sees, and whose address.

use narrows_testkit::{TestApp, TestUser};
use serde_json::{Value, json};

/// How `user` is told in a list of users.
fn told<'a>(users: &'a Value, user: &TestUser) -> Option<&'a Value> {
    let users = users.as_array().unwrap();
    users.iter().find(|one| one["user_id"] == json!(user.id))
}

#[actix_web::test]
async fn an_address_is_shown_to_whom_its_owner_shows_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let everybody = ["desdemona", "iago", "shiva", "othello", "polonius"];
    app.user("iago")
        .make_stream("Verona", &[hamlet, app.user("polonius")], &[])
        .await?;
    for (setting, seeing) in [
        ("1", &everybody[..]),
        ("2", &everybody[..4]),
        ("5", &everybody[..3]),
        ("3", &everybody[..2]),
        ("4", &[]),
        ("1", &everybody),
    ] {
        hamlet
            .patch("/settings", &[("email_address_visibility", setting)])
            .await?
            .assert_success();
        for key in everybody.iter().chain(&["hamlet"]) {
            let viewer = app.user(key);
            let may = seeing.contains(key) || *key == "hamlet";
            let expected = if may {
                json!(hamlet.email)
            } else {
                Value::Null
            };
            let all = viewer.get("/users", &[]).await?;
            let one = viewer.get(&format!("/users/{}", hamlet.id), &[]).await?;
            let registered = viewer.post("/register", &[]).await?;
            for (place, person) in [
                ("users", told(all.field("members"), hamlet)),
                ("user", Some(one.field("user"))),
                ("register", told(registered.field("realm_users"), hamlet)),
            ] {
                let person = person.unwrap();
                assert_eq!(
                    person["delivery_email"], expected,
                    "{setting} {key} {place}"
                );
                let open = setting == "1";
                assert_eq!(
                    person["email"] == json!(hamlet.email),
                    open,
                    "{setting} {key} {place}"
                );
                assert_eq!(
                    person["avatar_url"].is_null(),
                    open,
                    "{setting} {key} {place}"
                );
            }
            let by_address = viewer.get(&format!("/users/{}", hamlet.email), &[]).await?;
            assert_eq!(
                by_address.status == 200,
                may,
                "{setting} {key}: {}",
                by_address.text
            );
        }
        let id = hamlet.send_to("Verona", "t", "x").await?;
        let message = app
            .user("polonius")
            .get(&format!("/messages/{id}"), &[])
            .await?;
        let sender = &message.field("message")["sender_email"];
        assert_eq!(
            sender == &json!(hamlet.email),
            setting == "1",
            "{setting}: {sender}"
        );
    }
    // With whatever address is shown, hamlet logs in with his own.
    hamlet.get("/users/me", &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn a_change_of_address_visibility_is_told_to_whom_it_concerns() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let events = [("event_types", r#"["realm_user"]"#)];
    let mut iago = app.user("iago").register(&events).await?;
    let mut othello = app.user("othello").register(&events).await?;
    hamlet
        .patch("/settings", &[("email_address_visibility", "3")])
        .await?
        .assert_success();
    let mut own = hamlet.register(&events).await?;
    // Who loses it is told first; then all learn what stands for it, and where the picture is.
    let event = othello.next("realm_user").await?;
    assert_eq!(event["person"]["delivery_email"], Value::Null);
    for queue in [&mut iago, &mut othello] {
        let event = queue.next("realm_user").await?;
        assert_ne!(event["person"]["new_email"], json!(hamlet.email));
        assert!(event["person"]["new_email"].is_string(), "{event}");
        let event = queue.next("realm_user").await?;
        assert_eq!(event["person"]["avatar_source"], "G", "{event}");
    }
    // Nobody's sight changes between two settings that hide it from the same people; moderators gain it here.
    let mut shiva = app.user("shiva").register(&events).await?;
    hamlet
        .patch("/settings", &[("email_address_visibility", "5")])
        .await?
        .assert_success();
    let event = shiva.next("realm_user").await?;
    assert_eq!(event["person"]["delivery_email"], json!(hamlet.email));
    app.user("iago")
        .patch(&format!("/users/{}", hamlet.id), &[("full_name", "Prince")])
        .await?
        .assert_success();
    for queue in [&mut iago, &mut othello, &mut shiva, &mut own] {
        let event = queue.next("realm_user").await?;
        assert_eq!(
            event["person"]["full_name"], "Prince",
            "no address in between for whom nothing changed"
        );
    }
    app.finish().await
}

#[actix_web::test]
async fn guests_see_whom_they_share_something_with_where_the_realm_says_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [desdemona, hamlet, othello, cordelia, polonius] =
        ["desdemona", "hamlet", "othello", "cordelia", "polonius"].map(|key| app.user(key));
    hamlet.make_stream("Verona", &[polonius], &[]).await?;
    cordelia.send_direct(&[polonius], "between us").await?;
    let path = format!("/users/{}", othello.id);
    polonius.get(&path, &[]).await?.assert_success();
    let groups = desdemona.get("/user_groups", &[]).await?;
    let members = groups.field("user_groups").as_array().unwrap().iter();
    let members = members
        .clone()
        .find(|group| group["name"] == "role:members")
        .unwrap();
    let setting = json!({ "new": members["id"] }).to_string();
    let params = [("can_access_all_users_group", setting.as_str())];
    hamlet.patch("/realm", &params).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    desdemona.patch("/realm", &params).await?.assert_success();
    let mut queue = polonius
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let state = polonius.post("/register", &[]).await?;
    assert_eq!(
        state.field("realm_can_access_all_users_group"),
        &members["id"]
    );
    let listed = polonius.get("/users", &[]).await?;
    for users in [listed.field("members"), state.field("realm_users")] {
        for (user, there) in [
            (hamlet, true),
            (cordelia, true),
            (polonius, true),
            (othello, false),
        ] {
            assert_eq!(told(users, user).is_some(), there, "{}", user.email);
        }
    }
    for path in [path.clone(), format!("/users/{}", othello.email)] {
        polonius
            .get(&path, &[])
            .await?
            .assert_error(400, "BAD_REQUEST", "No such user");
    }
    polonius
        .get(&format!("/users/{}", cordelia.id), &[])
        .await?
        .assert_success();
    // Nor are they written to.
    let ids = json!([othello.id]).to_string();
    let emails = json!([othello.email]).to_string();
    for (to, msg) in [
        (&ids, format!("Invalid user ID {}", othello.id)),
        (&emails, format!("Invalid email '{}'", othello.email)),
    ] {
        let params = [("type", "direct"), ("to", to.as_str()), ("content", "x")];
        let answer = polonius.post("/messages", &params).await?;
        answer.assert_error(400, "BAD_REQUEST", &msg);
    }
    let typing = [("op", "start"), ("to", ids.as_str())];
    let answer = polonius.post("/typing", &typing).await?;
    answer.assert_error(
        400,
        "BAD_REQUEST",
        &format!("Invalid user ID {}", othello.id),
    );
    // Members still see everybody, and guests hear only of whom they see.
    assert!(told(hamlet.get("/users", &[]).await?.field("members"), othello).is_some());
    for (user, name) in [(othello, "Moor"), (hamlet, "Prince")] {
        let path = format!("/users/{}", user.id);
        desdemona
            .patch(&path, &[("full_name", name)])
            .await?
            .assert_success();
    }
    let event = queue.next("realm_user").await?;
    assert_eq!(event["person"]["full_name"], "Prince");
    let types = [("event_types", r#"["presence", "user_status"]"#)];
    let mut queue = polonius.register(&types).await?;
    for user in [othello, hamlet] {
        let status = [("status_text", "here")];
        user.post("/users/me/status", &status)
            .await?
            .assert_success();
        let active = [("status", "active")];
        user.post("/users/me/presence", &active)
            .await?
            .assert_success();
    }
    for kind in ["user_status", "presence"] {
        assert_eq!(
            queue.next(kind).await?["user_id"],
            json!(hamlet.id),
            "{kind}"
        );
    }
    for slim in ["true", "false"] {
        let params = [("status", "active"), ("slim_presence", slim)];
        let answer = polonius.post("/users/me/presence", &params).await?;
        let params = [("slim_presence", slim)];
        let state = polonius.post("/register", &params).await?;
        for presences in [answer.field("presences"), state.field("presences")] {
            let names = |user: &TestUser| match slim {
                "true" => user.id.to_string(),
                _ => user.email.clone(),
            };
            assert!(presences.get(names(hamlet)).is_some(), "{presences}");
            assert!(presences.get(names(othello)).is_none(), "{presences}");
        }
    }
    app.finish().await
}

#[actix_web::test]
async fn a_star_is_listed_while_its_message_can_be_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet) = (app.user("iago"), app.user("hamlet"));
    let private = [("invite_only", "true")];
    iago.make_stream("Rome", &[hamlet], &private).await?;
    iago.make_stream("Verona", &[hamlet], &[]).await?;
    let (gone, kept) = (
        iago.send_to("Rome", "t", "x").await?,
        iago.send_to("Verona", "t", "x").await?,
    );
    let messages = json!([gone, kept]).to_string();
    let star = [
        ("messages", messages.as_str()),
        ("op", "add"),
        ("flag", "starred"),
    ];
    hamlet
        .post("/messages/flags", &star)
        .await?
        .assert_success();
    let starred =
        async || anyhow::Ok(hamlet.register(&[]).await?.state["starred_messages"].clone());
    assert_eq!(starred().await?, json!([gone, kept]));
    hamlet.leave("Verona").await?;
    hamlet.leave("Rome").await?;
    assert_eq!(starred().await?, json!([kept]));
    app.finish().await
}

#[actix_web::test]
async fn names_are_unique_where_the_realm_says_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, othello) = (app.user("desdemona"), app.user("othello"));
    let name = [("full_name", "KING hamlet")];
    othello.patch("/settings", &name).await?.assert_success();
    othello
        .patch("/settings", &[("full_name", "Othello")])
        .await?
        .assert_success();
    desdemona
        .patch("/realm", &[("require_unique_names", "true")])
        .await?
        .assert_success();
    let taken = "Unique names required in this organization.";
    othello
        .patch("/settings", &name)
        .await?
        .assert_error(400, "BAD_REQUEST", taken);
    desdemona
        .patch(&format!("/users/{}", othello.id), &name)
        .await?
        .assert_error(400, "BAD_REQUEST", taken);
    let new = [
        ("email", "new@example.com"),
        ("full_name", "king hamlet"),
        ("password", "correct horse battery"),
    ];
    desdemona
        .post("/users", &new)
        .await?
        .assert_error(400, "BAD_REQUEST", taken);
    // One's own name in other letters is one's own.
    othello
        .patch("/settings", &[("full_name", "OTHELLO")])
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn guests_learn_who_reads_what_the_web_may_read() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, polonius) = (app.user("desdemona"), app.user("polonius"));
    let web = [("is_web_public", "true")];
    desdemona.make_stream("plaza", &[], &web).await?;
    let all = [("include_subscribers", "true")];
    let state = polonius.post("/register", &all).await?;
    let streams = state.field("never_subscribed").as_array().unwrap();
    let plaza = streams.iter().find(|one| one["name"] == "plaza").unwrap();
    assert_eq!(plaza["subscribers"], json!([desdemona.id]));
    app.finish().await
}
