//! Personal flags of messages.

/// Bits of `user_message_flags.flags`.
pub mod bit {
    /// Starred by the user.
    pub const STARRED: i32 = 1;
    /// Mentioned by name or through a group.
    pub const MENTIONED: i32 = 2;
    /// Took part in a topic that was mentioned as a whole.
    pub const TOPIC_WILDCARD_MENTIONED: i32 = 4;
}
