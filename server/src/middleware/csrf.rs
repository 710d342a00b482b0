//! Requests that rely on a cookie must prove that a page of ours made them: they repeat the value of the cookie
//! `csrftoken` in the header `X-CSRFToken`, or in the form's `csrfmiddlewaretoken`.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::Method;
use narrows_actions::{Error, auth};
use narrows_wire::ErrorCode;
use subtle::ConstantTimeEq;

/// The cookie.
pub const COOKIE: &str = "csrftoken";

/// Refuses a changing request without the header.
pub fn check(request: &HttpRequest) -> Result<(), Error> {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    ) {
        return Ok(());
    }
    let header = request
        .headers()
        .get("x-csrftoken")
        .and_then(|value| value.to_str().ok());
    check_token(request, header.unwrap_or(""))
}

/// Refuses a form whose token is not that of the cookie.
pub fn check_token(request: &HttpRequest, token: &str) -> Result<(), Error> {
    let expected = request
        .cookie(COOKIE)
        .map(|cookie| cookie.value().to_owned())
        .unwrap_or_default();
    if !expected.is_empty() && bool::from(expected.as_bytes().ct_eq(token.as_bytes())) {
        return Ok(());
    }
    let reason = if expected.is_empty() {
        "CSRF cookie not set."
    } else {
        "CSRF token missing or incorrect."
    };
    Err(Error::api(ErrorCode::CsrfFailed, format!("CSRF error: {reason}")).with("reason", reason))
}

/// The token of this browser, made now if it has none.
pub fn token(request: &HttpRequest) -> String {
    match request.cookie(COOKIE) {
        Some(cookie) if cookie.value().len() == auth::TOKEN_LENGTH => cookie.value().to_owned(),
        _ => auth::random_token(),
    }
}

/// The cookie for a token.
pub fn cookie(token: &str, https: bool) -> Cookie<'static> {
    Cookie::build(COOKIE, token.to_owned())
        .path("/")
        .same_site(SameSite::Lax)
        .secure(https)
        .finish()
}
