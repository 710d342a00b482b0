//! From a send to its arrival at many listeners.

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use clap::Args;
use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::json;
use tokio::sync::Notify;
use tokio_tungstenite::tungstenite::{
    Message as Frame,
    client::IntoClientRequest,
    http::{HeaderValue, header::AUTHORIZATION},
};

use super::{
    Extent,
    client::Connection,
    events::{Batch, Queue},
    report::Figures,
    send,
    site::Site,
    tally::{Errors, Times},
};

/// How many queues are registered or deleted at the same time.
const AT_ONCE: usize = 8;
/// A websocket acknowledges what came within this time, at a moment of its own, as the web client does.
const ACKNOWLEDGE_WITHIN: Duration = Duration::from_secs(5);
/// A listener that failed tries again after this long.
const PAUSE: Duration = Duration::from_millis(200);

/// Options of `narrows loadtest delivery`.
#[derive(Debug, Args)]
#[command(
    long_about = "Time messages from the start of their sending to their arrival at every one of many clients.

Each client is a user of its own with an event queue of its own, waiting in a long poll or at a websocket; the first
user sends. `last_*` is the time until the last client has the message, over messages; `any_*` is over all deliveries;
`missing` counts deliveries that had not come when time was up."
)]
pub struct Options {
    /// Name of the stream, to which all clients are subscribed
    #[arg(long)]
    stream: String,
    /// Topic of the messages
    #[arg(long, default_value = "bench")]
    topic: String,
    /// How many listen
    #[arg(long, default_value_t = 50, value_parser = super::connections())]
    clients: u32,
    /// How many messages to send in a run
    #[arg(long, alias = "messages", default_value_t = 20)]
    count: u64,
    /// Seconds between messages
    #[arg(long, default_value_t = 0.3, value_parser = seconds)]
    gap: f64,
    /// Listen at websockets, not with long polls
    #[arg(long)]
    websocket: bool,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    match seconds {
        0.0..=60.0 => Ok(seconds),
        _ => Err("not between 0 and 60".to_owned()),
    }
}

/// What the listeners tell the sender.
struct Arrivals {
    /// The mark that the current message carries, and when each listener saw it.
    current: RefCell<(String, Vec<Option<Instant>>)>,
    complete: Notify,
    errors: RefCell<Errors>,
}

impl Arrivals {
    fn new() -> Self {
        Self {
            current: RefCell::new((String::new(), Vec::new())),
            complete: Notify::new(),
            errors: RefCell::new(Errors::default()),
        }
    }

    fn expect(&self, mark: &str, listeners: usize) {
        *self.current.borrow_mut() = (mark.to_owned(), vec![None; listeners]);
    }

    /// A listener got events. Each listener counts once, however often it got the message.
    fn arrived(&self, listener: usize, batch: &Batch, at: Instant) {
        let mut current = self.current.borrow_mut();
        let (mark, seen) = &mut *current;
        let messages = batch
            .events
            .iter()
            .filter_map(|event| event.message.as_ref());
        if mark.is_empty()
            || !messages
                .into_iter()
                .any(|message| message.content.contains(&*mark))
        {
            return;
        }
        if let Some(slot) = seen.get_mut(listener) {
            slot.get_or_insert(at);
        }
        if seen.iter().all(Option::is_some) {
            self.complete.notify_one();
        }
    }

    /// Wait until every listener has the message, at most this long; when each one got it.
    async fn all(&self, limit: Duration) -> Vec<Option<Instant>> {
        let complete = async {
            // A notice may be left over from the message before.
            while !self.current.borrow().1.iter().all(Option::is_some) {
                self.complete.notified().await;
            }
        };
        let _ = tokio::time::timeout(limit, complete).await;
        self.current.borrow().1.clone()
    }
}

/// One run.
pub async fn run(site: &Site, options: &Options, extent: Extent) -> anyhow::Result<Figures> {
    let clients = options.clients as usize;
    ensure!(
        site.users() >= clients,
        "{clients} clients need as many users; the credentials file has {}",
        site.users()
    );
    let began = Instant::now();
    let queues = register(site, clients).await?;
    let registered = began.elapsed();
    let arrivals = Arrivals::new();
    let listening = async {
        let listeners = queues.iter().cloned().enumerate();
        join_all(listeners.map(|(number, queue)| listen(site, options, number, queue, &arrivals)))
            .await
    };
    let outcome = tokio::select! {
        sent = send_all(site, options, extent, &arrivals) => sent?,
        _ = listening => anyhow::bail!("the listeners stopped"),
    };
    let owned: Vec<_> = queues.into_iter().enumerate().collect();
    super::idle_queues::delete(site, &owned, AT_ONCE).await?;

    let mut errors = arrivals.errors.into_inner();
    if outcome.missing > 0 {
        errors.add_text(|| "a message did not reach every listener in time".to_owned());
    }
    let mut figures = outcome.figures();
    figures.add("register_all_s", registered.as_secs_f64());
    figures.add("errors", errors.count() as f64);
    figures.first_error = errors.first();
    Ok(figures)
}

async fn register(site: &Site, clients: usize) -> anyhow::Result<Vec<Queue>> {
    let numbers: Vec<usize> = (0..clients).collect();
    let mut queues = Vec::new();
    for some in numbers.chunks(AT_ONCE) {
        let registered = some.iter().map(async |number| {
            let call = Queue::register_for_messages()?;
            let body = Connection::new(site)
                .call(site.user(*number)?, call)
                .await?;
            Queue::parse(&body)
        });
        for queue in join_all(registered).await {
            queues.push(queue.context("registering a queue")?);
        }
    }
    Ok(queues)
}

/// What the sender measured.
struct Outcome {
    sent: u64,
    missing: usize,
    sends: Times,
    lasts: Times,
    all: Times,
}

impl Outcome {
    fn figures(&self) -> Figures {
        let mut figures = Figures::default();
        figures.add("messages", self.sent as f64);
        figures.add("deliveries", self.all.count() as f64);
        figures.add("missing", self.missing as f64);
        figures.add_known("last_p50_ms", self.lasts.percentile(50.0));
        figures.add_known("last_p99_ms", self.lasts.percentile(99.0));
        figures.add_known("last_max_ms", self.lasts.max());
        figures.add_known("any_p50_ms", self.all.percentile(50.0));
        figures.add_known("any_p99_ms", self.all.percentile(99.0));
        figures.add_known("send_p50_ms", self.sends.percentile(50.0));
        figures
    }
}

async fn send_all(
    site: &Site,
    options: &Options,
    extent: Extent,
    arrivals: &Arrivals,
) -> anyhow::Result<Outcome> {
    let clients = options.clients as usize;
    let mut connection = Connection::new(site);
    connection.open().await?;
    // All listeners must be waiting at the server before the first message.
    tokio::time::sleep(Duration::from_millis(500 + 3 * clients as u64)).await;
    let mut outcome = Outcome {
        sent: 0,
        missing: 0,
        sends: Times::new()?,
        lasts: Times::new()?,
        all: Times::new()?,
    };
    let run: u64 = rand::random();
    let started = Instant::now();
    for number in 0..extent.count(options.count, 2) {
        let Some(left) = extent.limit().checked_sub(started.elapsed()) else {
            break;
        };
        let mark = format!("lgtok{run:x}x{number}");
        arrivals.expect(&mark, clients);
        let call = send::message(&options.stream, &options.topic, &format!("{mark} delivery"))?;
        let begun = Instant::now();
        let user = site.user(0)?;
        // The message may be everywhere before its sender has the answer.
        connection.call(user, call).await.context("sending")?;
        outcome.sends.add(begun.elapsed());
        outcome.sent += 1;
        let seen = arrivals.all(left).await;
        let taken: Vec<Duration> = seen.iter().flatten().map(|at| *at - begun).collect();
        outcome.missing += clients - taken.len();
        taken.iter().for_each(|time| outcome.all.add(*time));
        if let Some(last) = taken.iter().max() {
            outcome.lasts.add(*last);
        }
        tokio::time::sleep(Duration::from_secs_f64(options.gap)).await;
    }
    Ok(outcome)
}

/// Listen until the run is over.
async fn listen(
    site: &Site,
    options: &Options,
    number: usize,
    mut queue: Queue,
    arrivals: &Arrivals,
) {
    let mut connection = Connection::new(site);
    loop {
        let failed = match options.websocket {
            true => watch(site, number, &mut queue, arrivals).await,
            false => poll(site, &mut connection, number, &mut queue, arrivals).await,
        };
        if let Err(error) = failed {
            arrivals.errors.borrow_mut().add(&error);
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn poll(
    site: &Site,
    connection: &mut Connection<'_>,
    number: usize,
    queue: &mut Queue,
    arrivals: &Arrivals,
) -> anyhow::Result<()> {
    let body = connection
        .call(site.user(number)?, queue.poll(false)?)
        .await?;
    take(&body, number, queue, arrivals)
}

async fn watch(
    site: &Site,
    number: usize,
    queue: &mut Queue,
    arrivals: &Arrivals,
) -> anyhow::Result<()> {
    let url = site.websocket_url(&queue.websocket_path()?)?;
    let mut request = url.into_client_request()?;
    let authorization = HeaderValue::from_bytes(site.user(number)?.authorization.as_bytes())?;
    request.headers_mut().insert(AUTHORIZATION, authorization);
    let stream = site.connect().await?;
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let mut acknowledge_at = None;
    loop {
        let due = async {
            match acknowledge_at {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            frame = socket.next() => match frame {
                Some(frame) => if let Frame::Text(text) = frame? {
                    take(text.as_bytes(), number, queue, arrivals)?;
                    let pause = ACKNOWLEDGE_WITHIN.mul_f64(rand::random());
                    acknowledge_at.get_or_insert(tokio::time::Instant::now() + pause);
                },
                None => break,
            },
            () = due => {
                acknowledge_at = None;
                let seen = json!({"last_event_id": queue.last_event_id});
                socket.send(Frame::text(seen.to_string())).await?;
            }
        }
    }
    anyhow::bail!("the websocket was closed")
}

/// Note the time before anything else: reading the JSON is the listener's own work.
fn take(body: &[u8], number: usize, queue: &mut Queue, arrivals: &Arrivals) -> anyhow::Result<()> {
    let at = Instant::now();
    let batch: Batch = serde_json::from_slice(body).context("not a list of events")?;
    let last = batch.events.iter().map(|event| event.id).max();
    queue.last_event_id = queue.last_event_id.max(last.unwrap_or(-1));
    arrivals.arrived(number, &batch, at);
    Ok(())
}
