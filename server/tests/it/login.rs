//! A browser: cookies, forms, pages.

use narrows_testkit::{Answer, PASSWORD, TestApp};
use reqwest::Method;

fn cookie(answer: &Answer, name: &str) -> Option<String> {
    let start = format!("{name}=");
    let set = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|value| value.to_str().ok());
    let value = set
        .filter_map(|cookie| cookie.strip_prefix(&start))
        .next()?;
    value.split(';').next().map(str::to_owned)
}

/// A browser that logged in: its cookies and CSRF token.
struct Browser<'a> {
    app: &'a TestApp,
    session: String,
    csrf: String,
}

async fn log_in<'a>(
    app: &'a TestApp,
    password: &str,
    csrf: Option<&str>,
) -> anyhow::Result<(Answer, Browser<'a>)> {
    let nobody = app.anonymous()?;
    let page = nobody.send(nobody.request(Method::GET, "/login/")).await?;
    assert_eq!(page.status, 200);
    let token = cookie(&page, "csrftoken").unwrap_or_default();
    assert_ne!(token, "");
    assert!(page.text.contains(&token), "the form holds the token");
    let form = [
        ("username", app.user("hamlet").email.as_str()),
        ("password", password),
        ("csrfmiddlewaretoken", csrf.unwrap_or(&token)),
        ("next", "/#narrow"),
    ];
    let request = nobody
        .request(Method::POST, "/accounts/login/")
        .header("cookie", format!("csrftoken={token}"));
    let answer = nobody.send(request.form(&form)).await?;
    let session = cookie(&answer, "sessionid").unwrap_or_default();
    let csrf = cookie(&answer, "csrftoken").unwrap_or_default();
    Ok((answer, Browser { app, session, csrf }))
}

impl Browser<'_> {
    async fn call(&self, method: Method, path: &str, csrf: Option<&str>) -> anyhow::Result<Answer> {
        let nobody = self.app.anonymous()?;
        let cookies = format!("sessionid={}; csrftoken={}", self.session, self.csrf);
        let request = nobody.request(method, path).header("cookie", cookies);
        let request = match csrf {
            Some(token) => request.header("x-csrftoken", token),
            None => request,
        };
        nobody.send(request).await
    }
}

#[actix_web::test]
async fn log_in_use_the_api_and_log_out() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (answer, browser) = log_in(&app, PASSWORD, None).await?;
    assert_eq!(
        (answer.status, answer.header("location")),
        (302, "/#narrow")
    );
    let set = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok());
    let session = set
        .into_iter()
        .find(|cookie| cookie.starts_with("sessionid="))
        .unwrap();
    assert!(
        session.contains("HttpOnly") && session.contains("SameSite=Lax"),
        "{session}"
    );

    browser
        .call(Method::GET, "/json/users/me", None)
        .await?
        .assert_success();
    let refused = browser
        .call(Method::POST, "/json/users/me/api_key/regenerate", None)
        .await?;
    assert_eq!(
        (refused.status, refused.field("code")),
        (403, &"CSRF_FAILED".into())
    );
    let refused = browser
        .call(
            Method::POST,
            "/json/users/me/api_key/regenerate",
            Some("wrong"),
        )
        .await?;
    assert_eq!(refused.status, 403);
    let csrf = browser.csrf.clone();
    let done = browser
        .call(
            Method::POST,
            "/json/users/me/api_key/regenerate",
            Some(&csrf),
        )
        .await?;
    done.assert_success();
    // A key of the API is none of the session's business, and the other way round.
    assert_eq!(
        browser
            .call(Method::GET, "/api/v1/users/me", None)
            .await?
            .status,
        401
    );

    assert_eq!(
        browser
            .call(Method::POST, "/accounts/logout/", None)
            .await?
            .status,
        403
    );
    let out = browser
        .call(Method::POST, "/accounts/logout/", Some(&csrf))
        .await?;
    assert_eq!((out.status, out.header("location")), (302, "/login/"));
    let after = browser.call(Method::GET, "/json/users/me", None).await?;
    after.assert_error(
        401,
        "UNAUTHORIZED",
        "Not logged in: API authentication or user session required",
    );
    assert_eq!(after.header("www-authenticate"), "Session realm=\"zulip\"");
    app.finish().await
}

#[actix_web::test]
async fn bad_log_ins_show_the_form_again() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let (answer, browser) = log_in(&app, "wrong", None).await?;
    assert_eq!((answer.status, browser.session.as_str()), (401, ""));
    assert!(
        answer
            .text
            .contains("Your username or password is incorrect"),
        "{}",
        answer.text
    );
    let (answer, browser) = log_in(&app, PASSWORD, Some("forged")).await?;
    assert_eq!((answer.status, browser.session.as_str()), (403, ""));
    app.finish().await
}

#[actix_web::test]
async fn who_is_not_logged_in_is_sent_to_the_log_in_page() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let nobody = app.anonymous()?;
    let answer = nobody.send(nobody.request(Method::GET, "/")).await?;
    assert_eq!((answer.status, answer.header("location")), (302, "/login/"));
    let stranger = narrows_testkit::anonymous(&app.base, "nosuch.localhost:1")?;
    let answer = stranger
        .send(stranger.request(Method::GET, "/login/"))
        .await?;
    assert_eq!(answer.status, 404);
    assert!(
        answer.text.contains("No such organization"),
        "{}",
        answer.text
    );
    app.finish().await
}

#[actix_web::test]
async fn pages_forbid_scripts_of_others() -> anyhow::Result<()> {
    let app = TestApp::start().await?;
    let nobody = app.anonymous()?;
    for path in ["/login/", "/nosuch", "/api/v1/server_settings"] {
        let answer = nobody.send(nobody.request(Method::GET, path)).await?;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains("script-src 'self';") && !policy.contains("script-src 'unsafe"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("x-frame-options"), "DENY");
        assert_ne!(answer.header("x-request-id"), "");
    }
    app.finish().await
}
