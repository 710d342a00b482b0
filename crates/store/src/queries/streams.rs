//! What the stream objects of the API hold beside the row.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable};
use diesel_async::RunQueryDsl;
use narrows_wire::{MessageId, RealmId, Role, StreamId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

#[derive(QueryableByName)]
struct First {
    #[diesel(sql_type = Integer)]
    stream_id: i32,
    #[diesel(sql_type = BigInt)]
    message_id: i64,
}

/// The oldest messages of all streams of a realm (or of `only`); streams without messages are left out.
pub async fn first_messages(
    conn: &mut Conn,
    realm: RealmId,
    only: Option<&[StreamId]>,
) -> Result<HashMap<StreamId, MessageId>> {
    let only = only.map(|ids| ids.iter().map(|id| id.0).collect::<Vec<i32>>());
    // Rows are compared, so that only the index of messages by conversation can serve: by id alone, the planner would
    // look for the oldest message of a stream that has none among all that there are.
    let sql = "SELECT s.id AS stream_id, first.id AS message_id
         FROM streams s
         JOIN LATERAL (
             SELECT recipient_id, id FROM messages m WHERE (m.recipient_id, m.id) >= (s.recipient_id, 0)
             ORDER BY m.recipient_id, m.id LIMIT 1) first ON first.recipient_id = s.recipient_id
         WHERE s.realm_id = $1 AND ($2::int[] IS NULL OR s.id = ANY($2))";
    let query = diesel::sql_query(sql).bind::<Integer, _>(realm.0);
    let query = query.bind::<Nullable<Array<Integer>>, _>(only).prepared();
    let found: Vec<First> = query.load(conn).await?;
    Ok(found
        .into_iter()
        .map(|first| (StreamId(first.stream_id), MessageId(first.message_id)))
        .collect())
}

/// An active user of a realm, and whether they are subscribed to a stream.
#[derive(Clone, Debug, QueryableByName)]
pub struct Onlooker {
    #[diesel(sql_type = Integer)]
    user_id: i32,
    #[diesel(sql_type = diesel::sql_types::SmallInt)]
    role: i16,
    /// Subscribed now.
    #[diesel(sql_type = diesel::sql_types::Bool)]
    pub subscribed: bool,
}

impl Onlooker {
    /// Who.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Their role.
    pub fn role(&self) -> Role {
        Role::try_from(self.role).unwrap_or(Role::Guest)
    }
}

/// All active users of a realm with regard to a stream, by id. For changes of privacy, which are rare.
pub async fn onlookers(conn: &mut Conn, realm: RealmId, stream: StreamId) -> Result<Vec<Onlooker>> {
    let sql = "SELECT u.id AS user_id, u.role, sub.user_id IS NOT NULL AS subscribed
         FROM users u LEFT JOIN subscriptions sub ON sub.user_id = u.id AND sub.stream_id = $2 AND sub.active
         WHERE u.realm_id = $1 AND u.is_active ORDER BY u.id";
    let query = diesel::sql_query(sql).bind::<Integer, _>(realm.0);
    Ok(query
        .bind::<Integer, _>(stream.0)
        .prepared()
        .load(conn)
        .await?)
}

/// The active administrators of a realm, owners included.
pub async fn admins(conn: &mut Conn, realm: RealmId) -> Result<Vec<UserId>> {
    use crate::schema::users;
    let query = users::table
        .filter(users::realm_id.eq(realm.0))
        .filter(users::is_active.eq(true));
    let query = query
        .filter(users::role.le(i16::from(Role::Admin)))
        .order(users::id);
    let ids: Vec<i32> = query.select(users::id).load(conn).await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// The active guests who are subscribed to a stream that was found in a realm.
pub async fn subscribed_guests(conn: &mut Conn, stream: StreamId) -> Result<Vec<UserId>> {
    use crate::schema::{subscriptions, users};
    let query =
        subscriptions::table.inner_join(users::table.on(users::id.eq(subscriptions::user_id)));
    let query = query
        .filter(subscriptions::stream_id.eq(stream.0))
        .filter(subscriptions::active.eq(true));
    let query = query
        .filter(users::is_active.eq(true))
        .filter(users::role.eq(i16::from(Role::Guest)));
    let ids: Vec<i32> = query.select(users::id).load(conn).await?;
    Ok(ids.into_iter().map(UserId).collect())
}
