//! Whom users do not want to see.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::muted_users;
use crate::store::Conn;

/// Somebody whom a user muted.
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

    /// Whom a user muted, in the order of ids.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<MutedUser>> {
        let query = muted_users::table
            .filter(muted_users::user_id.eq(user.0))
            .order(muted_users::muted_user_id);
        Ok(query.select(MutedUser::as_select()).load(conn).await?)
    }
}
