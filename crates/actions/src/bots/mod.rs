//! Bots: programs that speak as users of their own. Their owner and the administrators manage them, and may look up
//! their API keys.

mod key;
mod manage;
mod object;

pub use manage::{BotChange, NewBot, change, create, deactivate, regenerate_key};
pub use object::{BotObject, of_caller};
pub(crate) use object::{active_changed, all_of, made};

/// A bot that does all that a user can (the API's `bot_type`).
pub const GENERIC: i16 = 1;
/// A bot that only sends (the API's `bot_type`).
pub const INCOMING_WEBHOOK: i16 = 2;
