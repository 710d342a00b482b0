use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use bytes::Bytes;
use narrows_runtime::Secret;
use narrows_runtime::bus::{Bus, Offset, Outgoing, Publisher, ShardSet};
use narrows_runtime::config::AmqpConfig;
use narrows_wire::OutboxId;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};

/// A broker of one's own: queues under a prefix that no other test has.
fn config() -> AmqpConfig {
    let url = std::env::var("NARROWS_AMQP_URL")
        .expect("NARROWS_AMQP_URL: run by tools/test, or see tools/services");
    let prefix = format!("test.{:x}.", rand::random::<u64>());
    AmqpConfig {
        url: Secret::new(url),
        prefix,
        ..Default::default()
    }
}

/// The same broker behind a wire that can be cut.
async fn through_a_wire(config: &AmqpConfig) -> (AmqpConfig, watch::Sender<u32>) {
    let url = config.url.expose().to_owned();
    let target = url
        .rsplit_once('@')
        .and_then(|(_, rest)| rest.split('/').next())
        .expect("host and port")
        .to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let here = listener.local_addr().expect("bound").to_string();
    let (cut, cuts) = watch::channel(0);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (target, mut cuts) = (target.clone(), cuts.clone());
            cuts.mark_unchanged();
            tokio::spawn(async move {
                let Ok(mut broker) = TcpStream::connect(target).await else {
                    return;
                };
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut broker) => {}
                    _ = cuts.changed() => {}
                }
            });
        }
    });
    let wired = AmqpConfig {
        url: Secret::new(url.replace(&target_of(&url), &here)),
        ..config.clone()
    };
    (wired, cut)
}

fn target_of(url: &str) -> String {
    url.rsplit_once('@')
        .and_then(|(_, rest)| rest.split('/').next())
        .unwrap_or_default()
        .to_owned()
}

fn event(n: i64, shards: ShardSet) -> Outgoing {
    Outgoing::Event {
        id: OutboxId(n),
        shards,
        body: Bytes::from(n.to_string()),
        is_plain: false,
    }
}

/// The numbers in a log up to the first that is at least `last`.
async fn read(bus: &Bus, shard: u32, last: i64) -> Vec<i64> {
    let mut consumer = bus.consume_stream(shard, Offset::First);
    let mut numbers = Vec::new();
    while numbers.last().is_none_or(|n| *n < last) {
        let entry = consumer.next().await;
        assert_eq!(entry.offset, numbers.len() as i64, "offsets have no gaps");
        numbers.push(
            std::str::from_utf8(&entry.body)
                .expect("text")
                .parse()
                .expect("a number"),
        );
    }
    numbers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_has_the_order_of_reservation_whatever_the_order_of_commits() {
    let bus = Bus::connect(&config());
    let (confirmed, mut confirmations) = mpsc::unbounded_channel();
    let publisher = Publisher::start(&bus, 2, confirmed);
    let first = publisher.reserve();
    let dropped = publisher.reserve();
    let second = publisher.reserve();
    let third = publisher.reserve();
    let late = third.publish(vec![event(3, ShardSet::All)]);
    drop(second.publish(vec![event(2, ShardSet::Only(vec![1]))]));
    drop(dropped);
    drop(first.publish(vec![event(1, ShardSet::All)]));
    late.await;
    assert_eq!(read(&bus, 0, 3).await, [1, 3]);
    assert_eq!(read(&bus, 1, 3).await, [1, 2, 3]);
    let mut ids = Vec::new();
    while ids.len() < 3 {
        ids.extend(confirmations.recv().await.expect("the publisher lives"));
    }
    assert_eq!(
        ids,
        [OutboxId(1), OutboxId(2), OutboxId(3)],
        "once each, when all copies are confirmed"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wire_that_breaks_again_and_again_loses_and_reorders_nothing() {
    const LAST: i64 = 3000;
    let direct = config();
    let (wired, cut) = through_a_wire(&direct).await;
    let (confirmed, mut confirmations) = mpsc::unbounded_channel();
    let publisher = Publisher::start(&Bus::connect(&wired), 1, confirmed);
    let mut waiting = Vec::new();
    for n in 1..=LAST {
        waiting.push(publisher.reserve().publish(vec![event(n, ShardSet::All)]));
        if n % 500 == 250 {
            // Something is under way when the wire is cut.
            if let Some(some) = waiting.get_mut(n as usize - 200) {
                some.await;
            }
            cut.send_modify(|cuts| *cuts += 1);
        }
        if n % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    for (n, one) in waiting.into_iter().enumerate() {
        // Those of the moments of cutting are finished.
        if (n + 200) % 500 != 250 {
            one.await;
        }
    }
    let numbers = read(&Bus::connect(&direct), 0, LAST).await;
    let mut seen = HashSet::new();
    let first_copies: Vec<i64> = numbers.into_iter().filter(|n| seen.insert(*n)).collect();
    assert_eq!(first_copies, (1..=LAST).collect::<Vec<_>>());
    let mut reported = BTreeMap::new();
    while reported.len() < LAST as usize {
        for id in confirmations.recv().await.expect("the publisher lives") {
            *reported.entry(id).or_insert(0) += 1;
        }
    }
    assert!(reported.values().all(|times| *times == 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_are_finished_retried_buried_and_replayed() {
    let bus = Bus::connect(&config());
    let (confirmed, _confirmations) = mpsc::unbounded_channel();
    let publisher = Publisher::start(&bus, 0, confirmed);
    let job = |n: i64, queue: &str| Outgoing::Job {
        id: OutboxId(n),
        queue: queue.to_owned(),
        body: Bytes::from(format!("{{\"n\":{n}}}")),
    };
    publisher
        .reserve()
        .publish(vec![job(1, "never_heard_of"), job(2, "never_heard_of")])
        .await;
    let mut jobs = bus.consume_jobs("never_heard_of", 10);
    let first = jobs.next().await;
    assert_eq!(first.body(), b"{\"n\":1}");
    first.finish().await.expect("acknowledged");
    let second = jobs.next().await;
    second.bury("it is broken").await.expect("kept");
    let dead = bus.dead_jobs(10).await.expect("listed");
    assert_eq!(
        (dead.len(), dead[0].reason.as_str(), dead[0].body.get()),
        (1, "it is broken", "{\"n\":2}")
    );
    assert_eq!(bus.replay_dead_jobs().await.expect("replayed"), 1);
    let again = jobs.next().await;
    assert_eq!(again.body(), b"{\"n\":2}");
    again.retry(0, "later").await.expect("waits");
    let later = jobs.next().await;
    assert_eq!(later.body(), b"{\"n\":2}");
    later.finish().await.expect("acknowledged");
    assert!(bus.dead_jobs(10).await.expect("listed").is_empty());
}
