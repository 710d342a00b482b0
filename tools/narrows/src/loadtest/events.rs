//! Event queues: registering, polling, deleting.

use bytes::Bytes;
use serde::Deserialize;

use super::client::Call;

/// A queue, as POST /register answers.
#[derive(Clone, Debug, Deserialize)]
pub struct Queue {
    /// Its name.
    pub queue_id: String,
    /// What to poll from.
    pub last_event_id: i64,
}

impl Queue {
    /// Register for messages only, without any state.
    pub fn register_for_messages() -> anyhow::Result<Call> {
        Call::post(
            "/register",
            [
                ("event_types", r#"["message"]"#),
                ("fetch_event_types", "[]"),
                ("apply_markdown", "true"),
            ],
        )
    }

    /// From the answer.
    pub fn parse(body: &Bytes) -> anyhow::Result<Self> {
        Ok(serde_json::from_slice(body)?)
    }

    /// Wait for events, or with `at_once` ask for those that are there.
    pub fn poll(&self, at_once: bool) -> anyhow::Result<Call> {
        let last = self.last_event_id.to_string();
        let mut query = vec![
            ("queue_id", self.queue_id.as_str()),
            ("last_event_id", &last),
        ];
        if at_once {
            query.push(("dont_block", "true"));
        }
        Call::get("/events", query)
    }

    /// Where its websocket is, below /api/v1.
    pub fn websocket_path(&self) -> anyhow::Result<String> {
        let last = self.last_event_id.to_string();
        let query = [
            ("queue_id", self.queue_id.as_str()),
            ("last_event_id", &last),
        ];
        Ok(format!(
            "/events/websocket?{}",
            serde_urlencoded::to_string(query)?
        ))
    }

    /// Free it.
    pub fn delete(&self) -> anyhow::Result<Call> {
        Call::delete("/events", [("queue_id", &self.queue_id)])
    }
}

/// What a poll or a frame of the websocket brings.
#[derive(Debug, Deserialize)]
pub struct Batch {
    /// In order of their ids.
    pub events: Vec<Event>,
}

/// An event, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Event {
    /// Where it is in the log.
    pub id: i64,
    /// Only `message` events have one.
    #[serde(default)]
    pub message: Option<Message>,
}

/// A message, as far as it matters here.
#[derive(Debug, Deserialize)]
pub struct Message {
    /// Its text, as HTML.
    #[serde(default)]
    pub content: String,
}
