//! Event queues.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::user::TestUser;

/// How long an event may take before a test gives up. Generous: machines are slow, hangs are for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// An event queue and what came from it.
pub struct Queue {
    user: TestUser,
    /// What registering answered.
    pub state: Value,
    /// Its id.
    pub id: String,
    last: i64,
    waiting: VecDeque<Value>,
}

impl Queue {
    pub(crate) fn of(user: TestUser, state: Value) -> anyhow::Result<Queue> {
        let id = state
            .get("queue_id")
            .and_then(Value::as_str)
            .context("no queue_id")?
            .to_owned();
        let last = state
            .get("last_event_id")
            .and_then(Value::as_i64)
            .context("no last_event_id")?;
        Ok(Queue {
            user,
            state,
            id,
            last,
            waiting: VecDeque::new(),
        })
    }

    /// The next event but heartbeats.
    pub async fn event(&mut self) -> anyhow::Result<Value> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(event);
            }
            let last = self.last.to_string();
            let answer = self
                .user
                .get(
                    "/events",
                    &[("queue_id", &self.id), ("last_event_id", &last)],
                )
                .await?;
            if answer.status != 200 {
                bail!("{}", answer.text);
            }
            for event in answer.field("events").as_array().into_iter().flatten() {
                self.last = self
                    .last
                    .max(event.get("id").and_then(Value::as_i64).unwrap_or(-1));
                if event.get("type") != Some(&"heartbeat".into()) {
                    self.waiting.push_back(event.clone());
                }
            }
        }
        bail!("no event within {PATIENCE:?}")
    }

    /// The next event of this type; others before it are dropped.
    pub async fn next(&mut self, event_type: &str) -> anyhow::Result<Value> {
        loop {
            let event = self
                .event()
                .await
                .with_context(|| format!("waiting for {event_type}"))?;
            if event.get("type").and_then(Value::as_str) == Some(event_type) {
                return Ok(event);
            }
        }
    }

    /// All events that the queue had when a message, sent now to `stream` by `sender`, came: none was overtaken.
    pub async fn until_marker(
        &mut self,
        sender: &TestUser,
        stream: &str,
    ) -> anyhow::Result<Vec<Value>> {
        let id = sender.send_to(stream, "marker", "marker").await?;
        let mut events = Vec::new();
        loop {
            let event = self.event().await?;
            if event.pointer("/message/id").and_then(Value::as_i64) == Some(id) {
                return Ok(events);
            }
            events.push(event);
        }
    }
}
