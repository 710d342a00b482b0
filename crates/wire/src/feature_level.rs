//! What the server announces of itself. Clients decide by the level what they send.

/// Zulip API feature level whose calls and events the server speaks (421 = Zulip 11.0).
pub const FEATURE_LEVEL: u32 = 421;
/// The Zulip release that corresponds to [`FEATURE_LEVEL`]; clients parse it.
pub const ZULIP_VERSION: &str = "11.0";
/// Our own version.
pub const NARROWS_VERSION: &str = env!("CARGO_PKG_VERSION");
