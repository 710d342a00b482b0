//! The cookie of a browser session.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use narrows_actions::auth::SESSION_DAYS;

/// The cookie.
pub const COOKIE: &str = "sessionid";

/// The token that the browser sent.
pub fn token(request: &HttpRequest) -> Option<String> {
    request
        .cookie(COOKIE)
        .map(|cookie| cookie.value().to_owned())
        .filter(|token| !token.is_empty())
}

/// The cookie for a token. Scripts cannot read it; other sites' forms do not carry it.
pub fn cookie(token: &str, https: bool) -> Cookie<'static> {
    let cookie = Cookie::build(COOKIE, token.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax);
    cookie
        .secure(https)
        .max_age(Duration::days(SESSION_DAYS))
        .finish()
}

/// Makes the browser forget it.
pub fn forget(https: bool) -> Cookie<'static> {
    let mut cookie = cookie("", https);
    cookie.make_removal();
    cookie
}
