//! Newtypes for identifiers, so that a stream's id is never taken for a user's.
//!
//! Serialised as bare numbers. `.0` is the database's value.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$inner> for $name {
            fn from(value: $inner) -> Self {
                Self(value)
            }
        }

        impl From<$name> for $inner {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    )*};
}

id! {
    /// An organisation.
    RealmId(i32);
    /// A user, bots included.
    UserId(i32);
    /// A stream ("channel" in newer clients).
    StreamId(i32);
    /// A heading under which streams are listed.
    ChannelFolderId(i32);
    /// A user group, system groups included.
    GroupId(i32);
    /// A conversation: a stream or a set of people. The API's `recipient_id`.
    RecipientId(i64);
    /// A topic within a stream. Never shown to clients, who name topics by stream and name.
    TopicId(i64);
    /// A message; grows with time across the whole server.
    MessageId(i64);
    /// A file that somebody uploaded.
    AttachmentId(i64);
    /// A message that a user has begun to write.
    DraftId(i32);
    /// A message to be sent later, or a reminder.
    ScheduledMessageId(i32);
    /// An invitation to join an organisation.
    InvitationId(i32);
    /// A text that a user keeps at hand.
    SavedSnippetId(i32);
    /// An archive of what an organisation has.
    RealmExportId(i32);
    /// A row of the outbox. Consumers of the log and of job queues deduplicate by it.
    OutboxId(i64);
    /// PostgreSQL's 64-bit transaction id (`pg_current_xact_id()`).
    Xid(u64);
}
