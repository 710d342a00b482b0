//! The domains of mail that belong to the realm.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::realms::domains;
use narrows_wire::events::realm_lists::RealmDomain;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params, RealmOwner};
use crate::reply::{Reply, Success};

/// Parameters of [`add`].
#[derive(Deserialize, JsonSchema)]
pub struct Add {
    /// The domain.
    domain: String,
    /// Whether what is below it belongs to the organization too.
    allow_subdomains: Option<bool>,
}

/// Parameters of [`update`].
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// Whether what is below it belongs to the organization too.
    allow_subdomains: bool,
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Domains {
    /// All of them.
    domains: Vec<RealmDomain>,
}

/// `GET /realm/domains`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Domains> {
    let domains = domains::list(&ctx, &caller).await?;
    Ok(Success::new(Domains { domains }))
}

/// Answer of [`add`].
#[derive(Serialize, JsonSchema)]
pub struct Added {
    /// Its id and its name.
    new_domain: (i32, String),
}

/// `POST /realm/domains`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmOwner(caller): RealmOwner,
    Params(args): Params<Add>,
) -> Reply<Added> {
    let subdomains = args.allow_subdomains.unwrap_or(false);
    let new_domain = domains::add(&ctx, &caller, &args.domain, subdomains).await?;
    Ok(Success::new(Added { new_domain }))
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
