//! Many rows at once, to fill a realm for measuring.
//!
//! Nothing here emits events: a client that is connected meanwhile learns nothing. Operator commands only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Binary, Integer, Nullable, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, Role, TopicId, UserId};

use crate::error::Result;
use crate::models::Stream;
use crate::store::Conn;

/// Somebody who shall be a user.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their address.
    pub email: String,
    /// Their name.
    pub full_name: String,
    /// SHA-256 of their API key.
    pub key_hash: Vec<u8>,
}

/// A text, as written and as HTML.
#[derive(Clone, Debug)]
pub struct Prose {
    /// As written.
    pub content: String,
    /// As HTML.
    pub rendered_content: String,
}

/// What the messages of a stream are made of, in turn.
#[derive(Clone, Debug)]
pub struct History<'a> {
    /// The topics.
    pub topics: &'a [TopicId],
    /// The authors.
    pub senders: &'a [UserId],
    /// The texts.
    pub texts: &'a [Prose],
    /// How the texts were rendered.
    pub rendered_version: i16,
    /// How many messages.
    pub count: i64,
    /// When the last one was sent; the others came before it, a second apart.
    pub until: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Users of one role and one password, each with an API key, in the order given.
pub async fn users(
    conn: &mut Conn,
    realm: RealmId,
    people: &[Person],
    role: Role,
    password_hash: Option<&str>,
    joined: DateTime<Utc>,
) -> Result<Vec<UserId>> {
    let emails: Vec<&str> = people.iter().map(|person| person.email.as_str()).collect();
    let names: Vec<&str> = people
        .iter()
        .map(|person| person.full_name.as_str())
        .collect();
    let hashes: Vec<&[u8]> = people
        .iter()
        .map(|person| person.key_hash.as_slice())
        .collect();
    let sql = "WITH made AS (
             INSERT INTO users (realm_id, email, delivery_email, full_name, role, password_hash, date_joined)
             SELECT $1, email, email, full_name, $2, $3, $4
             FROM unnest($5, $6) WITH ORDINALITY AS p (email, full_name, number) ORDER BY number
             RETURNING id, email
         ), keys AS (
             INSERT INTO api_keys (user_id, name, key_hash, created_at)
             SELECT made.id, 'loadtest', key_hash, $4
             FROM unnest($5, $7) AS p (email, key_hash) JOIN made USING (email)
         )
         SELECT made.id::bigint AS id FROM unnest($5) WITH ORDINALITY AS p (email, number) JOIN made USING (email)
         ORDER BY number";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<SmallInt, _>(i16::from(role))
        .bind::<Nullable<Text>, _>(password_hash)
        .bind::<Timestamptz, _>(joined)
        .bind::<Array<Text>, _>(emails)
        .bind::<Array<Text>, _>(names)
        .bind::<Array<Binary>, _>(hashes);
    let rows: Vec<Id> = query.load(conn).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| i32::try_from(row.id).ok())
        .map(UserId)
        .collect())
}

/// Subscribes users to a new stream, as if from before its first message.
pub async fn subscribe(
    conn: &mut Conn,
    stream: &Stream,
    users: &[UserId],
    color: &str,
) -> Result<()> {
    let ids: Vec<i32> = users.iter().map(|user| user.0).collect();
    let sql = "WITH subscribed AS (
             INSERT INTO subscriptions (user_id, stream_id, color) SELECT id, $1, $2 FROM unnest($3) AS id
         )
         INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)
         SELECT id, $4, (SELECT coalesce(max(id), 0) FROM messages) FROM unnest($3) AS id";
    diesel::sql_query(sql)
        .bind::<Integer, _>(stream.id().0)
        .bind::<Text, _>(color)
        .bind::<Array<Integer>, _>(ids)
        .bind::<BigInt, _>(stream.recipient_id().0)
        .execute(conn)
        .await?;
    Ok(())
}

/// New topics of a stream.
pub async fn topics(conn: &mut Conn, stream: &Stream, names: &[String]) -> Result<Vec<TopicId>> {
    let sql = "INSERT INTO topics (recipient_id, name) SELECT $1, name FROM unnest($2) AS name RETURNING id";
    let rows: Vec<Id> = diesel::sql_query(sql)
        .bind::<BigInt, _>(stream.recipient_id().0)
        .bind::<Array<Text>, _>(names)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| TopicId(row.id)).collect())
}

/// Messages of a stream. Does nothing if there are no topics, authors or texts.
pub async fn messages(conn: &mut Conn, stream: &Stream, history: &History<'_>) -> Result<()> {
    let topics: Vec<i64> = history.topics.iter().map(|topic| topic.0).collect();
    let senders: Vec<i32> = history.senders.iter().map(|user| user.0).collect();
    let texts = history.texts.iter();
    let (contents, rendered): (Vec<&str>, Vec<&str>) = texts
        .map(|text| (text.content.as_str(), text.rendered_content.as_str()))
        .unzip();
    if topics.is_empty() || senders.is_empty() || contents.is_empty() {
        return Ok(());
    }
    // The strides differ, so that topics, authors and texts combine freely.
    let sql = "WITH made AS (
             INSERT INTO messages (realm_id, recipient_id, topic_id, sender_id, content, rendered_content,
                                   rendered_version, client, sent_at)
             SELECT $1, $2, ($3)[1 + n / 7 % cardinality($3)], ($4)[1 + n * 13 % cardinality($4)],
                    ($5)[1 + n % cardinality($5)], ($6)[1 + n % cardinality($6)], $7, 'loadtest',
                    $8 - ($9 - n) * interval '1 second'
             FROM generate_series(1, $9) AS n
             RETURNING id, topic_id
         )
         UPDATE topics SET last_message_id = newest.id
         FROM (SELECT topic_id, max(id) AS id FROM made GROUP BY topic_id) AS newest
         WHERE topics.id = newest.topic_id";
    diesel::sql_query(sql)
        .bind::<Integer, _>(stream.realm_id().0)
        .bind::<BigInt, _>(stream.recipient_id().0)
        .bind::<Array<BigInt>, _>(topics)
        .bind::<Array<Integer>, _>(senders)
        .bind::<Array<Text>, _>(contents)
        .bind::<Array<Text>, _>(rendered)
        .bind::<SmallInt, _>(history.rendered_version)
        .bind::<Timestamptz, _>(history.until)
        .bind::<BigInt, _>(history.count)
        .execute(conn)
        .await?;
    Ok(())
}

/// Users have read all that there is but for the newest messages of the realm, as many as `unread`. They are new: nothing
/// is known yet of what they have read.
pub async fn mark_read(
    conn: &mut Conn,
    realm: RealmId,
    users: &[UserId],
    unread: u32,
) -> Result<()> {
    let ids: Vec<i32> = users.iter().map(|user| user.0).collect();
    let sql = "INSERT INTO unread (user_id, materialized_to, ids)
         SELECT id, coalesce((SELECT id FROM messages WHERE realm_id = $1 ORDER BY id DESC OFFSET $3 LIMIT 1), 0), '' FROM users
         WHERE realm_id = $1 AND id = ANY($2)
         ON CONFLICT (user_id) DO UPDATE SET materialized_to = excluded.materialized_to, ids = excluded.ids";
    diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Integer>, _>(ids)
        .bind::<BigInt, _>(i64::from(unread))
        .execute(conn)
        .await?;
    Ok(())
}

/// Statistics for the planner, which does not look at so many new rows by itself at once.
pub async fn analyze(conn: &mut Conn) -> Result<()> {
    diesel::sql_query("ANALYZE").execute(conn).await?;
    Ok(())
}
