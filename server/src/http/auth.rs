//! API keys for passwords.

use actix_web::{HttpRequest, web};
use narrows_actions::{Ctx, Error, auth};
use narrows_store::models::User;
use narrows_wire::{ErrorCode, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::extract::{AuthedUser, CurrentRealm, NoParams, Params};
use crate::middleware::client;
use crate::reply::{Reply, Success};

/// Parameters of `POST /fetch_api_key`.
#[derive(Deserialize)]
pub struct FetchApiKey {
    username: String,
    password: String,
}

#[derive(Serialize)]
struct ApiKeyReply<'a> {
    api_key: String,
    email: &'a str,
    user_id: UserId,
}

/// `POST /api/v1/fetch_api_key`: a new key for this program.
pub async fn fetch_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    CurrentRealm(realm): CurrentRealm,
    Params(args): Params<FetchApiKey>,
) -> Reply {
    let from = client::address(&request);
    let user = auth::verify_password(&ctx, &realm, &args.username, &args.password, &from).await?;
    mint(&ctx, &user, &client::name(&request)).await
}

/// Parameters of `POST /json/fetch_api_key`.
#[derive(Deserialize)]
pub struct ConfirmPassword {
    password: String,
}

/// `POST /json/fetch_api_key`: a new key for somebody who is logged in and knows the password.
pub async fn fetch_own_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<ConfirmPassword>,
) -> Reply {
    let from = client::address(&request);
    let email = &caller.user.delivery_email;
    let user = auth::verify_password(&ctx, &caller.realm, email, &args.password, &from).await?;
    mint(&ctx, &user, &caller.client).await
}

/// `POST /users/me/api_key/regenerate`.
pub async fn regenerate_api_key(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply {
    let api_key = auth::regenerate_key(&ctx, &caller).await?;
    Ok(Success::new(json!({ "api_key": api_key })))
}

/// Parameters of `POST /dev_fetch_api_key`.
#[derive(Deserialize)]
pub struct DevFetchApiKey {
    username: String,
}

/// `POST /dev_fetch_api_key`: a key without a password. Only in development.
pub async fn dev_fetch_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    CurrentRealm(realm): CurrentRealm,
    Params(args): Params<DevFetchApiKey>,
) -> Reply {
    check_development(&ctx)?;
    let user = auth::development_user(&ctx, &realm, &args.username).await?;
    mint(&ctx, &user, &client::name(&request)).await
}

/// `GET /dev_list_users`: who can be logged in as. Only in development.
pub async fn dev_list_users(ctx: web::Data<Ctx>, _: NoParams) -> Reply {
    check_development(&ctx)?;
    let users = auth::development_users(&ctx).await?;
    let list = |admins: bool| {
        let chosen = users
            .iter()
            .filter(|(_, user)| user.role().is_admin() == admins);
        let entry = |(url, user): &(String, User)| json!({ "email": user.delivery_email, "realm_url": url });
        chosen.map(entry).collect::<Vec<_>>()
    };
    Ok(Success::new(
        json!({ "direct_admins": list(true), "direct_users": list(false) }),
    ))
}

fn check_development(ctx: &Ctx) -> Result<(), Error> {
    match ctx.config.server.development {
        true => Ok(()),
        false => Err(Error::api(
            ErrorCode::BadRequest,
            "Endpoint not available in production.",
        )),
    }
}

async fn mint(ctx: &Ctx, user: &User, client: &str) -> Reply {
    let api_key = auth::mint_key(ctx, user, client).await?;
    Ok(Success::new(ApiKeyReply {
        api_key,
        email: &user.delivery_email,
        user_id: user.id(),
    }))
}
