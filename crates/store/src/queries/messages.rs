//! Messages with what surrounds them.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RealmId, RecipientId, StreamId, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::hot::Hot;
use crate::models::Message;
use crate::prepared::Prepared;
use crate::schema::messages;
use crate::store::Conn;

/// Where a message is, as a user stands to it.
#[derive(Clone, Debug, diesel::QueryableByName)]
pub struct Place {
    #[diesel(sql_type = Nullable<Integer>)]
    stream_id: Option<i32>,
    #[diesel(sql_type = Nullable<Array<Integer>>)]
    user_ids: Option<Vec<i32>>,
    /// The topic's name, of stream messages.
    #[diesel(sql_type = Nullable<Text>)]
    pub topic: Option<String>,
    /// Renames of the whole topic that concern the message, newest first.
    #[diesel(sql_type = Nullable<diesel::sql_types::Jsonb>)]
    pub topic_history: Option<Value>,
    /// Whether it was delivered to the user: a subscription period covers it, or it is a direct message to them.
    #[diesel(sql_type = Bool)]
    pub delivered: bool,
}

impl Place {
    /// The stream; `None` for direct messages.
    pub fn stream_id(&self) -> Option<StreamId> {
        self.stream_id.map(StreamId)
    }

    /// All people of a direct conversation, ascending.
    pub fn people(&self) -> Vec<UserId> {
        self.user_ids
            .iter()
            .flatten()
            .map(|id| UserId(*id))
            .collect()
    }
}

/// Where a message is, as `user` stands to it; spectators have no id and were delivered nothing.
pub async fn place(conn: &mut Conn, message: &Message, user: Option<UserId>) -> Result<Place> {
    let sql = "
        SELECT s.id AS stream_id, r.user_ids, t.name AS topic, t.history AS topic_history, EXISTS (
            SELECT 1 FROM subscription_periods p
            WHERE p.user_id = $4 AND p.recipient_id = r.id AND p.from_message_id < $2
                AND (p.to_message_id IS NULL OR $2 <= p.to_message_id)) AS delivered
        FROM recipients r LEFT JOIN streams s ON s.recipient_id = r.id LEFT JOIN topics t ON t.id = $3
        WHERE r.id = $1";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(message.recipient_id().0)
        .bind::<BigInt, _>(message.id().0);
    let query = query.bind::<Nullable<BigInt>, _>(message.topic_id().map(|id| id.0));
    Ok(query
        .bind::<Nullable<Integer>, _>(user.map(|id| id.0))
        .prepared()
        .get_result(conn)
        .await?)
}

/// Who has written in a topic of a conversation or reacted there, by id.
pub async fn participants(
    conn: &mut Conn,
    recipient: RecipientId,
    topic: &str,
) -> Result<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct User {
        #[diesel(sql_type = Integer)]
        user_id: i32,
    }
    let sql = "
        WITH there AS (
            SELECT m.id, m.sender_id FROM topics t JOIN messages m ON m.topic_id = t.id
            WHERE t.recipient_id = $1 AND lower(t.name) = lower($2))
        SELECT sender_id AS user_id FROM there
        UNION SELECT r.user_id FROM there JOIN reactions r ON r.message_id = there.id
        ORDER BY user_id";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<Text, _>(topic);
    let users: Vec<User> = query.prepared().load(conn).await?;
    Ok(users.into_iter().map(|row| UserId(row.user_id)).collect())
}

/// A user's direct conversations, those with the newest messages first.
pub async fn recent_conversations(
    conn: &mut Conn,
    user: UserId,
    limit: i64,
) -> Result<Vec<(MessageId, Vec<UserId>)>> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        last: i64,
        #[diesel(sql_type = Array<Integer>)]
        user_ids: Vec<i32>,
    }
    let sql = "
        SELECT last.id AS last, r.user_ids
        FROM subscription_periods p JOIN recipients r ON r.id = p.recipient_id AND r.user_ids IS NOT NULL
            JOIN LATERAL (
                SELECT recipient_id, id FROM messages m WHERE (m.recipient_id, m.id) < (r.id + 1, 0)
                ORDER BY m.recipient_id DESC, m.id DESC LIMIT 1) AS last ON last.recipient_id = r.id
        WHERE p.user_id = $1 ORDER BY last.id DESC LIMIT $2";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .bind::<BigInt, _>(limit);
    let rows: Vec<Row> = query.prepared().load(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            (
                MessageId(row.last),
                row.user_ids.into_iter().map(UserId).collect(),
            )
        })
        .collect())
}

/// The newest message that was delivered to a user; -1 if there is none.
pub async fn newest_of_user(conn: &mut Conn, user: UserId) -> Result<MessageId> {
    #[derive(diesel::QueryableByName)]
    struct Newest {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    let sql = "
        SELECT coalesce(max(last.id), -1) AS id FROM subscription_periods p CROSS JOIN LATERAL (
            SELECT id FROM messages m WHERE (m.recipient_id, m.id) > (p.recipient_id, p.from_message_id)
                AND (m.recipient_id, m.id) <= (p.recipient_id, coalesce(p.to_message_id, 9223372036854775807))
            ORDER BY m.recipient_id DESC, m.id DESC LIMIT 1) AS last
        WHERE p.user_id = $1";
    let newest: Newest = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .prepared()
        .get_result(conn)
        .await?;
    Ok(MessageId(newest.id))
}

/// What of a message depends on the message alone (and, in reactions, on the names of those who reacted).
#[derive(Debug)]
pub struct Body(tokio_postgres::Row);

impl Body {
    /// The message.
    pub fn id(&self) -> MessageId {
        MessageId(self.0.get(0))
    }

    /// The version that this is.
    pub fn version(&self) -> i32 {
        self.0.get(1)
    }

    /// As written.
    pub fn content(&self) -> &str {
        self.0.get(2)
    }

    /// As HTML.
    pub fn rendered_content(&self) -> &str {
        self.0.get(3)
    }

    /// The sending program.
    pub fn client(&self) -> &str {
        self.0.get(4)
    }

    /// UNIX seconds.
    pub fn sent_at(&self) -> i64 {
        self.0.get(5)
    }

    /// UNIX seconds of the last change of content.
    pub fn edited_at(&self) -> Option<i64> {
        self.0.get(6)
    }

    /// UNIX seconds of the last move of this message by itself.
    pub fn moved_at(&self) -> Option<i64> {
        self.0.get(7)
    }

    /// JSON array, newest first.
    pub fn edit_history(&self) -> Option<&str> {
        self.0.get(8)
    }

    /// Whether it begins with `/me `.
    pub fn is_me_message(&self) -> bool {
        self.0.get(9)
    }

    /// JSON array of the API's reaction objects.
    pub fn reactions(&self) -> Option<&str> {
        self.0.get(10)
    }

    /// JSON array of the API's submessage objects.
    pub fn submessages(&self) -> Option<&str> {
        self.0.get(13)
    }

    /// Its conversation.
    pub fn recipient_id(&self) -> RecipientId {
        RecipientId(self.0.get(11))
    }

    /// Who sent it.
    pub fn sender_id(&self) -> UserId {
        UserId(self.0.get(12))
    }
}

const BODIES: &str = "
    SELECT m.id, m.version, m.content, m.rendered_content, m.client, extract(epoch FROM m.sent_at)::bigint,
        extract(epoch FROM m.edited_at)::bigint, extract(epoch FROM m.moved_at)::bigint, m.edit_history::text,
        m.is_me_message, (
            SELECT json_agg(json_build_object('emoji_name', r.emoji_name, 'emoji_code', r.emoji_code,
                'reaction_type', r.reaction_type, 'user_id', r.user_id,
                'user', json_build_object('id', u.id, 'email', u.email, 'full_name', u.full_name)) ORDER BY r.id)::text
            FROM reactions r JOIN users u ON u.id = r.user_id WHERE r.message_id = m.id),
        m.recipient_id, m.sender_id, (
            SELECT json_agg(json_build_object('id', s.id, 'message_id', s.message_id, 'sender_id', s.sender_id,
                'msg_type', s.msg_type, 'content', s.content) ORDER BY s.id)::text
            FROM submessages s WHERE s.message_id = m.id)
    FROM messages m WHERE m.id = ANY($1)";

/// The bodies of messages that the reader was found to have access to, in any order.
pub async fn bodies(hot: &Hot, ids: &[i64]) -> Result<Vec<Body>> {
    Ok(hot
        .query(BODIES, &[&ids])
        .await?
        .into_iter()
        .map(Body)
        .collect())
}

/// The newest message of a realm; -1 if there is none.
pub async fn newest(conn: &mut Conn, realm: RealmId) -> Result<i64> {
    // Ordered by both, as only the index of messages by realm is: from the end of all messages it may be far.
    let query = messages::table
        .filter(messages::realm_id.between(realm.0, realm.0))
        .order((messages::realm_id.desc(), messages::id.desc()))
        .select(messages::id);
    let newest: Option<i64> = query.first(conn).await.optional()?;
    Ok(newest.unwrap_or(-1))
}

/// As [`newest`], of this moment.
pub async fn newest_now(hot: &Hot, realm: RealmId) -> Result<i64> {
    let sql = "SELECT id FROM messages WHERE realm_id BETWEEN $1 AND $1 ORDER BY realm_id DESC, id DESC LIMIT 1";
    let rows = hot.query(sql, &[&realm.0]).await?;
    Ok(rows.into_iter().next().map_or(-1, |row| row.get(0)))
}
