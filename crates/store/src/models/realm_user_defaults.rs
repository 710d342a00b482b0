//! What new users of a realm begin with.

use diesel::prelude::*;
use diesel::sql_types::{Integer, Jsonb};
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;
use serde_json::{Value, json};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::realm_user_defaults;
use crate::store::Conn;

/// Settings that new users of a realm begin with; typed by `narrows_actions::users::Settings`.
pub struct RealmUserDefaults;

impl RealmUserDefaults {
    /// Those that differ from the server's.
    pub async fn of_realm(conn: &mut Conn, realm: RealmId) -> Result<Value> {
        let query = realm_user_defaults::table.find(realm.0);
        let found = query
            .select(realm_user_defaults::settings)
            .first(conn)
            .await;
        Ok(found.optional()?.unwrap_or_else(|| json!({})))
    }

    /// As [`RealmUserDefaults::of_realm`], locked until the transaction ends.
    pub async fn lock(conn: &mut Conn, realm: RealmId) -> Result<Value> {
        Self::merge(conn, realm, &json!({})).await
    }

    /// Sets these and keeps the others; returns all.
    pub async fn merge(conn: &mut Conn, realm: RealmId, patch: &Value) -> Result<Value> {
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = Jsonb)]
            settings: Value,
        }
        let sql = "INSERT INTO realm_user_defaults (realm_id, settings) VALUES ($1, $2)
            ON CONFLICT (realm_id) DO UPDATE SET settings = realm_user_defaults.settings || excluded.settings
            RETURNING settings";
        let query = diesel::sql_query(sql)
            .bind::<Integer, _>(realm.0)
            .bind::<Jsonb, _>(patch);
        let row: Row = query.prepared().get_result(conn).await?;
        Ok(row.settings)
    }
}
