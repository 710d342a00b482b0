use askama::Template;

use super::app::{AppPage, PageParams};
use super::login::{LoginPage, safe_next};

#[test]
fn after_log_in_nobody_is_sent_to_another_host() {
    assert_eq!(safe_next(Some("/#narrow/stream/1")), "/#narrow/stream/1");
    for bad in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "/\t/evil.example",
        "",
    ] {
        assert_eq!(safe_next(Some(bad)), "/", "{bad}");
    }
}

#[test]
fn the_log_in_page_escapes_what_users_typed() {
    let page = LoginPage {
        realm_name: "A & B".into(),
        realm_description: String::new(),
        csrf_token: "token".into(),
        next: "/".into(),
        username: "\"><script>x</script>".into(),
        error: Some("<b>wrong</b>".into()),
        styles: None,
    };
    let html = page.render().expect("renders");
    assert!(
        !html.contains("<script>") && !html.contains("<b>wrong"),
        "{html}"
    );
    assert!(html.contains("A &#38; B"), "{html}");
}

#[test]
fn page_params_cannot_end_their_script() {
    let params = PageParams {
        realm_name: "</script><script>alert(1)</script>".into(),
        realm_url: "http://localhost".into(),
        csrf_token: "token".into(),
        is_spectator: false,
        user_id: Some(1),
        email: None,
        full_name: None,
        development: true,
    };
    let page = AppPage {
        title: "t".into(),
        script: "/static/a.js".into(),
        styles: vec![],
        imports: vec!["/static/b.js".into()],
        params: askama::filters::Safe(params.json().expect("serialises")),
    };
    let html = page.render().expect("renders");
    assert_eq!(html.matches("</script>").count(), 2, "{html}");
    assert!(html.contains(r#"<link rel="modulepreload" href="/static/b.js">"#));
}
