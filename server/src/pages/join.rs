//! Joining an organisation by an invitation.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use narrows_actions::invitations::{self, Invited};
use narrows_actions::{ApiError, Ctx, Error, auth};
use narrows_store::models::Realm;
use narrows_wire::ErrorCode;
use serde::Deserialize;

use super::app::page_of;
use super::{Failure, assets, html, session};
use crate::error::ServerError;
use crate::extract::{NoParams, Params, subdomain};
use crate::middleware::{client, csrf};

/// What the page asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An address, to which a mail will go.
    Address,
    /// Nothing: look for the mail.
    Sent,
    /// Name and password.
    Account,
}

#[derive(Template)]
#[template(path = "join.html")]
pub(crate) struct JoinPage {
    pub(crate) realm_name: String,
    pub(crate) inviter: String,
    pub(crate) step: Step,
    pub(crate) key: String,
    pub(crate) email: String,
    pub(crate) full_name: String,
    pub(crate) csrf_token: String,
    pub(crate) error: Option<String>,
    pub(crate) styles: Option<String>,
}

/// What somebody filled in.
#[derive(Default)]
struct Filled {
    email: String,
    full_name: String,
}

/// A page of an invitation that can be used.
struct Visit<'a> {
    ctx: &'a Ctx,
    request: &'a HttpRequest,
    realm: Realm,
    key: String,
    invited: Invited,
}

impl<'a> Visit<'a> {
    async fn of(
        ctx: &'a Ctx,
        request: &'a HttpRequest,
        key: String,
    ) -> Result<Visit<'a>, ServerError> {
        let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
        let realm = auth::realm(ctx, &subdomain).await.map_err(page_of)?;
        let invited = invitations::look(ctx, &realm, &key).await;
        Ok(Visit {
            ctx,
            request,
            invited: invited.map_err(invitation_page_of)?,
            realm,
            key,
        })
    }

    fn step(&self) -> Step {
        match self.invited.email {
            Some(_) => Step::Account,
            None => Step::Address,
        }
    }

    fn show(
        self,
        step: Step,
        filled: Filled,
        refusal: Option<ApiError>,
    ) -> Result<HttpResponse, ServerError> {
        let status = match &refusal {
            None => StatusCode::OK,
            Some(error) if error.code == ErrorCode::RateLimitHit => StatusCode::TOO_MANY_REQUESTS,
            Some(_) => StatusCode::BAD_REQUEST,
        };
        let csrf_token = csrf::token(self.request);
        let page = JoinPage {
            realm_name: self.realm.name,
            inviter: self.invited.inviter,
            step,
            key: self.key,
            email: self.invited.email.unwrap_or(filled.email),
            full_name: filled.full_name,
            csrf_token: csrf_token.clone(),
            error: refusal.map(text_of),
            styles: assets::page_styles(),
        };
        let mut response = html(&page, status)?;
        let cookie = csrf::cookie(&csrf_token, self.ctx.config.server.https());
        response
            .add_cookie(&cookie)
            .map_err(ServerError::internal)?;
        let no_store = HeaderValue::from_static("no-store");
        response.headers_mut().insert(CACHE_CONTROL, no_store);
        Ok(response)
    }
}

fn text_of(error: ApiError) -> String {
    match error.code {
        ErrorCode::RateLimitHit => "Too many attempts. Please wait a while.".to_owned(),
        _ => error.msg,
    }
}

/// A link that nobody can use has a page of its own.
fn invitation_page_of(error: Error) -> ServerError {
    match error {
        Error::Api(error) if error.code == ErrorCode::NotFound => {
            ServerError::Page(Failure::NoInvitation)
        }
        other => other.into(),
    }
}

fn check_csrf(request: &HttpRequest, token: Option<&str>) -> Result<(), ServerError> {
    let checked = csrf::check_token(request, token.unwrap_or(""));
    checked.map_err(|_| ServerError::Page(Failure::Csrf))
}

/// `GET /join/{key}/`.
pub async fn get(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    key: web::Path<String>,
    _: NoParams,
) -> Result<HttpResponse, ServerError> {
    let visit = Visit::of(&ctx, &request, key.into_inner()).await?;
    let step = visit.step();
    visit.show(step, Filled::default(), None)
}

/// The form of an address.
#[derive(Deserialize)]
pub struct Address {
    email: String,
    csrfmiddlewaretoken: Option<String>,
}

/// `POST /join/{key}/`: the address with which somebody wants to join by a link for everybody.
pub async fn post(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    key: web::Path<String>,
    Params(form): Params<Address>,
) -> Result<HttpResponse, ServerError> {
    check_csrf(&request, form.csrfmiddlewaretoken.as_deref())?;
    let visit = Visit::of(&ctx, &request, key.into_inner()).await?;
    let from = client::address(&request);
    let asked = invitations::give_address(&ctx, &visit.realm, &visit.key, &form.email, &from).await;
    let filled = Filled {
        email: form.email,
        ..Filled::default()
    };
    match asked {
        Ok(()) => visit.show(Step::Sent, filled, None),
        Err(Error::Api(error)) if error.code != ErrorCode::NotFound => {
            visit.show(Step::Address, filled, Some(*error))
        }
        Err(other) => Err(invitation_page_of(other)),
    }
}

/// The form of an account.
#[derive(Deserialize)]
pub struct Account {
    key: String,
    full_name: String,
    password: String,
    csrfmiddlewaretoken: Option<String>,
}

/// `POST /accounts/register/`: makes the account that an invitation is for, and logs in.
pub async fn register(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    Params(form): Params<Account>,
) -> Result<HttpResponse, ServerError> {
    check_csrf(&request, form.csrfmiddlewaretoken.as_deref())?;
    let visit = Visit::of(&ctx, &request, form.key).await?;
    let name = form.full_name;
    match invitations::accept(&ctx, &visit.realm, &visit.key, &name, form.password).await {
        Ok(user) => session::begin(&ctx, &request, &user, "/").await,
        Err(Error::Api(error)) if error.code != ErrorCode::NotFound => {
            let filled = Filled {
                full_name: name,
                ..Filled::default()
            };
            let step = visit.step();
            visit.show(step, filled, Some(*error))
        }
        Err(other) => Err(invitation_page_of(other)),
    }
}
