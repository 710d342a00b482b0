//! What sets a message apart for one user.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// A set of flags.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct MessageFlags(u16);

impl MessageFlags {
    /// Read, or sent by the user.
    pub const READ: Self = Self(1);
    /// Mentions the user by name or through a group.
    pub const MENTIONED: Self = Self(2);
    /// Mentions everybody who received it.
    pub const STREAM_WILDCARD: Self = Self(4);
    /// Mentions the user as a participant of the topic.
    pub const TOPIC_WILDCARD: Self = Self(8);
    /// Has one of the user's alert words.
    pub const ALERT_WORD: Self = Self(16);
    /// The user wants to find it again.
    pub const STARRED: Self = Self(32);
    /// Shown folded.
    pub const COLLAPSED: Self = Self(64);

    /// Those of these that are set.
    pub fn of(bits: impl IntoIterator<Item = (bool, Self)>) -> Self {
        let set = bits.into_iter().filter(|(set, _)| *set);
        Self(set.fold(0, |flags, (_, bit)| flags | bit.0))
    }

    /// Whether one of `bits` is set.
    pub fn has(self, bits: Self) -> bool {
        self.0 & bits.0 != 0
    }

    /// Whether it mentions the user in any way.
    pub fn mentioned(self) -> bool {
        self.has(Self(
            Self::MENTIONED.0 | Self::STREAM_WILDCARD.0 | Self::TOPIC_WILDCARD.0,
        ))
    }

    /// As the API names them.
    pub fn names(self) -> Vec<&'static str> {
        let wildcard = Self(Self::STREAM_WILDCARD.0 | Self::TOPIC_WILDCARD.0);
        [
            (Self::READ, "read"),
            (Self::STARRED, "starred"),
            (Self::COLLAPSED, "collapsed"),
            (Self::MENTIONED, "mentioned"),
            (Self::STREAM_WILDCARD, "stream_wildcard_mentioned"),
            (Self::TOPIC_WILDCARD, "topic_wildcard_mentioned"),
            // The older name of both.
            (wildcard, "wildcard_mentioned"),
            (Self::ALERT_WORD, "has_alert_word"),
        ]
        .into_iter()
        .filter(|(bits, _)| self.has(*bits))
        .map(|(_, name)| name)
        .collect()
    }
}

/// The flags of one message, as each user has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalFlags {
    /// Of all who are in none of the groups.
    pub rest: MessageFlags,
    /// Users with the same flags; ascending, each in one group at most.
    pub groups: Vec<(MessageFlags, Vec<UserId>)>,
}

impl PersonalFlags {
    /// Those of one user.
    pub fn of(&self, user: UserId) -> MessageFlags {
        let group = self
            .groups
            .iter()
            .find(|(_, users)| users.binary_search(&user).is_ok());
        group.map_or(self.rest, |(flags, _)| *flags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_their_own() {
        let flags = PersonalFlags {
            rest: MessageFlags::READ,
            groups: vec![
                (MessageFlags::default(), vec![UserId(2), UserId(5)]),
                (
                    MessageFlags::of([(true, MessageFlags::STARRED)]),
                    vec![UserId(3)],
                ),
            ],
        };
        let names = |user| flags.of(UserId(user)).names();
        assert_eq!(names(1), ["read"]);
        assert!(names(5).is_empty());
        assert_eq!(names(3), ["starred"]);
    }

    #[test]
    fn both_wildcards_have_their_older_name_too() {
        let flags = MessageFlags::of([
            (true, MessageFlags::TOPIC_WILDCARD),
            (false, MessageFlags::READ),
        ]);
        assert!(flags.mentioned());
        assert_eq!(
            flags.names(),
            ["topic_wildcard_mentioned", "wildcard_mentioned"]
        );
    }
}
