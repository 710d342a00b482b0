//! API keys for passwords.

use actix_web::{HttpRequest, web};
use narrows_actions::{Ctx, Error, auth};
use narrows_store::models::User;
use narrows_wire::{ErrorCode, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, CurrentRealm, NoParams, Params};
use crate::middleware::client;
use crate::reply::{NewKey, Reply, Success};

/// Parameters of `POST /fetch_api_key`.
#[derive(Deserialize, JsonSchema)]
pub struct FetchApiKey {
    /// The e-mail address.
    username: String,
    /// The password.
    password: String,
}

/// Answer of operations that make a key.
#[derive(Serialize, JsonSchema)]
pub struct Key {
    /// The new key, to be used with `email`.
    api_key: String,
    /// The e-mail address.
    email: String,
    /// Their id.
    user_id: UserId,
}

/// `POST /api/v1/fetch_api_key`: a new key for this program.
pub async fn fetch_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    CurrentRealm(realm): CurrentRealm,
    Params(args): Params<FetchApiKey>,
) -> Reply<Key> {
    let from = client::address(&request);
    let user = auth::verify_password(&ctx, &realm, &args.username, &args.password, &from).await?;
    mint(&ctx, &user, &client::name(&request)).await
}

/// Parameters of `POST /json/fetch_api_key`.
#[derive(Deserialize, JsonSchema)]
pub struct ConfirmPassword {
    /// The password.
    password: String,
}

/// `POST /json/fetch_api_key`: a new key for somebody who is logged in and knows the password.
pub async fn fetch_own_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<ConfirmPassword>,
) -> Reply<Key> {
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
) -> Reply<NewKey> {
    let api_key = auth::regenerate_key(&ctx, &caller).await?;
    Ok(Success::new(NewKey { api_key }))
}

/// Parameters of `POST /dev_fetch_api_key`.
#[derive(Deserialize, JsonSchema)]
pub struct DevFetchApiKey {
    /// The e-mail address.
    username: String,
}

/// `POST /dev_fetch_api_key`: a key without a password. Only in development.
pub async fn dev_fetch_api_key(
    ctx: web::Data<Ctx>,
    request: HttpRequest,
    CurrentRealm(realm): CurrentRealm,
    Params(args): Params<DevFetchApiKey>,
) -> Reply<Key> {
    check_development(&ctx)?;
    let user = auth::development_user(&ctx, &realm, &args.username).await?;
    mint(&ctx, &user, &client::name(&request)).await
}

/// Answer of [`dev_list_users`].
#[derive(Serialize, JsonSchema)]
pub struct DevUsers {
    /// Administrators and owners.
    direct_admins: Vec<DevUser>,
    /// Everybody else.
    direct_users: Vec<DevUser>,
}

/// Somebody who can be logged in as.
#[derive(Serialize, JsonSchema)]
struct DevUser {
    /// The e-mail address.
    email: String,
    /// The realm's URL.
    realm_url: String,
}

/// `GET /dev_list_users`: who can be logged in as. Only in development.
pub async fn dev_list_users(ctx: web::Data<Ctx>, _: NoParams) -> Reply<DevUsers> {
    check_development(&ctx)?;
    let users = auth::development_users(&ctx).await?;
    let list = |admins: bool| {
        let chosen = users
            .iter()
            .filter(|(_, user)| user.role().is_admin() == admins);
        let entry = |(url, user): &(String, User)| DevUser {
            email: user.delivery_email.clone(),
            realm_url: url.clone(),
        };
        chosen.map(entry).collect()
    };
    Ok(Success::new(DevUsers {
        direct_admins: list(true),
        direct_users: list(false),
    }))
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

async fn mint(ctx: &Ctx, user: &User, client: &str) -> Reply<Key> {
    let api_key = auth::mint_key(ctx, user, client).await?;
    Ok(Success::new(Key {
        api_key,
        email: user.delivery_email.clone(),
        user_id: user.id(),
    }))
}
