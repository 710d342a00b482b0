//! A client that polls one event queue through thick and thin.

use std::time::{Duration, Instant};

use anyhow::Context;
use serde_json::{Value, json};

use crate::cluster::{Cluster, PATIENCE, User};

/// An event queue, and what came out of it.
pub struct Listener {
    pub user: User,
    pub state: Value,
    pub events: Vec<Value>,
    queue_id: String,
    last_event_id: i64,
}

impl Listener {
    /// Registers with these parameters.
    pub async fn register(
        cluster: &Cluster,
        user: &User,
        form: &[(&str, &str)],
    ) -> anyhow::Result<Listener> {
        let state = cluster.post(user, "register", form).await?;
        Ok(Listener {
            user: user.clone(),
            queue_id: state["queue_id"].as_str().context("a queue id")?.to_owned(),
            last_event_id: state["last_event_id"].as_i64().context("a last event id")?,
            events: vec![],
            state,
        })
    }

    /// A queue for messages only.
    pub async fn of_messages(cluster: &Cluster, user: &User) -> anyhow::Result<Listener> {
        Self::register(
            cluster,
            user,
            &[("event_types", &json!(["message"]).to_string())],
        )
        .await
    }

    /// Polls until `done` says so. Outages are waited out; a queue that is gone is a failure.
    pub async fn until(
        &mut self,
        cluster: &Cluster,
        done: impl Fn(&[Value]) -> bool,
    ) -> anyhow::Result<()> {
        let start = Instant::now();
        while !done(&self.events) {
            anyhow::ensure!(
                start.elapsed() < PATIENCE,
                "queue {} of {} stays behind with {} events",
                self.queue_id,
                self.user.email,
                self.events.len()
            );
            match self.poll(cluster).await {
                Some(answer) if answer["result"] == "success" => self.take(&answer),
                Some(answer) if answer["code"] == "BAD_EVENT_QUEUE_ID" => {
                    anyhow::bail!("the queue is gone: {answer}")
                }
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        Ok(())
    }

    async fn poll(&self, cluster: &Cluster) -> Option<Value> {
        let last = self.last_event_id.to_string();
        let query = [
            ("queue_id", self.queue_id.as_str()),
            ("last_event_id", &last),
        ];
        let request = cluster
            .request(reqwest::Method::GET, &self.user, "events")
            .query(&query);
        request
            .timeout(Duration::from_secs(20))
            .send()
            .await
            .ok()?
            .json()
            .await
            .ok()
    }

    fn take(&mut self, answer: &Value) {
        for event in answer["events"].as_array().into_iter().flatten() {
            let id = event["id"].as_i64().expect("events have ids");
            assert!(
                id > self.last_event_id,
                "ids must grow: {id} after {}",
                self.last_event_id
            );
            self.last_event_id = id;
            self.events.push(event.clone());
        }
    }

    /// Ids of the messages that came, in the order in which they came.
    pub fn messages(&self) -> Vec<i64> {
        messages(&self.events)
    }
}

/// Ids of the messages among events.
pub fn messages(events: &[Value]) -> Vec<i64> {
    events
        .iter()
        .filter(|event| event["type"] == "message")
        .filter_map(|event| event["message"]["id"].as_i64())
        .collect()
}
