//! Domains of mail that belong to the realm.

use narrows_testkit::TestApp;
use serde_json::json;

#[actix_web::test]
async fn owners_decide_on_domains_and_all_are_told() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (desdemona, hamlet) = (app.user("desdemona"), app.user("hamlet"));
    let mut queue = hamlet
        .register(&[("event_types", r#"["realm_domains"]"#)])
        .await?;
    let added = desdemona
        .post("/realm/domains", &[("domain", " Acme.Example ")])
        .await?;
    assert_eq!(
        added.assert_success().field("new_domain")[1],
        "acme.example"
    );
    let event = queue.next("realm_domains").await?;
    let shown = json!({ "domain": "acme.example", "allow_subdomains": false });
    assert_eq!(
        (&event["op"], &event["realm_domain"]),
        (&json!("add"), &shown)
    );
    let path = "/realm/domains/acme.example";
    let subdomains = [("allow_subdomains", "true")];
    desdemona.patch(path, &subdomains).await?.assert_success();
    let event = queue.next("realm_domains").await?;
    let shown = json!({ "domain": "acme.example", "allow_subdomains": true });
    assert_eq!(
        (&event["op"], &event["realm_domain"]),
        (&json!("change"), &shown)
    );
    let all = hamlet.get("/realm/domains", &[]).await?;
    assert_eq!(all.field("domains"), &json!([shown]));
    let state = hamlet.post("/register", &[]).await?;
    assert_eq!(state.field("realm_domains"), &json!([shown]));
    app.user("iago").delete(path, &[]).await?.assert_error(
        400,
        "UNAUTHORIZED_PRINCIPAL",
        "Must be an organization owner",
    );
    desdemona.delete(path, &[]).await?.assert_success();
    let event = queue.next("realm_domains").await?;
    assert_eq!(
        (&event["op"], &event["domain"]),
        (&json!("remove"), &json!("acme.example"))
    );
    desdemona.delete(path, &[]).await?.assert_error(
        400,
        "BAD_REQUEST",
        "No entry found for domain acme.example.",
    );
    app.finish().await
}

#[actix_web::test]
async fn what_is_no_domain_is_refused() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let desdemona = app.user("desdemona");
    let add = [("domain", "acme.example")];
    desdemona
        .post("/realm/domains", &add)
        .await?
        .assert_success();
    for (domain, msg) in [
        ("", "Invalid domain: Domain can't be empty."),
        (
            "acme",
            "Invalid domain: Domain must have at least one dot (.)",
        ),
        (
            ".acme.example",
            "Invalid domain: Domain cannot start or end with a dot (.)",
        ),
        (
            "a..example",
            "Invalid domain: Consecutive '.' are not allowed.",
        ),
        (
            "-a.example",
            "Invalid domain: Subdomains cannot start or end with a '-'.",
        ),
        (
            "a_b.example",
            "Invalid domain: Domain can only have letters, numbers, '.' and '-'s.",
        ),
        (
            "ACME.example",
            "The domain acme.example is already a part of your organization.",
        ),
    ] {
        let answer = desdemona
            .post("/realm/domains", &[("domain", domain)])
            .await?;
        answer.assert_error(400, "BAD_REQUEST", msg);
    }
    app.finish().await
}

#[actix_web::test]
async fn people_join_from_the_realms_domains_where_it_says_so() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let desdemona = app.user("desdemona");
    let domain = [("domain", "acme.example"), ("allow_subdomains", "true")];
    desdemona
        .post("/realm/domains", &domain)
        .await?
        .assert_success();
    let restrict = [("emails_restricted_to_domains", "true")];
    desdemona.patch("/realm", &restrict).await?.assert_success();
    let join = async |email: &str| {
        let params = [
            ("email", email),
            ("full_name", "Somebody New"),
            ("password", "a long pass phrase of theirs"),
        ];
        desdemona.post("/users", &params).await
    };
    let msg = "Email 'a@notacme.example' not allowed in this organization";
    join("a@notacme.example")
        .await?
        .assert_error(400, "BAD_REQUEST", msg);
    join("a@acme.example").await?.assert_success();
    join("a@mail.ACME.example").await?.assert_success();
    let path = "/realm/domains/acme.example";
    desdemona
        .patch(path, &[("allow_subdomains", "false")])
        .await?
        .assert_success();
    assert_eq!(join("b@mail.acme.example").await?.status, 400);
    // Without a domain nobody could join.
    desdemona.delete(path, &[]).await?.assert_success();
    join("b@anywhere.example").await?.assert_success();
    app.finish().await
}
