//! Organisations.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;
use serde_json::Value;

use crate::error::Result;
use crate::prepared::Prepared;
use crate::queries::system_groups::SystemGroups;
use crate::schema::{messages, realms};
use crate::store::Conn;

/// An organisation.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = realms, check_for_backend(diesel::pg::Pg))]
pub struct Realm {
    id: i32,
    /// "" at the bare host.
    pub subdomain: String,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was shut, if it was.
    pub deactivated_at: Option<DateTime<Utc>>,
    /// Settings that differ from their defaults; typed by `narrows_actions::realms::Settings`.
    pub settings: Value,
    /// Keys cached fragments of what all members see.
    pub version: i64,
}

/// A realm to be made.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = realms)]
pub struct NewRealm<'a> {
    subdomain: &'a str,
    name: &'a str,
    #[builder(default)]
    description: &'a str,
    created_at: DateTime<Utc>,
}

impl Realm {
    /// Its id.
    pub fn id(&self) -> RealmId {
        RealmId(self.id)
    }

    /// From the first columns of a row, in the order of the fields.
    pub(crate) fn from_row(row: &tokio_postgres::Row) -> Realm {
        Realm {
            id: row.get(0),
            subdomain: row.get(1),
            name: row.get(2),
            description: row.get(3),
            created_at: row.get(4),
            deactivated_at: row.get(5),
            settings: row.get(6),
            version: row.get(7),
        }
    }

    /// The realm of a subdomain, deactivated ones too. Crosses no realm: the subdomain names one.
    pub async fn by_subdomain(conn: &mut Conn, subdomain: &str) -> Result<Realm> {
        Ok(realms::table
            .filter(realms::subdomain.eq(subdomain))
            .select(Realm::as_select())
            .first(conn)
            .await?)
    }

    /// A realm by its id.
    pub async fn find(conn: &mut Conn, id: RealmId) -> Result<Realm> {
        Ok(realms::table
            .find(id.0)
            .select(Realm::as_select())
            .first(conn)
            .await?)
    }

    /// All realms, oldest first.
    pub async fn all_across_realms(conn: &mut Conn) -> Result<Vec<Realm>> {
        Ok(realms::table
            .order(realms::id)
            .select(Realm::as_select())
            .load(conn)
            .await?)
    }

    /// Serves it at another subdomain.
    pub async fn set_subdomain(conn: &mut Conn, id: RealmId, subdomain: &str) -> Result<()> {
        diesel::update(realms::table.find(id.0))
            .set(realms::subdomain.eq(subdomain))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Since when it is closed; `None` = it is open.
    pub async fn set_deactivated(
        conn: &mut Conn,
        id: RealmId,
        since: Option<DateTime<Utc>>,
    ) -> Result<()> {
        diesel::update(realms::table.find(id.0))
            .set(realms::deactivated_at.eq(since))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Deletes it with all that it has.
    pub async fn delete(conn: &mut Conn, id: RealmId) -> Result<()> {
        // Nothing ties messages to their conversation, so that none has to be looked up for each of them.
        diesel::delete(messages::table.filter(messages::realm_id.eq(id.0)))
            .execute(conn)
            .await?;
        diesel::delete(realms::table.find(id.0))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// As [`Realm::find`], locked until the transaction ends.
    pub async fn lock(conn: &mut Conn, id: RealmId) -> Result<Realm> {
        Ok(realms::table
            .find(id.0)
            .select(Realm::as_select())
            .for_update()
            .first(conn)
            .await?)
    }

    /// Another name or description; sets these settings and keeps the others.
    pub async fn change(
        conn: &mut Conn,
        id: RealmId,
        name: Option<&str>,
        description: Option<&str>,
        settings: &Value,
    ) -> Result<()> {
        use diesel::sql_types::{Integer, Jsonb, Nullable, Text};
        let sql =
            "UPDATE realms SET name = coalesce($2, name), description = coalesce($3, description),
                settings = settings || $4, version = version + 1
            WHERE id = $1";
        diesel::sql_query(sql)
            .bind::<Integer, _>(id.0)
            .bind::<Nullable<Text>, _>(name)
            .bind::<Nullable<Text>, _>(description)
            .bind::<Jsonb, _>(settings)
            .prepared()
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Marks what all members see as changed: cached fragments of it are not read any more.
    pub async fn touch(conn: &mut Conn, id: RealmId) -> Result<()> {
        diesel::update(realms::table.find(id.0))
            .set(realms::version.eq(realms::version + 1))
            .execute(conn)
            .await?;
        Ok(())
    }
}

impl NewRealm<'_> {
    /// Inserts it with its system groups.
    pub async fn insert(&self, conn: &mut Conn) -> Result<Realm> {
        let insert = diesel::insert_into(realms::table)
            .values(self)
            .returning(Realm::as_returning());
        let realm = insert.get_result(conn).await?;
        SystemGroups::create(conn, realm.id()).await?;
        Ok(realm)
    }
}
