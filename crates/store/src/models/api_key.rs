//! API keys, stored as hashes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::api_keys;
use crate::store::Conn;

/// An API key. The key itself is known to its holder only.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = api_keys, check_for_backend(diesel::pg::Pg))]
pub struct ApiKey {
    /// Its number.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// SHA-256.
    pub key_hash: Vec<u8>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ApiKey {
    /// Adds a key to a user that the caller has found in their realm.
    pub async fn insert(
        conn: &mut Conn,
        user: UserId,
        name: &str,
        hash: &[u8],
        now: DateTime<Utc>,
    ) -> Result<()> {
        diesel::insert_into(api_keys::table)
            .values((
                api_keys::user_id.eq(user.0),
                api_keys::name.eq(name),
                api_keys::key_hash.eq(hash),
                api_keys::created_at.eq(now),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// A user's keys, oldest first.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<ApiKey>> {
        let query = api_keys::table
            .filter(api_keys::user_id.eq(user.0))
            .order(api_keys::id);
        Ok(query.select(ApiKey::as_select()).load(conn).await?)
    }

    /// Deletes keys of a user; returns their hashes.
    pub async fn delete(conn: &mut Conn, user: UserId, ids: &[i64]) -> Result<Vec<Vec<u8>>> {
        let keys = api_keys::table
            .filter(api_keys::user_id.eq(user.0))
            .filter(api_keys::id.eq_any(ids));
        Ok(diesel::delete(keys)
            .returning(api_keys::key_hash)
            .get_results(conn)
            .await?)
    }
}
