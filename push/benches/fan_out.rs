//! One message for 10,000 subscribers with a queue each: until it is in all of them, and until all have taken it.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chrono::DateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use narrows_push::shard::{Settings, Shard};
use narrows_wire::queue::{Activate, Capabilities, Descriptor, Snapshot};
use narrows_wire::{Audience, Envelope, Payload, RealmId, Role, StreamId, UserId};

const SUBSCRIBERS: i32 = 10_000;
const STREAM: StreamId = StreamId(1);

fn descriptor(user: UserId) -> Descriptor {
    Descriptor {
        realm_id: RealmId(1),
        user_id: Some(user),
        email: format!("user{user}@example.com"),
        delivery_email: format!("user{user}@example.com"),
        role: Role::Member,
        credential: Some("0".repeat(64)),
        event_types: None,
        narrow: vec![],
        all_public_streams: false,
        apply_markdown: true,
        client_gravatar: true,
        slim_presence: true,
        include_subscribers: true,
        capabilities: Capabilities::default(),
        idle_timeout: 600,
        client: "bench".into(),
    }
}

fn message(text: &str) -> Option<Payload> {
    let payload = serde_json::json!({
        "message": {"id": 5, "type": "stream", "subject": "bench"}, "message_id": 5, "sender_id": 1,
        "stream": {"stream_id": STREAM, "name": "bench", "topic": "bench", "public": true},
        "content": text, "rendered_content": format!("<p>{text}</p>"),
        "avatar": {"source": "uploaded", "url": "/a"},
    });
    Some(Payload::Message(serde_json::from_value(payload).ok()?))
}

/// A shard with a queue for each subscriber, and the queues' ids.
fn crowd() -> (Shard, Vec<String>) {
    let mut shard = Shard::new(Settings {
        number: 0,
        shards: 1,
        max_pending: 1_000,
    });
    let queues: Vec<String> = (1..=SUBSCRIBERS)
        .map(|user| format!("0:{user:032x}"))
        .collect();
    for (user, id) in (1..).map(UserId).zip(&queues) {
        shard.allocate(id, descriptor(user), DateTime::default());
        let activate = Activate {
            snapshot: Snapshot {
                xmin: 0,
                xmax: 0,
                running: vec![],
            },
            streams: BTreeMap::from([(STREAM, 1)]),
            since: BTreeMap::from([(STREAM, 1)]),
        };
        shard.activate(id, activate, DateTime::default());
    }
    (shard, queues)
}

fn fan_out(criterion: &mut Criterion) {
    let (mut shard, queues) = crowd();
    let envelope = Envelope {
        id: None,
        xid: None,
        realm_id: RealmId(1),
        audience: Audience::stream(STREAM, 1),
        effects: vec![],
        payload: message(&"x".repeat(1_000)),
    };
    let mut group = criterion.benchmark_group("fan_out");
    group.throughput(Throughput::Elements(u64::from(SUBSCRIBERS.unsigned_abs())));
    let mut offset = 0;
    let mut broadcast = |iterations: u64, taken: bool| {
        let mut time = Duration::ZERO;
        for _ in 0..iterations {
            let envelope = envelope.clone();
            let began = Instant::now();
            shard.follow(offset);
            shard.apply(envelope, DateTime::default());
            if taken {
                for id in &queues {
                    // No poll came before it, so its turn is 0.
                    black_box(shard.poll(id, 0, -1)).ok();
                }
            }
            time += began.elapsed();
            let newest = narrows_push::event::last_event_id(offset);
            for id in &queues {
                shard.acknowledge(id, newest).ok();
            }
            offset += 1;
        }
        time
    };
    group.bench_function("delivered", |b| b.iter_custom(|n| broadcast(n, false)));
    group.bench_function("taken", |b| b.iter_custom(|n| broadcast(n, true)));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).sample_size(20);
    targets = fan_out
}
criterion_main!(benches);
