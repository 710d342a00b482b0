//! The answer to a registration, field by field.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::error::Result;

/// The answer, as JSON from the first field on: large parts come from a cache and are copied, not parsed.
#[derive(Clone, Debug)]
pub struct State {
    wanted: Option<BTreeSet<String>>,
    /// An object that is not closed yet.
    json: Vec<u8>,
}

impl State {
    /// An empty answer for a client that wants these event types' state; `None` = all.
    pub(super) fn new(wanted: Option<&BTreeSet<&str>>) -> State {
        let wanted = wanted.map(|types| types.iter().map(|name| (*name).to_owned()).collect());
        State {
            wanted,
            json: b"{".to_vec(),
        }
    }

    /// Whether the client wants what events of one of these types change.
    pub(super) fn wants(&self, event_types: &[&str]) -> bool {
        match &self.wanted {
            None => true,
            Some(wanted) => event_types.iter().any(|name| wanted.contains(*name)),
        }
    }

    /// Adds a field.
    pub(super) fn put<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.separate();
        serde_json::to_writer(&mut self.json, name)?;
        self.json.push(b':');
        Ok(serde_json::to_writer(&mut self.json, value)?)
    }

    /// Adds the fields of an object, as JSON.
    pub(super) fn put_json(&mut self, object: &[u8]) {
        let fields = object.strip_prefix(b"{").unwrap_or(object);
        let fields = fields.strip_suffix(b"}").unwrap_or(fields);
        if !fields.is_empty() {
            self.separate();
            self.json.extend_from_slice(fields);
        }
    }

    /// Adds all fields of an object.
    pub(super) fn put_all(&mut self, object: &serde_json::Value) -> Result<()> {
        self.put_json(&serde_json::to_vec(object)?);
        Ok(())
    }

    fn separate(&mut self) {
        if self.json.len() > 1 {
            self.json.push(b',');
        }
    }

    /// The whole object.
    pub fn into_json(mut self) -> Vec<u8> {
        self.json.push(b'}');
        self.json
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn fields_of_every_kind_make_one_object() {
        let mut state = State::new(None);
        state.put_json(b"{}");
        state.put("a \"quoted\" name", &[1, 2]).expect("JSON");
        state.put_json(br#"{"b":{"c":"}"},"d":[]}"#);
        state.put_all(&json!({})).expect("JSON");
        state.put_all(&json!({ "e": null })).expect("JSON");
        let read: Value = serde_json::from_slice(&state.into_json()).expect("an object");
        let whole = json!({ "a \"quoted\" name": [1, 2], "b": { "c": "}" }, "d": [], "e": null });
        assert_eq!(read, whole);
        assert_eq!(State::new(None).into_json(), b"{}");
    }

    #[test]
    fn only_what_is_wanted_is_fetched() {
        let state = State::new(Some(&BTreeSet::from(["message", "stream"])));
        assert!(state.wants(&["subscription", "stream"]) && !state.wants(&["realm"]));
        assert!(State::new(None).wants(&["realm"]));
    }
}
