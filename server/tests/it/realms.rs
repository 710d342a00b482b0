use narrows_actions::realms::{self, NewOrganization};
use narrows_actions::users::NewPerson;
use narrows_testkit::{TestApp, anonymous};
use narrows_wire::Role;

fn new<'a>(subdomain: &'a str, owner_email: &'a str) -> NewOrganization<'a> {
    let owner = NewPerson {
        email: owner_email,
        full_name: "Ada",
        password: None,
        role: Role::Owner,
    };
    NewOrganization {
        subdomain,
        name: "Third",
        description: "",
        owner,
    }
}

#[actix_web::test]
async fn a_realm_is_made_whole_or_not_at_all() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    for (subdomain, email) in [
        ("Upper", "a@example.com"),
        ("-x", "a@example.com"),
        ("third", "nonsense"),
        ("other", "a@example.com"),
    ] {
        realms::create(&app.ctx, new(subdomain, email))
            .await
            .expect_err(subdomain);
    }
    realms::create(&app.ctx, new("third", "a@example.com")).await?;
    app.finish().await
}

#[actix_web::test]
async fn the_host_names_the_realm() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let port = app.base.rsplit(':').next().unwrap();
    for (host, status, url) in [
        (
            format!("localhost:{port}"),
            200,
            format!("http://localhost:{port}"),
        ),
        (
            "127.0.0.1".to_owned(),
            200,
            format!("http://localhost:{port}"),
        ),
        (
            format!("OTHER.localhost:{port}"),
            200,
            format!("http://other.localhost:{port}"),
        ),
        (format!("nosuch.localhost:{port}"), 404, String::new()),
    ] {
        let answer = anonymous(&app.base, &host)?
            .get("/server_settings", &[])
            .await?;
        assert_eq!(answer.status, status, "{host}");
        assert_eq!(
            answer.field("realm_url").as_str().unwrap_or(""),
            url,
            "{host}"
        );
    }
    // A key is worth nothing at another realm's address.
    let mut hamlet = app.user("hamlet").clone();
    hamlet.host = app.user("other-hamlet").host.clone();
    hamlet
        .get("/users/me", &[])
        .await?
        .assert_error(401, "UNAUTHORIZED", "Invalid API key");
    app.finish().await
}

#[actix_web::test]
async fn a_closed_realm_lets_nobody_in_until_it_is_opened() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, iago, hamlet) = (app.user("desdemona"), app.user("iago"), app.user("hamlet"));
    let browser = hamlet.in_browser(&app.ctx).await?;
    let mut queue = hamlet.register(&[("event_types", r#"["realm"]"#)]).await?;
    let refused = iago.post("/realm/deactivate", &[]).await?;
    let msg = "Must be an organization owner";
    refused.assert_error(400, "UNAUTHORIZED_PRINCIPAL", msg);
    desdemona
        .post("/realm/deactivate", &[])
        .await?
        .assert_success();
    for user in [desdemona, hamlet, &browser] {
        let refused = user.get("/users/me", &[]).await?;
        let msg = "This organization has been deactivated";
        refused.assert_error(401, "UNAUTHORIZED", msg);
    }
    assert!(queue.event().await.is_err(), "the queue is gone");
    let page = app.anonymous()?;
    let page = page
        .send(page.request(reqwest::Method::GET, "/login/"))
        .await?;
    assert_eq!(page.status, 403);
    app.user("other-hamlet")
        .get("/users/me", &[])
        .await?
        .assert_success();
    realms::reactivate(&app.ctx, hamlet.realm_id).await?;
    hamlet.get("/users/me", &[]).await?.assert_success();
    // Browsers log in anew.
    assert_eq!(browser.get("/users/me", &[]).await?.status, 401);
    app.finish().await
}
