//! The realm's patterns that become links.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::linkifiers::{self, NewLinkifier};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Parameters of a linkifier.
#[derive(Deserialize)]
pub struct Linkifier {
    pattern: String,
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
#[derive(Deserialize)]
pub struct Order {
    ordered_linkifier_ids: Vec<i32>,
}

/// `GET /realm/linkifiers`.
pub async fn get(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser) -> Reply {
    let linkifiers = linkifiers::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "linkifiers": linkifiers })))
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
) -> Reply {
    let id = linkifiers::add(&ctx, &caller, &args.into()).await?;
    Ok(Success::new(json!({ "id": id })))
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
