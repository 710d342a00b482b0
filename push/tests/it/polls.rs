use actix_web::{App, HttpResponse, HttpServer, web};
use narrows_wire::jobs::{MissedMessageEmail, NotificationTrigger};
use narrows_wire::queue::Authenticate;
use narrows_wire::{Audience, Effect, Envelope, Job, MessageId, Payload, UserId};
use serde_json::{Value, json};

use crate::harness::{
    DELIVERY_EMAIL, EMAIL, KEY, Process, REALM, Server, config, descriptor, envelope,
};

const ANN: UserId = UserId(10);

#[tokio::test]
async fn a_poll_waits_for_an_event_and_an_acknowledged_one_is_gone() {
    let config = config();
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server.register(&push.url, &descriptor(ANN), 5, &[]).await;
    let (polled, ()) = tokio::join!(
        server.poll(&push.url, &queue.queue_id, queue.last_event_id),
        async {
            server.publish(&envelope(4, Audience::realm())).await;
            server.publish(&envelope(6, Audience::realm())).await;
            server.publish(&envelope(6, Audience::realm())).await;
        }
    );
    let first: Value = polled.json().await.expect("JSON");
    assert_eq!(
        (&first["result"], &first["msg"], &first["queue_id"]),
        (&json!("success"), &json!(""), &json!(queue.queue_id))
    );
    assert_eq!(
        first["events"].as_array().map(Vec::len),
        Some(1),
        "seen by the snapshot, or a copy: {first}"
    );
    let id = first["events"][0]["id"].as_i64().expect("an id");
    assert!(id > queue.last_event_id);
    assert_eq!(
        first["events"][0],
        json!({"type": "test", "n": 6, "id": id})
    );
    let again: Value = server
        .poll(&push.url, &queue.queue_id, queue.last_event_id)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(again, first, "until it is acknowledged");
    server.publish(&envelope(7, Audience::realm())).await;
    let next: Value = server
        .poll(&push.url, &queue.queue_id, id)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(next["events"][0]["n"], 7);
    let pruned: Value = server
        .poll(&push.url, &queue.queue_id, queue.last_event_id)
        .await
        .json()
        .await
        .expect("JSON");
    assert_eq!(pruned["code"], "BAD_REQUEST");
}

#[tokio::test]
async fn errors_are_the_apis() {
    let config = config();
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server
        .register(&push.url, &descriptor(ANN), 0, &[])
        .await
        .queue_id;
    let ask = async |door: &str, query: &[(&str, &str)], user: Option<(&str, &str)>| {
        let mut request = server.http.get(format!("{}{door}", push.url)).query(query);
        if let Some((email, key)) = user {
            request = request.basic_auth(email, Some(key));
        }
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let scheme = answer
            .headers()
            .get("WWW-Authenticate")
            .map(|v| v.to_str().expect("text").to_owned());
        (status, scheme, answer.json::<Value>().await.expect("JSON"))
    };
    let me = Some((EMAIL, KEY));
    let unknown = |id: &str| {
        let msg = format!("Bad event queue ID: {id}");
        (
            400,
            None,
            json!({"result": "error", "msg": msg, "queue_id": id, "code": "BAD_EVENT_QUEUE_ID"}),
        )
    };
    let bad = |msg: &str| {
        (
            400,
            None,
            json!({"result": "error", "msg": msg, "code": "BAD_REQUEST"}),
        )
    };
    let api = "/api/v1/events";
    assert_eq!(
        ask(api, &[("queue_id", "bogus:1"), ("last_event_id", "-1")], me).await,
        unknown("bogus:1")
    );
    assert_eq!(
        ask(api, &[("queue_id", "bogus:1")], me).await,
        bad("Missing 'last_event_id' argument")
    );
    assert_eq!(
        ask(api, &[("last_event_id", "-1")], me).await,
        bad("Missing 'queue_id' argument")
    );
    let nonsense = [("queue_id", queue.as_str()), ("last_event_id", "abc")];
    assert_eq!(
        ask(api, &nonsense, me).await,
        bad("Argument \"last_event_id\" is not valid JSON.")
    );
    for (value, msg) in [
        ("perhaps", "Argument \"dont_block\" is not valid JSON."),
        ("1", "dont_block is not a boolean"),
    ] {
        let nonsense = [
            ("queue_id", queue.as_str()),
            ("last_event_id", "-1"),
            ("dont_block", value),
        ];
        assert_eq!(ask(api, &nonsense, me).await, bad(msg));
    }
    let twice = [
        ("queue_id", queue.as_str()),
        ("queue_id", "bogus:2"),
        ("last_event_id", "abc"),
        ("last_event_id", "-1"),
    ];
    assert_eq!(
        ask(api, &twice, me).await,
        unknown("bogus:2"),
        "the later one of two counts"
    );
    let fine = [("queue_id", queue.as_str()), ("last_event_id", "-1")];
    assert_eq!(
        ask(api, &fine, Some(("bob@example.com", KEY))).await,
        unknown(&queue),
        "somebody else's is no queue"
    );
    let missing = json!({"result": "error", "msg": "Not logged in: API authentication or user session required", "code": "UNAUTHORIZED"});
    assert_eq!(
        ask(api, &fine, None).await,
        (401, Some("Basic realm=\"zulip\"".into()), missing.clone())
    );
    assert_eq!(
        ask("/json/events", &fine, me).await,
        (401, Some("Session realm=\"zulip\"".into()), missing)
    );
    let patch = server
        .http
        .patch(format!("{}{api}", push.url))
        .send()
        .await
        .expect("an answer");
    assert_eq!(patch.status(), 405);
    let stranger = server
        .http
        .post(format!("{}/internal/queues", push.url))
        .json(&descriptor(ANN))
        .send()
        .await;
    assert_eq!(stranger.expect("an answer").status(), 403);
}

#[tokio::test]
async fn queues_end_by_deletion_and_by_revocation() {
    let config = config();
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server.register(&push.url, &descriptor(ANN), 0, &[]).await;
    let url = format!("{}/api/v1/events", push.url);
    let delete = server
        .http
        .delete(&url)
        .basic_auth(EMAIL, Some(KEY))
        .form(&[("queue_id", &queue.queue_id)]);
    let deleted: Value = delete
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON");
    assert_eq!(deleted, json!({"result": "success", "msg": ""}));
    assert_eq!(
        server.poll(&push.url, &queue.queue_id, -1).await.status(),
        400
    );
    let queue = server.register(&push.url, &descriptor(ANN), 0, &[]).await;
    let kill = Effect::KillQueues {
        user_id: ANN,
        credential: None,
    };
    let last = Envelope {
        effects: vec![kill],
        ..envelope(9, Audience::users([UserId(99)]))
    };
    let (waiting, ()) = tokio::join!(
        server.poll(&push.url, &queue.queue_id, -1),
        server.publish(&last)
    );
    let waiting: Value = waiting.json().await.expect("JSON");
    assert_eq!(
        waiting["code"], "BAD_EVENT_QUEUE_ID",
        "who waits is told at once"
    );
}

#[tokio::test]
async fn another_key_of_the_same_user_is_asked_about() {
    let app = HttpServer::new(|| {
        let answer = async |question: web::Json<Authenticate>| {
            let users = [
                (narrows_push::auth::hash("another key"), 10),
                (narrows_push::auth::hash("a stranger's"), 11),
            ];
            let whose = users.iter().find(|(hash, _)| *hash == question.credential);
            whose.map_or_else(
                || HttpResponse::NotFound().finish(),
                |(_, id)| HttpResponse::Ok().json(json!({"user_id": id, "realm_id": REALM})),
            )
        };
        App::new().route("/internal/authenticate", web::post().to(answer))
    });
    let app = app
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .expect("a port");
    let mut config = config();
    config.server.internal_url = format!("http://{}", app.addrs()[0]);
    tokio::spawn(app.run());
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server
        .register(&push.url, &descriptor(ANN), 0, &[])
        .await
        .queue_id;
    for (email, key, status) in [
        (EMAIL, "another key", 200),
        (EMAIL, "a stranger's", 400),
        (EMAIL, "nobody's", 400),
        (EMAIL, "another key", 200),
        (DELIVERY_EMAIL, KEY, 200),
        ("somebody@example.com", KEY, 400),
    ] {
        let query = [
            ("queue_id", queue.as_str()),
            ("last_event_id", "-1"),
            ("dont_block", "true"),
        ];
        let request = server
            .http
            .get(format!("{}/api/v1/events", push.url))
            .basic_auth(email, Some(key))
            .query(&query);
        assert_eq!(
            request.send().await.expect("an answer").status(),
            status,
            "{email} {key}"
        );
    }
    let cookie = format!("sessionid={KEY}");
    let query = [
        ("queue_id", queue.as_str()),
        ("last_event_id", "-1"),
        ("dont_block", "true"),
    ];
    let request = server
        .http
        .get(format!("{}/json/events", push.url))
        .header("Cookie", cookie)
        .query(&query);
    assert_eq!(request.send().await.expect("an answer").status(), 200);
}

#[tokio::test]
async fn those_who_are_not_there_are_told_by_mail() {
    let config = config();
    let (push, server) = (Process::start(&config).await, Server::new(&config));
    let queue = server.register(&push.url, &descriptor(ANN), 0, &[]).await;
    let message = json!({
        "message": {"id": 5, "type": "private"}, "message_id": 5, "sender_id": 3, "dm_users": [3, 10, 11],
        "content": "hi", "rendered_content": "<p>hi</p>", "avatar": {"source": "uploaded", "url": "/x"},
        "notify": {"10": "direct_message", "11": "direct_message"},
    });
    let payload = Payload::Message(Box::new(
        serde_json::from_value(message).expect("a message"),
    ));
    let envelope = Envelope {
        payload: Some(payload),
        ..envelope(8, Audience::users([ANN, UserId(11)]))
    };
    let (polled, ()) = tokio::join!(
        server.poll(&push.url, &queue.queue_id, -1),
        server.publish(&envelope)
    );
    let polled: Value = polled.json().await.expect("JSON");
    assert_eq!(polled["events"][0]["message"]["content"], "<p>hi</p>");
    let job = server
        .bus
        .consume_jobs("missed_message_email", 1)
        .next()
        .await;
    let job: narrows_wire::jobs::JobEnvelope = serde_json::from_slice(job.body()).expect("a job");
    assert_eq!(job.key, "missed:5:11", "ann is there");
    let missed = MissedMessageEmail {
        realm_id: REALM,
        user_id: UserId(11),
        message_id: MessageId(5),
        trigger: NotificationTrigger::DirectMessage,
    };
    assert_eq!(job.job, Job::MissedMessageEmail(missed));
}
