//! How many messages streams get.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Date, Integer, Nullable, Timestamptz};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, StreamId};

use crate::error::Result;
use crate::models::Stream;
use crate::prepared::Prepared;
use crate::schema::{stream_traffic, streams, traffic_progress};
use crate::store::Conn;

/// Up to which message id is counted. Nobody else counts until the transaction ends.
pub async fn lock_across_realms(conn: &mut Conn) -> Result<MessageId> {
    let progress = traffic_progress::table.select(traffic_progress::counted_to);
    let counted: i64 = progress.for_update().first(conn).await?;
    Ok(MessageId(counted))
}

/// Counts the messages after `from` up to `to` that were sent from `since` on.
pub async fn count_across_realms(
    conn: &mut Conn,
    from: MessageId,
    to: MessageId,
    since: DateTime<Utc>,
) -> Result<()> {
    let sql = "INSERT INTO stream_traffic (stream_id, day, messages)
         SELECT s.id, (m.sent_at AT TIME ZONE 'UTC')::date, count(*)
         FROM messages m JOIN streams s ON s.recipient_id = m.recipient_id
         WHERE m.id > $1 AND m.id <= $2 AND m.sent_at >= $3 GROUP BY 1, 2
         ON CONFLICT (stream_id, day) DO UPDATE SET messages = stream_traffic.messages + excluded.messages";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(from.0)
        .bind::<BigInt, _>(to.0)
        .bind::<Timestamptz, _>(since);
    query.prepared().execute(conn).await?;
    diesel::update(traffic_progress::table)
        .set(traffic_progress::counted_to.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets days before `day`.
pub async fn delete_old_across_realms(conn: &mut Conn, day: NaiveDate) -> Result<()> {
    let old = stream_traffic::table.filter(stream_traffic::day.lt(day));
    diesel::delete(old).execute(conn).await?;
    Ok(())
}

/// What is known of a stream's traffic.
#[derive(Clone, Debug, QueryableByName)]
pub struct Traffic {
    #[diesel(sql_type = Integer)]
    stream_id: i32,
    /// When the stream was made.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// Messages of the days that were asked for.
    #[diesel(sql_type = BigInt)]
    pub messages: i64,
    /// The last day on which it got any.
    #[diesel(sql_type = Nullable<Date>)]
    pub last_day: Option<NaiveDate>,
    /// What is shown now.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub weekly_traffic: Option<i64>,
    /// What is shown now.
    #[diesel(sql_type = Bool)]
    pub is_recently_active: bool,
}

impl Traffic {
    /// The stream.
    pub fn stream_id(&self) -> StreamId {
        StreamId(self.stream_id)
    }
}

/// Of all streams but archived ones: the messages of the days from `from` on, before `to`.
pub async fn of_streams_across_realms(
    conn: &mut Conn,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<Traffic>> {
    let sql = "SELECT s.id AS stream_id, s.created_at, s.weekly_traffic, s.is_recently_active,
             coalesce(sum(t.messages) FILTER (WHERE t.day >= $1 AND t.day < $2), 0)::bigint AS messages,
             max(t.day) AS last_day
         FROM streams s LEFT JOIN stream_traffic t ON t.stream_id = s.id
         WHERE NOT s.is_archived GROUP BY s.id ORDER BY s.id";
    let query = diesel::sql_query(sql)
        .bind::<Date, _>(from)
        .bind::<Date, _>(to);
    Ok(query.prepared().load(conn).await?)
}

/// What is shown of a stream from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub stream: StreamId,
    /// Messages a week.
    pub weekly_traffic: Option<i64>,
    /// Whether anything happens in it.
    pub is_recently_active: bool,
}

/// Writes what is shown of streams; returns them as they are now.
pub async fn show_across_realms(conn: &mut Conn, shown: &[Shown]) -> Result<Vec<Stream>> {
    let ids: Vec<i32> = shown.iter().map(|one| one.stream.0).collect();
    let weekly: Vec<Option<i64>> = shown.iter().map(|one| one.weekly_traffic).collect();
    let active: Vec<bool> = shown.iter().map(|one| one.is_recently_active).collect();
    let sql = "UPDATE streams SET weekly_traffic = new.weekly_traffic, is_recently_active = new.is_recently_active
         FROM unnest($1, $2, $3) AS new (id, weekly_traffic, is_recently_active) WHERE streams.id = new.id";
    let query = diesel::sql_query(sql)
        .bind::<Array<Integer>, _>(&ids)
        .bind::<Array<Nullable<BigInt>>, _>(weekly)
        .bind::<Array<Bool>, _>(active);
    query.prepared().execute(conn).await?;
    let changed = streams::table
        .filter(streams::id.eq_any(ids))
        .order(streams::id);
    Ok(changed.select(Stream::as_select()).load(conn).await?)
}
