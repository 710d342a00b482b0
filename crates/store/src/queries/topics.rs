//! The topics of a stream, as one reader sees them.

use std::cmp::Reverse;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RecipientId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// A topic with the newest message that its reader may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadTopic {
    /// Its name as stored.
    pub name: String,
    /// The newest message.
    pub max_id: MessageId,
}

/// Columns rather than rows, which cost PostgreSQL and us several times as much where there are thousands.
#[derive(QueryableByName)]
struct Columns {
    #[diesel(sql_type = Array<Text>)]
    names: Vec<String>,
    #[diesel(sql_type = Array<BigInt>)]
    newest: Vec<i64>,
}

impl Columns {
    /// The one with the newest message first.
    fn sorted(self) -> Vec<ReadTopic> {
        let topics = self.names.into_iter().zip(self.newest);
        let topics = topics.map(|(name, id)| ReadTopic {
            name,
            max_id: MessageId(id),
        });
        let mut topics: Vec<ReadTopic> = topics.collect();
        topics.sort_unstable_by_key(|topic| Reverse(topic.max_id));
        topics
    }
}

/// The topics of a conversation that have messages, newest first.
pub async fn all(conn: &mut Conn, recipient: RecipientId) -> Result<Vec<ReadTopic>> {
    let sql = "
        SELECT coalesce(array_agg(name), '{}') AS names, coalesce(array_agg(last_message_id), '{}') AS newest
        FROM topics WHERE recipient_id = $1 AND last_message_id > 0";
    let query = diesel::sql_query(sql).bind::<BigInt, _>(recipient.0);
    let found: Columns = query.prepared().get_result(conn).await?;
    Ok(found.sorted())
}

/// The topics of a conversation with messages that were delivered to the user, newest first.
pub async fn delivered(
    conn: &mut Conn,
    user: UserId,
    recipient: RecipientId,
) -> Result<Vec<ReadTopic>> {
    let sql = "
        SELECT coalesce(array_agg(name), '{}') AS names, coalesce(array_agg(max_id), '{}') AS newest
        FROM (
            SELECT t.name, max(newest.id) AS max_id
            FROM topics t
            JOIN subscription_periods p ON p.recipient_id = t.recipient_id AND p.user_id = $1
            JOIN LATERAL (
                SELECT m.id FROM messages m
                WHERE m.topic_id IS NOT NULL AND (m.topic_id, m.id) > (t.id, p.from_message_id)
                    AND (m.topic_id, m.id) <= (t.id, coalesce(p.to_message_id, 9223372036854775807))
                ORDER BY m.topic_id DESC, m.id DESC LIMIT 1) newest ON true
            WHERE t.recipient_id = $2
            GROUP BY t.id, t.name) AS topic";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .bind::<BigInt, _>(recipient.0);
    let found: Columns = query.prepared().get_result(conn).await?;
    Ok(found.sorted())
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    found: bool,
}

/// Whether a stream has messages in another topic than the empty one.
pub async fn has_named(conn: &mut Conn, recipient: RecipientId) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM topics
        WHERE recipient_id = $1 AND name <> '' AND last_message_id > 0) AS found";
    let query = diesel::sql_query(sql).bind::<diesel::sql_types::BigInt, _>(recipient.0);
    let row: Found = query.prepared().get_result(conn).await?;
    Ok(row.found)
}

/// Whether a topic, named in any case of letters, has messages.
pub async fn has_messages(conn: &mut Conn, recipient: RecipientId, name: &str) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM topics
        WHERE recipient_id = $1 AND lower(name) = lower($2) AND last_message_id > 0) AS found";
    let query = diesel::sql_query(sql)
        .bind::<diesel::sql_types::BigInt, _>(recipient.0)
        .bind::<diesel::sql_types::Text, _>(name);
    let row: Found = query.prepared().get_result(conn).await?;
    Ok(row.found)
}
