use narrows_testkit::TestApp;
use serde_json::{Value, json};

fn ids(answer: &narrows_testkit::Answer) -> Vec<i64> {
    let members = answer
        .field("members")
        .as_array()
        .cloned()
        .unwrap_or_default();
    members
        .iter()
        .filter_map(|user| user["user_id"].as_i64())
        .collect()
}

#[actix_web::test]
async fn users_are_read_by_id_by_address_and_all_at_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (hamlet, othello) = (app.user("hamlet"), app.user("othello"));
    let all = hamlet.get("/users", &[]).await?;
    all.assert_success();
    assert_eq!(ids(&all).len(), 8, "the cast, and not the notification bot");
    assert!(!ids(&all).contains(&i64::from(app.user("other-hamlet").id.0)));
    for path in [
        format!("/users/{}", othello.id),
        format!("/users/{}", othello.email),
    ] {
        let answer = hamlet.get(&path, &[("client_gravatar", "false")]).await?;
        answer.assert_success();
        let user = answer.field("user");
        assert_eq!(
            (&user["user_id"], &user["full_name"]),
            (&json!(othello.id), &json!("Othello"))
        );
        assert_eq!(
            (&user["role"], &user["is_active"], &user["is_bot"]),
            (&json!(400), &json!(true), &json!(false))
        );
        assert!(
            user["avatar_url"]
                .as_str()
                .unwrap()
                .starts_with("https://secure.gravatar.com/avatar/")
        );
        assert_eq!(user.get("profile_data"), None);
    }
    let me = app.user("iago").get("/users/me", &[]).await?;
    assert_eq!(
        (
            me.field("is_admin"),
            me.field("role"),
            me.field("max_message_id")
        ),
        (&json!(true), &json!(200), &json!(-1))
    );
    let some = hamlet
        .get(
            "/users",
            &[("user_ids", &format!("[{}, 99999]", othello.id))],
        )
        .await?;
    assert_eq!(ids(&some), [i64::from(othello.id.0)]);
    app.finish().await
}

#[actix_web::test]
async fn users_of_another_realm_are_not_there() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let stranger = app.user("other-othello");
    for path in [
        format!("/users/{}", stranger.id),
        format!("/users/{}", stranger.email),
        "/users/99999".into(),
    ] {
        iago.get(&path, &[])
            .await?
            .assert_error(400, "BAD_REQUEST", "No such user");
    }
    let path = format!("/users/{}", stranger.id);
    iago.patch(&path, &[("full_name", "Zed")])
        .await?
        .assert_error(400, "BAD_REQUEST", "No such user");
    iago.delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "No such user");
    iago.post(&format!("{path}/reactivate"), &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "No such user");
    iago.post(&format!("/users/me/muted_users/{}", stranger.id), &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "No such user");
    stranger.get("/users/me", &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn administrators_make_users_and_everybody_hears_of_it() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let mut queue = app
        .user("hamlet")
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let new = [
        ("email", "zoe@example.com"),
        ("full_name", "Zoe"),
        ("password", "abcd1234efgh"),
    ];
    app.user("shiva").post("/users", &new).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    let made = app.user("iago").post("/users", &new).await?;
    made.assert_success();
    let event = queue.next("realm_user").await?;
    assert_eq!(
        (&event["op"], &event["person"]["user_id"]),
        (&json!("add"), made.field("user_id"))
    );
    let again = app.user("iago").post("/users", &new).await?;
    again.assert_error(400, "BAD_REQUEST", "Email 'zoe@example.com' already in use");
    for (field, value, msg) in [
        ("email", "nonsense", "Enter a valid email address."),
        ("full_name", "a*b", "Invalid characters in name!"),
        ("full_name", "Z", "Name too short!"),
        ("password", "abc", "The password is too weak."),
    ] {
        let given = new.map(|(name, old)| (name, if name == field { value } else { old }));
        let given = given.map(|(name, old)| {
            (
                name,
                if name == "email" && field != "email" {
                    "y@example.com"
                } else {
                    old
                },
            )
        });
        app.user("iago")
            .post("/users", &given)
            .await?
            .assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn names_and_roles_are_changed_by_those_who_may() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, desdemona) = (app.user("iago"), app.user("desdemona"));
    let path = format!("/users/{}", app.user("othello").id);
    let mut queue = app
        .user("hamlet")
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    app.user("hamlet")
        .patch(&path, &[("full_name", "X Y")])
        .await?
        .assert_error(400, "BAD_REQUEST", "Insufficient permission");
    iago.patch(&path, &[("full_name", "The Moor")])
        .await?
        .assert_success();
    assert_eq!(
        queue.next("realm_user").await?["person"]["full_name"],
        "The Moor"
    );
    iago.patch(&path, &[("role", "300")])
        .await?
        .assert_success();
    assert_eq!(queue.next("realm_user").await?["person"]["role"], 300);
    let bad = "Invalid role: Value error, Not in the list of possible values";
    iago.patch(&path, &[("role", "7")])
        .await?
        .assert_error(400, "BAD_REQUEST", bad);
    iago.patch(&path, &[("role", "100")]).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization owner",
    );
    let owner = format!("/users/{}", desdemona.id);
    assert_eq!(iago.patch(&owner, &[("role", "400")]).await?.status, 400);
    let last = "The owner permission cannot be removed from the only organization owner.";
    desdemona
        .patch(&owner, &[("role", "400")])
        .await?
        .assert_error(400, "BAD_REQUEST", last);
    desdemona.delete(&owner, &[]).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Cannot deactivate the only organization owner",
    );
    desdemona
        .patch(&path, &[("role", "100")])
        .await?
        .assert_success();
    desdemona
        .patch(&owner, &[("role", "400")])
        .await?
        .assert_success();
    app.finish().await
}

#[actix_web::test]
async fn owners_give_people_other_addresses() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let [desdemona, iago, hamlet] = ["desdemona", "iago", "hamlet"].map(|key| app.user(key));
    let mut queue = iago
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let path = format!("/users/{}", hamlet.id);
    let new = "prince@example.com";
    let refused = iago.patch(&path, &[("new_email", new)]).await?;
    let msg = "User not authorized to change user emails";
    refused.assert_error(400, "BAD_REQUEST", msg);
    for (email, msg) in [
        ("nothing", "Invalid new email address."),
        (
            iago.email.as_str(),
            "New email value error: Already has an account.",
        ),
    ] {
        let params = [("full_name", "Prince"), ("new_email", email)];
        let refused = desdemona.patch(&path, &params).await?;
        refused.assert_error(400, "BAD_REQUEST", msg);
    }
    desdemona
        .patch(&path, &[("new_email", new)])
        .await?
        .assert_success();
    let told = json!({ "user_id": hamlet.id, "delivery_email": new });
    assert_eq!(queue.next("realm_user").await?["person"], told);
    let told = json!({ "user_id": hamlet.id, "new_email": new });
    assert_eq!(queue.next("realm_user").await?["person"], told);
    let user = iago.get(&path, &[]).await?;
    let user = user.field("user");
    assert_eq!(
        (&user["email"], &user["delivery_email"], &user["full_name"]),
        (&json!(new), &json!(new), &json!("King Hamlet"))
    );
    // It is by the new one that they are known from now on.
    let old = hamlet.get("/users/me", &[]).await?;
    assert_eq!(old.status, 401, "{}", old.text);
    app.finish().await
}

#[actix_web::test]
async fn a_deactivated_user_is_out_at_once() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, othello) = (app.user("iago"), app.user("othello"));
    let mut queue = othello.register(&[]).await?;
    let mut witness = app
        .user("hamlet")
        .register(&[("event_types", r#"["realm_user"]"#)])
        .await?;
    let path = format!("/users/{}", othello.id);
    app.user("hamlet").delete(&path, &[]).await?.assert_error(
        400,
        "BAD_REQUEST",
        "Insufficient permission",
    );
    iago.delete(&path, &[]).await?.assert_success();
    othello
        .get("/users/me", &[])
        .await?
        .assert_error(401, "UNAUTHORIZED", "Invalid API key");
    assert!(queue.event().await.is_err(), "the queue is dead");
    assert_eq!(
        witness.next("realm_user").await?["person"],
        json!({ "user_id": othello.id, "is_active": false })
    );
    let user = iago.get(&path, &[]).await?;
    assert_eq!(user.field("user")["is_active"], false);
    iago.post(&format!("{path}/reactivate"), &[])
        .await?
        .assert_success();
    assert_eq!(
        witness.next("realm_user").await?["person"]["is_active"],
        true
    );
    iago.post(&format!("{path}/reactivate"), &[])
        .await?
        .assert_success();
    let own = app.user("desdemona").delete("/users/me", &[]).await?;
    assert_eq!(
        own.field("code"),
        "CANNOT_DEACTIVATE_LAST_USER",
        "{}",
        own.text
    );
    app.finish().await
}

#[actix_web::test]
async fn muting_and_alert_words_are_personal() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let hamlet = app.user("hamlet");
    let mut queue = hamlet
        .register(&[("event_types", r#"["muted_users", "alert_words"]"#)])
        .await?;
    let othello = app.user("othello").id;
    let path = format!("/users/me/muted_users/{othello}");
    hamlet.post(&path, &[]).await?.assert_success();
    assert_eq!(
        queue.next("muted_users").await?["muted_users"][0]["id"],
        json!(othello)
    );
    hamlet
        .post(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "User already muted");
    hamlet.delete(&path, &[]).await?.assert_success();
    assert_eq!(queue.next("muted_users").await?["muted_users"], json!([]));
    hamlet
        .delete(&path, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "User is not muted");
    let myself = format!("/users/me/muted_users/{}", hamlet.id);
    hamlet
        .post(&myself, &[])
        .await?
        .assert_error(400, "BAD_REQUEST", "Cannot mute self");

    hamlet
        .post(
            "/users/me/alert_words",
            &[("alert_words", r#"["Skull", "skull", " yorick "]"#)],
        )
        .await?
        .assert_success();
    assert_eq!(
        queue.next("alert_words").await?["alert_words"],
        json!(["Skull", "yorick"])
    );
    let left = hamlet
        .delete("/users/me/alert_words", &[("alert_words", r#"["SKULL"]"#)])
        .await?;
    assert_eq!(left.field("alert_words"), &json!(["yorick"]));
    let others: Value = app
        .user("othello")
        .get("/users/me/alert_words", &[])
        .await?
        .json;
    assert_eq!(others["alert_words"], json!([]));
    app.finish().await
}
