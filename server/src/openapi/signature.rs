//! What the types of a handler say of its operation: what it takes, who may call it, what it answers.

use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, web};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::error::ServerError;
use crate::extract::{
    AuthedUser, CurrentRealm, Delivery, DeliveryOptions, Elsewhere, MessageSender, NoParams,
    Params, Person, RealmAdmin, RealmOwner, Upload, Visitor,
};
use crate::http::events::Forwarded;
use crate::reply::Success;

/// What a handler's types say.
#[derive(Clone, Debug, Default)]
pub struct Signature {
    /// The object of its parameters.
    pub parameters: Option<Schema>,
    /// It takes a file.
    pub takes_file: bool,
    /// Who may call, if that is less than the table of routes says.
    pub callers: Option<Callers>,
    /// What is no success may have the status of one, as services would try again otherwise.
    pub is_lenient: bool,
    /// The fields of its answer beside those of every answer; `None`: it goes on as a websocket.
    pub answer: Option<Schema>,
}

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callers {
    /// Who has an account.
    Users,
    /// Users who are no bots.
    People,
    /// Administrators and owners.
    Administrators,
    /// Owners.
    Owners,
}

/// Makes schemas of types.
pub struct Schemas {
    /// Of what clients send; nothing is referred to.
    given: SchemaGenerator,
    /// Of what clients get.
    told: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Schemas {
        let mut given = SchemaSettings::draft2020_12().for_deserialize();
        given.inline_subschemas = true;
        let mut told = SchemaSettings::draft2020_12().for_serialize();
        told.definitions_path = "/components/schemas".into();
        Schemas {
            given: given.into_generator(),
            told: told.into_generator(),
        }
    }

    /// What answers refer to.
    pub(super) fn into_definitions(mut self) -> Map<String, Value> {
        self.told.take_definitions(true)
    }
}

/// Part of a signature: an argument or the result of a handler.
pub trait Describe {
    /// Adds what it says.
    fn describe(signature: &mut Signature, schemas: &mut Schemas);
}

/// What the types of a handler say.
pub fn describe<F, Args>(_: F, signature: &mut Signature, schemas: &mut Schemas)
where
    F: Handler<Args>,
    Args: Describe + FromRequest + 'static,
    F::Output: Describe,
{
    Args::describe(signature, schemas);
    F::Output::describe(signature, schemas);
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: Describe),*> Describe for ($($name,)*) {
            fn describe(signature: &mut Signature, schemas: &mut Schemas) {
                $($name::describe(signature, schemas);)*
            }
        }
    };
}

tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);

macro_rules! silent {
    ($($type:ty),*) => {$(
        impl Describe for $type {
            fn describe(_: &mut Signature, _: &mut Schemas) {}
        }
    )*};
}

// The table of routes says it, or it is nothing that a client gives.
silent!(
    web::Payload,
    HttpRequest,
    CurrentRealm,
    AuthedUser,
    MessageSender,
    Visitor,
    NoParams
);

impl<T> Describe for web::Data<T> {
    fn describe(_: &mut Signature, _: &mut Schemas) {}
}

/// The names of a path's parameters say their types.
impl<T> Describe for web::Path<T> {
    fn describe(_: &mut Signature, _: &mut Schemas) {}
}

macro_rules! callers {
    ($($type:ty => $callers:ident;)*) => {$(
        impl Describe for $type {
            fn describe(signature: &mut Signature, _: &mut Schemas) {
                signature.callers = Some(Callers::$callers);
            }
        }
    )*};
}

callers! {
    Person => People;
    RealmAdmin => Administrators;
    RealmOwner => Owners;
}

impl<T: JsonSchema> Describe for Params<T> {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        signature.parameters = Some(T::json_schema(&mut schemas.given));
    }
}

impl<T: JsonSchema> Describe for Upload<T> {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        signature.takes_file = true;
        Params::<T>::describe(signature, schemas);
    }
}

impl Describe for Delivery {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        signature.is_lenient = true;
        Params::<DeliveryOptions>::describe(signature, schemas);
    }
}

impl<T: JsonSchema> Describe for Elsewhere<T> {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        signature.callers = Some(Callers::Users);
        Params::<T>::describe(signature, schemas);
    }
}

impl<T: JsonSchema> Describe for Result<Success<T>, ServerError> {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        signature.answer = Some(T::json_schema(&mut schemas.told));
    }
}

impl<T: JsonSchema> Describe for Result<Forwarded<T>, ServerError> {
    fn describe(signature: &mut Signature, schemas: &mut Schemas) {
        Result::<Success<T>, ServerError>::describe(signature, schemas);
    }
}

impl Describe for Result<HttpResponse, ServerError> {
    fn describe(_: &mut Signature, _: &mut Schemas) {}
}
