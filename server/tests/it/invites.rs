//! Inviting people.

use narrows_testkit::{Answer, TestApp, TestUser};
use narrows_wire::Job;
use serde_json::{Value, json};

async fn invite(user: &TestUser, emails: &str, more: &[(&str, &str)]) -> anyhow::Result<Answer> {
    let mut params = vec![("invitee_emails", emails), ("stream_ids", "[]")];
    params.extend(more);
    user.post("/invites", &params).await
}

async fn listed(user: &TestUser) -> anyhow::Result<Vec<Value>> {
    let answer = user.get("/invites", &[]).await?;
    let invites = answer.assert_success().field("invites").as_array().cloned();
    Ok(invites.unwrap_or_default())
}

#[actix_web::test]
async fn who_invites_sees_it_and_can_take_it_back() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, shiva) = (app.user("iago"), app.user("shiva"));
    let members = [("invite_to_realm_policy", "1")];
    let owner = app.user("desdemona");
    owner.patch("/realm", &members).await?.assert_success();
    let types = [("event_types", r#"["invites_changed"]"#)];
    let mut queues = [iago.register(&types).await?, shiva.register(&types).await?];
    let life = [("invite_expires_in_minutes", "60"), ("invite_as", "600")];
    invite(shiva, "New <new@example.com>", &life)
        .await?
        .assert_success();
    for queue in &mut queues {
        queue.next("invites_changed").await?;
    }
    let all = listed(shiva).await?;
    let [one] = all.as_slice() else {
        anyhow::bail!("{all:?}")
    };
    let invited = one["invited"].as_i64().unwrap_or_default();
    let expected = json!({
        "id": one["id"], "email": "new@example.com", "invited": invited, "expiry_date": invited + 3600,
        "invited_as": 600, "invited_by_user_id": shiva.id, "is_multiuse": false, "notify_referrer_on_join": true,
    });
    assert_eq!(*one, expected);
    let forever = [("invite_expires_in_minutes", "null")];
    invite(iago, "other@example.com", &forever)
        .await?
        .assert_success();
    // Administrators see all, others their own.
    assert_eq!(listed(shiva).await?.len(), 1);
    let all = listed(iago).await?;
    assert_eq!(all.len(), 2);
    assert_eq!(all[1]["expiry_date"], Value::Null);
    let path = format!("/invites/{}", all[1]["id"]);
    shiva.delete(&path, &[]).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization administrator",
    );
    for (user, id) in [(shiva, &all[0]["id"]), (iago, &all[1]["id"])] {
        let path = format!("/invites/{id}");
        user.delete(&path, &[]).await?.assert_success();
        let again = user.delete(&path, &[]).await?;
        again.assert_error(400, "BAD_REQUEST", "No such invitation");
        let again = user.post(&format!("{path}/resend"), &[]).await?;
        again.assert_error(400, "BAD_REQUEST", "No such invitation");
    }
    assert!(listed(iago).await?.is_empty());
    app.finish().await
}

#[actix_web::test]
async fn addresses_are_checked_before_anybody_is_invited() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let empty = invite(iago, " ,\n", &[]).await?;
    let msg = "You must specify at least one email address.";
    empty.assert_error(400, "BAD_REQUEST", msg);
    let failed = |answer: &Answer, msg: &str, errors: Value, sent: bool| {
        answer.assert_error(400, "INVITATION_FAILED", msg);
        assert_eq!(answer.field("errors"), &errors);
        assert_eq!(answer.field("sent_invitations"), sent);
        assert_eq!(answer.field("daily_limit_reached"), false);
        assert_eq!(answer.field("license_limit_reached"), false);
    };
    let wrong = invite(iago, "notanemail, good@example.com", &[]).await?;
    let msg = "Some emails did not validate, so we didn't send any invitations.";
    failed(
        &wrong,
        msg,
        json!([["notanemail", "Invalid address.", false]]),
        false,
    );
    let hamlet = &app.user("hamlet").email;
    let known = json!([[hamlet, "Already has an account.", false]]);
    let msg = "We weren't able to invite anyone.";
    failed(&invite(iago, hamlet, &[]).await?, msg, known.clone(), false);
    assert!(listed(iago).await?.is_empty());
    let some = invite(iago, &format!("good@example.com,{hamlet}"), &[]).await?;
    let msg = "Some of those addresses are already using Zulip, so we didn't send them an invitation. \
               We did send invitations to everyone else!";
    failed(&some, msg, known, true);
    assert_eq!(listed(iago).await?.len(), 1);
    let path = format!("/users/{}", app.user("othello").id);
    iago.delete(&path, &[]).await?.assert_success();
    let othello = &app.user("othello").email;
    let gone = json!([[othello, "Account has been deactivated.", true]]);
    let msg = "We weren't able to invite anyone.";
    failed(&invite(iago, othello, &[]).await?, msg, gone, false);
    app.finish().await
}

#[actix_web::test]
async fn nobody_promises_what_they_may_not_give() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (iago, hamlet, bot) = (app.user("iago"), app.user("hamlet"), app.user("bot"));
    let members = [
        ("invite_to_realm_policy", "1"),
        ("invite_to_stream_policy", "2"),
    ];
    let owner = app.user("desdemona");
    owner.patch("/realm", &members).await?.assert_success();
    let private = hamlet
        .make_stream("secret", &[], &[("invite_only", "true")])
        .await?;
    let public = hamlet.make_stream("open", &[], &[]).await?;
    let bad = "BAD_REQUEST";
    for (user, params, code, msg) in [
        (
            iago,
            ("stream_ids", json!([private])),
            bad,
            format!("Invalid channel ID {private}. No invites were sent."),
        ),
        (
            iago,
            ("stream_ids", json!([9_000_000])),
            bad,
            "Invalid channel ID 9000000. No invites were sent.".to_owned(),
        ),
        (
            hamlet,
            ("stream_ids", json!([public])),
            bad,
            "You do not have permission to subscribe other users to channels.".to_owned(),
        ),
        (
            hamlet,
            ("invite_as", json!(300)),
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization administrator".to_owned(),
        ),
        (
            iago,
            ("invite_as", json!(100)),
            "UNAUTHORIZED_PRINCIPAL",
            "Must be an organization owner".to_owned(),
        ),
        (
            iago,
            ("invite_as", json!(10)),
            bad,
            "Invalid invite_as".to_owned(),
        ),
        (
            iago,
            ("invite_expires_in_minutes", json!(0)),
            bad,
            "Invalid invite_expires_in_minutes".to_owned(),
        ),
        (
            iago,
            ("invite_expires_in_minutes", json!(i64::MAX)),
            bad,
            "Invalid invite_expires_in_minutes".to_owned(),
        ),
        (
            bot,
            ("invite_as", json!(400)),
            bad,
            "This endpoint does not accept bot requests.".to_owned(),
        ),
    ] {
        let value = params.1.to_string();
        let refused = invite(user, "new@example.com", &[(params.0, &value)]).await?;
        refused.assert_error(400, code, &msg);
    }
    assert!(listed(iago).await?.is_empty());
    app.finish().await
}

#[actix_web::test]
async fn links_for_many_are_shown_until_they_are_taken_back() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, iago) = (app.user("desdemona"), app.user("iago"));
    let made = desdemona
        .post("/invites/multiuse", &[("invite_as", "100")])
        .await?;
    let link = made.assert_success().field("invite_link");
    let all = listed(iago).await?;
    assert_eq!(
        (&all[0]["link_url"], &all[0]["is_multiuse"]),
        (link, &json!(true))
    );
    assert_eq!(all[0].get("email"), None);
    let path = format!("/invites/multiuse/{}", all[0]["id"]);
    // One that makes owners is for owners.
    iago.delete(&path, &[]).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization owner",
    );
    let other_kind = format!("/invites/{}", all[0]["id"]);
    let missing = desdemona.delete(&other_kind, &[]).await?;
    missing.assert_error(400, "BAD_REQUEST", "No such invitation");
    desdemona.delete(&path, &[]).await?.assert_success();
    let again = desdemona.delete(&path, &[]).await?;
    again.assert_error(400, "BAD_REQUEST", "Invitation has already been revoked");
    assert!(listed(desdemona).await?.is_empty());
    app.finish().await
}

#[actix_web::test]
async fn a_realm_invites_so_many_a_day() -> anyhow::Result<()> {
    let limits = "[limits]\ninvitations_by_realm = { calls = 2, seconds = 86400 }\n";
    let app = TestApp::start_with(limits, |_| {}).await?;
    let iago = app.user("iago");
    invite(iago, "a@example.com", &[]).await?.assert_success();
    let over = invite(iago, "b@example.com, c@example.com", &[]).await?;
    assert_eq!(over.field("code"), "INVITATION_FAILED", "{}", over.text);
    assert_eq!(over.field("daily_limit_reached"), true);
    assert_eq!(over.field("sent_invitations"), false);
    assert_eq!(listed(iago).await?.len(), 1);
    invite(iago, "b@example.com", &[]).await?.assert_success();
    let yesterday = "UPDATE invitations SET invited_at = invited_at - interval '2 days'";
    app.sql().await?.execute(yesterday, &[]).await?;
    invite(iago, "c@example.com", &[]).await?.assert_success();
    app.finish().await
}

#[actix_web::test]
async fn what_somebody_promised_ends_when_they_leave() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, iago) = (app.user("desdemona"), app.user("iago"));
    invite(iago, "a@example.com", &[]).await?.assert_success();
    let Job::InvitationEmail(job) = app.next_job("invitation_email").await? else {
        anyhow::bail!("another job")
    };
    let mail = narrows_actions::invitations::invitation_mail;
    let found = mail(&app.ctx, job.realm_id, job.invitation_id).await?;
    assert_eq!(found.map(|mail| mail.to).as_deref(), Some("a@example.com"));
    let path = format!("/users/{}", iago.id);
    desdemona.delete(&path, &[]).await?.assert_success();
    assert!(listed(desdemona).await?.is_empty());
    assert!(
        mail(&app.ctx, job.realm_id, job.invitation_id)
            .await?
            .is_none()
    );
    app.finish().await
}
