//! The domains of mail that belong to the realm.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::realms::domains;
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params, RealmOwner};
use crate::reply::{Reply, Success};

/// Parameters of [`add`].
#[derive(Deserialize)]
pub struct Add {
    domain: String,
    allow_subdomains: Option<bool>,
}

/// Parameters of [`update`].
#[derive(Deserialize)]
pub struct Update {
    allow_subdomains: bool,
}

/// `GET /realm/domains`.
pub async fn get(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let domains = domains::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "domains": domains })))
}

/// `POST /realm/domains`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmOwner(caller): RealmOwner,
    Params(args): Params<Add>,
) -> Reply {
    let subdomains = args.allow_subdomains.unwrap_or(false);
    let (id, domain) = domains::add(&ctx, &caller, &args.domain, subdomains).await?;
    Ok(Success::new(json!({ "new_domain": [id, domain] })))
}

/// `PATCH /realm/domains/{domain}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    RealmOwner(caller): RealmOwner,
    domain: web::Path<String>,
    Params(args): Params<Update>,
) -> Reply {
    domains::update(&ctx, &caller, &domain, args.allow_subdomains).await?;
    Ok(Success::empty())
}

/// `DELETE /realm/domains/{domain}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    RealmOwner(caller): RealmOwner,
    domain: web::Path<String>,
    _: NoParams,
) -> Reply {
    domains::remove(&ctx, &caller, &domain).await?;
    Ok(Success::empty())
}
