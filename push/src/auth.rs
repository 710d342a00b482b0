//! Who polls: compared with what the queue was registered with; only on a mismatch the app server is asked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use narrows_runtime::{Config, Secret};
use narrows_wire::queue::{Authenticate, Authenticated};
use narrows_wire::{RealmId, UserId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::shard::Owner;

/// The header that app server and push prove themselves with.
pub const INTERNAL_HEADER: &str = "X-Narrows-Internal";
/// How long the app server may take to say whose a credential is.
const PATIENCE: Duration = Duration::from_secs(5);
/// Answers that are remembered.
const REMEMBERED: usize = 10_000;
/// The cookie of browser sessions.
const SESSION_COOKIE: &str = "sessionid";

/// How a request says who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// `/api/v1`: HTTP Basic with address and API key.
    Api,
    /// `/json`: session cookie.
    Json,
}

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It carries no credential.
    Missing(Door),
    /// The `Authorization` header makes no sense.
    Malformed,
    /// The app server must be asked, and does not answer.
    Unavailable,
    /// Somebody else's queue; told the same as one that does not exist.
    NotTheirs,
}

/// What a request carries.
#[derive(Clone, Debug)]
pub struct Presented {
    /// HTTP Basic says whose key it is.
    email: Option<String>,
    /// SHA-256 in hex.
    credential: String,
}

impl Presented {
    /// Reads the request.
    pub fn read(request: &HttpRequest, door: Door) -> Result<Self, Refusal> {
        match door {
            Door::Json => {
                let cookie = request
                    .cookie(SESSION_COOKIE)
                    .ok_or(Refusal::Missing(door))?;
                Ok(Self {
                    email: None,
                    credential: hash(cookie.value()),
                })
            }
            Door::Api => {
                let header = request
                    .headers()
                    .get(header::AUTHORIZATION)
                    .ok_or(Refusal::Missing(door))?;
                let text = header.to_str().map_err(|_| Refusal::Malformed)?;
                let (scheme, encoded) = text.split_once(' ').ok_or(Refusal::Malformed)?;
                if !scheme.eq_ignore_ascii_case("basic") {
                    return Err(Refusal::Malformed);
                }
                let decoded = STANDARD
                    .decode(encoded.trim())
                    .map_err(|_| Refusal::Malformed)?;
                let decoded = String::from_utf8(decoded).map_err(|_| Refusal::Malformed)?;
                let (email, key) = decoded.split_once(':').ok_or(Refusal::Malformed)?;
                Ok(Self {
                    email: Some(email.to_lowercase()),
                    credential: hash(key),
                })
            }
        }
    }
}

/// What is stored and compared of a key or session token.
pub fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Whether two strings are the same, in a time that does not tell where they differ.
pub fn same(a: &str, b: &str) -> bool {
    a.as_bytes().ct_eq(b.as_bytes()).into()
}

/// Knows whose a credential is, or asks.
pub struct Authenticator {
    http: reqwest::Client,
    url: String,
    secret: Secret,
    known: Mutex<HashMap<(RealmId, String), UserId>>,
}

impl Authenticator {
    /// Asks the app server of these settings.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            http: reqwest::Client::builder()
                .timeout(PATIENCE)
                .no_proxy()
                .build()?,
            url: format!(
                "{}/internal/authenticate",
                config.server.internal_url.trim_end_matches('/')
            ),
            secret: config.secrets.internal_secret.clone(),
            known: Mutex::default(),
        })
    }

    /// Lets the owner of a queue in.
    pub async fn admit(&self, presented: &Presented, owner: &Owner) -> Result<(), Refusal> {
        let theirs = [&owner.email, &owner.delivery_email];
        if presented
            .email
            .as_ref()
            .is_some_and(|email| !theirs.iter().any(|one| *email == one.to_lowercase()))
        {
            return Err(Refusal::NotTheirs);
        }
        if owner
            .credential
            .as_ref()
            .is_some_and(|credential| same(credential, &presented.credential))
        {
            return Ok(());
        }
        let user_id = owner.user_id.ok_or(Refusal::NotTheirs)?;
        let key = (owner.realm_id, presented.credential.clone());
        let known = self.known().get(&key).copied();
        let whose = match known {
            Some(whose) => Some(whose),
            None => self.ask(owner.realm_id, &presented.credential).await?,
        };
        if whose != Some(user_id) {
            return Err(Refusal::NotTheirs);
        }
        let mut known = self.known();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, user_id);
        Ok(())
    }

    /// Credentials of a user were revoked.
    pub fn forget(&self, user_id: UserId) {
        self.known().retain(|_, whose| *whose != user_id);
    }

    /// Nobody gets into a realm any more.
    pub fn forget_realm(&self, realm_id: RealmId) {
        self.known().retain(|(realm, _), _| *realm != realm_id);
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(RealmId, String), UserId>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn ask(&self, realm_id: RealmId, credential: &str) -> Result<Option<UserId>, Refusal> {
        let question = Authenticate {
            realm_id,
            credential: credential.to_owned(),
        };
        let answer = self
            .http
            .post(&self.url)
            .header(INTERNAL_HEADER, self.secret.expose())
            .json(&question)
            .send()
            .await
            .map_err(unavailable)?;
        if matches!(answer.status().as_u16(), 400..=404) {
            return Ok(None);
        }
        let answer = answer.error_for_status().map_err(unavailable)?;
        let authenticated: Authenticated = answer.json().await.map_err(unavailable)?;
        Ok((authenticated.realm_id == realm_id).then_some(authenticated.user_id))
    }
}

fn unavailable(error: reqwest::Error) -> Refusal {
    tracing::warn!(%error, "the app server does not say whose a credential is");
    Refusal::Unavailable
}
