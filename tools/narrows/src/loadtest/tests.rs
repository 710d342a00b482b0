//! The arithmetic of reports, and the client against a server of a few lines.

use std::{
    net::TcpListener,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::Parser;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::{
    Extent, credentials, delivery, idle_queues, memory, register,
    report::{self, Figures},
    send,
    site::Site,
};

const FULL: Extent = Extent::Full(Duration::from_secs(5));

fn figures(values: &[(&'static str, f64)]) -> Figures {
    let mut figures = Figures::default();
    for (name, value) in values {
        figures.add(name, *value);
    }
    figures
}

#[test]
fn medians_are_of_the_runs_that_have_the_figure() {
    let runs = [
        figures(&[("n", 1.0), ("p50_ms", 9.0)]),
        figures(&[("n", 3.0)]),
        figures(&[("n", 8.0), ("p50_ms", 4.0)]),
    ];
    let medians = report::medians(&runs);
    assert_eq!(medians.get("n"), Some(3.0));
    assert_eq!(medians.get("p50_ms"), Some(6.5));
    let table = report::table(&runs, &medians);
    let lines: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(lines[1], ["n", "1", "3", "8", "3"]);
    assert_eq!(lines[2], ["p50_ms", "9", "-", "4", "6.500"]);
}

#[test]
fn credentials_become_basic_authorization() {
    let text =
        br#"[{"email": "a@x", "api_key": "k", "user_id": 3}, {"email": "b@x", "api_key": "l"}]"#;
    let users = credentials::parse(text).expect("parses");
    assert_eq!(users[0].authorization, "Basic YUB4Oms=");
    assert_eq!(users.len(), 2);
    assert!(credentials::parse(br#"{"email": "a@x"}"#).is_err());
}

#[test]
fn pss_is_read_in_bytes() {
    let text =
        "00400000-7ffd [rollup]\nRss:  900 kB\nPss:                 512 kB\nPss_Dirty: 4 kB\n";
    assert_eq!(memory::parse_pss(text), Some(512 * 1024));
    assert_eq!(memory::parse_pss("Rss: 4 kB\n"), None);
}

/// A server that knows streams `open` (everybody gets its messages) and `deaf` (only the first user does).
#[derive(Clone)]
struct Fake {
    messages: Arc<Mutex<Vec<(String, String)>>>,
    count: Arc<watch::Sender<usize>>,
    queues: Arc<Mutex<Vec<String>>>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn form(body: &[u8]) -> std::collections::HashMap<String, String> {
    serde_urlencoded::from_bytes(body).expect("a form")
}

async fn post_message(fake: web::Data<Fake>, body: web::Bytes) -> HttpResponse {
    let form = form(&body);
    if form["to"] == "missing" {
        return HttpResponse::BadRequest()
            .json(json!({"result": "error", "msg": "no such stream"}));
    }
    let mut messages = locked(&fake.messages);
    messages.push((form["to"].clone(), form["content"].clone()));
    fake.count.send_replace(messages.len());
    HttpResponse::Ok().json(json!({"result": "success", "id": messages.len()}))
}

async fn post_register(fake: web::Data<Fake>, request: HttpRequest) -> HttpResponse {
    let user = request
        .headers()
        .get("authorization")
        .expect("a header")
        .to_str()
        .expect("text")
        .to_owned();
    let mut queues = locked(&fake.queues);
    queues.push(user);
    let last = *fake.count.borrow() as i64 - 1;
    HttpResponse::Ok().json(json!({"queue_id": queues.len().to_string(), "last_event_id": last}))
}

async fn get_events(fake: web::Data<Fake>, query: web::Query<Value>) -> HttpResponse {
    let number: usize = query["queue_id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let owner = locked(&fake.queues)[number - 1].clone();
    let last: i64 = query["last_event_id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    let first = usize::try_from(last + 1).expect("not below -1");
    let mut count = fake.count.subscribe();
    let deaf = owner != format!("Basic {}", STANDARD.encode("u0@x:k0"));
    if query.get("dont_block").is_none() {
        let _ = count.wait_for(|count| *count > first).await;
    }
    let events: Vec<Value> = locked(&fake.messages)
        .iter()
        .enumerate()
        .skip(first)
        .filter(|(_, (to, _))| to == "open" || !deaf)
        .map(|(id, (_, content))| json!({"id": id, "type": "message", "message": {"content": content}}))
        .collect();
    HttpResponse::Ok().json(json!({"events": events}))
}

async fn delete_queue(fake: web::Data<Fake>, body: web::Bytes) -> HttpResponse {
    let number: usize = form(&body)["queue_id"].parse().expect("an id");
    locked(&fake.queues)[number - 1].clear();
    HttpResponse::Ok().json(json!({}))
}

/// Start it, with users 0 to 9.
fn start() -> (Fake, Site) {
    let fake = Fake {
        messages: Arc::default(),
        count: Arc::new(watch::Sender::new(0)),
        queues: Arc::default(),
    };
    let data = web::Data::new(fake.clone());
    let listener = TcpListener::bind("127.0.0.1:0").expect("binds");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .route("/api/v1/messages", web::post().to(post_message))
            .route("/api/v1/register", web::post().to(post_register))
            .route("/api/v1/events", web::get().to(get_events))
            .route("/api/v1/events", web::delete().to(delete_queue))
    });
    let server = server
        .workers(1)
        .disable_signals()
        .listen(listener)
        .expect("listens")
        .run();
    actix_web::rt::spawn(server);
    let users: Vec<Value> = (0..10)
        .map(|n| json!({"email": format!("u{n}@x"), "api_key": format!("k{n}")}))
        .collect();
    let users = credentials::parse(&serde_json::to_vec(&users).expect("JSON")).expect("parses");
    (
        fake,
        Site::new(&url.parse().expect("a URL"), users).expect("a site"),
    )
}

/// Options of a load, as the command line gives them.
fn options<L: clap::Args>(words: &str) -> L {
    let command = L::augment_args(clap::Command::new("load").no_binary_name(true));
    let matches = command
        .try_get_matches_from(words.split_whitespace())
        .expect("options");
    L::from_arg_matches(&matches).expect("options")
}

#[actix_web::test]
async fn send_sends_exactly_what_was_asked_for() {
    let (fake, site) = start();
    let options: send::Options = options("--stream open --count 25 --concurrency 4");
    let figures = send::run(&site, &options, FULL).await.expect("runs");
    assert_eq!(
        (figures.get("n"), figures.get("errors")),
        (Some(25.0), Some(0.0))
    );
    assert!(figures.get("p99_ms") >= figures.get("p50_ms"));
    let messages = locked(&fake.messages);
    let different: std::collections::HashSet<_> = messages.iter().collect();
    assert_eq!(different.len(), 25);
}

#[actix_web::test]
async fn errors_are_counted_and_the_first_one_is_told() {
    let (_, site) = start();
    let options: send::Options = options("--stream missing --count 7 --concurrency 2");
    let figures = send::run(&site, &options, FULL).await.expect("runs");
    assert_eq!(
        (figures.get("n"), figures.get("errors")),
        (Some(0.0), Some(7.0))
    );
    assert_eq!(figures.get("p50_ms"), None);
    let error = figures.first_error.expect("an error");
    assert!(
        error.contains("400") && error.contains("no such stream"),
        "{error}"
    );
}

#[actix_web::test]
async fn delivery_waits_for_every_listener_and_frees_the_queues() {
    let (fake, site) = start();
    let options: delivery::Options = options("--stream open --clients 5 --count 4 --gap 0");
    let figures = delivery::run(&site, &options, FULL).await.expect("runs");
    assert_eq!(figures.get("deliveries"), Some(20.0));
    assert_eq!(
        (figures.get("missing"), figures.get("errors")),
        (Some(0.0), Some(0.0))
    );
    assert!(figures.get("last_max_ms") >= figures.get("any_p50_ms"));
    assert!(locked(&fake.queues).iter().all(String::is_empty));
}

#[actix_web::test]
async fn delivery_counts_what_did_not_come() {
    let (_, site) = start();
    let options: delivery::Options = options("--stream deaf --clients 3 --count 1 --gap 0");
    let extent = Extent::Full(Duration::from_secs(1));
    let figures = delivery::run(&site, &options, extent).await.expect("runs");
    assert_eq!(
        (figures.get("deliveries"), figures.get("missing")),
        (Some(1.0), Some(2.0))
    );
    assert!(figures.first_error.is_some());
}

#[actix_web::test]
async fn idle_queues_are_opened_asked_and_deleted() {
    let (fake, site) = start();
    let pid = std::process::id();
    let options: idle_queues::Options = options(&format!("--queues 30 --hold 0 --pid {pid}"));
    let figures = idle_queues::run(&site, &options).await.expect("runs");
    assert_eq!(
        (figures.get("opened"), figures.get("answered")),
        (Some(30.0), Some(30.0))
    );
    assert!(figures.get("pss_held_kb") > Some(0.0));
    let queues = locked(&fake.queues);
    assert_eq!(queues.len(), 31);
    assert!(queues.iter().all(String::is_empty));
}

#[actix_web::test]
async fn register_deletes_its_queues() {
    let (fake, site) = start();
    let options: register::Options = options("--full --count 6 --connections 2");
    let figures = register::run(&site, &options, FULL).await.expect("runs");
    assert_eq!(figures.get("n"), Some(6.0));
    assert!(figures.get("body_bytes") > Some(10.0));
    let queues = locked(&fake.queues);
    assert!(queues.len() == 6 && queues.iter().all(String::is_empty));
}

#[test]
fn unbounded_loads_are_refused() {
    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        options: super::Options,
    }
    let target = ["--site", "http://x", "--creds", "c"];
    for load in [
        &["send", "--stream", "s", "--concurrency", "0"][..],
        &["send", "--stream", "s", "--max-seconds", "100000"],
        &["delivery", "--stream", "s", "--gap", "-1"],
        &["search"],
    ] {
        let words = ["loadtest"].iter().chain(load).chain(&target);
        assert!(Command::try_parse_from(words).is_err(), "{load:?}");
    }
    let words = ["loadtest", "send", "--stream", "s"].iter().chain(&target);
    assert!(Command::try_parse_from(words).is_ok());
}
