//! Looking up, in one go, whom a text names.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Text};
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, StreamId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::subscriptions;
use crate::store::Conn;

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq, diesel::QueryableByName)]
pub struct Named {
    /// Its id.
    #[diesel(sql_type = Integer)]
    pub id: i32,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
}

#[derive(diesel::QueryableByName)]
struct Id {
    #[diesel(sql_type = Integer)]
    id: i32,
}

/// The subscribers of a stream who want to read that a topic was resolved.
pub async fn told_of_resolution(
    conn: &mut Conn,
    stream: StreamId,
    topic: &str,
) -> Result<Vec<UserId>> {
    let sql = "
        SELECT s.user_id AS id FROM subscriptions s JOIN users u ON u.id = s.user_id
            LEFT JOIN user_topics t
                ON t.user_id = s.user_id AND t.stream_id = s.stream_id AND lower(t.topic_name) = lower($2)
        WHERE s.stream_id = $1 AND s.active
            AND CASE u.settings->>'resolved_topic_notice_auto_read_policy'
                WHEN 'always' THEN FALSE
                WHEN 'never' THEN TRUE
                ELSE coalesce(t.visibility_policy, 0) = 3 END
        ORDER BY s.user_id";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(stream.0)
        .bind::<Text, _>(topic);
    let rows: Vec<Id> = query.prepared().load(conn).await?;
    Ok(rows.into_iter().map(|row| UserId(row.id)).collect())
}

/// Active users with one of these names (lower case) or ids. Of several with the same name, the oldest.
pub async fn users(
    conn: &mut Conn,
    realm: RealmId,
    names: &[String],
    ids: &[i32],
) -> Result<Vec<Named>> {
    let sql = "
        SELECT id, full_name AS name FROM users
        WHERE realm_id = $1 AND is_active AND (lower(full_name) = ANY($2) OR id = ANY($3)) ORDER BY id DESC";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Text>, _>(names);
    Ok(query
        .bind::<Array<Integer>, _>(ids)
        .prepared()
        .load(conn)
        .await?)
}

/// Groups with one of these names (lower case) that can be mentioned: neither deactivated nor made by the system.
pub async fn groups(conn: &mut Conn, realm: RealmId, names: &[String]) -> Result<Vec<Named>> {
    let sql = "
        SELECT id, name FROM user_groups
        WHERE realm_id = $1 AND lower(name) = ANY($2) AND NOT deactivated AND system_role IS NULL";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Text>, _>(names);
    Ok(query.prepared().load(conn).await?)
}

/// Active members of groups, subgroups included.
pub async fn members_of_groups(
    conn: &mut Conn,
    realm: RealmId,
    groups: &[i32],
) -> Result<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct Member {
        #[diesel(sql_type = Integer)]
        user_id: i32,
    }
    let sql = "
        WITH RECURSIVE inside (id) AS (
            SELECT id FROM user_groups WHERE realm_id = $1 AND id = ANY($2)
            UNION SELECT s.subgroup_id FROM user_group_subgroups s JOIN inside ON s.group_id = inside.id)
        SELECT DISTINCT m.user_id FROM user_group_members m
        JOIN inside ON m.group_id = inside.id JOIN users u ON u.id = m.user_id AND u.is_active";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Integer>, _>(groups);
    let members: Vec<Member> = query.prepared().load(conn).await?;
    Ok(members
        .into_iter()
        .map(|member| UserId(member.user_id))
        .collect())
}

/// Streams with one of these names (lower case) whose name `user` may know: public ones, unless they are a guest, and
/// those they are subscribed to.
pub async fn streams(
    conn: &mut Conn,
    realm: RealmId,
    user: UserId,
    guest: bool,
    names: &[String],
) -> Result<Vec<Named>> {
    let sql = "
        SELECT s.id, s.name FROM streams s
        LEFT JOIN subscriptions mine ON mine.stream_id = s.id AND mine.user_id = $2 AND mine.active
        WHERE s.realm_id = $1 AND lower(s.name) = ANY($3) AND NOT s.is_archived
            AND (mine.user_id IS NOT NULL OR (NOT s.invite_only AND NOT $4))";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Integer, _>(user.0);
    let query = query
        .bind::<Array<Text>, _>(names)
        .bind::<diesel::sql_types::Bool, _>(guest);
    Ok(query.prepared().load(conn).await?)
}

/// Which of these users are subscribed to the stream.
pub async fn subscribed_of(
    conn: &mut Conn,
    stream: StreamId,
    users: &[UserId],
) -> Result<Vec<UserId>> {
    let ids: Vec<i32> = users.iter().map(|user| user.0).collect();
    let query = subscriptions::table
        .filter(subscriptions::stream_id.eq(stream.0))
        .filter(subscriptions::active)
        .filter(subscriptions::user_id.eq_any(ids));
    let ids: Vec<i32> = query.select(subscriptions::user_id).load(conn).await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// Subscribers of a stream who are to be told of a wildcard mention in this topic; of `only`, if given. What the
/// subscription says counts before the user's setting, and what is muted is quiet.
pub async fn told_of_wildcards(
    conn: &mut Conn,
    stream: StreamId,
    topic: &str,
    only: Option<&[UserId]>,
) -> Result<Vec<UserId>> {
    let sql = "
        SELECT s.user_id AS id FROM subscriptions s JOIN users u ON u.id = s.user_id
            LEFT JOIN user_topics t
                ON t.user_id = s.user_id AND t.stream_id = s.stream_id AND lower(t.topic_name) = lower($2),
            LATERAL (SELECT
                coalesce(s.wildcard_mentions_notify, (u.settings->>'wildcard_mentions_notify')::boolean, TRUE) AS everywhere,
                coalesce((u.settings->>'enable_followed_topic_wildcard_mentions_notify')::boolean, TRUE) AS followed
            ) AS wanted
        WHERE s.stream_id = $1 AND s.active AND u.is_active AND NOT u.is_bot
            AND ($3::int[] IS NULL OR s.user_id = ANY($3))
            AND CASE coalesce(t.visibility_policy, 0)
                WHEN 1 THEN FALSE
                WHEN 2 THEN wanted.everywhere
                WHEN 3 THEN wanted.everywhere OR wanted.followed
                ELSE wanted.everywhere AND NOT s.is_muted END
        ORDER BY s.user_id";
    let only: Option<Vec<i32>> = only.map(|users| users.iter().map(|user| user.0).collect());
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(stream.0)
        .bind::<Text, _>(topic);
    let query = query.bind::<Nullable<Array<Integer>>, _>(only);
    let rows: Vec<Id> = query.prepared().load(conn).await?;
    Ok(rows.into_iter().map(|row| UserId(row.id)).collect())
}

/// Subscribers of a stream who want to know who types there; nobody where more than `most` are subscribed.
pub async fn told_of_typing(conn: &mut Conn, stream: StreamId, most: usize) -> Result<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct Subscriber {
        #[diesel(sql_type = Integer)]
        id: i32,
        #[diesel(sql_type = Bool)]
        wanted: bool,
    }
    let sql = "
        SELECT u.id, coalesce(u.settings->>'receives_typing_notifications', 'true') <> 'false' AS wanted
        FROM subscriptions s JOIN users u ON u.id = s.user_id
        WHERE s.stream_id = $1 AND s.active AND u.is_active LIMIT $2";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(stream.0)
        .bind::<BigInt, _>(i64::try_from(most).unwrap_or(i64::MAX - 1) + 1);
    let subscribers: Vec<Subscriber> = query.prepared().load(conn).await?;
    if subscribers.len() > most {
        return Ok(vec![]);
    }
    let wanting = subscribers.into_iter().filter(|one| one.wanted);
    Ok(wanting.map(|one| UserId(one.id)).collect())
}
