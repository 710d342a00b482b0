//! Authentication, CSRF and rate limits: what the table of routes asks for, before any extractor runs.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, ResponseError, web};
use base64::Engine;
use narrows_actions::messages::KnownSender;
use narrows_actions::rate_limit::{self, Budget, Subject};
use narrows_actions::{Caller, Ctx, Error, Spectator, auth, bots};
use narrows_wire::ErrorCode;

use super::{client, csrf};
use crate::error::{Scheme, ServerError};
use crate::extract::{MessageSender, Sender, Visitor, subdomain};
use crate::pages::session;
use crate::routes::{Access, Entry, Limit};

const NOT_LOGGED_IN: &str = "Not logged in: API authentication or user session required";

/// Lets a request through to its handler, or answers it.
pub async fn admit(
    entry: &'static Entry,
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse, actix_web::Error> {
    match check(entry, &request).await {
        Ok(budget) => {
            let mut response = next.call(request).await?;
            if let Some(budget) = budget {
                announce(&budget, &mut response);
            }
            Ok(response)
        }
        Err(error) => Ok(request.into_response(error.error_response())),
    }
}

async fn check(entry: &Entry, request: &ServiceRequest) -> Result<Option<Budget>, ServerError> {
    if request.path().contains("%00") {
        return Err(Error::bad_request("The URL must not contain null bytes").into());
    }
    let Some(ctx) = request.app_data::<web::Data<Ctx>>() else {
        return Err(ServerError::internal("no context"));
    };
    let http = request.request();
    let admitted = match entry.access {
        Access::Public => Admitted::Anybody,
        Access::User => Admitted::Visitor(Visitor::User(user(ctx, http).await?)),
        Access::Sender => Admitted::Sender(match known_sender(ctx, http)? {
            Some(known) => Sender::Known(known),
            None => Sender::Proven(sender(ctx, http).await?),
        }),
        Access::Webhook => Admitted::Visitor(Visitor::User(by_key_in_url(ctx, http).await?)),
        Access::Visitor => Admitted::Visitor(visitor(ctx, http).await?),
    };
    let budget = match entry.limit {
        Limit::Free => None,
        Limit::General => {
            let subject = admitted.subject(http);
            rate_limit::spend(ctx, rate_limit::Action::Api, &subject).await?
        }
    };
    admitted.introduce(request);
    Ok(budget)
}

/// Who was let in.
enum Admitted {
    Anybody,
    Visitor(Visitor),
    Sender(Sender),
}

impl Admitted {
    /// Whose budget the request is taken from.
    fn subject(&self, request: &HttpRequest) -> Subject {
        match self {
            Admitted::Visitor(Visitor::User(caller)) => Subject::User(caller.user_id()),
            Admitted::Sender(sender) => Subject::User(sender.user_id()),
            Admitted::Anybody | Admitted::Visitor(Visitor::Spectator(_)) => {
                Subject::Address(client::address(request))
            }
        }
    }

    /// Leaves it for the extractors.
    fn introduce(self, request: &ServiceRequest) {
        match self {
            Admitted::Anybody => {}
            Admitted::Visitor(visitor) => drop(request.extensions_mut().insert(visitor)),
            Admitted::Sender(sender) => drop(request.extensions_mut().insert(sender)),
        }
    }
}

/// As [`sender`], but incoming webhooks send, and do nothing else: their keys lie about in the settings of other services.
async fn user(ctx: &Ctx, request: &HttpRequest) -> Result<Caller, ServerError> {
    let caller = sender(ctx, request).await?;
    match caller.user.bot_type == Some(bots::INCOMING_WEBHOOK) {
        true => {
            let msg = "This API is not available to incoming webhook bots.";
            Err(unauthorized(msg, scheme(request)))
        }
        false => Ok(caller),
    }
}

/// Who the credentials of the request belonged to a while ago.
fn known_sender(ctx: &Ctx, request: &HttpRequest) -> Result<Option<KnownSender>, ServerError> {
    let (subdomain, client) = (subdomain_of(ctx, request), client::name(request));
    Ok(match scheme(request) {
        Scheme::Basic => {
            let (email, key) = basic(request)?;
            auth::known_by_api_key(ctx, &subdomain, &email, &key, client)
        }
        Scheme::Session => {
            let token = session::token(request);
            let known = token.and_then(|t| auth::known_by_session(ctx, &subdomain, &t, client));
            if known.is_some() {
                csrf::check(request)?;
            }
            known
        }
    })
}

/// Who sends: a known sender proves it now.
pub async fn prove(ctx: &Ctx, message_sender: MessageSender) -> Result<Caller, ServerError> {
    match message_sender.into_parts() {
        (Sender::Proven(caller), _) => Ok(caller),
        (Sender::Known(_), request) => sender(ctx, &request).await,
    }
}

/// Who the credentials of the request belong to.
async fn sender(ctx: &Ctx, request: &HttpRequest) -> Result<Caller, ServerError> {
    let subdomain = subdomain_of(ctx, request);
    let scheme = scheme(request);
    let found = match scheme {
        Scheme::Basic => {
            let (email, key) = basic(request)?;
            auth::by_api_key(ctx, &subdomain, &email, &key, client::name(request)).await
        }
        Scheme::Session => {
            let Some(token) = session::token(request) else {
                return Err(unauthorized(NOT_LOGGED_IN, scheme));
            };
            auth::by_session(ctx, &subdomain, &token, client::name(request)).await
        }
    };
    let caller = found.map_err(|error| refused(error, scheme))?;
    if scheme == Scheme::Session {
        csrf::check(request)?;
    }
    Ok(caller)
}

/// Who the key in the URL belongs to.
async fn by_key_in_url(ctx: &Ctx, request: &HttpRequest) -> Result<Caller, ServerError> {
    let query = request.query_string().as_bytes();
    let mut pairs = url::form_urlencoded::parse(query);
    let (_, key) = pairs.find(|(name, _)| name == "api_key").ok_or_else(|| {
        let msg = "Missing 'api_key' argument";
        Error::api(ErrorCode::RequestVariableMissing, msg).with("var_name", "api_key")
    })?;
    let subdomain = subdomain_of(ctx, request);
    let client = client::name(request);
    let found = auth::by_key_alone(ctx, &subdomain, &key, client).await;
    found.map_err(|error| refused(error, Scheme::Basic))
}

/// Like [`user`], but a browser that brings no session is a spectator. The API of programs always asks for a key.
async fn visitor(ctx: &Ctx, request: &HttpRequest) -> Result<Visitor, ServerError> {
    let anonymous = match scheme(request) {
        Scheme::Basic => false,
        Scheme::Session => session::token(request).is_none(),
    };
    if !anonymous {
        return Ok(Visitor::User(user(ctx, request).await?));
    }
    let realm = auth::realm(ctx, &subdomain_of(ctx, request)).await?;
    if !narrows_actions::realms::Settings::of(&realm).enable_spectator_access {
        return Err(unauthorized(NOT_LOGGED_IN, scheme(request)));
    }
    Ok(Visitor::Spectator(Spectator {
        realm: Arc::new(realm),
    }))
}

/// Refused credentials are a 401 that says how to do better, whatever the reason.
fn refused(error: Error, scheme: Scheme) -> ServerError {
    match error {
        Error::Api(api) if api.code != ErrorCode::NonexistentSubdomain => {
            unauthorized(&api.msg, scheme)
        }
        other => other.into(),
    }
}

fn unauthorized(msg: &str, scheme: Scheme) -> ServerError {
    ServerError::Unauthorized {
        msg: msg.to_owned(),
        scheme,
    }
}

fn subdomain_of(ctx: &Ctx, request: &HttpRequest) -> String {
    subdomain(request.connection_info().host(), &ctx.config.server)
}

/// Pages know both: apps show what a message links to with the key that they have.
fn scheme(request: &HttpRequest) -> Scheme {
    let path = request.path();
    let has_key = request.headers().contains_key(AUTHORIZATION);
    if path.starts_with("/api/") || (has_key && !path.starts_with("/json/")) {
        Scheme::Basic
    } else {
        Scheme::Session
    }
}

/// E-mail address and API key of HTTP Basic.
fn basic(request: &HttpRequest) -> Result<(String, String), ServerError> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Err(unauthorized(NOT_LOGGED_IN, Scheme::Basic));
    };
    let header = header.to_str().unwrap_or_default();
    let (kind, encoded) = header.split_once(' ').unwrap_or((header, ""));
    if !kind.eq_ignore_ascii_case("basic") {
        return Err(unauthorized(
            "This endpoint requires HTTP basic authentication.",
            Scheme::Basic,
        ));
    }
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok();
    let pair = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    match pair.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((email, key)) => Ok((email.to_owned(), key.to_owned())),
        None => Err(unauthorized(
            "Invalid authorization header for basic auth",
            Scheme::Basic,
        )),
    }
}

/// Tells the client what is left of its budget.
fn announce(budget: &Budget, response: &mut ServiceResponse) {
    for (name, value) in [
        ("x-ratelimit-limit", budget.limit),
        ("x-ratelimit-remaining", budget.remaining),
        ("x-ratelimit-reset", budget.reset),
    ] {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from(value));
    }
}
