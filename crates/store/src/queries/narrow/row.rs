//! A message of a page, without its content and the names of people and conversations.

use narrows_wire::{MessageId, RecipientId, UserId};

use crate::queries::unread::is_news_to;

/// A message as a reader finds it. Its content is in [`crate::queries::messages::bodies`], by id and version; the names
/// around it in [`crate::queries::page_names`].
#[derive(Debug)]
pub struct PageRow(pub(super) tokio_postgres::Row);

/// The columns of [`PageRow`], in its order, but for the last, which depends on the reader.
pub(super) const COLUMNS: &str =
    "page.id, page.version, page.recipient_id, page.sender_id, page.wildcard_mention, page.unread_by_sender,
    page.unread_for, t.name, t.history::text";

/// What [`COLUMNS`] are taken from. `OFFSET 0` keeps the planner from reading all topics for a few of them.
pub(super) const JOINS: &str =
    "page LEFT JOIN LATERAL (SELECT * FROM topics WHERE id = page.topic_id OFFSET 0) AS t ON TRUE";

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

    /// Whether it comes to a user, to whom it was delivered, as something to read.
    pub fn is_news_to(&self, user: UserId) -> bool {
        let unread_for: Option<Vec<i32>> = self.0.get(6);
        is_news_to(user, self.sender_id(), self.0.get(5), unread_for.as_deref())
    }

    /// The topic's name; `None` for direct messages.
    pub fn topic(&self) -> Option<&str> {
        self.0.get(7)
    }

    /// JSON array of renames of the whole topic, newest first.
    pub fn topic_history(&self) -> Option<&str> {
        self.0.get(8)
    }

    /// The reader's [`crate::queries::flags::bit`]s.
    pub fn flags(&self) -> i32 {
        self.0.get(9)
    }
}
