use narrows_runtime::{Config, Secret};
use narrows_wire::{Audience, UserId};
use serde_json::Value;

use crate::harness::{Process, Relay, Server, config, descriptor, envelope};

const ANN: UserId = UserId(10);

/// Settings with a Redis that can be cut off.
async fn with_relay() -> (Config, Relay) {
    let mut config = config();
    let url = url::Url::parse(config.redis.url.expose()).expect("a URL");
    let host = url.host_str().expect("a host");
    let relay = Relay::to(format!("{host}:{}", url.port().unwrap_or(6379))).await;
    let mut relayed = url.clone();
    relayed.set_ip_host(relay.address.ip()).expect("an address");
    relayed
        .set_port(Some(relay.address.port()))
        .expect("a port");
    config.redis.url = Secret::new(relayed.to_string());
    (config, relay)
}

#[tokio::test]
async fn without_redis_polls_go_on_and_new_queues_are_refused() {
    let (config, relay) = with_relay().await;
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server.register(&push.url, &descriptor(ANN), 0, &[]).await;
    relay.cut();

    server.publish(&envelope(1, Audience::realm())).await;
    assert_eq!(server.numbers(&push.url, &queue).await, [1]);
    let body = serde_json::to_value(descriptor(ANN)).expect("JSON");
    let refused = server
        .internal(&push.url, "/internal/queues", body.clone())
        .await;
    assert_eq!(refused.status(), 503);
    let refused: Value = refused.json().await.expect("JSON");
    assert_eq!(refused["msg"], "Event queues cannot be stored");

    relay.mend();
    let again = loop {
        let answer = server
            .internal(&push.url, "/internal/queues", body.clone())
            .await;
        if answer.status() == 200 {
            break answer;
        }
    };
    let again: Value = again.json().await.expect("JSON");
    assert!(again["queue_id"].is_string());
    // What happened meanwhile is found again by the next push.
    server.publish(&envelope(2, Audience::realm())).await;
    push.kill().await;
    let push = Process::start(&config).await;
    let mut numbers = Vec::new();
    while numbers.len() < 2 {
        numbers = server.numbers(&push.url, &queue).await;
    }
    assert_eq!(numbers, [1, 2]);
}

#[tokio::test]
async fn a_queue_that_redis_did_not_take_is_nobodys() {
    let (config, relay) = with_relay().await;
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let body = serde_json::to_value(descriptor(ANN)).expect("JSON");
    let allocated = server.internal(&push.url, "/internal/queues", body).await;
    let allocated: narrows_wire::queue::Allocated = allocated.json().await.expect("allocated");
    relay.cut();
    let path = format!("/internal/queues/{}/activate", allocated.queue_id);
    let activate = serde_json::json!({
        "snapshot": {"xmin": 0, "xmax": 0, "running": []}, "streams": {},
    });
    let refused = server.internal(&push.url, &path, activate).await;
    assert_eq!(refused.status(), 503);
    let lost: Value = server
        .poll(&push.url, &allocated.queue_id, -1)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(lost["code"], "BAD_EVENT_QUEUE_ID");
}
