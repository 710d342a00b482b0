//! Reading messages and what is unread, on a real database (`NARROWS_DATABASE_URL`), against naive models.

#![expect(clippy::expect_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeSet;
use std::sync::Arc;

use narrows_actions::flags::{self, Flag, Op};
use narrows_actions::messages::Shape;
use narrows_actions::messages::fetch::{self, Anchor, Fetch};
use narrows_actions::narrow::{self, Viewer};
use narrows_actions::{Caller, Ctx, unread};
use narrows_runtime::bus::Bus;
use narrows_runtime::clock::Clock;
use narrows_runtime::config::Config;
use narrows_store::models::{Realm, User};
use narrows_testkit::TestDb;
use narrows_wire::{MessageId, RealmId, UserId};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

/// A database of its own with a small realm: users 1 to 4 (4 is a guest), streams 1 public, 2 private with shared
/// history, 3 private with protected history, 4 web-public; recipients 1 to 4 are theirs, 5 is between users 1 and 2.
struct World {
    ctx: Ctx,
    sql: tokio_postgres::Client,
    _db: TestDb,
}

const SEED: &str = "
    INSERT INTO realms (id, subdomain, name) VALUES (1, 'acme', 'Acme'), (2, 'other', 'Other');
    INSERT INTO users (id, realm_id, email, delivery_email, full_name, role)
        SELECT i, CASE WHEN i = 5 THEN 2 ELSE 1 END, 'u' || i || '@x.org', 'u' || i || '@x.org', 'User ' || i,
            CASE WHEN i = 4 THEN 600 ELSE 400 END FROM generate_series(1, 5) AS i;
    INSERT INTO recipients (id, realm_id, kind) SELECT i, 1, 2 FROM generate_series(1, 4) AS i;
    INSERT INTO recipients (id, realm_id, kind, user_ids) VALUES (5, 1, 1, '{1,2}');
    INSERT INTO streams (id, realm_id, recipient_id, name, invite_only, history_public_to_subscribers, is_web_public)
        VALUES (1, 1, 1, 'public', FALSE, TRUE, FALSE), (2, 1, 2, 'shared', TRUE, TRUE, FALSE),
               (3, 1, 3, 'protected', TRUE, FALSE, FALSE), (4, 1, 4, 'web', FALSE, TRUE, TRUE);
    INSERT INTO topics (id, recipient_id, name) SELECT 10 * r + t, r, 'topic ' || t
        FROM generate_series(1, 4) AS r, generate_series(1, 2) AS t;
    INSERT INTO subscription_periods (user_id, recipient_id, from_message_id) VALUES (1, 5, 0), (2, 5, 0);";

impl World {
    async fn new() -> World {
        let db = TestDb::create().await.expect("a database to test on");
        let url = db.url.clone();
        let sql = connect(&url).await;
        sql.batch_execute(SEED).await.expect("seeds");
        let toml = format!("[server]\ndevelopment = true\n[database]\nurl = \"{url}\"\n");
        let config = Arc::new(Config::from_sources(&toml, |_| None).expect("settings"));
        let bus = Bus::connect(&config.amqp);
        let ctx = Ctx::connect(config, &bus, Clock::system())
            .await
            .expect("connects");
        World { ctx, sql, _db: db }
    }

    async fn caller(&self, user: i32) -> Caller {
        let mut conn = self.ctx.store.read().await.expect("a connection");
        let realm = Realm::find(&mut conn, RealmId(1)).await.expect("the realm");
        let user = User::find(&mut conn, RealmId(1), UserId(user))
            .await
            .expect("the user");
        Caller::internal(&self.ctx, realm, user)
    }

    async fn exec(&self, sql: &str) {
        self.sql.batch_execute(sql).await.expect(sql);
    }

    /// Subscribes a user after the messages that are there.
    async fn join(&self, user: i32, stream: i32) {
        self.exec(&format!(
            "INSERT INTO subscriptions (user_id, stream_id, color) VALUES ({user}, {stream}, 'red')
                ON CONFLICT (user_id, stream_id) DO UPDATE SET active = TRUE;
             INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)
                SELECT {user}, {stream}, coalesce(max(id), 0) FROM messages
                ON CONFLICT (user_id, recipient_id, from_message_id) DO UPDATE SET to_message_id = NULL"
        ))
        .await;
    }

    async fn leave(&self, user: i32, stream: i32) {
        self.exec(&format!(
            "UPDATE subscriptions SET active = FALSE WHERE user_id = {user} AND stream_id = {stream};
             UPDATE subscription_periods SET to_message_id = (SELECT coalesce(max(id), 0) FROM messages)
                WHERE user_id = {user} AND recipient_id = {stream} AND to_message_id IS NULL"
        ))
        .await;
    }

    /// A message; topic 0 of recipient 5.
    async fn say(&self, sender: i32, recipient: i32, topic: i32, content: &str) -> i64 {
        let topic = if recipient == 5 {
            "NULL".to_owned()
        } else {
            (10 * recipient + topic).to_string()
        };
        let sql = format!(
            "INSERT INTO messages (realm_id, recipient_id, topic_id, sender_id, content, rendered_content,
                rendered_version, client, sent_at)
             VALUES (1, {recipient}, {topic}, {sender}, $1, '<p>' || $1 || '</p>', 1, 'test', now()) RETURNING id"
        );
        self.sql
            .query_one(&sql, &[&content])
            .await
            .expect("inserts")
            .get(0)
    }

    async fn read(
        &self,
        caller: &Caller,
        anchor: Anchor,
        before: i64,
        after: i64,
        terms: Value,
    ) -> Value {
        let request = Fetch {
            anchor,
            include_anchor: true,
            num_before: before,
            num_after: after,
            narrow: narrow::parse(&terms.to_string()).expect("a narrow"),
            shape: Shape {
                apply_markdown: true,
                client_gravatar: true,
                allow_empty_topic_name: true,
            },
        };
        let answer = fetch::fetch(&self.ctx, Viewer::User(caller), &request)
            .await
            .expect("an answer");
        serde_json::from_slice(&answer).expect("JSON")
    }

    async fn ids(&self, user: i32, terms: Value) -> Vec<i64> {
        let caller = self.caller(user).await;
        ids(&self.read(&caller, newest(), 1000, 0, terms).await)
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("connects");
    tokio::spawn(connection);
    client
}

fn newest() -> Anchor {
    Anchor::parse(Some("newest"), false, None).expect("an anchor")
}

fn ids(answer: &Value) -> Vec<i64> {
    let messages = answer["messages"].as_array().expect("messages");
    messages
        .iter()
        .map(|message| message["id"].as_i64().expect("an id"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_what_was_delivered_and_the_history_that_is_open_to_them() {
    let world = World::new().await;
    let mut said = Vec::new();
    for recipient in 1..=5 {
        said.push(world.say(1, recipient, 1, "before").await);
    }
    for stream in 1..=4 {
        world.join(2, stream).await;
    }
    for recipient in 1..=5 {
        said.push(world.say(1, recipient, 1, "after").await);
    }
    let stream = |name: &str| json!([["channel", name]]);
    assert_eq!(
        world.ids(2, json!([])).await,
        [said[4], said[5], said[6], said[7], said[8], said[9]]
    );
    assert_eq!(world.ids(2, stream("public")).await, [said[0], said[5]]);
    assert_eq!(world.ids(2, stream("shared")).await, [said[1], said[6]]);
    assert_eq!(world.ids(2, stream("protected")).await, [said[7]]);
    assert_eq!(
        world.ids(2, json!([["dm", "u1@x.org"]])).await,
        [said[4], said[9]]
    );
    // Somebody who is in nothing.
    assert_eq!(world.ids(3, json!([])).await, Vec::<i64>::new());
    assert_eq!(world.ids(3, stream("public")).await, [said[0], said[5]]);
    assert_eq!(
        world.ids(3, json!([["channels", "public"]])).await,
        [said[0], said[3], said[5], said[8]]
    );
    assert_eq!(
        world.ids(4, json!([["channels", "public"]])).await,
        [said[3], said[8]],
        "guests: web-public ones"
    );
    for user in [3, 4] {
        let caller = world.caller(user).await;
        let terms = narrow::parse(r#"[["channel", "shared"]]"#).expect("a narrow");
        let shape = Shape {
            apply_markdown: true,
            client_gravatar: true,
            allow_empty_topic_name: true,
        };
        let request = Fetch {
            anchor: newest(),
            include_anchor: true,
            num_before: 5,
            num_after: 0,
            narrow: terms,
            shape,
        };
        let error = fetch::fetch(&world.ctx, Viewer::User(&caller), &request)
            .await
            .expect_err("refused");
        assert_eq!(
            error.to_string(),
            "Invalid narrow operator: unknown channel shared"
        );
        let hidden =
            fetch::fetch_one(&world.ctx, Viewer::User(&caller), MessageId(said[1]), shape).await;
        assert_eq!(
            hidden.expect_err("refused").to_string(),
            "Invalid message(s)"
        );
    }
    // Whoever leaves a private stream sees nothing of it any more.
    world.leave(2, 2).await;
    assert!(!world.ids(2, json!([])).await.contains(&said[6]));
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_choose_messages() {
    let world = World::new().await;
    world.join(2, 1).await;
    world.join(2, 4).await;
    let a = world.say(1, 1, 1, "the quick systems").await;
    let b = world.say(2, 1, 2, "slow ecosystem").await;
    let c = world.say(3, 4, 1, "with a link").await;
    let d = world.say(1, 5, 0, "just us").await;
    world
        .exec(&format!(
            "UPDATE messages SET has_link = TRUE WHERE id = {c};
             UPDATE messages SET wildcard_mention = 1 WHERE id = {b};
             INSERT INTO user_message_flags VALUES (2, {a}, 1), (2, {d}, 2);
             INSERT INTO reactions (message_id, user_id, emoji_name, emoji_code, reaction_type)
                VALUES ({a}, 3, 'tada', '1f389', 'unicode_emoji');
             INSERT INTO user_topics VALUES (2, 1, 'TOPIC 2', 1), (2, 4, 'topic 1', 3);
             UPDATE topics SET name = '✔ topic 1' WHERE id = 11"
        ))
        .await;
    let cases = [
        (json!([["is", "dm"]]), vec![d]),
        (json!([["-is", "dm"]]), vec![a, b, c]),
        (json!([["is", "starred"]]), vec![a]),
        (json!([["is", "mentioned"]]), vec![b, d]),
        (json!([["is", "unread"]]), vec![a, c, d]),
        (json!([["is", "resolved"]]), vec![a]),
        (json!([["is", "followed"]]), vec![c]),
        (json!([["is", "muted"]]), vec![b]),
        (json!([["in", "home"]]), vec![a, c, d]),
        (json!([["in", "all"]]), vec![a, b, c, d]),
        (json!([["has", "link"]]), vec![c]),
        (json!([["has", "reaction"]]), vec![a]),
        (json!([["sender", "u1@x.org"]]), vec![a, d]),
        (
            json!([{ "operator": "sender", "operand": 1, "negated": true }]),
            vec![b, c],
        ),
        (
            json!([["channel", "PUBLIC"], ["topic", "Topic 2"]]),
            vec![b],
        ),
        (json!([["-channel", "public"]]), vec![c, d]),
        (json!([["topic", "topic 1"]]), vec![c]),
        (json!([["dm-including", "u1@x.org"]]), vec![d]),
        (json!([["group-pm-with", "u1@x.org"]]), vec![]),
        (json!([["id", c.to_string()]]), vec![c]),
        (json!([["with", b.to_string()]]), vec![b]),
        (json!([["with", d.to_string()]]), vec![d]),
        (json!([["search", "the system"]]), vec![a]),
        (json!([["search", "\"quick systems\""]]), vec![a]),
        (json!([["-search", "system"]]), vec![b, c, d]),
        (json!([["channels", "web-public"]]), vec![c]),
        (json!([["channel", "public"], ["dm", "u1@x.org"]]), vec![]),
    ];
    for (terms, wanted) in cases {
        assert_eq!(world.ids(2, terms.clone()).await, wanted, "{terms}");
    }
    let caller = world.caller(2).await;
    let found = world
        .read(&caller, newest(), 5, 0, json!([["search", "system"]]))
        .await;
    assert_eq!(
        found["messages"][0]["match_content"],
        "<p>the quick <span class=\"highlight\">systems</span></p>"
    );
    assert_eq!(found["messages"][0]["flags"], json!(["starred"]));
    assert_eq!(
        found["messages"][0]["reactions"][0]["user"]["full_name"],
        "User 3"
    );
    let dm = world
        .read(&caller, newest(), 5, 0, json!([["is", "dm"]]))
        .await;
    let people: Vec<&Value> = dm["messages"][0]["display_recipient"]
        .as_array()
        .expect("people")
        .iter()
        .collect();
    assert_eq!(people.len(), 2);
    assert_eq!(
        (&dm["messages"][0]["type"], &dm["messages"][0]["subject"]),
        (&json!("private"), &json!(""))
    );
    // A name that changes is seen at once, although the message's body is cached. It raises the realm's version.
    world
        .exec(
            "UPDATE users SET full_name = 'Renamed' WHERE id = 1; UPDATE streams SET name = 'open' WHERE id = 1;
             UPDATE realms SET version = version + 1 WHERE id = 1",
        )
        .await;
    let caller = world.caller(2).await;
    let again = world
        .read(&caller, newest(), 5, 0, json!([["id", a.to_string()]]))
        .await;
    assert_eq!(again["messages"][0]["sender_full_name"], "Renamed");
    assert_eq!(again["messages"][0]["display_recipient"], "open");
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_are_cut_around_the_anchor() {
    let world = World::new().await;
    world.join(2, 1).await;
    world.join(2, 4).await;
    let mut all = Vec::new();
    for i in 0..20 {
        all.push(
            world
                .say(1, if i % 3 == 0 { 4 } else { 1 }, 1 + i % 2, "x")
                .await,
        );
    }
    let caller = world.caller(2).await;
    for terms in [
        json!([]),
        json!([["channel", "public"]]),
        json!([["channel", "public"], ["topic", "topic 1"]]),
    ] {
        let matching = world.ids(2, terms.clone()).await;
        for anchor in [0, all[0], all[7], all[8], all[19], all[19] + 5] {
            for (before, after) in [(0, 0), (3, 0), (0, 3), (3, 4), (50, 50)] {
                let answer = world
                    .read(&caller, Anchor::Id(anchor), before, after, terms.clone())
                    .await;
                let older: Vec<i64> = matching.iter().copied().filter(|id| *id < anchor).collect();
                let newer: Vec<i64> = matching.iter().copied().filter(|id| *id > anchor).collect();
                let mut wanted = older[older.len().saturating_sub(before as usize)..].to_vec();
                wanted.extend(matching.iter().filter(|id| **id == anchor));
                wanted.extend(newer.iter().take(after as usize));
                assert_eq!(ids(&answer), wanted, "{terms} {anchor} {before} {after}");
                assert_eq!(answer["found_anchor"], json!(matching.contains(&anchor)));
                let oldest = anchor == 0 || (older.len() as i64) < before;
                assert_eq!(answer["found_oldest"], json!(oldest));
                assert_eq!(answer["found_newest"], json!((newer.len() as i64) < after));
                assert_eq!(answer["anchor"], json!(anchor));
            }
        }
    }
}

/// A small generator: what happens is random, and the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unread_agrees_with_a_set_of_ids() {
    for seed in 0..4 {
        let world = World::new().await;
        let caller = world.caller(2).await;
        let mut random = Random(seed);
        // What user 2 has not read, and what they may see; subscriptions by stream.
        let (mut model, mut streams) = (BTreeSet::new(), BTreeSet::new());
        let mut delivered = Vec::new();
        for step in 0..120 {
            match random.below(10) {
                0 => {
                    let stream = 1 + random.below(2) as i32 * 3;
                    if streams.insert(stream) {
                        world.join(2, stream).await;
                    }
                }
                1..=5 => {
                    let recipient = [1, 4, 5][random.below(3) as usize];
                    let sender = 1 + random.below(2) as i32;
                    let id = world
                        .say(sender, recipient, 1 + random.below(2) as i32, "x")
                        .await;
                    if recipient == 5 || streams.contains(&recipient) {
                        delivered.push(id);
                        if sender != 2 {
                            model.insert(id);
                        }
                    }
                }
                6 | 7 if !delivered.is_empty() => {
                    let some: Vec<i64> = delivered
                        .iter()
                        .copied()
                        .filter(|_| random.below(4) == 0)
                        .collect();
                    let messages: Vec<MessageId> = some.iter().map(|id| MessageId(*id)).collect();
                    flags::update(&world.ctx, &caller, &messages, Op::Add, Flag::Read)
                        .await
                        .expect("reads");
                    model.retain(|id| !some.contains(id));
                }
                8 => {
                    // Of what came from others: one's own messages can be unread once they are settled.
                    let some: Vec<i64> = delivered
                        .iter()
                        .copied()
                        .filter(|_| random.below(6) == 0)
                        .collect();
                    let mut others = Vec::new();
                    for id in some {
                        let row = world
                            .sql
                            .query_one("SELECT sender_id FROM messages WHERE id = $1", &[&id])
                            .await;
                        if row.expect("there").get::<_, i32>(0) != 2 {
                            others.push(id);
                        }
                    }
                    let messages: Vec<MessageId> = others.iter().map(|id| MessageId(*id)).collect();
                    flags::update(&world.ctx, &caller, &messages, Op::Remove, Flag::Read)
                        .await
                        .expect("unreads");
                    model.extend(others);
                }
                _ if step % 17 == 0 => {
                    flags::mark_all_as_read(&world.ctx, &caller)
                        .await
                        .expect("reads all");
                    model.clear();
                }
                _ => {}
            }
            let mut conn = world.ctx.store.read().await.expect("a connection");
            let summary =
                serde_json::to_value(unread::state(&mut conn, &caller).await.expect("state"))
                    .expect("JSON");
            let mut told: Vec<i64> = ["pms", "streams", "huddles"]
                .iter()
                .flat_map(|kind| summary[kind].as_array().expect("a list"))
                .flat_map(|group| group["unread_message_ids"].as_array().expect("ids"))
                .filter_map(Value::as_i64)
                .collect();
            told.sort_unstable();
            assert_eq!(
                told,
                model.iter().copied().collect::<Vec<_>>(),
                "seed {seed}, step {step}"
            );
            assert_eq!(summary["count"], json!(model.len()));
        }
        let answer = world.read(&caller, newest(), 1000, 0, json!([])).await;
        for message in answer["messages"].as_array().expect("messages") {
            let id = message["id"].as_i64().expect("an id");
            let read = message["flags"]
                .as_array()
                .expect("flags")
                .contains(&json!("read"));
            assert_eq!(read, !model.contains(&id), "message {id}");
        }
        let first = world
            .read(&caller, Anchor::FirstUnread, 0, 1, json!([]))
            .await;
        assert_eq!(
            first["anchor"].as_i64(),
            Some(model.first().copied().unwrap_or(10_000_000_000_000_000))
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn flags_of_what_cannot_be_read_change_nothing() {
    let world = World::new().await;
    let hidden = world.say(1, 2, 1, "private").await;
    let open = world.say(1, 1, 1, "public").await;
    let caller = world.caller(3).await;
    for (op, flag) in [
        (Op::Add, Flag::Starred),
        (Op::Add, Flag::Read),
        (Op::Remove, Flag::Read),
    ] {
        let ids = [MessageId(open), MessageId(hidden)];
        let error = flags::update(&world.ctx, &caller, &ids, op, flag)
            .await
            .expect_err("refused");
        assert_eq!(error.to_string(), "Invalid message(s)");
    }
    assert_eq!(
        world.ids(3, json!([["is", "starred"]])).await,
        Vec::<i64>::new()
    );
    // What was not delivered can be starred, and is history.
    flags::update(
        &world.ctx,
        &caller,
        &[MessageId(open)],
        Op::Add,
        Flag::Starred,
    )
    .await
    .expect("stars");
    let starred = world
        .read(&caller, newest(), 5, 0, json!([["is", "starred"]]))
        .await;
    assert_eq!(
        starred["messages"][0]["flags"],
        json!(["read", "starred", "historical"])
    );
    let unread = flags::update(
        &world.ctx,
        &caller,
        &[MessageId(open)],
        Op::Remove,
        Flag::Read,
    )
    .await
    .expect("answers");
    assert_eq!(
        serde_json::to_value(unread).expect("JSON")["ignored_because_not_subscribed_channels"],
        json!([1])
    );
}
