//! What users say of themselves: a text and an emoji.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::schema::{user_statuses, users};
use crate::store::Conn;

/// What a user says of themselves. A user without a row says nothing.
#[derive(Clone, Debug, Default, Queryable, Selectable, Insertable)]
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

impl UserStatus {
    /// Of all active users of a realm who say something or hide their presence, by id; whether they hide it.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<(UserId, UserStatus, bool)>> {
        let hidden = || {
            diesel::dsl::sql::<diesel::sql_types::Bool>(
                "coalesce(users.settings ->> 'presence_enabled', 'true') = 'false'",
            )
        };
        let query = users::table
            .left_join(user_statuses::table.on(user_statuses::user_id.eq(users::id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_active)
            .filter(user_statuses::user_id.is_not_null().or(hidden()));
        let rows: Vec<(i32, Option<UserStatus>, bool)> = query
            .order(users::id)
            .select((users::id, Option::<UserStatus>::as_select(), hidden()))
            .load(conn)
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, status, away)| (UserId(id), status.unwrap_or_default(), away))
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
