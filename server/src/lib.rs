//! The app server: pages and the REST API.
//!
//! A request passes [`middleware`], then [`routes`] says which handler of [`http`] or [`pages`] gets it, who may call
//! and how often. Handlers take what [`extract`] parsed, call one action, and answer with [`reply`]. Only [`error`]
//! knows statuses.
//!
//! To add an operation: a line in [`routes::API`], a function in `http/<resource>.rs` that parses into a struct of
//! [`extract::Params`], and a test in `tests/it/<resource>.rs`.

pub mod error;
pub mod extract;
pub mod http;
pub mod middleware;
pub mod openapi;
pub mod pages;
pub mod reply;
pub mod routes;

use std::net::TcpListener;

use actix_web::dev::Server;
use actix_web::middleware::{Compress, Condition, NormalizePath, TrailingSlash, from_fn};
use actix_web::{App, HttpServer, web};
use narrows_actions::{Ctx, Error};
use narrows_runtime::Shutdown;

use crate::error::ServerError;

/// The app server on a listener. `more` mounts what else the process serves (push, in `narrows serve`).
///
/// It ends when `shutdown` begins, after the requests that it has.
pub fn start(
    ctx: Ctx,
    listener: TcpListener,
    workers: usize,
    shutdown: Shutdown,
    more: impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static,
) -> std::io::Result<Server> {
    let https = ctx.config.server.https();
    let proxy = http::events::Proxy::new(&ctx.config).map_err(std::io::Error::other)?;
    let ctx = web::Data::new(ctx);
    let app = move || {
        let more = more.clone();
        App::new()
            .app_data(ctx.clone())
            .app_data(web::Data::new(proxy.clone()))
            .app_data(web::PathConfig::default().error_handler(|_, _| malformed_path().into()))
            .configure(more)
            .configure(routes::configure)
            .default_service(web::to(|| async {
                Err::<String, _>(ServerError::PageNotFound)
            }))
            .wrap(Condition::new(https, Compress::default()))
            .wrap(middleware::security_headers::security_headers(https))
            .wrap(from_fn(middleware::observe::observe))
            .wrap(NormalizePath::new(TrailingSlash::MergeOnly))
    };
    let server = HttpServer::new(app)
        .workers(workers)
        .disable_signals()
        .listen(listener)?
        .run();
    let handle = server.handle();
    tokio::spawn(async move {
        shutdown.requested().await;
        handle.stop(true).await;
    });
    Ok(server)
}

/// A number in the URL that no id can be.
fn malformed_path() -> ServerError {
    Error::bad_request("Invalid ID").into()
}
