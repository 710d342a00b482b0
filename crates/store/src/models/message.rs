//! Messages.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RealmId, RecipientId, TopicId, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::queries::unread::is_news_to;
use crate::schema::messages;
use crate::store::Conn;

/// A message.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(diesel::pg::Pg))]
pub struct Message {
    id: i64,
    realm_id: i32,
    recipient_id: i64,
    topic_id: Option<i64>,
    sender_id: i32,
    /// As written.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
    /// By which version of the renderer.
    pub rendered_version: i16,
    /// The sending program.
    pub client: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// When its content was last changed.
    pub edited_at: Option<DateTime<Utc>>,
    /// When it was last moved by itself.
    pub moved_at: Option<DateTime<Utc>>,
    /// The API's edit history, newest first.
    pub edit_history: Option<Value>,
    /// Bits: 1 stream wildcard, 2 topic wildcard.
    pub wildcard_mention: i16,
    /// Whether it begins with `/me `.
    pub is_me_message: bool,
    /// Whether its sender still has to read it: a program sent it for them.
    pub unread_by_sender: bool,
    unread_for: Option<Vec<i32>>,
}

impl Message {
    /// Its id.
    pub fn id(&self) -> MessageId {
        MessageId(self.id)
    }

    /// Whether it comes to a user, to whom it was delivered, as something to read.
    pub fn is_news_to(&self, user: UserId) -> bool {
        is_news_to(
            user,
            self.sender_id(),
            self.unread_by_sender,
            self.unread_for.as_deref(),
        )
    }

    /// Its realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// Its conversation.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.recipient_id)
    }

    /// Its topic; `None` for direct messages.
    pub fn topic_id(&self) -> Option<TopicId> {
        self.topic_id.map(TopicId)
    }

    /// Who sent it.
    pub fn sender_id(&self) -> UserId {
        UserId(self.sender_id)
    }

    /// A message by id, whoever may see it.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: MessageId) -> Result<Message> {
        let query = messages::table
            .filter(messages::realm_id.eq(realm.0))
            .filter(messages::id.eq(id.0));
        Ok(query.select(Message::as_select()).first(conn).await?)
    }

    /// As [`Message::find`], locked until the transaction ends.
    pub async fn find_for_update(
        conn: &mut Conn,
        realm: RealmId,
        id: MessageId,
    ) -> Result<Message> {
        let query = messages::table
            .filter(messages::realm_id.eq(realm.0))
            .filter(messages::id.eq(id.0));
        Ok(query
            .select(Message::as_select())
            .for_update()
            .first(conn)
            .await?)
    }
}
