//! Parameters of operations that another process serves.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::error::ServerError;

/// Parameters that are not read here: `T` describes them, and who serves the operation asks who calls.
pub struct Elsewhere<T>(PhantomData<fn() -> T>);

impl<T> FromRequest for Elsewhere<T> {
    type Error = ServerError;
    type Future = Ready<Result<Self, ServerError>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Elsewhere(PhantomData)))
    }
}
