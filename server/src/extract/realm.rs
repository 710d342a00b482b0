//! Which organisation a request is for.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use narrows_actions::{Ctx, auth};
use narrows_runtime::config::ServerConfig;
use narrows_store::models::Realm;

use crate::error::ServerError;

/// The organisation that the Host header names.
pub struct CurrentRealm(pub Arc<Realm>);

/// The subdomain that a Host header names. The bare external host, and any host that is not below it (an IP address, a
/// health check), stand for the root realm.
pub fn subdomain(host: &str, config: &ServerConfig) -> String {
    match below(host, &config.external_host) {
        Some(subdomain) => subdomain.to_lowercase(),
        None => config.root_subdomain.clone().unwrap_or_default(),
    }
}

fn below<'a>(host: &'a str, external_host: &str) -> Option<&'a str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let external = external_host
        .rsplit_once(':')
        .map_or(external_host, |(name, _)| name);
    let (below, rest) = name.split_at_checked(name.len().checked_sub(external.len())?)?;
    if rest.eq_ignore_ascii_case(external) {
        below.strip_suffix('.')
    } else {
        None
    }
}

impl FromRequest for CurrentRealm {
    type Error = ServerError;
    type Future = LocalBoxFuture<'static, Result<Self, ServerError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Some(ctx) = request.app_data::<web::Data<Ctx>>() else {
                return Err(ServerError::internal("no context"));
            };
            let subdomain = subdomain(request.connection_info().host(), &ctx.config.server);
            Ok(CurrentRealm(Arc::new(auth::realm(ctx, &subdomain).await?)))
        })
    }
}
