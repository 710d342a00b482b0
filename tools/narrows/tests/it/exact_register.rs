//! State at registration plus events equals a later registration, whatever is written meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::cluster::{Cluster, User};
use crate::listener::Listener;

/// How many registrations are checked, each at another moment of the writers' work.
const REGISTRATIONS: usize = 200;

/// What a client keeps, of what the writers change.
#[derive(Clone, Debug, Default, PartialEq)]
struct Model {
    subscribed: BTreeSet<i64>,
    stream_names: BTreeMap<i64, String>,
    unread: BTreeSet<i64>,
    starred: BTreeSet<i64>,
}

fn ids(value: &Value) -> impl Iterator<Item = i64> + '_ {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_i64)
}

impl Model {
    fn of_state(state: &Value) -> Model {
        let mut model = Model {
            starred: ids(&state["starred_messages"]).collect(),
            ..Model::default()
        };
        for stream in state["subscriptions"].as_array().into_iter().flatten() {
            model.subscribed.extend(stream["stream_id"].as_i64());
        }
        for kind in ["subscriptions", "unsubscribed", "never_subscribed"] {
            state[kind]
                .as_array()
                .into_iter()
                .flatten()
                .for_each(|stream| model.see(stream));
        }
        for kind in ["streams", "pms", "huddles"] {
            for conversation in state["unread_msgs"][kind].as_array().into_iter().flatten() {
                model
                    .unread
                    .extend(ids(&conversation["unread_message_ids"]));
            }
        }
        model
    }

    fn see(&mut self, stream: &Value) {
        if let (Some(id), Some(name)) = (stream["stream_id"].as_i64(), stream["name"].as_str()) {
            self.stream_names.insert(id, name.to_owned());
        }
    }

    fn apply(&mut self, event: &Value) {
        match (
            event["type"].as_str().unwrap_or_default(),
            event["op"].as_str().unwrap_or_default(),
        ) {
            ("message", _)
                if !event["flags"]
                    .as_array()
                    .is_some_and(|flags| flags.contains(&json!("read"))) =>
            {
                self.unread.extend(event["message"]["id"].as_i64());
            }
            ("delete_message", _) => {
                for id in ids(&event["message_ids"]) {
                    self.unread.remove(&id);
                    self.starred.remove(&id);
                }
            }
            ("update_message_flags", op) => self.apply_flags(event, op == "add"),
            ("subscription", "add") => {
                for stream in event["subscriptions"].as_array().into_iter().flatten() {
                    self.subscribed.extend(stream["stream_id"].as_i64());
                    self.see(stream);
                }
            }
            ("subscription", "remove") => {
                for stream in event["subscriptions"].as_array().into_iter().flatten() {
                    stream["stream_id"]
                        .as_i64()
                        .map(|id| self.subscribed.remove(&id));
                }
            }
            ("stream", "create") => {
                event["streams"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .for_each(|stream| self.see(stream));
            }
            ("stream", "update") if event["property"] == "name" => {
                self.see(&json!({ "stream_id": event["stream_id"], "name": event["value"] }));
            }
            _ => {}
        }
    }

    fn apply_flags(&mut self, event: &Value, add: bool) {
        for id in ids(&event["messages"]) {
            match (event["flag"].as_str().unwrap_or_default(), add) {
                ("read", true) => drop(self.unread.remove(&id)),
                ("read", false) => drop(self.unread.insert(id)),
                ("starred", true) => drop(self.starred.insert(id)),
                ("starred", false) => drop(self.starred.remove(&id)),
                _ => {}
            }
        }
    }
}

/// Whether an event is about one of the messages.
fn mentions(event: &Value, messages: &[i64]) -> bool {
    ids(&event["messages"])
        .chain(ids(&event["message_ids"]))
        .chain(event["message"]["id"].as_i64())
        .any(|id| messages.contains(&id))
}

const REGISTER: [(&str, &str); 2] = [
    (
        "client_capabilities",
        r#"{"notification_settings_null": true, "bulk_message_deletion": true}"#,
    ),
    (
        "event_types",
        r#"["message","delete_message","update_message_flags","subscription","stream","starred_messages"]"#,
    ),
];

/// One of several who change things for `watcher` until told to stop. What is refused does not matter.
async fn write(cluster: &Cluster, number: usize, actor: &User, watcher: &User, stop: &AtomicBool) {
    let private = format!("stream {number}");
    for round in 0.. {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let principals = json!([actor.id, watcher.id]).to_string();
        let name = json!([{ "name": private }]).to_string();
        let join = [
            ("subscriptions", name.as_str()),
            ("principals", &principals),
        ];
        drop(cluster.post(actor, "users/me/subscriptions", &join).await);
        let first = cluster.send(actor, &private, "one").await;
        let second = cluster.send(actor, "common", "two").await;
        if let (Some(first), Some(second)) = (first, second) {
            let both = json!([first, second]).to_string();
            let star = [
                ("messages", both.as_str()),
                ("op", "add"),
                ("flag", "starred"),
            ];
            drop(cluster.post(watcher, "messages/flags", &star).await);
            let one = json!([first]).to_string();
            let read = [
                ("messages", one.as_str()),
                ("op", if round % 3 == 0 { "remove" } else { "add" }),
                ("flag", "read"),
            ];
            drop(cluster.post(watcher, "messages/flags", &read).await);
            if round % 4 == 0 {
                let request = cluster.request(
                    reqwest::Method::DELETE,
                    actor,
                    &format!("messages/{second}"),
                );
                drop(request.send().await);
            }
        }
        if round % 2 == 0 {
            let watcher_id = json!([watcher.id]).to_string();
            let leave = [
                ("subscriptions", json!([private]).to_string()),
                ("principals", watcher_id),
            ];
            let request = cluster.request(reqwest::Method::DELETE, actor, "users/me/subscriptions");
            drop(request.form(&leave).send().await);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn state_and_events_together_are_exact() -> anyhow::Result<()> {
    let (cluster, owner) = Cluster::start("exact-register").await?;
    let watcher = cluster.member(&owner, "watcher").await?;
    cluster
        .subscribe(&owner, "common", &[&owner, &watcher])
        .await?;
    let cluster = Arc::new(cluster);
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for number in 0..4 {
        let (cluster, owner, watcher, stop) = (
            cluster.clone(),
            owner.clone(),
            watcher.clone(),
            stop.clone(),
        );
        writers.spawn(async move { write(&cluster, number, &owner, &watcher, &stop).await });
    }
    let mut listeners = Vec::with_capacity(REGISTRATIONS);
    for _ in 0..REGISTRATIONS {
        listeners.push(Listener::register(&cluster, &watcher, &REGISTER).await?);
    }
    stop.store(true, Ordering::Relaxed);
    while writers.join_next().await.is_some() {}
    let last = cluster
        .send(&owner, "common", "the last one")
        .await
        .expect("the server is there");
    let later = Model::of_state(
        &Listener::register(&cluster, &watcher, &REGISTER)
            .await?
            .state,
    );
    assert!(
        !later.starred.is_empty() && !later.unread.is_empty(),
        "nothing was written: nothing is tested"
    );
    for (number, mut listener) in listeners.into_iter().enumerate() {
        let seen = |event: &Value| event["message"]["id"] == last;
        listener
            .until(&cluster, |events| events.iter().any(seen))
            .await?;
        let mut model = Model::of_state(&listener.state);
        listener.events.iter().for_each(|event| model.apply(event));
        let differing: Vec<i64> = (model.unread.symmetric_difference(&later.unread))
            .chain(model.starred.symmetric_difference(&later.starred))
            .copied()
            .collect();
        let told: Vec<&Value> = (listener.events.iter())
            .filter(|event| mentions(event, &differing))
            .collect();
        assert_eq!(
            model, later,
            "registration {number} and its events differ from a later registration in {differing:?}: {told:#?}"
        );
    }
    Ok(())
}
