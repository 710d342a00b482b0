//! The realm's patterns that become links.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::linkifiers::{self, NewLinkifier};
use narrows_wire::events::realm_lists;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, Params, RealmAdmin};
use crate::reply::{NewId, Reply, Success};

/// Parameters of a linkifier.
#[derive(Deserialize, JsonSchema)]
pub struct Linkifier {
    /// A regular expression with named groups.
    pattern: String,
    /// An RFC 6570 URL template.
    url_template: String,
}

impl From<Linkifier> for NewLinkifier {
    fn from(args: Linkifier) -> Self {
        NewLinkifier {
            pattern: args.pattern,
            url_template: args.url_template,
        }
    }
}

/// Parameters of a new order.
#[derive(Deserialize, JsonSchema)]
pub struct Order {
    /// All of them, in the order in which they shall match.
    ordered_linkifier_ids: Vec<i32>,
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Linkifiers {
    /// In the order in which they match.
    linkifiers: Vec<realm_lists::Linkifier>,
}

/// `GET /realm/linkifiers`.
pub async fn get(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser) -> Reply<Linkifiers> {
    let linkifiers = linkifiers::list(&ctx, &caller).await?;
    Ok(Success::new(Linkifiers { linkifiers }))
}

/// `PATCH /realm/linkifiers`.
pub async fn reorder(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Order>,
) -> Reply {
    linkifiers::reorder(&ctx, &caller, &args.ordered_linkifier_ids).await?;
    Ok(Success::empty())
}

/// `POST /realm/filters`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Linkifier>,
) -> Reply<NewId> {
    let id = linkifiers::add(&ctx, &caller, &args.into()).await?;
    Ok(Success::new(NewId { id }))
}

/// `PATCH /realm/filters/{filter_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
    Params(args): Params<Linkifier>,
) -> Reply {
    linkifiers::update(&ctx, &caller, *id, &args.into()).await?;
    Ok(Success::empty())
}

/// `DELETE /realm/filters/{filter_id}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
) -> Reply {
    linkifiers::remove(&ctx, &caller, *id).await?;
    Ok(Success::empty())
}
