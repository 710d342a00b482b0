//! Topics of streams.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RecipientId, TopicId};

use super::user::lower;
use crate::error::Result;
use crate::schema::topics;
use crate::store::Conn;

/// A topic. Rows appear with the first message and stay when the last one is gone.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = topics, check_for_backend(diesel::pg::Pg))]
pub struct Topic {
    id: i64,
    recipient_id: i64,
    /// As first written; "" is the empty topic.
    pub name: String,
    last_message_id: i64,
}

impl Topic {
    /// Its id.
    pub fn id(&self) -> TopicId {
        TopicId(self.id)
    }

    /// The stream's recipient.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.recipient_id)
    }

    /// Its newest message; `None` if it is empty.
    pub fn last_message_id(&self) -> Option<MessageId> {
        (self.last_message_id > 0).then_some(MessageId(self.last_message_id))
    }

    /// The topic of that name in any case of letters, in a conversation that was found in a realm.
    pub async fn by_name(conn: &mut Conn, recipient: RecipientId, name: &str) -> Result<Topic> {
        let query = topics::table.filter(topics::recipient_id.eq(recipient.0));
        Ok(query
            .filter(lower(topics::name).eq(lower(name)))
            .select(Topic::as_select())
            .first(conn)
            .await?)
    }
}
