//! Is this process fit to serve?

use actix_web::web;
use narrows_actions::{Ctx, Error};

use crate::reply::{Reply, Success};

/// `GET /health`: the database answers.
pub async fn get(ctx: web::Data<Ctx>) -> Reply {
    ctx.store.ping().await.map_err(Error::from)?;
    Ok(Success::empty())
}
