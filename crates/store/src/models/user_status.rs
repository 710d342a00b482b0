//! What users say of themselves: a text and an emoji.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer};
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::user_statuses;
use crate::store::Conn;

/// What a user says of themselves. A user without a row says nothing.
#[derive(Clone, Debug, Default, Queryable, QueryableByName, Selectable, Insertable)]
#[diesel(table_name = user_statuses, check_for_backend(diesel::pg::Pg))]
pub struct UserStatus {
    /// The text, or "".
    pub status_text: String,
    /// The emoji, or "".
    pub emoji_name: String,
    /// See the API's reactions.
    pub emoji_code: String,
    /// See the API's reactions.
    pub reaction_type: String,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Integer)]
    id: i32,
    #[diesel(sql_type = Bool)]
    hidden: bool,
    #[diesel(embed)]
    status: UserStatus,
}

impl UserStatus {
    /// Of all active users of a realm who say something or hide their presence, by id; whether they hide it.
    ///
    /// Found from those who do, not by asking everybody.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<(UserId, UserStatus, bool)>> {
        let sql = "
            SELECT u.id, coalesce(u.settings ->> 'presence_enabled', 'true') = 'false' AS hidden,
                coalesce(s.status_text, '') AS status_text, coalesce(s.emoji_name, '') AS emoji_name,
                coalesce(s.emoji_code, '') AS emoji_code, coalesce(s.reaction_type, '') AS reaction_type
            FROM (
                SELECT s.user_id AS id FROM user_statuses s JOIN users u ON u.id = s.user_id WHERE u.realm_id = $1
                UNION SELECT id FROM users WHERE realm_id = $1 AND is_active
                    AND coalesce(settings ->> 'presence_enabled', 'true') = 'false') AS told
            JOIN users u ON u.id = told.id AND u.is_active LEFT JOIN user_statuses s ON s.user_id = u.id
            ORDER BY u.id";
        let query = diesel::sql_query(sql).bind::<Integer, _>(realm.0);
        let rows: Vec<Told> = query.prepared().load(conn).await?;
        Ok(rows
            .into_iter()
            .map(|row| (UserId(row.id), row.status, row.hidden))
            .collect())
    }

    /// Of a user.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<UserStatus> {
        let query = user_statuses::table.filter(user_statuses::user_id.eq(user.0));
        let found = query.select(UserStatus::as_select()).first(conn).await;
        Ok(found.optional()?.unwrap_or_default())
    }

    /// Makes this the user's.
    pub async fn set(&self, conn: &mut Conn, user: UserId, now: DateTime<Utc>) -> Result<()> {
        use user_statuses::{emoji_code, emoji_name, reaction_type, status_text, updated_at};
        diesel::insert_into(user_statuses::table)
            .values((
                user_statuses::user_id.eq(user.0),
                self.clone(),
                updated_at.eq(now),
            ))
            .on_conflict(user_statuses::user_id)
            .do_update()
            .set((
                status_text.eq(excluded(status_text)),
                emoji_name.eq(excluded(emoji_name)),
                emoji_code.eq(excluded(emoji_code)),
                reaction_type.eq(excluded(reaction_type)),
                updated_at.eq(excluded(updated_at)),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }
}
