//! Browser sessions, stored as hashes of their tokens.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::{sessions, users};
use crate::store::Conn;

/// A session to be made.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = sessions)]
pub struct NewSession<'a> {
    token_hash: &'a [u8],
    #[builder(with = |user: UserId| user.0)]
    user_id: i32,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    client: &'a str,
}

/// Sessions that are there.
pub struct Session;

impl NewSession<'_> {
    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<()> {
        diesel::insert_into(sessions::table)
            .values(self)
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl Session {
    /// Ends the session of a user with this hash.
    pub async fn delete(conn: &mut Conn, user: UserId, token_hash: &[u8]) -> Result<()> {
        let session = sessions::table
            .filter(sessions::token_hash.eq(token_hash))
            .filter(sessions::user_id.eq(user.0));
        diesel::delete(session).execute(conn).await?;
        Ok(())
    }

    /// Ends the sessions of a user but that whose hash in hex is `kept`; returns the hashes of the others in hex.
    pub async fn delete_others(conn: &mut Conn, user: UserId, kept: &str) -> Result<Vec<String>> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = diesel::sql_types::Text)]
            hash: String,
        }
        let sql = "DELETE FROM sessions WHERE user_id = $1 AND encode(token_hash, 'hex') <> $2
            RETURNING encode(token_hash, 'hex') AS hash";
        let rows: Vec<Row> = diesel::sql_query(sql)
            .bind::<diesel::sql_types::Integer, _>(user.0)
            .bind::<diesel::sql_types::Text, _>(kept)
            .prepared()
            .load(conn)
            .await?;
        Ok(rows.into_iter().map(|row| row.hash).collect())
    }

    /// Ends all sessions of a realm's users.
    pub async fn delete_all_of_realm(conn: &mut Conn, realm: RealmId) -> Result<()> {
        let theirs = users::table
            .filter(users::realm_id.eq(realm.0))
            .select(users::id);
        let all = sessions::table.filter(sessions::user_id.eq_any(theirs));
        diesel::delete(all).execute(conn).await?;
        Ok(())
    }

    /// Ends all sessions of a user; returns their hashes.
    pub async fn delete_all(conn: &mut Conn, user: UserId) -> Result<Vec<Vec<u8>>> {
        let all = sessions::table.filter(sessions::user_id.eq(user.0));
        Ok(diesel::delete(all)
            .returning(sessions::token_hash)
            .get_results(conn)
            .await?)
    }
}
