//! What follows from the server's secret: proofs that something came from here, and keys that nothing has to store.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::auth::TOKEN_LENGTH;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Bytes of a salt.
const SALT_LENGTH: usize = 16;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A code over `parts` for one purpose: what else the secret is used for gives other bytes.
pub(crate) fn mac(ctx: &Ctx, purpose: &str, parts: &[&[u8]]) -> Result<Hmac<Sha256>> {
    let key = ctx.config.secrets.secret_key.expose().as_bytes();
    let mac = Hmac::<Sha256>::new_from_slice(key);
    let mut mac = mac.map_err(|error| Error::Internal(Box::new(error)))?;
    mac.update(purpose.as_bytes());
    mac.update(b"\0");
    parts.iter().for_each(|part| mac.update(part));
    Ok(mac)
}

/// What a new key is made of.
pub(crate) fn new_salt() -> Vec<u8> {
    rand::random::<[u8; SALT_LENGTH]>().to_vec()
}

/// The key of the thing with this id and salt, of letters and digits as all keys are. It counts as long as its hash is
/// stored.
pub(crate) fn key(ctx: &Ctx, purpose: &str, id: i32, salt: &[u8]) -> Result<String> {
    let mac = mac(ctx, purpose, &[&id.to_be_bytes(), salt])?;
    let bytes = mac.finalize().into_bytes();
    let letter = |byte: &u8| ALPHABET.iter().cycle().nth(usize::from(*byte));
    let letters = bytes.iter().take(TOKEN_LENGTH).filter_map(letter);
    Ok(letters.map(|letter| char::from(*letter)).collect())
}
