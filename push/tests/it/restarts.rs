use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use narrows_wire::{Audience, Effect, Envelope, StreamId, UserId};
use serde_json::Value;
use tokio::sync::watch;

use crate::harness::{EMAIL, KEY, Process, Server, config, descriptor, envelope};

const LAST: i64 = 1200;
const STREAM: StreamId = StreamId(4);

/// Polls until [`LAST`] events are there, wherever push runs; returns `(id, n)` of all.
async fn listen(url: watch::Receiver<String>, queue: String, mut last: i64) -> Vec<(i64, i64)> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(2))
        .build()
        .expect("a client");
    let mut received: Vec<(i64, i64)> = Vec::new();
    while received.len() < LAST as usize {
        let at = url.borrow().clone();
        let text = last.to_string();
        let query = [
            ("queue_id", queue.as_str()),
            ("last_event_id", text.as_str()),
        ];
        let request = http
            .get(format!("{at}/api/v1/events"))
            .basic_auth(EMAIL, Some(KEY))
            .query(&query);
        let Ok(answer) = request.send().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        let Ok(answer) = answer.json::<Value>().await else {
            continue;
        };
        assert_eq!(answer["result"], "success", "{answer}");
        for event in answer["events"].as_array().expect("events") {
            last = event["id"].as_i64().expect("an id");
            received.extend(event["n"].as_i64().map(|n| (last, n)));
        }
    }
    received
}

/// Events to the realm and to a stream; every hundred, who is subscribed changes *after* a message that saw the change.
async fn write(server: &Server) {
    for n in 1..=LAST {
        let version = 1 + n / 100;
        match n % 100 {
            99 => {
                server
                    .publish(&envelope(n, Audience::stream(STREAM, version + 1)))
                    .await
            }
            0 => {
                let effect = Effect::Membership {
                    stream_id: STREAM,
                    version,
                    joined: vec![],
                    left: vec![],
                };
                server
                    .publish(&Envelope {
                        effects: vec![effect],
                        ..envelope(n, Audience::realm())
                    })
                    .await;
            }
            _ if n % 2 == 0 => {
                server
                    .publish(&envelope(n, Audience::stream(STREAM, version)))
                    .await
            }
            _ => server.publish(&envelope(n, Audience::realm())).await,
        }
        // The relay publishes some again.
        if n % 7 == 0 {
            server.publish(&envelope(n, Audience::realm())).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_go_on_with_their_queues_when_push_is_killed() {
    let config = config();
    let mut push = Process::start(&config).await;
    let server = Arc::new(Server::new(&config));
    let (address, addresses) = watch::channel(push.url.clone());
    let mut listeners = Vec::new();
    for user in [10, 10, 11] {
        let queue = server
            .register(&push.url, &descriptor(UserId(user)), 0, &[(STREAM, 1)])
            .await;
        listeners.push(tokio::spawn(listen(
            addresses.clone(),
            queue.queue_id,
            queue.last_event_id,
        )));
    }
    let done = Arc::new(AtomicBool::new(false));
    let writer = tokio::spawn({
        let (server, done) = (server.clone(), done.clone());
        async move {
            write(&server).await;
            done.store(true, Ordering::Release);
        }
    });
    let mut kills = 0;
    while !done.load(Ordering::Acquire) || kills < 2 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        push.kill().await;
        kills += 1;
        push = Process::start(&config).await;
        address.send_replace(push.url.clone());
    }
    writer.await.expect("written");
    for listener in listeners {
        let received = listener.await.expect("listened");
        assert!(
            received.is_sorted_by(|(a, _), (b, _)| a < b),
            "ids increase"
        );
        let mut numbers: Vec<i64> = received.iter().map(|(_, n)| *n).collect();
        // What saw a change comes after it.
        for pair in numbers.windows(2) {
            assert!(
                pair[0] < pair[1] || (pair[0] == pair[1] + 1 && pair[0] % 100 == 0),
                "{pair:?}"
            );
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=LAST).collect::<Vec<_>>(), "each exactly once");
    }
}
