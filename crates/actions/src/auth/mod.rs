//! Who somebody is: API keys, sessions and passwords.
//!
//! Keys and session tokens are random; the database holds their SHA-256 only.

mod development;
mod keys;
mod login;
mod password;

use std::sync::Arc;

use narrows_store::models::{Realm, User};
use narrows_store::premise::RowVersion;
use narrows_store::queries::credentials;
use narrows_wire::{ErrorCode, RealmId};
use rand::distr::{Alphanumeric, SampleString};
use sha2::{Digest, Sha256};

use crate::caller::{Caller, CredentialKind, Proof};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::KnownSender;

pub use development::{development_user, development_users};
pub(crate) use keys::revoke_all;
pub use keys::{mint_key, regenerate_key};
pub use login::{SESSION_DAYS, log_in, log_out, verify_password};
pub(crate) use password::verify;
pub use password::{check_password_strength, hash_password};

/// Characters of a key or token.
pub const TOKEN_LENGTH: usize = 32;

/// A new key or token, of letters and digits.
pub fn random_token() -> String {
    Alphanumeric.sample_string(&mut rand::rng(), TOKEN_LENGTH)
}

/// What the database and push know of a key or token.
pub fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The realm of a subdomain.
pub async fn realm(ctx: &Ctx, subdomain: &str) -> Result<Realm> {
    let realm = Realm::by_subdomain(&mut *ctx.store.read().await?, subdomain).await;
    let realm = realm.map_err(|error| Error::from(error).or_missing(no_realm))?;
    check_realm_active(&realm)?;
    Ok(realm)
}

/// The user of a realm with this address and API key.
pub async fn by_api_key(
    ctx: &Ctx,
    subdomain: &str,
    email: &str,
    key: &str,
    client: String,
) -> Result<Caller> {
    find_by_key(ctx, subdomain, key, client, |user| has_address(user, email)).await
}

/// Whom [`by_api_key`] found a while ago, if that is known here.
pub fn known_by_api_key(
    ctx: &Ctx,
    subdomain: &str,
    email: &str,
    key: &str,
    client: String,
) -> Option<KnownSender> {
    let credential = hex::encode(token_hash(key));
    let kind = CredentialKind::ApiKey;
    let known = ctx
        .known_senders
        .sender(ctx, kind, credential, subdomain, client)?;
    has_address(known.user(), email).then_some(known)
}

/// Whether a user goes by this address.
fn has_address(user: &User, email: &str) -> bool {
    let same = |address: &str| {
        address.eq_ignore_ascii_case(email) || address.to_lowercase() == email.to_lowercase()
    };
    same(&user.email) || same(&user.delivery_email)
}

/// The user of a realm with this API key, of services that know no more than that.
pub async fn by_key_alone(ctx: &Ctx, subdomain: &str, key: &str, client: String) -> Result<Caller> {
    find_by_key(ctx, subdomain, key, client, |_| true).await
}

async fn find_by_key(
    ctx: &Ctx,
    subdomain: &str,
    key: &str,
    client: String,
    is_theirs: impl Fn(&User) -> bool,
) -> Result<Caller> {
    let hash = token_hash(key);
    let found = credentials::by_api_key(&ctx.store, subdomain, &hash)
        .await
        .map_err(realm_or)?;
    check_realm_active(&found.realm.0)?;
    match found.user.filter(|(user, _)| is_theirs(user)) {
        Some(user) => caller(
            ctx,
            CredentialKind::ApiKey,
            found.realm,
            user,
            client,
            &hash,
        ),
        None => Err(Error::api(ErrorCode::InvalidApiKey, "Invalid API key")),
    }
}

/// The user of a realm with this session.
pub async fn by_session(ctx: &Ctx, subdomain: &str, token: &str, client: String) -> Result<Caller> {
    let hash = token_hash(token);
    let now = ctx.clock.now();
    let found = credentials::by_session(&ctx.store, subdomain, &hash, now)
        .await
        .map_err(realm_or)?;
    check_realm_active(&found.realm.0)?;
    match found.user {
        Some(user) => caller(
            ctx,
            CredentialKind::Session,
            found.realm,
            user,
            client,
            &hash,
        ),
        None => Err(Error::api(
            ErrorCode::Unauthorized,
            "Not logged in: API authentication or user session required",
        )),
    }
}

/// Whom [`by_session`] found a while ago, if that is known here.
pub fn known_by_session(
    ctx: &Ctx,
    subdomain: &str,
    token: &str,
    client: String,
) -> Option<KnownSender> {
    let credential = hex::encode(token_hash(token));
    let kind = CredentialKind::Session;
    ctx.known_senders
        .sender(ctx, kind, credential, subdomain, client)
}

/// The active user of a realm whose API key or session token has this SHA-256, in hex.
pub async fn identify(ctx: &Ctx, realm: RealmId, credential: &str) -> Result<User> {
    let unknown = || Error::api(ErrorCode::InvalidApiKey, "Invalid API key");
    let hash = hex::decode(credential).map_err(|_| unknown())?;
    let user = credentials::by_hash(&ctx.store, realm, &hash, ctx.clock.now())
        .await?
        .ok_or_else(unknown)?;
    check_user_active(&user)?;
    Ok(user)
}

fn caller(
    ctx: &Ctx,
    kind: CredentialKind,
    (realm, realm_version): (Realm, RowVersion),
    (user, user_version): (User, RowVersion),
    client: String,
    hash: &[u8],
) -> Result<Caller> {
    check_user_active(&user)?;
    Ok(Caller {
        realm: Arc::new(realm),
        user: Arc::new(user),
        client,
        credential: hex::encode(hash),
        asked_at: ctx.clock.now(),
        proof: Some(Proof {
            kind,
            realm: realm_version,
            user: user_version,
        }),
    })
}

fn realm_or(error: narrows_store::Error) -> Error {
    Error::from(error).or_missing(no_realm)
}

fn no_realm() -> Error {
    Error::api(ErrorCode::NonexistentSubdomain, "Subdomain does not exist")
}

fn check_realm_active(realm: &Realm) -> Result<()> {
    match realm.deactivated_at {
        None => Ok(()),
        Some(_) => Err(Error::api(
            ErrorCode::RealmDeactivated,
            "This organization has been deactivated",
        )),
    }
}

fn check_user_active(user: &User) -> Result<()> {
    match user.is_active {
        true => Ok(()),
        false => Err(Error::api(
            ErrorCode::UserDeactivated,
            "Account is deactivated",
        )),
    }
}
