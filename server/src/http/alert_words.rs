//! Words that a user wants to be told of.

use actix_web::web;
use narrows_actions::{Ctx, alert_words};
use narrows_wire::events::user::AlertWords;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of changes.
#[derive(Deserialize, JsonSchema)]
pub struct Words {
    /// Which words.
    alert_words: Vec<String>,
}

/// `GET /users/me/alert_words`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<AlertWords> {
    let words = alert_words::list(&ctx, &caller).await?;
    Ok(Success::new(AlertWords { alert_words: words }))
}

/// `POST /users/me/alert_words`.
pub async fn add(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Words>,
) -> Reply<AlertWords> {
    let words = alert_words::add(&ctx, &caller, &args.alert_words).await?;
    Ok(Success::new(AlertWords { alert_words: words }))
}

/// `DELETE /users/me/alert_words`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Words>,
) -> Reply<AlertWords> {
    let words = alert_words::remove(&ctx, &caller, &args.alert_words).await?;
    Ok(Success::new(AlertWords { alert_words: words }))
}
