//! The web client's shell.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, LOCATION};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use narrows_actions::{Caller, Ctx, Error, auth, realms, streams};
use narrows_store::models::Realm;
use narrows_wire::ErrorCode;
use serde::Serialize;

use super::{Failure, assets, html, landing, session};
use crate::error::ServerError;
use crate::extract::subdomain;
use crate::middleware::csrf;

/// What the web client reads before its first request: `<script id="page-params" type="application/json">`.
#[derive(Serialize)]
pub(crate) struct PageParams {
    pub(crate) realm_name: String,
    pub(crate) realm_url: String,
    pub(crate) csrf_token: String,
    pub(crate) is_spectator: bool,
    pub(crate) user_id: Option<i32>,
    pub(crate) email: Option<String>,
    pub(crate) full_name: Option<String>,
    pub(crate) development: bool,
}

impl PageParams {
    /// As JSON that cannot end the script that it stands in.
    pub(crate) fn json(&self) -> Result<String, ServerError> {
        Ok(serde_json::to_string(self)
            .map_err(ServerError::internal)?
            .replace('<', "\\u003c"))
    }
}

#[derive(Template)]
#[template(path = "app.html")]
pub(crate) struct AppPage {
    pub(crate) title: String,
    pub(crate) script: String,
    pub(crate) styles: Vec<String>,
    pub(crate) imports: Vec<String>,
    /// [`PageParams::json`].
    pub(crate) params: askama::filters::Safe<String>,
}

/// `GET /`: the web client for who is logged in, and for everybody where there is something to read without an account;
/// else the log-in page. Where there is no realm, what this is.
pub async fn get(ctx: web::Data<Ctx>, request: HttpRequest) -> Result<HttpResponse, ServerError> {
    let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
    let root = ctx.config.server.root_subdomain.as_deref().unwrap_or("");
    let realm = match auth::realm(&ctx, &subdomain).await {
        Ok(realm) => realm,
        Err(Error::Api(api))
            if api.code == ErrorCode::NonexistentSubdomain && subdomain == root =>
        {
            return landing::page(&ctx.config.server);
        }
        Err(error) => return Err(page_of(error)),
    };
    let token = session::token(&request);
    let caller = match &token {
        Some(token) => session_of(&ctx, &subdomain, token).await?,
        None => None,
    };
    // Whose session has ended is asked to log in again, not taken for a stranger.
    let spectates = token.is_none() && streams::open_to_spectators(&ctx, &realm).await?;
    if caller.is_none() && !spectates {
        return Ok(HttpResponse::Found()
            .insert_header((LOCATION, "/login/"))
            .finish());
    }
    shell(&ctx, &request, realm, caller.as_ref())
}

/// Whose session it is; `None` if it has ended.
async fn session_of(
    ctx: &Ctx,
    subdomain: &str,
    token: &str,
) -> Result<Option<Caller>, ServerError> {
    match auth::by_session(ctx, subdomain, token, "website".to_owned()).await {
        Ok(caller) => Ok(Some(caller)),
        Err(Error::Api(_)) => Ok(None),
        Err(error) => Err(page_of(error)),
    }
}

/// The page of the web client. Without a caller it is a spectator's.
fn shell(
    ctx: &Ctx,
    request: &HttpRequest,
    realm: Realm,
    caller: Option<&Caller>,
) -> Result<HttpResponse, ServerError> {
    let Some(assets::Entry {
        file,
        styles,
        imports,
    }) = assets::app()
    else {
        return Err(ServerError::internal(
            "the web client is not built: see static/",
        ));
    };
    let https = ctx.config.server.https();
    let csrf_token = csrf::token(request);
    let page_params = PageParams {
        realm_name: realm.name.clone(),
        realm_url: realms::url(ctx, &realm),
        csrf_token: csrf_token.clone(),
        is_spectator: caller.is_none(),
        user_id: caller.map(|caller| caller.user_id().0),
        email: caller.map(|caller| caller.user.email.clone()),
        full_name: caller.map(|caller| caller.user.full_name.clone()),
        development: ctx.config.server.development,
    };
    let mut page = html(
        &AppPage {
            title: realm.name,
            script: file,
            styles,
            imports,
            params: askama::filters::Safe(page_params.json()?),
        },
        StatusCode::OK,
    )?;
    page.add_cookie(&csrf::cookie(&csrf_token, https))
        .map_err(ServerError::internal)?;
    page.headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(page)
}

/// A realm that is not there is a page here, not JSON.
pub(crate) fn page_of(error: Error) -> ServerError {
    match error {
        Error::Api(api) if api.code == ErrorCode::NonexistentSubdomain => {
            ServerError::Page(Failure::NoSuchRealm)
        }
        Error::Api(api) if api.code == ErrorCode::RealmDeactivated => {
            ServerError::Page(Failure::Deactivated)
        }
        other => other.into(),
    }
}
