use std::collections::BTreeMap;

use chrono::TimeDelta;
use narrows_wire::queue::{Activate, Capabilities, Snapshot};
use narrows_wire::{MessageFlags, OutboxId, Payload, PersonalFlags, Xid};
use serde_json::value::RawValue;

use super::*;

const REALM: RealmId = RealmId(1);
const STREAM: StreamId = StreamId(7);
const ANN: UserId = UserId(10);
const BOB: UserId = UserId(11);

/// A shard, and the next entry of its log.
struct Log {
    shard: Shard,
    entries: Vec<Envelope>,
    now: DateTime<Utc>,
}

fn settings() -> Settings {
    Settings {
        number: 0,
        shards: 1,
        max_pending: 50,
    }
}

fn descriptor(user: UserId) -> Descriptor {
    Descriptor {
        realm_id: REALM,
        user_id: Some(user),
        email: "someone@example.com".into(),
        delivery_email: "someone@example.com".into(),
        role: Role::Member,
        credential: Some("aa".into()),
        event_types: None,
        narrow: vec![],
        all_public_streams: false,
        apply_markdown: true,
        client_gravatar: true,
        slim_presence: true,
        include_subscribers: true,
        capabilities: Capabilities {
            bulk_message_deletion: true,
            ..Default::default()
        },
        idle_timeout: 600,
        client: "test".into(),
    }
}

fn envelope(n: i64, audience: Audience) -> Envelope {
    Envelope {
        id: Some(OutboxId(n)),
        xid: Some(Xid(n.cast_unsigned())),
        realm_id: REALM,
        audience,
        effects: vec![],
        payload: Some(Payload::Event {
            event_type: "test".into(),
            body: RawValue::from_string(format!("{{\"type\":\"test\",\"n\":{n}}}")).expect("JSON"),
            flags: None,
            clients: None,
        }),
    }
}

fn membership(n: i64, version: i64, joined: &[UserId], left: &[UserId]) -> Envelope {
    Envelope {
        payload: None,
        effects: vec![Effect::Membership {
            stream_id: STREAM,
            version,
            joined: joined.to_vec(),
            left: left.to_vec(),
        }],
        ..envelope(n, Audience::default())
    }
}

impl Log {
    fn new() -> Self {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        Self {
            shard: Shard::new(settings()),
            entries: vec![],
            now,
        }
    }

    fn append(&mut self, envelope: Envelope) {
        let offset = self.entries.len() as i64;
        self.entries.push(envelope.clone());
        self.shard.follow(offset);
        self.shard.apply(envelope, self.now);
    }

    /// A queue whose state had seen transactions below `seen`.
    fn open(
        &mut self,
        id: &str,
        user: UserId,
        seen: u64,
        streams: &[(StreamId, i64)],
    ) -> crate::queue::Stored {
        self.shard.allocate(id, descriptor(user), self.now);
        self.activate(id, seen, streams)
    }

    fn activate(
        &mut self,
        id: &str,
        seen: u64,
        streams: &[(StreamId, i64)],
    ) -> crate::queue::Stored {
        let snapshot = Snapshot {
            xmin: seen,
            xmax: seen,
            running: vec![],
        };
        let activate = Activate {
            snapshot,
            streams: streams.iter().copied().collect(),
            since: BTreeMap::new(),
        };
        self.shard
            .activate(id, activate, self.now)
            .expect("allocated")
    }

    /// `(id, n)` of all events that wait.
    fn waiting(&self, id: &str) -> Vec<(i64, i64)> {
        let key = self.shard.keys.get(id).expect("the queue lives");
        let frames = self.shard.queues[key].frames(-1);
        frames
            .iter()
            .map(|frame| {
                let json: serde_json::Value = serde_json::from_slice(&frame.json).expect("JSON");
                assert_eq!(json["id"], frame.id);
                (frame.id, json["n"].as_i64().unwrap_or(-1))
            })
            .collect()
    }

    fn numbers(&self, id: &str) -> Vec<i64> {
        self.waiting(id).into_iter().map(|(_, n)| n).collect()
    }

    fn lives(&self, id: &str) -> bool {
        self.shard.keys.contains_key(id)
    }
}

#[test]
fn envelopes_of_one_entry_have_ids_of_their_own_and_come_once() {
    let mut log = Log::new();
    log.open("q", ANN, 1, &[]);
    let all = Audience::realm;
    for (offset, numbers) in [(0, [1, 2]), (1, [2, 3])] {
        log.shard.follow(offset);
        for n in numbers {
            log.shard.apply(envelope(n, all()), log.now);
        }
    }
    let expected = [
        (event_id(0, 0), 1),
        (event_id(0, 1), 2),
        (event_id(1, 0), 3),
    ];
    assert_eq!(log.waiting("q"), expected);
}

#[test]
fn a_queue_has_what_its_snapshot_did_not_see_exactly_once() {
    let mut log = Log::new();
    log.append(envelope(1, Audience::realm()));
    log.shard.allocate("q", descriptor(ANN), log.now);
    log.append(envelope(2, Audience::realm()));
    log.append(envelope(5, Audience::realm()));
    log.activate("q", 5, &[]);
    log.append(envelope(4, Audience::realm()));
    log.append(envelope(6, Audience::users([ANN])));
    log.append(envelope(6, Audience::users([ANN])));
    log.append(envelope(7, Audience::users([BOB])));
    log.append(envelope(8, Audience::realm().but([ANN])));
    log.append(envelope(9, Audience::role(Role::Admin)));
    assert_eq!(log.numbers("q"), [5, 6]);
}

#[test]
fn messages_wait_for_the_change_of_membership_that_they_saw() {
    let mut log = Log::new();
    log.open("ann", ANN, 0, &[(STREAM, 3)]);
    log.open("bob", BOB, 0, &[]);
    log.append(envelope(1, Audience::stream(STREAM, 4)));
    log.append(envelope(2, Audience::stream(STREAM, 3)));
    log.append(membership(3, 4, &[BOB], &[ANN]));
    log.append(envelope(4, Audience::stream(STREAM, 3)));
    assert_eq!(
        log.numbers("ann"),
        [2, 4],
        "removed as of 4, still a subscriber as of 3"
    );
    assert_eq!(log.numbers("bob"), [1], "subscribed as of 4");
    let ids: Vec<i64> = log
        .waiting("bob")
        .into_iter()
        .map(|(id, _)| offset(id))
        .collect();
    assert_eq!(
        ids,
        [2],
        "the held one comes under the entry that released it"
    );
}

fn offset(id: i64) -> i64 {
    crate::event::offset_of(id)
}

#[test]
fn a_registration_says_since_when_its_owner_is_subscribed() {
    let mut log = Log::new();
    log.open("before", BOB, 0, &[]);
    // Bob joined as of 5. Another queue of his learns of it from its state, before the log has the change.
    log.shard.allocate("after", descriptor(BOB), log.now);
    let snapshot = Snapshot {
        xmin: 50,
        xmax: 50,
        running: vec![],
    };
    let activate = Activate {
        snapshot,
        streams: BTreeMap::from([(STREAM, 6)]),
        since: BTreeMap::from([(STREAM, 5)]),
    };
    log.shard.activate("after", activate, log.now);
    log.append(envelope(40, Audience::stream(STREAM, 4)));
    log.append(envelope(41, Audience::stream(STREAM, 5)));
    assert_eq!(log.numbers("before"), [41], "40 was not for him");
    log.append(envelope(60, Audience::stream(STREAM, 6)));
    assert_eq!(log.numbers("after"), [60], "what its state saw is left out");
}

#[test]
fn everybody_has_their_own_flags() {
    let mut log = Log::new();
    log.open("ann", ANN, 0, &[]);
    log.open("bob", BOB, 0, &[]);
    let flags = PersonalFlags {
        rest: MessageFlags::READ,
        groups: vec![(MessageFlags::MENTIONED, vec![BOB])],
    };
    let update = r#"{"type":"update_message","message_id":5}"#;
    log.append(Envelope {
        payload: Some(Payload::Event {
            event_type: "update_message".into(),
            body: RawValue::from_string(update.into()).expect("JSON"),
            flags: Some(Box::new(flags)),
            clients: None,
        }),
        ..envelope(1, Audience::realm())
    });
    let flags = |id: &str| {
        let key = log.shard.keys.get(id).expect("the queue lives");
        let frames = log.shard.queues[key].frames(-1);
        let json: serde_json::Value = serde_json::from_slice(&frames[0].json).expect("JSON");
        assert_eq!(json["message_id"], 5);
        json["flags"].clone()
    };
    assert_eq!(
        (flags("ann"), flags("bob")),
        (["read"].into(), ["mentioned"].into())
    );
}

#[test]
fn who_may_have_missed_a_message_registers_anew() {
    let mut log = Log::new();
    log.open("old", BOB, 0, &[]);
    log.append(envelope(1, Audience::stream(STREAM, 9)));
    log.open("new", BOB, 50, &[(STREAM, 9)]);
    log.append(membership(20, 9, &[BOB], &[]));
    assert!(
        !log.lives("old"),
        "joined as of 9, but 9 went out without them"
    );
    assert!(log.lives("new"), "its state knew of the change");
}

#[test]
fn patience_with_a_change_that_does_not_come_ends() {
    let mut log = Log::new();
    log.open("ann", ANN, 0, &[(STREAM, 3)]);
    log.open("bob", BOB, 0, &[]);
    log.append(envelope(1, Audience::stream(STREAM, 4)));
    log.shard.tick(log.now + TimeDelta::seconds(29));
    assert!(log.lives("ann"));
    log.shard.tick(log.now + TimeDelta::seconds(30));
    assert!(!log.lives("ann") && log.lives("bob"));
    log.open("again", ANN, 0, &[(STREAM, 4)]);
    log.append(envelope(2, Audience::stream(STREAM, 4)));
    assert_eq!(log.numbers("again"), [2]);
}

#[test]
fn a_replay_gives_the_same_events_the_same_ids() {
    let mut log = Log::new();
    let ann = log.open("ann", ANN, 0, &[(STREAM, 3)]);
    let bob = log.open("bob", BOB, 0, &[]);
    for n in 1..40 {
        match n % 8 {
            1 => log.append(envelope(n, Audience::stream(STREAM, 4 + n / 8))),
            3 => log.append(membership(
                n,
                4 + n / 8,
                if n % 16 == 3 { &[BOB] } else { &[] },
                if n % 16 == 3 { &[] } else { &[BOB] },
            )),
            5 => log.append(envelope(n - 1, Audience::realm())),
            7 => log.append(Envelope {
                effects: vec![Effect::RoleChanged {
                    user_id: BOB,
                    role: if n % 16 == 7 {
                        Role::Guest
                    } else {
                        Role::Owner
                    },
                }],
                ..envelope(n, Audience::role(Role::Member))
            }),
            _ => log.append(envelope(n, Audience::realm())),
        }
    }
    let batch = log.shard.take_batch(log.now);
    let text = |value: &StoredUser| serde_json::to_string(value).expect("JSON");
    for start in [0, 1, 9, 20, 30] {
        let meta = Meta {
            position: log.shard.position,
            replay_from: start,
            marks: vec![],
        };
        let queue = |id: &str, stored: &crate::queue::Stored| (id.to_owned(), stored.clone(), None);
        let loaded = Loaded {
            meta: Some(meta),
            queues: vec![queue("ann", &ann), queue("bob", &bob)],
            users: batch
                .users
                .iter()
                .filter_map(|(id, u)| Some((*id, serde_json::from_str(&text(u.as_ref()?)).ok()?)))
                .collect(),
            streams: batch
                .streams
                .iter()
                .filter_map(|(id, v)| Some((*id, v.clone()?)))
                .collect(),
        };
        let mut again = Log {
            shard: Shard::restore(settings(), loaded, log.now),
            entries: vec![],
            now: log.now,
        };
        for (n, entry) in log.entries.iter().enumerate().skip(start as usize) {
            again.shard.follow(n as i64);
            again.shard.apply(entry.clone(), log.now);
        }
        for id in ["ann", "bob"] {
            // What was held before the start is why replays start with a margin.
            let since = event_id(start + 3, 0);
            let from = |log: &Log| {
                log.waiting(id)
                    .into_iter()
                    .filter(|(i, _)| *i >= since)
                    .collect::<Vec<_>>()
            };
            assert!(!from(&log).is_empty() || start == 30);
            assert_eq!(from(&again), from(&log), "{id} from {start}");
        }
    }
}

#[test]
fn what_is_replayed_does_not_grow_with_every_restart() {
    let mut log = Log::new();
    let restart = |log: &mut Log| {
        let meta = log.shard.take_batch(log.now).meta.expect("a place");
        let replay_from = meta.replay_from;
        let loaded = Loaded {
            meta: Some(meta),
            ..Loaded::default()
        };
        // Nothing happens in the log while nobody reads it.
        log.now += TimeDelta::hours(1);
        log.shard = Shard::restore(settings(), loaded, log.now);
        for offset in replay_from..log.entries.len() as i64 {
            log.shard.follow(offset);
            let entry = log.entries[offset as usize].clone();
            log.shard.apply(entry, log.now);
        }
        replay_from
    };
    let mut starts = Vec::new();
    for n in 0..30 {
        for _ in 0..4 {
            log.append(envelope(n, Audience::realm()));
            log.now += TimeDelta::minutes(1);
            log.shard.tick(log.now);
        }
        starts.push(restart(&mut log));
    }
    // Four entries between two restarts, and ten minutes of the log before the end.
    let behind = starts.iter().zip(1..).map(|(from, n)| 4 * n - from);
    let behind: Vec<i64> = behind.collect();
    assert!(
        behind
            .iter()
            .skip(3)
            .all(|entries| (10..=15).contains(entries)),
        "{behind:?}"
    );
}

#[test]
fn a_log_that_began_anew_or_has_a_gap_ends_the_queues_that_cannot_be_served() {
    let mut log = Log::new();
    log.append(envelope(1, Audience::realm()));
    log.open("q", ANN, 0, &[]);
    log.append(envelope(2, Audience::realm()));
    log.shard.follow(5);
    assert!(!log.lives("q"));
    log.open("q", ANN, 0, &[]);
    log.shard.follow(0);
    assert!(!log.lives("q"));
}

#[test]
fn queues_end_by_idleness_revocation_and_overflow() {
    let mut log = Log::new();
    log.open("q", ANN, 0, &[]);
    log.shard.connect("q");
    log.shard.tick(log.now + TimeDelta::seconds(700));
    assert!(log.lives("q"), "somebody is there");
    log.shard.disconnect("q", log.now);
    log.shard.tick(log.now + TimeDelta::seconds(599));
    assert!(log.lives("q"));
    log.shard.tick(log.now + TimeDelta::seconds(600));
    assert!(!log.lives("q"));
    log.open("q", ANN, 0, &[]);
    let kill = |credential: Option<&str>| Effect::KillQueues {
        user_id: ANN,
        credential: credential.map(Into::into),
    };
    log.append(Envelope {
        effects: vec![kill(Some("bb"))],
        ..envelope(1, Audience::default())
    });
    assert!(log.lives("q"), "another session ended");
    log.append(Envelope {
        effects: vec![kill(Some("aa"))],
        ..envelope(2, Audience::default())
    });
    assert!(!log.lives("q"));
    log.open("q", ANN, 0, &[]);
    log.append(Envelope {
        realm_id: RealmId(2),
        effects: vec![Effect::CloseRealm],
        ..envelope(3, Audience::default())
    });
    assert!(log.lives("q"), "another realm was closed");
    log.append(Envelope {
        effects: vec![Effect::CloseRealm],
        ..envelope(4, Audience::default())
    });
    assert!(!log.lives("q"));
    log.open("q", ANN, 0, &[]);
    for n in 10..60 {
        log.append(envelope(n, Audience::realm()));
    }
    assert!(log.lives("q"));
    log.append(envelope(60, Audience::realm()));
    assert!(!log.lives("q"), "more than 50 wait");
    assert!(
        log.shard.users.is_empty() && log.shard.specs.is_empty(),
        "nothing is left behind"
    );
}

#[test]
fn acknowledged_events_are_gone_and_heartbeats_hide_nothing() {
    let mut log = Log::new();
    log.open("q", ANN, 0, &[]);
    log.append(envelope(1, Audience::realm()));
    let (first, _) = log.waiting("q")[0];
    log.shard.acknowledge("q", first).expect("known");
    assert!(log.numbers("q").is_empty());
    let one = log.shard.heartbeat("q").expect("known").id;
    let two = log.shard.heartbeat("q").expect("known").id;
    assert!(first < one && one < two);
    log.append(envelope(2, Audience::realm()));
    assert!(two < log.waiting("q")[0].0);
    log.shard
        .acknowledge("q", two)
        .expect("a heartbeat's id acknowledges");
    assert_eq!(log.numbers("q"), [2]);
    assert_eq!(log.shard.acknowledge("q", first), Err(PollError::Pruned));
    assert_eq!(log.shard.acknowledge("nope", 1), Err(PollError::Unknown));
}
