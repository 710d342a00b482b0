//! Push: event queues, long polls and websockets. See docs/subsystems/events.md.
//!
//! | module | what it does |
//! |---|---|
//! | [`log`] | reads the shard's event log |
//! | [`shard`] | what an entry of the log changes, and who receives it; no I/O |
//! | [`queue`], [`event`] | one queue; one event, its bytes shared by all queues |
//! | [`filter`], [`variants`] | which events a queue wants, and in which form |
//! | [`store`] | what survives a kill, in Redis |
//! | [`auth`] | who may poll |
//! | [`http`] | the routes for clients and for the app server |

pub mod auth;
pub mod event;
pub mod filter;
pub mod http;
pub mod log;
pub mod queue;
mod service;
pub mod shard;
pub mod store;
pub mod variants;

use actix_web::{App, HttpServer, web};
use narrows_runtime::{Clock, Config, Shutdown};

pub use http::routes;
pub use service::{InternalError, Push};

/// Runs one shard until `shutdown`.
pub async fn run(config: Config, shutdown: Shutdown) -> anyhow::Result<()> {
    let push = Push::start(&config, Clock::system(), shutdown.clone())?;
    let data = web::Data::new(push);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .configure(routes)
            .route("/health", web::get().to(http::health))
    })
    .bind(&config.push.bind)?
    .disable_signals()
    .shutdown_timeout(5)
    .run();
    tracing::info!(
        bind = config.push.bind,
        shard = config.push.shard,
        "push listens"
    );
    let handle = server.handle();
    tokio::spawn(async move {
        shutdown.requested().await;
        handle.stop(true).await;
    });
    Ok(server.await?)
}
