//! Changing messages that are there: content, place, and out of existence.

use chrono::{DateTime, Utc};
use diesel::sql_types::{
    Array, BigInt, Bool, Integer, Jsonb, Nullable, SmallInt, Text, Timestamptz,
};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RealmId, RecipientId, TopicId, UserId};
use serde_json::Value;

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// What a new content makes of a message.
#[derive(Clone, Debug)]
pub struct NewContent<'a> {
    /// As typed.
    pub content: &'a str,
    /// As HTML.
    pub rendered_content: &'a str,
    /// By which renderer.
    pub rendered_version: i16,
    /// Bits: 1 stream wildcard, 2 topic wildcard.
    pub wildcard_mention: i16,
    /// What the renderer saw.
    pub has_link: bool,
    /// What the renderer saw.
    pub has_image: bool,
    /// What the renderer saw.
    pub has_attachment: bool,
    /// What the renderer saw.
    pub is_me_message: bool,
    /// Put before the edit history.
    pub history_entry: Value,
    /// When.
    pub edited_at: DateTime<Utc>,
}

/// Replaces the content of a message that the caller has access to.
pub async fn set_content(conn: &mut Conn, id: MessageId, new: &NewContent<'_>) -> Result<()> {
    let sql = "
        UPDATE messages SET content = $2, rendered_content = $3, rendered_version = $4, wildcard_mention = $5,
            has_link = $6, has_image = $7, has_attachment = $8, is_me_message = $9, edited_at = $10,
            edit_history = jsonb_build_array($11) || coalesce(edit_history, '[]'), version = version + 1
        WHERE id = $1";
    diesel::sql_query(sql)
        .bind::<BigInt, _>(id.0)
        .bind::<Text, _>(new.content)
        .bind::<Text, _>(new.rendered_content)
        .bind::<SmallInt, _>(new.rendered_version)
        .bind::<SmallInt, _>(new.wildcard_mention)
        .bind::<Bool, _>(new.has_link)
        .bind::<Bool, _>(new.has_image)
        .bind::<Bool, _>(new.has_attachment)
        .bind::<Bool, _>(new.is_me_message)
        .bind::<Timestamptz, _>(new.edited_at)
        .bind::<Jsonb, _>(&new.history_entry)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Replaces the HTML of a message whose text stays.
pub async fn set_rendering(
    conn: &mut Conn,
    realm: RealmId,
    id: MessageId,
    (html, version): (&str, i16),
) -> Result<()> {
    let sql = "
        UPDATE messages SET rendered_content = $3, rendered_version = $4, version = version + 1
        WHERE realm_id = $1 AND id = $2";
    diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<BigInt, _>(id.0)
        .bind::<Text, _>(html)
        .bind::<SmallInt, _>(version)
        .execute(conn)
        .await?;
    Ok(())
}

/// Who has a bit of what the text decides set on a message, from now on: everybody else loses it.
pub async fn set_flagged(
    conn: &mut Conn,
    id: MessageId,
    flag: i32,
    users: &[UserId],
) -> Result<()> {
    let users: Vec<i32> = users.iter().map(|user| user.0).collect();
    let sql = "UPDATE user_message_flags SET flags = flags & ~$2 WHERE message_id = $1 AND user_id <> ALL($3)";
    let gone = diesel::sql_query(sql)
        .bind::<BigInt, _>(id.0)
        .bind::<Integer, _>(flag);
    gone.bind::<Array<Integer>, _>(&users)
        .prepared()
        .execute(conn)
        .await?;
    let sql = "
        INSERT INTO user_message_flags (user_id, message_id, flags) SELECT u, $1, $2 FROM unnest($3) AS u
        ON CONFLICT (user_id, message_id) DO UPDATE SET flags = user_message_flags.flags | EXCLUDED.flags";
    let come = diesel::sql_query(sql)
        .bind::<BigInt, _>(id.0)
        .bind::<Integer, _>(flag);
    come.bind::<Array<Integer>, _>(&users)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// The messages of a topic from an id on, ascending, locked against other moves.
pub async fn lock_topic(
    conn: &mut Conn,
    topic: TopicId,
    from: MessageId,
) -> Result<Vec<MessageId>> {
    let lock = diesel::sql_query("SELECT id FROM topics WHERE id = $1 FOR UPDATE")
        .bind::<BigInt, _>(topic.0);
    lock.prepared().execute(conn).await?;
    let sql = "SELECT id FROM messages WHERE topic_id = $1 AND id >= $2 ORDER BY id";
    let ids: Vec<Id> = diesel::sql_query(sql)
        .bind::<BigInt, _>(topic.0)
        .bind::<BigInt, _>(from.0)
        .prepared()
        .load(conn)
        .await?;
    Ok(ids.into_iter().map(|row| MessageId(row.id)).collect())
}

/// The first message of a topic that was sent then or later.
pub async fn first_since(
    conn: &mut Conn,
    topic: TopicId,
    since: DateTime<Utc>,
) -> Result<Option<MessageId>> {
    let sql = "SELECT id FROM messages WHERE topic_id = $1 AND sent_at >= $2 ORDER BY id LIMIT 1";
    let found: Vec<Id> = diesel::sql_query(sql)
        .bind::<BigInt, _>(topic.0)
        .bind::<Timestamptz, _>(since)
        .prepared()
        .load(conn)
        .await?;
    Ok(found.into_iter().next().map(|row| MessageId(row.id)))
}

/// A topic of a conversation by name, whatever its letters' case; `None` if there is none.
pub async fn topic_by_name(
    conn: &mut Conn,
    recipient: RecipientId,
    name: &str,
) -> Result<Option<TopicId>> {
    let sql = "SELECT id FROM topics WHERE recipient_id = $1 AND lower(name) = lower($2)";
    let found: Vec<Id> = diesel::sql_query(sql)
        .bind::<BigInt, _>(recipient.0)
        .bind::<Text, _>(name)
        .prepared()
        .load(conn)
        .await?;
    Ok(found.into_iter().next().map(|row| TopicId(row.id)))
}

/// Renames a whole topic: one row, whatever its length.
pub async fn rename_topic(
    conn: &mut Conn,
    topic: TopicId,
    name: &str,
    entry: &Value,
) -> Result<()> {
    let sql = "
        UPDATE topics SET name = $2,
            history = jsonb_build_array($3 || jsonb_build_object('up_to', last_message_id)) || coalesce(history, '[]')
        WHERE id = $1";
    let query = diesel::sql_query(sql)
        .bind::<BigInt, _>(topic.0)
        .bind::<Text, _>(name)
        .bind::<Jsonb, _>(entry);
    query.prepared().execute(conn).await?;
    Ok(())
}

/// Moves messages of topic `from` to another topic or conversation, which is made if it is not there. What the old
/// topic remembers of renames goes along.
pub async fn move_messages(
    conn: &mut Conn,
    ids: &[MessageId],
    from: TopicId,
    to: (RecipientId, &str),
    entry: &Value,
    now: DateTime<Utc>,
) -> Result<TopicId> {
    let sql = "
        INSERT INTO topics (recipient_id, name) VALUES ($1, $2)
        ON CONFLICT (recipient_id, lower(name)) DO UPDATE SET last_message_id = topics.last_message_id RETURNING id";
    let target: Id = diesel::sql_query(sql)
        .bind::<BigInt, _>(to.0.0)
        .bind::<Text, _>(to.1)
        .prepared()
        .get_result(conn)
        .await?;
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let sql = "
        UPDATE messages m SET recipient_id = $2, topic_id = $3, moved_at = $4, version = version + 1,
            edit_history = jsonb_build_array($5) || coalesce(
                (SELECT jsonb_agg(e - 'up_to') FROM topics t, jsonb_array_elements(t.history) AS e
                 WHERE t.id = $6 AND (e->>'up_to')::bigint >= m.id), '[]') || coalesce(edit_history, '[]')
        WHERE id = ANY($1)";
    diesel::sql_query(sql)
        .bind::<Array<BigInt>, _>(&ids)
        .bind::<BigInt, _>(to.0.0)
        .bind::<BigInt, _>(target.id)
        .bind::<Timestamptz, _>(now)
        .bind::<Jsonb, _>(entry)
        .bind::<BigInt, _>(from.0)
        .prepared()
        .execute(conn)
        .await?;
    refresh_last(conn, &[from, TopicId(target.id)]).await?;
    Ok(TopicId(target.id))
}

/// Deletes messages with all that hangs on them.
pub async fn delete(conn: &mut Conn, ids: &[MessageId], topic: Option<TopicId>) -> Result<()> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    diesel::sql_query("DELETE FROM messages WHERE id = ANY($1)")
        .bind::<Array<BigInt>, _>(&ids)
        .prepared()
        .execute(conn)
        .await?;
    match topic {
        Some(topic) => refresh_last(conn, &[topic]).await,
        None => Ok(()),
    }
}

async fn refresh_last(conn: &mut Conn, topics: &[TopicId]) -> Result<()> {
    let ids: Vec<i64> = topics.iter().map(|topic| topic.0).collect();
    let sql = "
        UPDATE topics SET last_message_id =
            coalesce((SELECT id FROM messages m WHERE m.topic_id BETWEEN topics.id AND topics.id
                      ORDER BY m.topic_id DESC, m.id DESC LIMIT 1), 0)
        WHERE id = ANY($1)";
    diesel::sql_query(sql)
        .bind::<Array<BigInt>, _>(&ids)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Marks cached dictionaries of a message as out of date.
pub async fn touch(conn: &mut Conn, id: MessageId) -> Result<()> {
    let touch = diesel::sql_query("UPDATE messages SET version = version + 1 WHERE id = $1");
    touch
        .bind::<BigInt, _>(id.0)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Of a message's recipients, those who have a flag of their own on it.
pub async fn flagged_users(conn: &mut Conn, id: MessageId) -> Result<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct User {
        #[diesel(sql_type = Nullable<Integer>)]
        user_id: Option<i32>,
    }
    let sql = "SELECT user_id FROM user_message_flags WHERE message_id = $1";
    let users: Vec<User> = diesel::sql_query(sql)
        .bind::<BigInt, _>(id.0)
        .prepared()
        .load(conn)
        .await?;
    Ok(users
        .into_iter()
        .filter_map(|row| row.user_id.map(UserId))
        .collect())
}
