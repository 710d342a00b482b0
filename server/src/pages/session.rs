//! The cookie of a browser session.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse};
use narrows_actions::Ctx;
use narrows_actions::auth::{self, SESSION_DAYS};
use narrows_store::models::User;

use crate::error::ServerError;
use crate::middleware::{client, csrf};

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

/// Logs a user in and sends the browser on.
pub(super) async fn begin(
    ctx: &Ctx,
    request: &HttpRequest,
    user: &User,
    to: &str,
) -> Result<HttpResponse, ServerError> {
    let https = ctx.config.server.https();
    let token = auth::log_in(ctx, user, &client::name(request)).await?;
    let mut response = redirect(to);
    response
        .add_cookie(&cookie(&token, https))
        .map_err(ServerError::internal)?;
    // A token that was known before log-in is worth nothing afterwards.
    response
        .add_cookie(&csrf::cookie(&auth::random_token(), https))
        .map_err(ServerError::internal)?;
    Ok(response)
}

/// Sends the browser elsewhere.
pub(super) fn redirect(to: &str) -> HttpResponse {
    HttpResponse::Found().insert_header((LOCATION, to)).finish()
}

/// Makes the browser forget it.
pub fn forget(https: bool) -> Cookie<'static> {
    let mut cookie = cookie("", https);
    cookie.make_removal();
    cookie
}
