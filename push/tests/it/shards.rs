use narrows_runtime::Config;
use narrows_runtime::bus::home_shard;
use narrows_wire::{Audience, Effect, Envelope, StreamId, UserId};
use serde_json::Value;

use crate::harness::{Process, Server, config, descriptor, envelope};

const SHARDS: u32 = 2;
const STREAM: StreamId = StreamId(4);

/// The settings of one of several shards.
fn shard(config: &Config, number: u32) -> Config {
    let mut config = config.clone();
    config.push.shard = number;
    config.push.shards = SHARDS;
    config
}

fn somebody_of(shard: u32) -> UserId {
    let mut users = (10..).map(UserId);
    users
        .find(|user| home_shard(*user, SHARDS) == shard)
        .expect("every shard is somebody's")
}

#[tokio::test]
async fn everybody_has_what_is_theirs_once_whichever_shard_they_are_on() {
    let config = config();
    let configs = [shard(&config, 0), shard(&config, 1)];
    let pushes = [
        Process::start(&configs[0]).await,
        Process::start(&configs[1]).await,
    ];
    let server = Server::new(&configs[0]);
    let users = [somebody_of(0), somebody_of(1)];
    let mut queues = Vec::new();
    for (push, user) in pushes.iter().zip(users) {
        let queue = server
            .register(&push.url, &descriptor(user), 0, &[(STREAM, 1)])
            .await;
        queues.push(queue);
    }
    for (number, queue) in queues.iter().enumerate() {
        let prefix = format!("{number}:");
        assert!(queue.queue_id.starts_with(&prefix), "nginx routes by it");
    }
    // The first of these leaves the stream; both shards have to know.
    let left = Effect::Membership {
        stream_id: STREAM,
        version: 2,
        joined: vec![],
        left: vec![users[0]],
    };
    server
        .publish(&envelope(1, Audience::users([users[0]])))
        .await;
    server
        .publish(&envelope(2, Audience::users([users[1]])))
        .await;
    server.publish(&envelope(3, Audience::users(users))).await;
    server
        .publish(&envelope(4, Audience::stream(STREAM, 1)))
        .await;
    server
        .publish(&envelope(5, Audience::stream(STREAM, 2)))
        .await;
    let leaving = Envelope {
        effects: vec![left],
        payload: None,
        ..envelope(6, Audience::default())
    };
    server.publish(&leaving).await;
    server.publish(&envelope(7, Audience::realm())).await;
    let last = |user| {
        (user == users[0])
            .then_some(vec![1, 3, 4, 7])
            .unwrap_or(vec![2, 3, 4, 5, 7])
    };
    for ((push, queue), user) in pushes.iter().zip(&queues).zip(users) {
        let expected: Vec<i64> = last(user);
        let mut numbers = Vec::new();
        while numbers.len() < expected.len() {
            numbers = server.numbers(&push.url, queue).await;
        }
        assert_eq!(numbers, expected);
    }
}

#[tokio::test]
async fn a_shard_does_not_know_the_queues_of_another() {
    let config = config();
    let configs = [shard(&config, 0), shard(&config, 1)];
    let first = Process::start(&configs[0]).await;
    let second = Process::start(&configs[1]).await;
    let server = Server::new(&configs[0]);
    let queue = server
        .register(&first.url, &descriptor(somebody_of(0)), 0, &[])
        .await;
    let lost: Value = server
        .poll(&second.url, &queue.queue_id, -1)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(lost["code"], "BAD_EVENT_QUEUE_ID");
}
