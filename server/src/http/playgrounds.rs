//! Where the realm's members can try out code.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::playgrounds::{self, NewPlayground};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::extract::{Params, RealmAdmin};
use crate::reply::{NewId, Reply, Success};

/// Parameters of a playground.
#[derive(Deserialize, JsonSchema)]
pub struct Playground {
    /// What it is called.
    name: String,
    /// The language, as blocks of code name it.
    pygments_language: String,
    /// An RFC 6570 URL template.
    url_template: String,
}

/// `POST /realm/playgrounds`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Playground>,
) -> Reply<NewId> {
    let new = NewPlayground {
        name: args.name,
        pygments_language: args.pygments_language,
        url_template: args.url_template,
    };
    let id = playgrounds::add(&ctx, &caller, &new).await?;
    Ok(Success::new(NewId { id }))
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
