//! Phones that asked to be told of messages, in the form of older apps.

use actix_web::web;
use narrows_actions::{Ctx, push_tokens};
use narrows_store::models::{PushService, PushToken};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::extract::{Params, Person};
use crate::reply::{Reply, Success};

/// Parameters of [`add_apns`].
#[derive(Deserialize, JsonSchema)]
pub struct AddApns {
    /// The device, as Apple names it.
    token: String,
    /// Which app it is.
    appid: Option<String>,
}

/// Parameters of the others.
#[derive(Deserialize, JsonSchema)]
pub struct Token {
    /// The device, as its maker names it.
    token: String,
}

fn of(service: PushService, token: &str) -> PushToken<'_> {
    PushToken { service, token }
}

/// `POST /users/me/apns_device_token`.
pub async fn add_apns(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<AddApns>,
) -> Reply {
    let token = of(PushService::Apns, &args.token);
    push_tokens::add(&ctx, &caller, token, args.appid.as_deref()).await?;
    Ok(Success::empty())
}

/// `DELETE /users/me/apns_device_token`.
pub async fn remove_apns(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Token>,
) -> Reply {
    push_tokens::remove(&ctx, &caller, of(PushService::Apns, &args.token)).await?;
    Ok(Success::empty())
}

/// `POST /users/me/android_gcm_reg_id`.
pub async fn add_fcm(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Token>,
) -> Reply {
    push_tokens::add(&ctx, &caller, of(PushService::Fcm, &args.token), None).await?;
    Ok(Success::empty())
}

/// `DELETE /users/me/android_gcm_reg_id`.
pub async fn remove_fcm(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Token>,
) -> Reply {
    push_tokens::remove(&ctx, &caller, of(PushService::Fcm, &args.token)).await?;
    Ok(Success::empty())
}

/// Parameters of [`test`].
#[derive(Deserialize, JsonSchema)]
pub struct Test {
    /// The device, as its maker names it; all of the caller, if missing.
    token: Option<String>,
}

/// `POST /mobile_push/test_notification`.
pub async fn test(
    ctx: web::Data<Ctx>,
    Person(caller): Person,
    Params(args): Params<Test>,
) -> Reply {
    push_tokens::test(&ctx, &caller, args.token.as_deref()).await?;
    Ok(Success::empty())
}
