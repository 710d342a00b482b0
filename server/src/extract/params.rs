//! Parameters as the API spells them: text bare, everything else as JSON.

use std::fmt;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use narrows_actions::Error;
use narrows_wire::ErrorCode;
use schemars::JsonSchema;
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::form;
use super::json_value::{JsonValue, refuse_null_bytes};
use crate::error::ServerError;

/// The parameters of an operation: a struct with a field for each.
///
/// `String` fields take the bare text, and so do enums of names; every other type is parsed as JSON. `Option` makes a
/// parameter optional. What is missing or has the wrong shape is reported in the API's words; names that the struct
/// does not have are reported in the answer.
pub struct Params<T>(pub T);

/// An operation without parameters: whatever comes is reported as unknown.
#[derive(Deserialize, JsonSchema)]
pub struct NoParams {}

impl FromRequest for NoParams {
    type Error = ServerError;
    type Future = LocalBoxFuture<'static, Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let params = Params::<NoParams>::from_request(request, payload);
        Box::pin(async move { Ok(params.await?.0) })
    }
}

/// The parameters of a request that its operation does not know.
pub struct IgnoredParameters(pub Vec<String>);

/// A parameter whose faults are told as "Bad value for …" (`REQUEST_VARIABLE_INVALID`), as the API does for some.
#[derive(Clone, Debug)]
pub struct Converted<T>(pub T);

/// The name by which the deserializer knows a [`Converted`].
const CONVERTED: &str = "$converted";

impl<T: DeserializeOwned + 'static> FromRequest for Params<T> {
    type Error = ServerError;
    type Future = LocalBoxFuture<'static, Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let pairs = form::pairs(&request, &mut payload).await?;
            let (params, ignored) = parse(&pairs)?;
            if !ignored.is_empty() {
                request.extensions_mut().insert(IgnoredParameters(ignored));
            }
            Ok(Params(params))
        })
    }
}

/// Parses pairs; also returns the names that `T` does not know.
pub(super) fn parse<T: DeserializeOwned>(
    pairs: &[(String, String)],
) -> Result<(T, Vec<String>), Error> {
    let mut ignored = Vec::new();
    let params = T::deserialize(Parameters {
        pairs,
        ignored: &mut ignored,
    })
    .map_err(|fault| fault.0)?;
    Ok((params, ignored))
}

/// A fault in parameters, as serde wants errors to be.
#[derive(Debug)]
pub(super) struct Fault(pub(super) Error);

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(msg: T) -> Self {
        Fault(Error::bad_request(msg.to_string()))
    }

    fn missing_field(field: &'static str) -> Self {
        let msg = format!("Missing '{field}' argument");
        Fault(Error::api(ErrorCode::RequestVariableMissing, msg).with("var_name", field))
    }

    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Fault(Error::bad_request(""))
    }
}

struct Parameters<'a> {
    pairs: &'a [(String, String)],
    ignored: &'a mut Vec<String>,
}

impl<'de> Deserializer<'de> for Parameters<'_> {
    type Error = Fault;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let mut known: Vec<(&str, &str)> = Vec::new();
        for (name, value) in self.pairs {
            if fields.contains(&name.as_str()) {
                known.retain(|(other, _)| other != name);
                known.push((name, value));
            } else if name != "csrfmiddlewaretoken" && !self.ignored.contains(name) {
                self.ignored.push(name.clone());
            }
        }
        visitor.visit_map(Members {
            rest: known.into_iter(),
            value: None,
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let all: Vec<(&str, &str)> = self
            .pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        visitor.visit_map(Members {
            rest: all.into_iter(),
            value: None,
        })
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Members<'a> {
    rest: std::vec::IntoIter<(&'a str, &'a str)>,
    value: Option<Parameter<'a>>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((name, text)) = self.rest.next() else {
            return Ok(None);
        };
        self.value = Some(Parameter {
            name,
            text,
            given: false,
        });
        let name: StrDeserializer<'_, Fault> = name.into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        match self.value.take() {
            Some(parameter) => seed
                .deserialize(parameter)
                .map_err(|fault| parameter.named(fault)),
            None => Err(de::Error::custom("a value without a name")),
        }
    }
}

/// One parameter, not yet typed.
#[derive(Clone, Copy)]
struct Parameter<'a> {
    name: &'a str,
    text: &'a str,
    /// An option around it has taken that it is there: for one inside, `null` is nothing.
    given: bool,
}

impl Parameter<'_> {
    fn json(&self) -> Result<Value, Fault> {
        let invalid = |_| {
            Fault(Error::bad_request(format!(
                "Argument \"{}\" is not valid JSON.",
                self.name
            )))
        };
        serde_json::from_str(self.text).map_err(invalid)
    }

    /// Gives a fault without words, which comes from the type alone, the parameter's name.
    fn named(&self, fault: Fault) -> Fault {
        match &fault.0 {
            Error::Api(api) if api.msg.is_empty() => {
                Fault(Error::bad_request(format!("Invalid {}", self.name)))
            }
            _ => fault,
        }
    }

    fn bad_value(&self, fault: Fault) -> Fault {
        match fault.0 {
            Error::Api(_) => {
                let msg = format!("Bad value for '{}': {}", self.name, self.text);
                let error = Error::api(ErrorCode::RequestVariableInvalid, msg);
                Fault(
                    error
                        .with("var_name", self.name)
                        .with("bad_value", self.text),
                )
            }
            other => Fault(other),
        }
    }
}

macro_rules! as_json {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            let value = self.json()?;
            JsonValue::new(&value, self.name).$method(visitor)
        }
    )*};
}

macro_rules! as_text {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            refuse_null_bytes(self.text, self.name)?;
            visitor.visit_str(self.text)
        }
    )*};
}

impl<'de> Deserializer<'de> for Parameter<'_> {
    type Error = Fault;

    as_text! { deserialize_str deserialize_string deserialize_char deserialize_identifier }

    as_json! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64 deserialize_seq deserialize_map
        deserialize_unit deserialize_bytes deserialize_byte_buf
    }

    /// JSON if it is that, else bare text.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match serde_json::from_str(self.text) {
            Ok(value) => JsonValue::new(&value, self.name).deserialize_any(visitor),
            Err(_) => self.deserialize_str(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.given && self.text == "null" {
            true => visitor.visit_none(),
            false => visitor.visit_some(Parameter {
                given: true,
                ..self
            }),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let result = visitor.visit_newtype_struct(self);
        if name == CONVERTED {
            result.map_err(|fault| self.bad_value(fault))
        } else {
            result
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = match serde_json::from_str(self.text) {
            Ok(value @ (Value::String(_) | Value::Object(_))) => value,
            _ => Value::String(self.text.to_owned()),
        };
        JsonValue::new(&value, self.name).deserialize_enum(name, variants, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let value = self.json()?;
        JsonValue::new(&value, self.name).deserialize_struct(name, fields, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_unit()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Converted<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inner<T>(std::marker::PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Inner<T> {
            type Value = Converted<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a parameter")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                inner: D,
            ) -> Result<Self::Value, D::Error> {
                T::deserialize(inner).map(Converted)
            }
        }

        deserializer.deserialize_newtype_struct(CONVERTED, Inner(std::marker::PhantomData))
    }
}
