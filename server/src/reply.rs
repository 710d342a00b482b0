//! Answers of operations.

use std::marker::PhantomData;

use actix_web::body::BoxBody;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder, ResponseError};
use schemars::JsonSchema;
use serde::Serialize;

use crate::error::ServerError;
use crate::extract::IgnoredParameters;

/// What an operation answers: the fields of `T`, by which the operation is described too.
pub type Reply<T = Empty> = Result<Success<T>, ServerError>;

/// `{"result": "success", "msg": "", …}`, the rest being the fields of `T`.
pub struct Success<T = Empty> {
    fields: serde_json::Result<Vec<u8>>,
    /// For people; most answers say nothing.
    msg: String,
    of: PhantomData<fn() -> T>,
}

/// No fields.
#[derive(Serialize, JsonSchema)]
pub struct Empty {}

/// The id of what was made.
#[derive(Serialize, JsonSchema)]
pub struct NewId {
    /// The id of what was made.
    pub id: i32,
}

/// A key that replaces another.
#[derive(Serialize, JsonSchema)]
pub struct NewKey {
    /// The new key.
    pub api_key: String,
}

impl<T: Serialize> Success<T> {
    /// With the fields of `value`, which serialises as an object.
    pub fn new(value: T) -> Self {
        Success {
            fields: serde_json::to_vec(&value),
            msg: String::new(),
            of: PhantomData,
        }
    }
}

impl Success {
    /// Without further fields.
    pub fn empty() -> Self {
        Success::from_json(b"{}".to_vec())
    }

    /// Without further fields, and with something to tell people.
    pub fn saying(msg: String) -> Self {
        Success {
            msg,
            ..Success::empty()
        }
    }
}

impl<T> Success<T> {
    /// With the fields of an object that is JSON already, written as a `T` would be.
    pub fn from_json(object: Vec<u8>) -> Self {
        Success {
            fields: Ok(object),
            msg: String::new(),
            of: PhantomData,
        }
    }
}

impl<T> Responder for Success<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let extensions = request.extensions();
        let ignored = extensions
            .get::<IgnoredParameters>()
            .map_or(&[][..], |ignored| &ignored.0);
        match self
            .fields
            .map_err(ServerError::internal)
            .and_then(|fields| envelope(&self.msg, &fields, ignored))
        {
            Ok(body) => HttpResponse::Ok()
                .content_type("application/json")
                .body(body),
            Err(error) => error.error_response(),
        }
    }
}

/// Puts the members that every answer has before those of `object`, which is not parsed again.
fn envelope(msg: &str, object: &[u8], ignored: &[String]) -> Result<Vec<u8>, ServerError> {
    let Some(members) = object
        .strip_prefix(b"{")
        .and_then(|rest| rest.strip_suffix(b"}"))
    else {
        return Err(ServerError::internal("an answer is not a JSON object"));
    };
    let mut body = Vec::with_capacity(object.len() + 64);
    body.extend_from_slice(br#"{"result":"success","msg":"#);
    serde_json::to_writer(&mut body, msg).map_err(ServerError::internal)?;
    if !members.is_empty() {
        body.push(b',');
        body.extend_from_slice(members);
    }
    if !ignored.is_empty() {
        body.extend_from_slice(br#","ignored_parameters_unsupported":"#);
        serde_json::to_writer(&mut body, ignored).map_err(ServerError::internal)?;
    }
    body.push(b'}');
    Ok(body)
}
