//! The terms of a narrow, typed, with names as clients write them.

use narrows_wire::{MessageId, UserId};

use crate::access::streams::StreamRef;

/// A condition, or its opposite.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Wanted is what does not match.
    pub negated: bool,
    /// What matches.
    pub condition: Condition,
}

/// What an operator with its operand asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `channel`, `stream`.
    Channel(StreamRef),
    /// `channels:public`.
    PublicChannels,
    /// `channels:web-public`.
    WebPublicChannels,
    /// `topic`, `subject`.
    Topic(String),
    /// `dm`, `pm-with`: exactly these people and the reader.
    Dm(Vec<UserName>),
    /// `dm-including`.
    DmIncluding(UserName),
    /// `group-pm-with`.
    GroupDmWith(UserName),
    /// `sender`, `from`.
    Sender(UserName),
    /// `id`.
    Id(MessageId),
    /// `with`: the conversation where this message is now.
    With(MessageId),
    /// `near`: says where to look, not what for.
    Near,
    /// `is`.
    Is(Is),
    /// `has`.
    Has(Has),
    /// `in:home`: what is not muted.
    Home,
    /// `in:all`.
    All,
    /// `search`: words and quoted phrases.
    Search(Vec<String>),
}

/// A user, as a client names one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserName {
    /// By id.
    Id(UserId),
    /// By address.
    Email(String),
}

/// Operands of `is`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// `dm`, `private`.
    Dm,
    /// `starred`.
    Starred,
    /// `mentioned`.
    Mentioned,
    /// `unread`.
    Unread,
    /// `alerted`.
    Alerted,
    /// `resolved`.
    Resolved,
    /// `followed`.
    Followed,
    /// `muted`.
    Muted,
}

/// Operands of `has`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Has {
    /// `link`.
    Link,
    /// `image`.
    Image,
    /// `attachment`.
    Attachment,
    /// `reaction`.
    Reaction,
}
