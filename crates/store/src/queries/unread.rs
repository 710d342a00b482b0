//! What a user has not read: one row each. See docs/subsystems/unread.md.

mod groups;
mod state;

use std::collections::HashMap;

use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RecipientId, UserId};

use crate::error::Result;
use crate::hot::Hot;
use crate::prepared::Prepared;
use crate::store::{Conn, Store};

pub use groups::{Group, Place, groups};
pub use state::ReadState;

/// [`narrows_wire::envelope::is_news_to`] of a row; [`NEWS`] is the same in SQL.
pub(crate) fn is_news_to(
    user: UserId,
    sender: UserId,
    unread_by_sender: bool,
    unread_for: Option<&[i32]>,
) -> bool {
    let listed = unread_for.map(|users| users.contains(&user.0));
    narrows_wire::envelope::is_news_to(user, sender, unread_by_sender, listed)
}

/// [`is_news_to`] of a message `m` and the user of a period `p`.
const NEWS: &str =
    "CASE WHEN m.unread_for IS NULL THEN m.sender_id <> p.user_id OR m.unread_by_sender
        ELSE p.user_id = ANY (m.unread_for) END";

/// A row of `unread`, as stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, diesel::QueryableByName)]
pub struct Row {
    /// Whose.
    #[diesel(sql_type = Integer)]
    pub user_id: i32,
    /// Up to which id the bitmap lists what is unread; beyond, what is read.
    #[diesel(sql_type = BigInt)]
    pub materialized_to: i64,
    /// A roaring treemap; empty = no ids.
    #[diesel(sql_type = Binary)]
    pub ids: Vec<u8>,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Up to which id no message can appear any more in a statement that begins after this. Ask it before taking a snapshot.
pub async fn settled(store: &Store) -> Result<MessageId> {
    store.horizon().settled(store.hot()).await
}

/// How far the newest id that was ever given is beyond what a user's row knows of.
pub async fn lag(store: &Store, user: UserId) -> Result<i64> {
    let sql =
        "SELECT last_value - coalesce((SELECT materialized_to FROM unread WHERE user_id = $1), 0)
        FROM messages_id_seq";
    let rows = store.hot().query(sql, &[&user.0]).await?;
    Ok(rows.into_iter().next().map_or(0, |row| row.get(0)))
}

/// A user's row; the default if there is none yet.
pub async fn find(conn: &mut Conn, user: UserId) -> Result<Row> {
    let sql = "SELECT user_id, materialized_to, ids FROM unread WHERE user_id = $1";
    let rows: Vec<Row> = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

/// What decides about a reader's flags, beside those that are rows of their own.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The reader's row.
    pub row: Row,
    /// Conversation, and between which messages, the first excluded, all were delivered.
    periods: Vec<(i64, i64, i64)>,
}

impl Reading {
    /// Whether a message was delivered to the reader: a subscription period covers it.
    pub fn is_delivered(&self, conversation: RecipientId, message: MessageId) -> bool {
        self.periods.iter().any(|(recipient, from, to)| {
            *recipient == conversation.0 && *from < message.0 && message.0 <= *to
        })
    }
}

/// What a user has read, and was delivered in these conversations, as a single prepared statement.
pub async fn reading(hot: &Hot, user: UserId, conversations: &[i64]) -> Result<Reading> {
    let sql = "
        SELECT n.materialized_to, n.ids, p.recipients, p.froms, p.tos
        FROM (
            SELECT coalesce(array_agg(recipient_id), '{}') AS recipients, coalesce(array_agg(from_message_id), '{}') AS froms,
                coalesce(array_agg(coalesce(to_message_id, 9223372036854775807)), '{}') AS tos
            FROM subscription_periods WHERE user_id = $1 AND recipient_id = ANY($2)) AS p
        LEFT JOIN unread n ON n.user_id = $1";
    let rows = hot.query(sql, &[&user.0, &conversations]).await?;
    let Some(found) = rows.into_iter().next() else {
        return Ok(Reading::default());
    };
    let row = found
        .get::<_, Option<i64>>(0)
        .map_or_else(Row::default, |materialized_to| Row {
            user_id: user.0,
            materialized_to,
            ids: found.get(1),
        });
    let [recipients, froms, tos]: [Vec<i64>; 3] = [2, 3, 4].map(|column| found.get(column));
    let periods = recipients.into_iter().zip(froms).zip(tos);
    Ok(Reading {
        row,
        periods: periods.map(|((id, from), to)| (id, from, to)).collect(),
    })
}

/// A user's row, made if it is not there, locked until the transaction ends.
pub async fn find_for_update(conn: &mut Conn, user: UserId) -> Result<Row> {
    let insert = "INSERT INTO unread (user_id, ids) VALUES ($1, '') ON CONFLICT DO NOTHING";
    diesel::sql_query(insert)
        .bind::<Integer, _>(user.0)
        .prepared()
        .execute(conn)
        .await?;
    let sql = "SELECT user_id, materialized_to, ids FROM unread WHERE user_id = $1 FOR UPDATE";
    Ok(diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .prepared()
        .get_result(conn)
        .await?)
}

/// As [`find_for_update`] for several users, ascending.
pub async fn find_many_for_update(conn: &mut Conn, users: &[UserId]) -> Result<Vec<Row>> {
    let ids: Vec<i32> = users.iter().map(|user| user.0).collect();
    let insert = "INSERT INTO unread (user_id, ids) SELECT id, '' FROM unnest($1) AS id ORDER BY id ON CONFLICT DO NOTHING";
    diesel::sql_query(insert)
        .bind::<Array<Integer>, _>(&ids)
        .prepared()
        .execute(conn)
        .await?;
    let sql = "SELECT user_id, materialized_to, ids FROM unread WHERE user_id = ANY($1) ORDER BY user_id FOR UPDATE";
    Ok(diesel::sql_query(sql)
        .bind::<Array<Integer>, _>(&ids)
        .prepared()
        .load(conn)
        .await?)
}

/// Writes rows that were locked with [`find_many_for_update`].
pub async fn save_all(conn: &mut Conn, rows: &[Row]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let users: Vec<i32> = rows.iter().map(|row| row.user_id).collect();
    let ends: Vec<i64> = rows.iter().map(|row| row.materialized_to).collect();
    let ids: Vec<&[u8]> = rows.iter().map(|row| &row.ids[..]).collect();
    diesel::sql_query(
        "UPDATE unread SET materialized_to = r.materialized_to, ids = r.ids
         FROM unnest($1, $2, $3) AS r (user_id, materialized_to, ids) WHERE unread.user_id = r.user_id",
    )
    .bind::<Array<Integer>, _>(users)
    .bind::<Array<BigInt>, _>(ends)
    .bind::<Array<Binary>, _>(ids)
    .prepared().execute(conn)
    .await?;
    Ok(())
}

/// Writes a row that was locked with [`find_for_update`].
pub async fn save(conn: &mut Conn, row: &Row) -> Result<()> {
    diesel::sql_query("UPDATE unread SET materialized_to = $2, ids = $3 WHERE user_id = $1")
        .bind::<Integer, _>(row.user_id)
        .bind::<BigInt, _>(row.materialized_to)
        .bind::<Binary, _>(&row.ids)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Messages above `after` that were delivered to a user, ascending; of the user's own, those that a program sent.
///
/// Rows are compared, so that the index by conversation serves, not that of all messages above `after`. `OFFSET 0` keeps the
/// planner from joining all messages with the periods: it has no idea how few of them rows that are compared let through.
pub async fn arrivals(conn: &mut Conn, user: UserId, after: i64) -> Result<Vec<i64>> {
    let sql = format!(
        "
        SELECT m.id FROM subscription_periods p CROSS JOIN LATERAL (
            SELECT id FROM messages m
            WHERE (m.recipient_id, m.id) > (p.recipient_id, greatest(p.from_message_id, $2))
                AND (m.recipient_id, m.id) <= (p.recipient_id, coalesce(p.to_message_id, 9223372036854775807))
                AND {NEWS} OFFSET 0) AS m
        WHERE p.user_id = $1 AND (p.to_message_id IS NULL OR p.to_message_id > $2) ORDER BY m.id"
    );
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(user.0)
        .bind::<BigInt, _>(after);
    let rows: Vec<Id> = query.prepared().load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Of each user with a row, the messages of others in one conversation that were delivered above the row's end,
/// ascending; users without any are left out.
pub async fn arrivals_in(
    conn: &mut Conn,
    recipient: RecipientId,
    rows: &[Row],
) -> Result<HashMap<i32, Vec<i64>>> {
    #[derive(diesel::QueryableByName)]
    struct Arrived {
        #[diesel(sql_type = Integer)]
        user_id: i32,
        #[diesel(sql_type = Array<BigInt>)]
        ids: Vec<i64>,
    }
    let users: Vec<i32> = rows.iter().map(|row| row.user_id).collect();
    let ends: Vec<i64> = rows.iter().map(|row| row.materialized_to).collect();
    let sql = format!(
        "
        SELECT p.user_id, array_agg(m.id ORDER BY m.id) AS ids
        FROM unnest($2, $3) AS r (user_id, materialized_to)
            JOIN subscription_periods p ON p.recipient_id = $1 AND p.user_id = r.user_id
            CROSS JOIN LATERAL (
                SELECT id FROM messages m
                WHERE (m.recipient_id, m.id) > ($1, greatest(p.from_message_id, r.materialized_to))
                    AND (m.recipient_id, m.id) <= ($1, coalesce(p.to_message_id, 9223372036854775807))
                    AND {NEWS} OFFSET 0) AS m
        GROUP BY p.user_id"
    );
    let query = diesel::sql_query(sql).bind::<BigInt, _>(recipient.0);
    let found: Vec<Arrived> = query
        .bind::<Array<Integer>, _>(users)
        .bind::<Array<BigInt>, _>(ends)
        .prepared()
        .load(conn)
        .await?;
    Ok(found
        .into_iter()
        .map(|row| (row.user_id, row.ids))
        .collect())
}

/// The messages of a conversation, or of one topic of it, out of `ids`, ascending.
pub async fn of_conversation(
    conn: &mut Conn,
    recipient: RecipientId,
    topic: Option<&str>,
    ids: &[i64],
) -> Result<Vec<i64>> {
    let sql = "
        SELECT m.id FROM messages m LEFT JOIN topics t ON t.id = m.topic_id
        WHERE m.id = ANY($3) AND m.recipient_id = $1 AND ($2 IS NULL OR lower(t.name) = lower($2)) ORDER BY m.id";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<Nullable<Text>, _>(topic);
    let rows: Vec<Id> = query
        .bind::<Array<BigInt>, _>(ids)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// The people whom a message was delivered to and who say what they read, each with their row; its sender left out, and
/// whom the viewer muted or who muted the viewer.
pub async fn rows_of_recipients(
    conn: &mut Conn,
    viewer: UserId,
    recipient: RecipientId,
    message: MessageId,
) -> Result<Vec<Row>> {
    let sql = "
        SELECT u.id AS user_id, coalesce(n.materialized_to, 0) AS materialized_to, coalesce(n.ids, '') AS ids
        FROM subscription_periods p JOIN users u ON u.id = p.user_id LEFT JOIN unread n ON n.user_id = u.id
        WHERE p.recipient_id = $1 AND p.from_message_id < $2 AND (p.to_message_id IS NULL OR $2 <= p.to_message_id)
            AND u.is_active AND NOT u.is_bot AND u.id <> (SELECT sender_id FROM messages WHERE id = $2)
            AND coalesce(u.settings->>'send_read_receipts', 'true') <> 'false'
            AND NOT EXISTS (SELECT FROM muted_users m WHERE m.user_id = $3 AND m.muted_user_id = u.id)
            AND NOT EXISTS (SELECT FROM muted_users m WHERE m.user_id = u.id AND m.muted_user_id = $3)
        ORDER BY u.id";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<BigInt, _>(message.0)
        .bind::<Integer, _>(viewer.0);
    Ok(query.prepared().load(conn).await?)
}

/// Everybody whom a message was delivered to, each with their row.
pub async fn rows_of_delivered(
    conn: &mut Conn,
    recipient: RecipientId,
    message: MessageId,
) -> Result<Vec<Row>> {
    let sql = "
        SELECT p.user_id, coalesce(n.materialized_to, 0) AS materialized_to, coalesce(n.ids, '') AS ids
        FROM subscription_periods p LEFT JOIN unread n ON n.user_id = p.user_id
        WHERE p.recipient_id = $1 AND p.from_message_id < $2 AND (p.to_message_id IS NULL OR $2 <= p.to_message_id)
        ORDER BY p.user_id";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<BigInt, _>(message.0);
    Ok(query.prepared().load(conn).await?)
}
