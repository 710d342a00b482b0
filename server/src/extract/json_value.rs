//! Typed reading of a JSON parameter that says where it has the wrong shape: `narrow[0]["operand"] is not a string`.

use narrows_actions::Error;
use serde::de::{
    self, DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor, value::StrDeserializer,
};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

use super::params::Fault;

/// A value and where it is.
pub(super) struct JsonValue<'a> {
    value: &'a Value,
    path: Path<'a>,
}

/// The way from a parameter to a value inside it.
#[derive(Clone, Copy)]
enum Path<'a> {
    Parameter(&'a str),
    Item(&'a Path<'a>, usize),
    Member(&'a Path<'a>, &'a str),
}

impl Path<'_> {
    fn text(&self) -> String {
        match self {
            Path::Parameter(name) => (*name).to_owned(),
            Path::Item(list, index) => format!("{}[{index}]", list.text()),
            Path::Member(object, key) => format!("{}[\"{key}\"]", object.text()),
        }
    }
}

/// The database cannot store NUL.
pub(super) fn refuse_null_bytes(text: &str, name: &str) -> Result<(), Fault> {
    if !text.contains('\0') {
        return Ok(());
    }
    let what = if name == "content" { "Message" } else { name };
    Err(Fault(Error::bad_request(format!(
        "{what} must not contain null bytes"
    ))))
}

impl<'a> JsonValue<'a> {
    pub(super) fn new(value: &'a Value, name: &'a str) -> Self {
        JsonValue {
            value,
            path: Path::Parameter(name),
        }
    }

    fn is_not(&self, kind: &str) -> Fault {
        Fault(Error::bad_request(format!(
            "{} is not {kind}",
            self.path.text()
        )))
    }

    /// Gives a fault that serde made, which knows no place, the place.
    fn located(&self, fault: Fault) -> Fault {
        match fault.0 {
            Error::Api(api) if api.msg.is_empty() => {
                Fault(Error::bad_request(format!("Invalid {}", self.path.text())))
            }
            other => Fault(other),
        }
    }

    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::Number(number) = self.value else {
            return Err(self.is_not("an integer"));
        };
        let visited: Result<V::Value, serde_json::Error> = match (number.as_i64(), number.as_u64())
        {
            (Some(signed), _) => visitor.visit_i64(signed),
            (None, Some(unsigned)) => visitor.visit_u64(unsigned),
            (None, None) => return Err(self.is_not("an integer")),
        };
        // Negative where it may not be, or larger than any id.
        visited.map_err(|_| Fault(Error::bad_request(format!("Invalid {}", self.path.text()))))
    }

    fn text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::String(text) = self.value else {
            return Err(self.is_not("a string"));
        };
        refuse_null_bytes(text, &self.path.text())?;
        visitor.visit_str(text)
    }

    fn list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::Array(items) = self.value else {
            return Err(self.is_not("a list"));
        };
        visitor
            .visit_seq(Items {
                items: items.iter().enumerate(),
                path: &self.path,
            })
            .map_err(|fault| self.located(fault))
    }

    fn object<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let Value::Object(members) = self.value else {
            return Err(self.is_not("a dict"));
        };
        let members = Members {
            members: members.iter(),
            value: None,
            path: &self.path,
        };
        visitor
            .visit_map(members)
            .map_err(|fault| self.missing_key(fault))
    }

    /// A missing field of an object inside a parameter is not a missing parameter.
    fn missing_key(&self, fault: Fault) -> Fault {
        let Error::Api(api) = &fault.0 else {
            return fault;
        };
        match api.data.get("var_name").and_then(Value::as_str) {
            Some(key) => Fault(Error::bad_request(format!(
                "{key} key is missing from {}",
                self.path.text()
            ))),
            None => self.located(fault),
        }
    }
}

macro_rules! typed {
    ($read:ident: $($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            self.$read(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for JsonValue<'_> {
    type Error = Fault;

    typed! { integer: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
    deserialize_u32 deserialize_u64 }
    typed! { text: deserialize_str deserialize_string deserialize_char deserialize_identifier }
    typed! { list: deserialize_seq }
    typed! { object: deserialize_map }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Bool(value) => visitor.visit_bool(*value),
            _ => Err(self.is_not("a boolean")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value.as_f64() {
            Some(value) => visitor.visit_f64(value),
            None => Err(self.is_not("a float")),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(signed), _, _) => visitor.visit_i64(signed),
                (None, Some(unsigned), _) => visitor.visit_u64(unsigned),
                (None, None, float) => visitor.visit_f64(float.unwrap_or(f64::NAN)),
            },
            Value::String(_) => self.text(visitor),
            Value::Array(_) => self.list(visitor),
            Value::Object(_) => self.object(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.value {
            Value::Array(items) if items.len() != length => {
                let msg = format!("{} should have exactly {length} items", self.path.text());
                Err(Fault(Error::bad_request(msg)))
            }
            _ => self.list(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.object(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let (variant, content) = match self.value {
            Value::String(name) => (name.as_str(), None),
            Value::Object(members) if members.len() == 1 => match members.iter().next() {
                Some((name, content)) => (name.as_str(), Some(content)),
                None => return Err(self.is_not("a string")),
            },
            _ => return Err(self.is_not("a string")),
        };
        let path = self.path;
        visitor
            .visit_enum(Variant {
                name: variant,
                content,
                path,
            })
            .map_err(|fault| self.located(fault))
    }

    forward_to_deserialize_any! { i128 u128 bytes byte_buf unit unit_struct tuple_struct ignored_any }
}

struct Items<'a> {
    items: std::iter::Enumerate<std::slice::Iter<'a, Value>>,
    path: &'a Path<'a>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let Some((index, value)) = self.items.next() else {
            return Ok(None);
        };
        seed.deserialize(JsonValue {
            value,
            path: Path::Item(self.path, index),
        })
        .map(Some)
    }
}

struct Members<'a> {
    members: serde_json::map::Iter<'a>,
    value: Option<(&'a str, &'a Value)>,
    path: &'a Path<'a>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, value)) = self.members.next() else {
            return Ok(None);
        };
        refuse_null_bytes(key, &self.path.text())?;
        self.value = Some((key, value));
        let key: StrDeserializer<'_, Fault> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Fault> {
        let Some((key, value)) = self.value.take() else {
            return Err(de::Error::custom("a value without a key"));
        };
        seed.deserialize(JsonValue {
            value,
            path: Path::Member(self.path, key),
        })
    }
}

struct Variant<'a> {
    name: &'a str,
    content: Option<&'a Value>,
    path: Path<'a>,
}

impl<'de, 'a> EnumAccess<'de> for Variant<'a> {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl Variant<'_> {
    fn content(&self) -> Result<JsonValue<'_>, Fault> {
        match self.content {
            Some(value) => Ok(JsonValue {
                value,
                path: self.path,
            }),
            None => Err(Fault(Error::bad_request(format!(
                "Invalid {}",
                self.path.text()
            )))),
        }
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        match self.content {
            None => Ok(()),
            Some(_) => Err(Fault(Error::bad_request(format!(
                "{} is not a string",
                self.path.text()
            )))),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Fault> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Fault> {
        self.content()?.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        self.content()?.deserialize_map(visitor)
    }
}
