//! A push server of one's own, and a publisher to its log.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use bytes::Bytes;
use narrows_push::{Push, auth, routes};
use narrows_runtime::bus::{Bus, Outgoing, Publisher, ShardSet};
use narrows_runtime::{Clock, Config, Shutdown};
use narrows_wire::queue::{Activate, Allocated, Capabilities, Descriptor, Snapshot};
use narrows_wire::{Audience, Envelope, OutboxId, Payload, RealmId, Role, StreamId, UserId, Xid};
use reqwest::Response;
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, watch};

pub const REALM: RealmId = RealmId(1);
pub const EMAIL: &str = "ann@example.com";
/// Where her mail goes; clients log in with either.
pub const DELIVERY_EMAIL: &str = "ann@mail.example.com";
pub const KEY: &str = "the key of ann";

/// Settings under a prefix that no other test has.
pub fn config() -> Config {
    let prefix = format!("test.{:x}.", rand::random::<u64>());
    Config::from_sources("", |name| match name {
        "NARROWS_DEVELOPMENT" => Some("true".into()),
        "NARROWS_AMQP_PREFIX" | "NARROWS_REDIS_PREFIX" => Some(prefix.clone()),
        "NARROWS_AMQP_URL" | "NARROWS_REDIS_URL" => Some(
            std::env::var(name)
                .unwrap_or_else(|_| panic!("{name}: run by tools/test, or see tools/services")),
        ),
        _ => None,
    })
    .expect("settings")
}

/// A process as far as it matters: its tasks end at once when it is killed.
pub struct Process {
    tasks: Option<Runtime>,
    http: Option<Runtime>,
    handle: ServerHandle,
    pub url: String,
}

impl Process {
    pub async fn start(config: &Config) -> Self {
        let runtime = || {
            Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime")
        };
        let (tasks, http) = (runtime(), runtime());
        let config = config.clone();
        let push = tasks.spawn(async move {
            Push::start(&config, Clock::system(), Shutdown::new()).expect("starts")
        });
        let data = web::Data::new(push.await.expect("runs"));
        let serve = http.spawn(async move {
            let server =
                HttpServer::new(move || App::new().app_data(data.clone()).configure(routes))
                    .workers(1)
                    .disable_signals()
                    .bind("127.0.0.1:0")
                    .expect("a port");
            let url = format!("http://{}", server.addrs()[0]);
            let server = server.run();
            let handle = server.handle();
            tokio::spawn(server);
            (handle, url)
        });
        let (handle, url) = serve.await.expect("runs");
        Self {
            tasks: Some(tasks),
            http: Some(http),
            handle,
            url,
        }
    }

    /// As SIGKILL: nothing more is written, and connections break.
    pub async fn kill(mut self) {
        if let Some(tasks) = self.tasks.take() {
            tasks.shutdown_background();
        }
        self.handle.stop(false).await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        for runtime in [self.tasks.take(), self.http.take()].into_iter().flatten() {
            runtime.shutdown_background();
        }
    }
}

/// The app server's side: registers queues and publishes events.
pub struct Server {
    pub config: Config,
    pub bus: Bus,
    publisher: Publisher,
    pub http: reqwest::Client,
    _confirmed: mpsc::UnboundedReceiver<Vec<OutboxId>>,
}

impl Server {
    pub fn new(config: &Config) -> Self {
        let bus = Bus::connect(&config.amqp);
        let (sender, confirmed) = mpsc::unbounded_channel();
        Self {
            config: config.clone(),
            publisher: Publisher::start(&bus, config.push.shards, sender),
            bus,
            http: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            _confirmed: confirmed,
        }
    }

    pub async fn internal(&self, url: &str, path: &str, body: Value) -> Response {
        let request = self.http.post(format!("{url}{path}"));
        let request = request.header(
            auth::INTERNAL_HEADER,
            self.config.secrets.internal_secret.expose(),
        );
        request.json(&body).send().await.expect("an answer")
    }

    /// A queue whose state had seen the transactions below `seen`.
    pub async fn register(
        &self,
        url: &str,
        descriptor: &Descriptor,
        seen: u64,
        streams: &[(StreamId, i64)],
    ) -> Allocated {
        let body = serde_json::to_value(descriptor).expect("JSON");
        let answer = self.internal(url, "/internal/queues", body).await;
        assert_eq!(answer.status(), 200);
        let allocated: Allocated = answer.json().await.expect("allocated");
        let streams: BTreeMap<StreamId, i64> = streams.iter().copied().collect();
        let snapshot = Snapshot {
            xmin: seen,
            xmax: seen,
            running: vec![],
        };
        let activate = Activate {
            snapshot,
            streams,
            since: BTreeMap::new(),
        };
        let body = serde_json::to_value(activate).expect("JSON");
        let path = format!("/internal/queues/{}/activate", allocated.queue_id);
        assert_eq!(self.internal(url, &path, body).await.status(), 200);
        allocated
    }

    /// Returns once the broker has it.
    pub async fn publish(&self, envelope: &Envelope) {
        let body = Bytes::from(serde_json::to_vec(envelope).expect("JSON"));
        let id = envelope.id.unwrap_or(OutboxId(0));
        let shards = ShardSet::of(envelope, self.config.push.shards);
        self.publisher
            .reserve()
            .publish(vec![Outgoing::Event {
                id,
                shards,
                body,
                is_plain: false,
            }])
            .await;
    }

    /// `n` of the events that a queue has now.
    pub async fn numbers(&self, url: &str, queue: &Allocated) -> Vec<i64> {
        let answer = self.poll(url, &queue.queue_id, queue.last_event_id).await;
        let answer: Value = answer.json().await.expect("JSON");
        let events = answer["events"].as_array().expect("events");
        events
            .iter()
            .map(|event| event["n"].as_i64().expect("a number"))
            .collect()
    }

    pub async fn poll(&self, url: &str, queue: &str, last: i64) -> Response {
        let request = self
            .http
            .get(format!("{url}/api/v1/events"))
            .basic_auth(EMAIL, Some(KEY));
        let last = last.to_string();
        request
            .query(&[("queue_id", queue), ("last_event_id", &last)])
            .send()
            .await
            .expect("an answer")
    }
}

/// A relay to a service, which can be cut.
pub struct Relay {
    pub address: SocketAddr,
    whole: watch::Sender<bool>,
}

impl Relay {
    pub async fn to(service: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (whole, is_whole) = watch::channel(true);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (mut is_whole, service) = (is_whole.clone(), service.clone());
                tokio::spawn(async move {
                    if !*is_whole.borrow_and_update() {
                        return;
                    }
                    let mut server = TcpStream::connect(service).await.expect("the service");
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = is_whole.wait_for(|whole| !whole) => {}
                    }
                });
            }
        });
        Self { address, whole }
    }

    /// Breaks all connections, and makes no new ones.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

pub fn descriptor(user: UserId) -> Descriptor {
    Descriptor {
        realm_id: REALM,
        user_id: Some(user),
        email: EMAIL.into(),
        delivery_email: DELIVERY_EMAIL.into(),
        role: Role::Member,
        credential: Some(auth::hash(KEY)),
        event_types: None,
        narrow: vec![],
        all_public_streams: false,
        apply_markdown: true,
        client_gravatar: true,
        slim_presence: true,
        include_subscribers: true,
        capabilities: Capabilities::default(),
        idle_timeout: 600,
        client: "test".into(),
    }
}

pub fn envelope(n: i64, audience: Audience) -> Envelope {
    let body = json!({"type": "test", "n": n});
    Envelope {
        id: Some(OutboxId(n)),
        xid: Some(Xid(n.cast_unsigned())),
        realm_id: REALM,
        audience,
        effects: vec![],
        payload: Some(Payload::Event {
            event_type: "test".into(),
            body: serde_json::value::to_raw_value(&body).expect("JSON"),
            flags: None,
            clients: None,
        }),
    }
}
