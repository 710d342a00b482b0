//! A message of a page, without its content: what depends on the reader and on names that may change.

use narrows_wire::{MessageId, RecipientId, StreamId, UserId};

/// A message as a reader finds it. Its content is in [`crate::queries::messages::bodies`], by id and version.
#[derive(Debug)]
pub struct PageRow(pub(super) tokio_postgres::Row);

/// The columns of [`PageRow`], in its order; `{delivered}`, `{flags}`, `{flags_join}` depend on the reader.
pub(super) const COLUMNS: &str =
    "page.id, page.version, page.recipient_id, page.sender_id, page.wildcard_mention,
    t.name, t.history::text, s.id, s.name, r.user_ids,
    u.full_name, u.email, u.delivery_email, u.avatar_source::text, u.avatar_version,
    page.unread_by_sender, u.is_system_bot";

/// What [`COLUMNS`] are taken from. `OFFSET 0` keeps the planner from reading all users and topics for a few of them.
pub(super) const JOINS: &str =
    "page CROSS JOIN LATERAL (SELECT * FROM users WHERE id = page.sender_id OFFSET 0) AS u
    LEFT JOIN LATERAL (SELECT * FROM topics WHERE id = page.topic_id OFFSET 0) AS t ON TRUE
    LEFT JOIN streams s ON page.topic_id IS NOT NULL AND s.recipient_id = page.recipient_id
    LEFT JOIN recipients r ON page.topic_id IS NULL AND r.id = page.recipient_id";

impl PageRow {
    /// The message.
    pub fn id(&self) -> MessageId {
        MessageId(self.0.get(0))
    }

    /// Which version of the message's body is wanted.
    pub fn version(&self) -> i32 {
        self.0.get(1)
    }

    /// Its conversation.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.0.get(2))
    }

    /// Who sent it.
    pub fn sender_id(&self) -> UserId {
        UserId(self.0.get(3))
    }

    /// Whether it mentions everybody in the stream.
    pub fn mentions_stream(&self) -> bool {
        self.0.get::<_, i16>(4) & 1 != 0
    }

    /// The topic's name; `None` for direct messages.
    pub fn topic(&self) -> Option<&str> {
        self.0.get(5)
    }

    /// JSON array of renames of the whole topic, newest first.
    pub fn topic_history(&self) -> Option<&str> {
        self.0.get(6)
    }

    /// The stream; `None` for direct messages.
    pub fn stream(&self) -> Option<(StreamId, &str)> {
        let id: Option<i32> = self.0.get(7);
        Some((StreamId(id?), self.0.get::<_, Option<&str>>(8)?))
    }

    /// All people of a direct conversation, ascending.
    pub fn people(&self) -> Vec<i32> {
        self.0.get::<_, Option<Vec<i32>>>(9).unwrap_or_default()
    }

    /// The sender's name.
    pub fn sender_full_name(&self) -> &str {
        self.0.get(10)
    }

    /// The sender's address that clients see.
    pub fn sender_email(&self) -> &str {
        self.0.get(11)
    }

    /// Where the sender's mail goes: their Gravatar's address.
    pub fn sender_delivery_email(&self) -> &str {
        self.0.get(12)
    }

    /// The source and version of the sender's picture.
    pub fn sender_avatar(&self) -> (&str, i32) {
        (self.0.get(13), self.0.get(14))
    }

    /// Whether a program sent it on the sender's behalf, so that the sender has not seen it.
    pub fn unread_by_sender(&self) -> bool {
        self.0.get(15)
    }

    /// Whether the sender is a voice of the server.
    pub fn sender_is_system_bot(&self) -> bool {
        self.0.get(16)
    }

    /// The reader's [`crate::queries::flags::bit`]s.
    pub fn flags(&self) -> i32 {
        self.0.get(17)
    }

    /// Whether it was delivered to the reader.
    pub fn delivered(&self) -> bool {
        self.0.get(18)
    }

    /// The realm's version: names in cached reactions are of some version of it.
    pub fn realm_version(&self) -> i64 {
        self.0.get(19)
    }
}
