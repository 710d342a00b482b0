//! What a service sends, as JSON.

use serde_json::Value;

use super::Fault;
use crate::extract::Delivery;

/// A part of what a service sends.
#[derive(Clone, Copy)]
pub(super) struct Payload<'a>(pub(super) &'a Value);

impl<'a> Payload<'a> {
    /// The part at a path; `Fault::Anomalous` if it is not there.
    pub(super) fn part(self, path: &str) -> Result<Payload<'a>, Fault> {
        self.maybe(path).ok_or(Fault::Anomalous)
    }

    /// The part at a path, unless it is not there or `null`.
    pub(super) fn maybe(self, path: &str) -> Option<Payload<'a>> {
        let found = self.0.pointer(path).filter(|found| !found.is_null());
        found.map(Payload)
    }

    /// The text, number or truth at a path. It mentions nobody, whatever strangers have written into it.
    pub(super) fn text(self, path: &str) -> Result<String, Fault> {
        self.maybe_text(path).ok_or(Fault::Anomalous)
    }

    /// As [`Payload::text`], of what may be missing or empty.
    pub(super) fn maybe_text(self, path: &str) -> Option<String> {
        match self.maybe(path)?.0 {
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(harmless(text)),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        }
    }

    /// Whether there is `true` at a path.
    pub(super) fn is(self, path: &str) -> bool {
        self.0.pointer(path) == Some(&Value::Bool(true))
    }

    /// The parts of a list; none if there is no list at the path.
    pub(super) fn list(self, path: &str) -> impl Iterator<Item = Payload<'a>> {
        let list = self.0.pointer(path).and_then(Value::as_array);
        list.into_iter().flatten().map(Payload)
    }
}

/// The JSON of a delivery, as long as it is an object.
pub(super) fn object(delivery: &Delivery) -> Result<Value, Fault> {
    match delivery.json()? {
        object @ Value::Object(_) => Ok(object),
        _ => Err(Fault::Anomalous),
    }
}

/// A space that nobody sees keeps `@**all**` from being one.
fn harmless(text: &str) -> String {
    text.replace("@*", "@\u{200b}*")
        .replace("@_*", "@\u{200b}_*")
}
