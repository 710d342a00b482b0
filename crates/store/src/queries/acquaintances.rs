//! Who knows whom.

use diesel::sql_types::Integer;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// Everybody with whom a user shares a stream that both are subscribed to, or a direct conversation.
pub async fn of(conn: &mut Conn, realm: RealmId, user: UserId) -> Result<Vec<UserId>> {
    #[derive(diesel::QueryableByName)]
    struct Id {
        #[diesel(sql_type = Integer)]
        id: i32,
    }
    let sql = "
        SELECT theirs.user_id AS id FROM subscriptions own
            JOIN subscriptions theirs USING (stream_id) JOIN streams ON streams.id = own.stream_id
        WHERE own.user_id = $2 AND own.active AND theirs.active AND streams.realm_id = $1 AND NOT streams.is_archived
        UNION
        SELECT unnest(recipients.user_ids) FROM recipients
            JOIN subscription_periods ON recipient_id = recipients.id
        WHERE subscription_periods.user_id = $2 AND recipients.realm_id = $1 AND recipients.user_ids IS NOT NULL";
    let query = diesel::sql_query(sql)
        .bind::<Integer, _>(realm.0)
        .bind::<Integer, _>(user.0);
    let rows: Vec<Id> = query.prepared().load(conn).await?;
    Ok(rows.into_iter().map(|row| UserId(row.id)).collect())
}
