//! Where the realm's members can try out code.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::playgrounds::{self, NewPlayground};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Parameters of a playground.
#[derive(Deserialize)]
pub struct Playground {
    name: String,
    pygments_language: String,
    url_template: String,
}

/// `POST /realm/playgrounds`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Playground>,
) -> Reply {
    let new = NewPlayground {
        name: args.name,
        pygments_language: args.pygments_language,
        url_template: args.url_template,
    };
    let id = playgrounds::add(&ctx, &caller, &new).await?;
    Ok(Success::new(json!({ "id": id })))
}

/// `DELETE /realm/playgrounds/{playground_id}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
) -> Reply {
    playgrounds::remove(&ctx, &caller, *id).await?;
    Ok(Success::empty())
}
