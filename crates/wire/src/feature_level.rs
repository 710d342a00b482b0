//! What the server announces of itself. Clients decide by the level what they send.

/// Zulip API feature level whose calls and events the server speaks (372 = Zulip 10.1).
pub const FEATURE_LEVEL: u32 = 372;
/// The Zulip release that corresponds to [`FEATURE_LEVEL`]; clients parse it.
pub const ZULIP_VERSION: &str = "10.1";
/// Our own version.
pub const NARROWS_VERSION: &str = env!("CARGO_PKG_VERSION");
