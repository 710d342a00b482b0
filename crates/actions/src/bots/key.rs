//! API keys of bots.
//!
//! Owners may look them up, as the API has it, while no table keeps them: a bot's key is made of a salt in the database
//! and of the server's secret. It counts as long as its hash is among the bot's keys, like any other. The events that tell
//! owners of a new key carry it, so it is in the outbox and the event log for as long as these keep them.

use hmac::{Hmac, KeyInit, Mac};
use narrows_store::models::Bot;
use sha2::Sha256;

use crate::auth::TOKEN_LENGTH;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// What else the secret is used for gives other bytes.
const PURPOSE: &[u8] = b"key of a bot\0";
/// Bytes of a salt.
const SALT_LENGTH: usize = 16;
const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// What a new key is made of.
pub(super) fn new_salt() -> Vec<u8> {
    rand::random::<[u8; SALT_LENGTH]>().to_vec()
}

/// A bot's key, of letters and digits as all keys are.
pub(super) fn of(ctx: &Ctx, bot: &Bot) -> Result<String> {
    let secret = ctx.config.secrets.secret_key.expose().as_bytes();
    let mac = Hmac::<Sha256>::new_from_slice(secret);
    let mut mac = mac.map_err(|error| Error::Internal(Box::new(error)))?;
    mac.update(PURPOSE);
    mac.update(&bot.user_id().0.to_be_bytes());
    mac.update(&bot.key_salt);
    let bytes = mac.finalize().into_bytes();
    let letter = |byte: &u8| ALPHABET.iter().cycle().nth(usize::from(*byte));
    let letters = bytes.iter().take(TOKEN_LENGTH).filter_map(letter);
    Ok(letters.map(|letter| char::from(*letter)).collect())
}
