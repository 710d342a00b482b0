//! Conversations between people.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer};
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, RecipientId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::{messages, recipients};
use crate::store::Conn;

/// The conversation of exactly these people (ascending, without repeats), if they have had one.
pub async fn find(
    conn: &mut Conn,
    realm: RealmId,
    people: &[UserId],
) -> Result<Option<RecipientId>> {
    let ids: Vec<i32> = people.iter().map(|user| user.0).collect();
    let query = recipients::table
        .filter(recipients::realm_id.eq(realm.0))
        .filter(recipients::user_ids.eq(ids));
    let id: Option<i64> = query.select(recipients::id).first(conn).await.optional()?;
    Ok(id.map(RecipientId))
}

/// The conversation of exactly these people (ascending, without repeats), made if it is not there, with an open period
/// for each of them.
pub async fn find_or_insert(
    conn: &mut Conn,
    realm: RealmId,
    people: &[UserId],
) -> Result<RecipientId> {
    #[derive(diesel::QueryableByName)]
    struct Id {
        #[diesel(sql_type = BigInt)]
        id: i64,
    }
    // DO UPDATE rather than DO NOTHING: it returns the row of whoever was first.
    let sql = "
        WITH conversation AS (
            INSERT INTO recipients (realm_id, kind, user_ids)
            VALUES ($1, CASE WHEN cardinality($2) > 2 THEN 3 ELSE 1 END, $2)
            ON CONFLICT (realm_id, user_ids) DO UPDATE SET kind = recipients.kind RETURNING id),
        periods AS (
            INSERT INTO subscription_periods (user_id, recipient_id, from_message_id)
            SELECT person, conversation.id, 0 FROM conversation, unnest($2) AS person ON CONFLICT DO NOTHING)
        SELECT id FROM conversation";
    let ids: Vec<i32> = people.iter().map(|user| user.0).collect();
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Array<Integer>, _>(ids);
    let row: Id = query.prepared().get_result(conn).await?;
    Ok(RecipientId(row.id))
}

/// Whether anything was said in a conversation.
pub async fn has_messages(
    conn: &mut Conn,
    realm: RealmId,
    conversation: RecipientId,
) -> Result<bool> {
    let said = messages::table
        .filter(messages::realm_id.eq(realm.0))
        .filter(messages::recipient_id.eq(conversation.0));
    Ok(diesel::select(diesel::dsl::exists(said))
        .get_result(conn)
        .await?)
}
