//! Joining by an invitation, in a browser.

use narrows_actions::invitations::{InvitationMail, invitation_mail};
use narrows_testkit::{Answer, TestApp, TestUser};
use narrows_wire::Job;
use reqwest::Method;
use serde_json::{Value, json};

const CSRF: &str = "abcdefghijklmnopqrstuvwxyzABCDEF";

/// The mail that a worker would send next.
async fn mail(app: &TestApp) -> anyhow::Result<InvitationMail> {
    let Job::InvitationEmail(job) = app.next_job("invitation_email").await? else {
        anyhow::bail!("another job")
    };
    let mail = invitation_mail(&app.ctx, job.realm_id, job.invitation_id).await?;
    mail.ok_or_else(|| anyhow::anyhow!("nothing to mail"))
}

/// The path of a link, and the key in it.
fn path_and_key(link: &str) -> (String, String) {
    let key = link.rsplit('/').nth(1).unwrap_or_default();
    (format!("/join/{key}/"), key.to_owned())
}

async fn open(app: &TestApp, path: &str) -> anyhow::Result<Answer> {
    let nobody = app.anonymous()?;
    nobody.send(nobody.request(Method::GET, path)).await
}

async fn submit(app: &TestApp, path: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
    let nobody = app.anonymous()?;
    let request = nobody.request(Method::POST, path);
    let request = request.header("cookie", format!("csrftoken={CSRF}"));
    let mut form = form.to_vec();
    form.push(("csrfmiddlewaretoken", CSRF));
    nobody.send(request.form(&form)).await
}

async fn join(app: &TestApp, key: &str, name: &str, password: &str) -> anyhow::Result<Answer> {
    let form = [("key", key), ("full_name", name), ("password", password)];
    submit(app, "/accounts/register/", &form).await
}

async fn person(user: &TestUser, name: &str) -> anyhow::Result<Option<Value>> {
    let users = user.get("/users", &[]).await?;
    let users = users.field("members").as_array().cloned();
    let mut users = users.into_iter().flatten();
    Ok(users.find(|user| user["full_name"] == name))
}

#[actix_web::test]
async fn who_was_invited_joins_once_as_was_promised() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let stream = iago
        .make_stream("Venice", &[], &[("invite_only", "true")])
        .await?;
    iago.make_stream("Verona", &[], &[("is_default_stream", "true")])
        .await?;
    let group = [("name", "club"), ("description", ""), ("members", "[]")];
    let group = iago.post("/user_groups/create", &group).await?;
    let group = group.assert_success().field("group_id").clone();
    let (streams, groups) = (json!([stream]).to_string(), json!([group]).to_string());
    let params = [
        ("invitee_emails", "jessica@example.com"),
        ("stream_ids", &streams),
        ("group_ids", &groups),
        ("invite_as", "300"),
    ];
    iago.post("/invites", &params).await?.assert_success();
    let types = [(
        "event_types",
        r#"["realm_user", "message", "invites_changed"]"#,
    )];
    let mut queue = iago.register(&types).await?;
    let mail = mail(&app).await?;
    assert_eq!(
        (mail.to.as_str(), mail.inviter.as_deref()),
        ("jessica@example.com", Some("Iago"))
    );
    let (path, key) = path_and_key(&mail.link);
    let page = open(&app, &path).await?;
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("jessica@example.com") && page.text.contains("Iago"),
        "{}",
        page.text
    );
    let weak = join(&app, &key, "Jessica", "x").await?;
    assert_eq!(weak.status, 400);
    assert!(
        weak.text.contains("The password is too weak."),
        "{}",
        weak.text
    );
    let nameless = join(&app, &key, " ", "merchant of venice").await?;
    assert!(
        nameless.text.contains("Name too short!"),
        "{}",
        nameless.text
    );
    let joined = join(&app, &key, "Jessica", "merchant of venice").await?;
    assert_eq!((joined.status, joined.header("location")), (302, "/"));
    let cookies = joined.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
    assert!(cookies.any(|cookie| cookie.starts_with("sessionid=")));
    let jessica = person(iago, "Jessica").await?.expect("a user");
    assert_eq!(jessica["role"], 300);
    let event = queue.next("realm_user").await?;
    assert_eq!(event["person"]["user_id"], jessica["user_id"]);
    queue.next("invites_changed").await?;
    // Only what was promised: defaults were not.
    for (name, subscribed) in [("Venice", true), ("Verona", false)] {
        let id = iago.get("/get_stream_id", &[("stream", name)]).await?;
        let path = format!("/streams/{}/members", id.field("stream_id"));
        let members = iago.get(&path, &[]).await?;
        let members = members.field("subscribers").as_array().cloned();
        let there = members.is_some_and(|all| all.contains(&jessica["user_id"]));
        assert_eq!(there, subscribed, "{name}");
    }
    let members = iago
        .get(&format!("/user_groups/{group}/members"), &[])
        .await?;
    assert_eq!(members.field("members"), &json!([jessica["user_id"]]));
    assert!(
        iago.get("/invites", &[])
            .await?
            .field("invites")
            .as_array()
            .is_some_and(Vec::is_empty)
    );
    let again = join(&app, &key, "Another", "merchant of venice").await?;
    assert_eq!(again.status, 404);
    assert_eq!(open(&app, &path).await?.status, 404);
    assert!(person(iago, "Another").await?.is_none());
    app.finish().await
}

#[actix_web::test]
async fn who_invites_is_told_who_came() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let types = [("event_types", r#"["message"]"#)];
    for (email, name, told) in [
        ("a@example.com", "Anna", "true"),
        ("b@example.com", "Bella", "false"),
    ] {
        let params = [
            ("invitee_emails", email),
            ("stream_ids", "[]"),
            ("notify_referrer_on_join", told),
        ];
        iago.post("/invites", &params).await?.assert_success();
        let mut queue = iago.register(&types).await?;
        let (_, key) = path_and_key(&mail(&app).await?.link);
        assert_eq!(
            join(&app, &key, name, "merchant of venice").await?.status,
            302
        );
        iago.make_stream("here", &[], &[]).await?;
        let events = queue.until_marker(iago, "here").await?;
        let notice = |event: &&Value| {
            let content = event["message"]["content"].as_str().unwrap_or_default();
            content.contains(name) && content.contains("accepted your invitation")
        };
        assert_eq!(
            events.iter().filter(notice).count() == 1,
            told == "true",
            "{events:?}"
        );
    }
    app.finish().await
}

#[actix_web::test]
async fn who_comes_by_a_link_for_many_proves_their_address() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let made = iago
        .post("/invites/multiuse", &[("invite_as", "600")])
        .await?;
    let link = made
        .assert_success()
        .field("invite_link")
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let (path, key) = path_and_key(&link);
    let page = open(&app, &path).await?;
    assert_eq!(page.status, 200);
    // The link alone makes no account.
    assert_eq!(
        join(&app, &key, "Anna", "merchant of venice").await?.status,
        404
    );
    let wrong = submit(&app, &path, &[("email", "nonsense")]).await?;
    assert_eq!(wrong.status, 400);
    for name in ["Anna", "Bella"] {
        let email = format!("{}@example.com", name.to_lowercase());
        let sent = submit(&app, &path, &[("email", &email)]).await?;
        assert_eq!(sent.status, 200, "{}", sent.text);
        let mail = mail(&app).await?;
        assert_eq!((mail.to, mail.inviter), (email, None));
        let (_, key) = path_and_key(&mail.link);
        assert_eq!(
            join(&app, &key, name, "merchant of venice").await?.status,
            302
        );
        let person = person(iago, name).await?.expect("a user");
        assert_eq!(person["role"], 600);
    }
    // Only the link itself is managed.
    let listed = iago.get("/invites", &[]).await?;
    let listed = listed
        .field("invites")
        .as_array()
        .cloned()
        .unwrap_or_default();
    assert_eq!(listed.len(), 1, "{listed:?}");
    submit(&app, &path, &[("email", "carla@example.com")]).await?;
    let (proof, key) = path_and_key(&mail(&app).await?.link);
    assert_eq!(open(&app, &proof).await?.status, 200);
    let revoke = format!("/invites/multiuse/{}", listed[0]["id"]);
    iago.delete(&revoke, &[]).await?.assert_success();
    assert_eq!(open(&app, &path).await?.status, 404);
    assert_eq!(open(&app, &proof).await?.status, 404);
    assert_eq!(
        join(&app, &key, "Carla", "merchant of venice")
            .await?
            .status,
        404
    );
    app.finish().await
}

#[actix_web::test]
async fn a_link_is_good_until_it_expires_or_is_sent_anew() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let params = [("invitee_emails", "anna@example.com"), ("stream_ids", "[]")];
    iago.post("/invites", &params).await?.assert_success();
    let (first, _) = path_and_key(&mail(&app).await?.link);
    let listed = iago.get("/invites", &[]).await?;
    let resend = format!("/invites/{}/resend", listed.field("invites")[0]["id"]);
    iago.post(&resend, &[]).await?.assert_success();
    let (second, key) = path_and_key(&mail(&app).await?.link);
    assert_eq!(open(&app, &first).await?.status, 404);
    assert_eq!(open(&app, &second).await?.status, 200);
    let past = "UPDATE invitations SET expires_at = now() - interval '1 second'";
    app.sql().await?.execute(past, &[]).await?;
    assert_eq!(open(&app, &second).await?.status, 404);
    assert_eq!(
        join(&app, &key, "Anna", "merchant of venice").await?.status,
        404
    );
    assert!(person(iago, "Anna").await?.is_none());
    app.finish().await
}

#[actix_web::test]
async fn a_form_of_another_site_makes_no_account() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let iago = app.user("iago");
    let params = [("invitee_emails", "anna@example.com"), ("stream_ids", "[]")];
    iago.post("/invites", &params).await?.assert_success();
    let (_, key) = path_and_key(&mail(&app).await?.link);
    let nobody = app.anonymous()?;
    let form = [
        ("key", key.as_str()),
        ("full_name", "Anna"),
        ("password", "merchant of venice"),
    ];
    let request = nobody
        .request(Method::POST, "/accounts/register/")
        .form(&form);
    assert_eq!(nobody.send(request).await?.status, 403);
    // A link works at its own organization only.
    let other = nobody.at(&app.user("other-hamlet").host);
    let request = other
        .request(Method::POST, "/accounts/register/")
        .form(&[&form[..], &[("csrfmiddlewaretoken", CSRF)]].concat());
    let answer = other
        .send(request.header("cookie", format!("csrftoken={CSRF}")))
        .await?;
    assert_eq!(answer.status, 404);
    assert!(person(iago, "Anna").await?.is_none());
    app.finish().await
}
