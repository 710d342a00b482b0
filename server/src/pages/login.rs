//! Logging in and out with a browser.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use narrows_actions::{Ctx, Error, auth};
use narrows_wire::ErrorCode;
use serde::Deserialize;

use super::app::page_of;
use super::{Failure, assets, html, session};
use crate::error::ServerError;
use crate::extract::{Params, subdomain};
use crate::middleware::{client, csrf};

#[derive(Template)]
#[template(path = "login.html")]
pub(crate) struct LoginPage {
    pub(crate) realm_name: String,
    pub(crate) realm_description: String,
    pub(crate) csrf_token: String,
    pub(crate) next: String,
    pub(crate) username: String,
    pub(crate) error: Option<String>,
    pub(crate) styles: Option<String>,
}

/// Query of the page.
#[derive(Deserialize)]
pub struct Next {
    next: Option<String>,
}

/// `GET /login/`.
pub async fn get(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    Params(query): Params<Next>,
) -> Result<HttpResponse, ServerError> {
    let next = safe_next(query.next.as_deref());
    let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
    if let Some(token) = session::token(&request)
        && auth::by_session(&ctx, &subdomain, &token, "website".to_owned())
            .await
            .is_ok()
    {
        return Ok(session::redirect(&next));
    }
    page(&ctx, &request, next, String::new(), None, StatusCode::OK).await
}

/// The form.
#[derive(Deserialize)]
pub struct Login {
    username: String,
    password: String,
    csrfmiddlewaretoken: Option<String>,
    next: Option<String>,
}

/// `POST /login/`.
pub async fn post(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    Params(form): Params<Login>,
) -> Result<HttpResponse, ServerError> {
    if csrf::check_token(&request, form.csrfmiddlewaretoken.as_deref().unwrap_or("")).is_err() {
        return Err(ServerError::Page(Failure::Csrf));
    }
    let next = safe_next(form.next.as_deref());
    let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
    let realm = auth::realm(&ctx, &subdomain).await.map_err(page_of)?;
    let from = client::address(&request);
    match auth::verify_password(&ctx, &realm, &form.username, &form.password, &from).await {
        Ok(user) => session::begin(&ctx, &request, &user, &next).await,
        Err(Error::Api(error)) => {
            let (status, text) = match error.code {
                ErrorCode::RateLimitHit => (
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many attempts. Please wait a few minutes.".to_owned(),
                ),
                _ => (StatusCode::UNAUTHORIZED, error.msg),
            };
            page(&ctx, &request, next, form.username, Some(text), status).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The form of the log-out button.
#[derive(Deserialize)]
pub struct Logout {
    csrfmiddlewaretoken: Option<String>,
}

/// `POST /accounts/logout/`. The token comes in the form or in the header.
pub async fn logout(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    Params(form): Params<Logout>,
) -> Result<HttpResponse, ServerError> {
    let by_form = csrf::check_token(&request, form.csrfmiddlewaretoken.as_deref().unwrap_or(""));
    if by_form.or_else(|_| csrf::check(&request)).is_err() {
        return Err(ServerError::Page(Failure::Csrf));
    }
    let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
    if let Some(token) = session::token(&request) {
        match auth::by_session(&ctx, &subdomain, &token, "website".to_owned()).await {
            Ok(caller) => auth::log_out(&ctx, &caller).await?,
            Err(Error::Api(_)) => {}
            Err(other) => return Err(other.into()),
        }
    }
    let mut response = session::redirect("/login/");
    response
        .add_cookie(&session::forget(ctx.config.server.https()))
        .map_err(ServerError::internal)?;
    Ok(response)
}

async fn page(
    ctx: &Ctx,
    request: &HttpRequest,
    next: String,
    username: String,
    error: Option<String>,
    status: StatusCode,
) -> Result<HttpResponse, ServerError> {
    let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
    let realm = auth::realm(ctx, &subdomain).await.map_err(page_of)?;
    let csrf_token = csrf::token(request);
    let page = LoginPage {
        realm_name: realm.name,
        realm_description: realm.description,
        csrf_token: csrf_token.clone(),
        next,
        username,
        error,
        styles: assets::page_styles(),
    };
    let mut response = html(&page, status)?;
    response
        .add_cookie(&csrf::cookie(&csrf_token, ctx.config.server.https()))
        .map_err(ServerError::internal)?;
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Where to go after log-in: a path on this host, nothing else.
pub(crate) fn safe_next(next: Option<&str>) -> String {
    let local = |path: &&str| {
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t'])
    };
    next.filter(local).unwrap_or("/").to_owned()
}
