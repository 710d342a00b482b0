//! The answer to a registration, field by field.

use std::collections::BTreeSet;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::error::Result;

/// Fields of the answer, as JSON already: large ones come from a cache and are not parsed again.
#[derive(Clone, Debug)]
pub struct State {
    wanted: Option<BTreeSet<String>>,
    fields: Vec<(String, Box<RawValue>)>,
}

impl State {
    /// An empty answer for a client that wants these event types' state; `None` = all.
    pub(super) fn new(wanted: Option<&BTreeSet<&str>>) -> State {
        let wanted = wanted.map(|types| types.iter().map(|name| (*name).to_owned()).collect());
        State {
            wanted,
            fields: Vec::with_capacity(160),
        }
    }

    /// Whether the client wants what events of one of these types change.
    pub(super) fn wants(&self, event_types: &[&str]) -> bool {
        match &self.wanted {
            None => true,
            Some(wanted) => event_types.iter().any(|name| wanted.contains(*name)),
        }
    }

    /// A field that every answer has.
    pub(super) fn always<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.put(name, value)
    }

    /// Adds a field.
    pub(super) fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.fields.push((name.to_owned(), to_raw_value(value)?));
        Ok(())
    }

    /// Adds a field that is JSON already.
    pub(super) fn put_raw(&mut self, name: &str, value: Box<RawValue>) {
        self.fields.push((name.to_owned(), value));
    }

    /// Adds all fields of an object.
    pub(super) fn put_all(&mut self, object: serde_json::Value) -> Result<()> {
        if let serde_json::Value::Object(fields) = object {
            for (name, value) in fields {
                self.put(&name, &value)?;
            }
        }
        Ok(())
    }
}

impl Serialize for State {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.fields.len()))?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
