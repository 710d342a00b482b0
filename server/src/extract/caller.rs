//! Who asks.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use narrows_actions::access::realm::require;
use narrows_actions::narrow::Viewer;
use narrows_actions::{Caller, Error, Spectator};
use narrows_wire::Role;

use crate::error::ServerError;

/// A user who proved who they are.
pub struct AuthedUser(pub Caller);

/// An administrator or owner who proved who they are.
pub struct RealmAdmin(pub Caller);

/// An owner who proved who they are.
pub struct RealmOwner(pub Caller);

/// A user who proved who they are and is no bot.
pub struct Person(pub Caller);

/// A user, or somebody without an account in a realm that shows them something.
#[derive(Clone)]
pub enum Visitor {
    /// Logged in.
    User(Caller),
    /// Not logged in.
    Spectator(Spectator),
}

impl Visitor {
    /// Who looks, as actions know them.
    pub fn viewer(&self) -> Viewer<'_> {
        match self {
            Visitor::User(caller) => Viewer::User(caller),
            Visitor::Spectator(spectator) => Viewer::Spectator(spectator),
        }
    }
}

fn visitor(request: &HttpRequest) -> Result<Visitor, ServerError> {
    let visitor = request.extensions().get::<Visitor>().cloned();
    visitor.ok_or_else(|| ServerError::internal(format!("{} was not admitted", request.path())))
}

fn user(request: &HttpRequest) -> Result<Caller, ServerError> {
    match visitor(request)? {
        Visitor::User(caller) => Ok(caller),
        Visitor::Spectator(_) => Err(ServerError::internal(format!(
            "{} admits spectators",
            request.path()
        ))),
    }
}

impl FromRequest for AuthedUser {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(user(request).map(AuthedUser))
    }
}

impl FromRequest for RealmAdmin {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(user_with(request, Role::Admin).map(RealmAdmin))
    }
}

impl FromRequest for RealmOwner {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(user_with(request, Role::Owner).map(RealmOwner))
    }
}

impl FromRequest for Person {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(user(request).and_then(|caller| match caller.user.is_bot {
            false => Ok(Person(caller)),
            true => {
                let msg = "This endpoint does not accept bot requests.";
                Err(Error::bad_request(msg).into())
            }
        }))
    }
}

/// Somebody with this role or a more powerful one.
fn user_with(request: &HttpRequest, least: Role) -> Result<Caller, ServerError> {
    let caller = user(request)?;
    require(&caller, least)?;
    Ok(caller)
}

impl FromRequest for Visitor {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(visitor(request))
    }
}
