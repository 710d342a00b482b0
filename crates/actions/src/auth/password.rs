//! Passwords: argon2id, computed where it does not hold up other requests.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use narrows_wire::limits::MAX_PASSWORD_LENGTH;

use crate::error::{Error, Result};

/// The fewest characters of a password.
const MIN_LENGTH: usize = 6;

/// Refuses passwords that are too short or absurdly long.
pub fn check_password_strength(password: &str) -> Result<()> {
    match password.chars().count() {
        length if length < MIN_LENGTH => Err(Error::bad_request("The password is too weak.")),
        length if length > MAX_PASSWORD_LENGTH => {
            Err(Error::bad_request("The password is too long."))
        }
        _ => Ok(()),
    }
}

/// The hash of a password, in PHC form.
pub async fn hash_password(password: String) -> Result<String> {
    let hash = move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    };
    blocking(hash)
        .await?
        .map_err(|error| Error::Internal(error.to_string().into()))
}

/// Whether `password` has this hash. Without a hash, takes as long as with one: who has no password cannot be told from
/// who has another one.
pub(crate) async fn verify(password: String, hash: Option<String>) -> Result<bool> {
    let verify = move || {
        let Some(hash) = hash else {
            let _ = Argon2::default().hash_password(password.as_bytes());
            return false;
        };
        let parsed = PasswordHash::new(&hash);
        parsed.is_ok_and(|parsed| {
            Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
        })
    };
    blocking(verify).await
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Error::Internal(Box::new(error)))
}
