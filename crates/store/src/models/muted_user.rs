//! Users whom a user does not want to read.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::muted_users;
use crate::store::Conn;

/// A user whom another one muted.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = muted_users, check_for_backend(diesel::pg::Pg))]
pub struct MutedUser {
    muted_user_id: i32,
    /// Since when.
    pub muted_at: DateTime<Utc>,
}

impl MutedUser {
    /// Who is muted.
    pub fn id(&self) -> UserId {
        UserId(self.muted_user_id)
    }

    /// Those whom a user muted.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<MutedUser>> {
        let query = muted_users::table.filter(muted_users::user_id.eq(user.0));
        let query = query.order(muted_users::muted_user_id);
        Ok(query.select(MutedUser::as_select()).load(conn).await?)
    }

    /// Mutes somebody of the same realm. Returns whether that is new.
    pub async fn insert(
        conn: &mut Conn,
        user: UserId,
        muted: UserId,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let insert = diesel::insert_into(muted_users::table).values((
            muted_users::user_id.eq(user.0),
            muted_users::muted_user_id.eq(muted.0),
            muted_users::muted_at.eq(now),
        ));
        Ok(insert.on_conflict_do_nothing().execute(conn).await? > 0)
    }

    /// Unmutes somebody. Returns whether they were muted.
    pub async fn delete(conn: &mut Conn, user: UserId, muted: UserId) -> Result<bool> {
        let row = muted_users::table
            .filter(muted_users::user_id.eq(user.0))
            .filter(muted_users::muted_user_id.eq(muted.0));
        Ok(diesel::delete(row).execute(conn).await? > 0)
    }
}
