//! API keys of bots.
//!
//! Owners may look them up, as the API has it, while no table keeps them: a bot's key is made of a salt in the database
//! and of the server's secret. It counts as long as its hash is among the bot's keys, like any other. The events that tell
//! owners of a new key carry it, so it is in the outbox and the event log for as long as these keep them.

use narrows_store::models::Bot;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::secret;

/// A bot's key.
pub(super) fn of(ctx: &Ctx, bot: &Bot) -> Result<String> {
    secret::key(ctx, "key of a bot", bot.user_id().0, &bot.key_salt)
}
