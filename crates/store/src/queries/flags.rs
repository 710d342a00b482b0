//! What sets a message apart for one user, beside being unread: starred, mentioned … Sparse: most messages have no row.

use diesel::sql_types::{Array, BigInt, Integer};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// Bits of `user_message_flags.flags`.
pub mod bit {
    /// The user wants to find it again. In a partial index.
    pub const STARRED: i32 = 1;
    /// Mentioned by name or through a group. In a partial index.
    pub const MENTIONED: i32 = 2;
    /// Shown folded.
    pub const COLLAPSED: i32 = 4;
    /// Has one of the user's alert words.
    pub const HAS_ALERT_WORD: i32 = 8;
    /// Mentioned as a participant of the topic.
    pub const TOPIC_WILDCARD_MENTIONED: i32 = 16;
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Sets a bit on messages that the user has access to.
pub async fn add(conn: &mut Conn, user: UserId, messages: &[MessageId], bit: i32) -> Result<()> {
    let sql = "
        INSERT INTO user_message_flags (user_id, message_id, flags) SELECT $1, m, $3 FROM unnest($2) AS m
        ON CONFLICT (user_id, message_id) DO UPDATE SET flags = user_message_flags.flags | EXCLUDED.flags";
    bind(sql, user, messages, bit).execute(conn).await?;
    Ok(())
}

/// Clears a bit; rows that say nothing any more go.
pub async fn remove(conn: &mut Conn, user: UserId, messages: &[MessageId], bit: i32) -> Result<()> {
    let delete = "DELETE FROM user_message_flags WHERE user_id = $1 AND message_id = ANY($2) AND flags & ~$3 = 0";
    bind(delete, user, messages, bit).execute(conn).await?;
    let update = "
        UPDATE user_message_flags SET flags = flags & ~$3
        WHERE user_id = $1 AND message_id = ANY($2) AND flags & $3 <> 0";
    bind(update, user, messages, bit).execute(conn).await?;
    Ok(())
}

/// Who has flags on a message that was found in a realm, by user.
pub async fn of_message(conn: &mut Conn, message: MessageId) -> Result<Vec<(UserId, i32)>> {
    #[derive(diesel::QueryableByName)]
    struct Flagged {
        #[diesel(sql_type = Integer)]
        user_id: i32,
        #[diesel(sql_type = Integer)]
        flags: i32,
    }
    let sql = "SELECT user_id, flags FROM user_message_flags WHERE message_id = $1 ORDER BY 1";
    let rows: Vec<Flagged> = diesel::sql_query(sql)
        .bind::<BigInt, _>(message.0)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (UserId(row.user_id), row.flags))
        .collect())
}

/// The messages that a user starred and can still read, ascending.
pub async fn starred(conn: &mut Conn, user: UserId) -> Result<Vec<MessageId>> {
    let sql = "
        SELECT f.message_id AS id FROM user_message_flags f
        JOIN users u ON u.id = f.user_id
        JOIN messages m ON m.id = f.message_id
        LEFT JOIN streams s ON s.recipient_id = m.recipient_id
        LEFT JOIN subscriptions own ON own.stream_id = s.id AND own.user_id = f.user_id AND own.active
        WHERE f.user_id = $1 AND f.flags & 1 <> 0
          AND (s.id IS NULL OR own.user_id IS NOT NULL OR s.is_web_public
               OR (NOT s.invite_only AND u.role < 600))
        ORDER BY 1";
    let rows: Vec<Id> = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| MessageId(row.id)).collect())
}

/// Of `messages`, those that have one of `bits`.
pub async fn having(
    conn: &mut Conn,
    user: UserId,
    messages: &[MessageId],
    bits: i32,
) -> Result<Vec<MessageId>> {
    let sql = "
        SELECT message_id AS id FROM user_message_flags
        WHERE user_id = $1 AND message_id = ANY($2) AND flags & $3 <> 0 ORDER BY 1";
    let rows: Vec<Id> = bind(sql, user, messages, bits).load(conn).await?;
    Ok(rows.into_iter().map(|row| MessageId(row.id)).collect())
}

/// Messages from `first` on that mention a user by name, group or as a participant, ascending.
pub async fn mentioned_since(
    conn: &mut Conn,
    user: UserId,
    first: MessageId,
) -> Result<Vec<MessageId>> {
    let sql = "
        SELECT message_id AS id FROM user_message_flags
        WHERE user_id = $1 AND message_id >= $2 AND flags & $3 <> 0 ORDER BY 1";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .bind::<BigInt, _>(first.0);
    let bits = bit::MENTIONED | bit::TOPIC_WILDCARD_MENTIONED;
    let rows: Vec<Id> = query.bind::<Integer, _>(bits).prepared().load(conn).await?;
    Ok(rows.into_iter().map(|row| MessageId(row.id)).collect())
}

type Bound =
    diesel::query_builder::BoxedSqlQuery<'static, diesel::pg::Pg, diesel::query_builder::SqlQuery>;

fn bind(sql: &'static str, user: UserId, messages: &[MessageId], bits: i32) -> Bound {
    let messages: Vec<i64> = messages.iter().map(|id| id.0).collect();
    let query = diesel::sql_query(sql).into_boxed::<diesel::pg::Pg>();
    query
        .bind::<Integer, _>(user.0)
        .bind::<Array<BigInt>, _>(messages)
        .bind::<Integer, _>(bits)
}
