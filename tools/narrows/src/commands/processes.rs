//! `narrows server`, `push`, `worker` and `serve`.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::ServiceConfig;
use anyhow::Context as _;
use clap::Args;
use narrows_actions::Ctx;
use narrows_push::Push;
use narrows_runtime::bus::Bus;
use narrows_runtime::{Clock, Config, Shutdown, telemetry};

#[derive(Args)]
pub struct WorkerArgs {
    /// Work on these queues only.
    #[arg(value_name = "QUEUE")]
    queues: Vec<String>,
}

/// How many threads answer HTTP: one per processor.
fn http_workers() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

fn listen(address: &str) -> anyhow::Result<TcpListener> {
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// How long an app server waits for RabbitMQ before it serves without it.
const SETTLE: Duration = Duration::from_secs(30);

/// Connects a process.
async fn connect(config: &Arc<Config>) -> anyhow::Result<(Ctx, Bus)> {
    let bus = Bus::connect(&config.amqp);
    let ctx = Ctx::connect(config.clone(), &bus, Clock::system()).await?;
    Ok((ctx, bus))
}

/// What was acknowledged before a crash is published before anything new can be sent. Without RabbitMQ that has to wait.
async fn settle(ctx: &Ctx) -> anyhow::Result<()> {
    let settled = tokio::time::timeout(SETTLE, narrows_store::outbox::settle(&ctx.store)).await;
    match settled {
        Ok(settled) => Ok(settled?),
        Err(_) => {
            tracing::warn!(
                "RabbitMQ does not answer; what is left in the outbox is published once it does"
            );
            Ok(())
        }
    }
}

pub async fn server(config: Arc<Config>) -> anyhow::Result<()> {
    telemetry::init("server", &config)?;
    let shutdown = Shutdown::on_signals()?;
    let listener = listen(&config.server.bind)?;
    let (ctx, _) = connect(&config).await?;
    settle(&ctx).await?;
    let store = ctx.store.clone();
    narrows_server::start(ctx, listener, http_workers(), shutdown, |_| {})?.await?;
    store.publisher().flush().await;
    Ok(())
}

pub async fn push(config: Arc<Config>) -> anyhow::Result<()> {
    telemetry::init("push", &config)?;
    narrows_push::run(Config::clone(&config), Shutdown::on_signals()?).await
}

pub async fn worker(config: Arc<Config>, args: WorkerArgs) -> anyhow::Result<()> {
    telemetry::init("worker", &config)?;
    let shutdown = Shutdown::on_signals()?;
    let (ctx, bus) = connect(&config).await?;
    narrows_workers::run(ctx, bus, &args.queues, shutdown).await
}

pub async fn serve(config: Arc<Config>) -> anyhow::Result<()> {
    let mut config = Config::clone(&config);
    // One port: push answers where the app server does.
    config.push.url = format!("http://{}", config.server.bind);
    config.server.internal_url.clone_from(&config.push.url);
    let config = Arc::new(config);
    telemetry::init("serve", &config)?;
    let shutdown = Shutdown::on_signals()?;
    let listener = listen(&config.server.bind)?;
    let (ctx, bus) = connect(&config).await?;
    settle(&ctx).await?;
    let store = ctx.store.clone();
    let push = actix_web::web::Data::new(Push::start(&config, Clock::system(), shutdown.clone())?);
    let workers = tokio::spawn(narrows_workers::run(
        ctx.clone(),
        bus,
        &[],
        shutdown.clone(),
    ));
    let with_push = move |http: &mut ServiceConfig| {
        http.app_data(push.clone()).configure(narrows_push::routes);
    };
    narrows_server::start(ctx, listener, http_workers(), shutdown, with_push)?.await?;
    workers.await??;
    store.publisher().flush().await;
    Ok(())
}
