//! The addresses to which mail can be sent that becomes messages of a stream.
//!
//! Each person has one of their own for each stream and sender, always the same. It is written down nowhere: it says
//! what it is for, and the server's secret proves that the server said so.

use hmac::Mac;
use narrows_store::models::User;
use narrows_wire::{StreamId, UserId};

use crate::access::streams::access_stream_content;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;
use crate::secret::mac;

/// What the server's secret is used for here.
const PURPOSE: &str = "address of a stream";
/// Bytes of the proof: too many to be guessed by sending mail.
const PROOF_LENGTH: usize = 8;

/// The address by which the caller writes to a stream that they can read: as themselves, or as `sender`, a bot of theirs.
pub async fn email_address(
    ctx: &Ctx,
    caller: &Caller,
    id: StreamId,
    sender: Option<UserId>,
) -> Result<String> {
    let mut conn = ctx.store.read().await?;
    let stream = access_stream_content(&mut conn, caller, id).await?.stream;
    let sender = match sender {
        Some(sender) if sender != caller.user_id() => {
            let bot = User::find(&mut conn, caller.realm_id(), sender).await;
            let bot = bot.map_err(|error| Error::from(error).or_missing(invalid_sender))?;
            if !bot.is_active || bot.bot_owner_id() != Some(caller.user_id()) {
                return Err(invalid_sender());
            }
            bot.id()
        }
        _ => caller.user_id(),
    };
    let mut parts = vec![];
    parts.extend(slug(&stream.name));
    parts.push(token(ctx, stream.id(), caller.user_id(), sender)?);
    parts.push("show-sender".to_owned());
    let domain = realms::email_domain(ctx, &caller.realm);
    Ok(format!("{}@{domain}", parts.join(".")))
}

fn invalid_sender() -> Error {
    Error::bad_request("Invalid sender_id")
}

fn token(ctx: &Ctx, stream: StreamId, whose: UserId, sender: UserId) -> Result<String> {
    let said = [stream.0, whose.0, sender.0].map(i32::to_be_bytes).concat();
    let mac = mac(ctx, PURPOSE, &[&said])?;
    let proof = mac.finalize().into_bytes();
    let proof = proof.iter().take(PROOF_LENGTH).copied();
    let token: Vec<u8> = said.into_iter().chain(proof).collect();
    Ok(hex::encode(token))
}

/// The stream's name as far as all mail servers take it, for people to recognise; nothing if letters would be missing.
fn slug(name: &str) -> Option<String> {
    let words = name.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug = words.join("-").to_lowercase();
    (!slug.is_empty() && slug.is_ascii()).then_some(slug)
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_has_all_letters_or_is_none() {
        let slug = |name| slug(name).unwrap_or_default();
        assert_eq!(slug("What's  up?!"), "what-s-up");
        assert_eq!(slug("Verona"), "verona");
        assert_eq!(slug("テスト"), "");
        assert_eq!(slug("café"), "");
        assert_eq!(slug("!?"), "");
    }
}
