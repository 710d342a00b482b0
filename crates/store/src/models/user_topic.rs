//! How a user treats a topic.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, SmallInt, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use narrows_wire::{StreamId, UserId};

use super::user::lower;
use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::{streams, user_topics};
use crate::store::Conn;

/// How a user treats a topic.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = user_topics, check_for_backend(diesel::pg::Pg))]
pub struct UserTopic {
    user_id: i32,
    stream_id: i32,
    /// The topic.
    pub topic_name: String,
    /// 1 muted, 2 unmuted, 3 followed.
    pub visibility_policy: i16,
    /// Since when.
    pub last_updated: DateTime<Utc>,
}

impl UserTopic {
    /// Whose.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// The stream of the topic.
    pub fn stream_id(&self) -> StreamId {
        StreamId(self.stream_id)
    }

    /// All of some users, each one's together, with the names of the streams, but for archived ones.
    pub async fn of_users(conn: &mut Conn, users: &[UserId]) -> Result<Vec<(UserTopic, String)>> {
        let users: Vec<i32> = users.iter().map(|user| user.0).collect();
        let query = user_topics::table
            .inner_join(streams::table.on(streams::id.eq(user_topics::stream_id)))
            .filter(user_topics::user_id.eq_any(users))
            .filter(streams::is_archived.eq(false))
            .order((
                user_topics::user_id,
                user_topics::stream_id,
                lower(user_topics::topic_name),
            ));
        Ok(query
            .select((UserTopic::as_select(), streams::name))
            .load(conn)
            .await?)
    }

    /// The policies of all users for a topic of a stream that was found in its realm.
    pub async fn of_topic(
        conn: &mut Conn,
        stream: StreamId,
        topic: &str,
    ) -> Result<Vec<UserTopic>> {
        let query = user_topics::table.filter(user_topics::stream_id.eq(stream.0));
        let query = query
            .filter(lower(user_topics::topic_name).eq(lower(topic)))
            .order(user_topics::user_id);
        Ok(query.select(UserTopic::as_select()).load(conn).await?)
    }

    /// A user's policy for one topic of a stream that was found in their realm.
    pub async fn find(
        conn: &mut Conn,
        user: UserId,
        stream: StreamId,
        topic: &str,
    ) -> Result<UserTopic> {
        let query = user_topics::table.filter(user_topics::user_id.eq(user.0));
        let query = query.filter(user_topics::stream_id.eq(stream.0));
        let query = query.filter(lower(user_topics::topic_name).eq(lower(topic)));
        Ok(query.select(UserTopic::as_select()).first(conn).await?)
    }

    /// Sets a user's policy for a topic; `false` if it was so before.
    pub async fn set(
        conn: &mut Conn,
        user: UserId,
        stream: StreamId,
        topic: &str,
        policy: i16,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let sql = "INSERT INTO user_topics (user_id, stream_id, topic_name, visibility_policy, last_updated)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (user_id, stream_id, lower(topic_name)) DO UPDATE
             SET topic_name = excluded.topic_name, visibility_policy = excluded.visibility_policy,
                 last_updated = excluded.last_updated
             WHERE user_topics.visibility_policy <> excluded.visibility_policy";
        let rows = diesel::sql_query(sql)
            .bind::<Integer, _>(user.0)
            .bind::<Integer, _>(stream.0)
            .bind::<Text, _>(topic)
            .bind::<SmallInt, _>(policy)
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?;
        Ok(rows > 0)
    }

    /// Sets policies of several users for a topic.
    pub async fn set_many(
        conn: &mut Conn,
        stream: StreamId,
        topic: &str,
        policies: &[(UserId, i16)],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let (users, policies): (Vec<i32>, Vec<i16>) = policies
            .iter()
            .map(|(user, policy)| (user.0, *policy))
            .unzip();
        let sql = "INSERT INTO user_topics (user_id, stream_id, topic_name, visibility_policy, last_updated)
             SELECT p.user_id, $3, $4, p.policy, $5 FROM unnest($1, $2) AS p (user_id, policy)
             ON CONFLICT (user_id, stream_id, lower(topic_name)) DO UPDATE
             SET topic_name = excluded.topic_name, visibility_policy = excluded.visibility_policy,
                 last_updated = excluded.last_updated";
        diesel::sql_query(sql)
            .bind::<Array<Integer>, _>(users)
            .bind::<Array<SmallInt>, _>(policies)
            .bind::<Integer, _>(stream.0)
            .bind::<Text, _>(topic)
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Forgets the policies of several users for a topic.
    pub async fn clear_many(
        conn: &mut Conn,
        stream: StreamId,
        topic: &str,
        users: &[UserId],
    ) -> Result<()> {
        let users: Vec<i32> = users.iter().map(|user| user.0).collect();
        let rows = user_topics::table.filter(user_topics::stream_id.eq(stream.0));
        let rows = rows.filter(lower(user_topics::topic_name).eq(lower(topic)));
        diesel::delete(rows.filter(user_topics::user_id.eq_any(users)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Forgets a user's policy for a topic; `false` if there was none.
    pub async fn clear(
        conn: &mut Conn,
        user: UserId,
        stream: StreamId,
        topic: &str,
    ) -> Result<bool> {
        let row = user_topics::table.filter(user_topics::user_id.eq(user.0));
        let row = row.filter(user_topics::stream_id.eq(stream.0));
        Ok(
            diesel::delete(row.filter(lower(user_topics::topic_name).eq(lower(topic))))
                .execute(conn)
                .await?
                > 0,
        )
    }
}
