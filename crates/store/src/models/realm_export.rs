//! Archives of what organisations have.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmExportId, RealmId, UserId};

use crate::error::Result;
use crate::schema::realm_exports;
use crate::store::Conn;

/// What an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i16)]
pub enum ExportType {
    /// What everybody may read.
    Public = 1,
    /// That, and what belongs to those who consented.
    FullWithConsent = 2,
}

/// An archive that somebody asked for.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = realm_exports, check_for_backend(diesel::pg::Pg))]
pub struct RealmExport {
    id: i32,
    acting_user_id: i32,
    export_type: i16,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// When it was there.
    pub completed_at: Option<DateTime<Utc>>,
    /// When it turned out that it cannot be made.
    pub failed_at: Option<DateTime<Utc>>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Where it is in the storage of files.
    pub key: String,
}

/// What became of an archive; what is none stays as it is.
#[derive(Clone, Copy, Debug, Default, AsChangeset)]
#[diesel(table_name = realm_exports)]
pub struct RealmExportChange {
    /// When it was there.
    pub completed_at: Option<DateTime<Utc>>,
    /// How many bytes it has.
    pub size: Option<i64>,
    /// When it turned out that it cannot be made.
    pub failed_at: Option<DateTime<Utc>>,
    /// When it was deleted.
    pub deleted_at: Option<DateTime<Utc>>,
}

/// An archive to be asked for.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = realm_exports)]
pub struct NewRealmExport<'a> {
    #[builder(with = |realm: RealmId| realm.0)]
    realm_id: i32,
    #[builder(with = |user: UserId| user.0)]
    acting_user_id: i32,
    #[builder(with = |export_type: ExportType| export_type as i16)]
    export_type: i16,
    requested_at: DateTime<Utc>,
    key: &'a str,
}

impl ExportType {
    /// By the API's number.
    pub fn from_number(number: i64) -> Option<ExportType> {
        let all = [ExportType::Public, ExportType::FullWithConsent];
        all.into_iter().find(|one| *one as i64 == number)
    }
}

impl RealmExport {
    /// Its id.
    pub fn id(&self) -> RealmExportId {
        RealmExportId(self.id)
    }

    /// Who asked for it.
    pub fn acting_user_id(&self) -> UserId {
        UserId(self.acting_user_id)
    }

    /// What it holds.
    pub fn export_type(&self) -> ExportType {
        match self.export_type {
            2 => ExportType::FullWithConsent,
            _ => ExportType::Public,
        }
    }

    /// It is being written, or waits for that.
    pub fn is_pending(&self) -> bool {
        self.completed_at.is_none() && self.failed_at.is_none()
    }

    /// It can be read.
    pub fn is_there(&self) -> bool {
        self.completed_at.is_some() && self.deleted_at.is_none()
    }

    /// All of a realm, oldest first.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<RealmExport>> {
        let query = realm_exports::table.filter(realm_exports::realm_id.eq(realm.0));
        Ok(query
            .order(realm_exports::id)
            .select(RealmExport::as_select())
            .load(conn)
            .await?)
    }

    /// One of a realm; `NotFound` if there is none.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: RealmExportId) -> Result<RealmExport> {
        let query = realm_exports::table
            .filter(realm_exports::realm_id.eq(realm.0))
            .filter(realm_exports::id.eq(id.0));
        Ok(query.select(RealmExport::as_select()).first(conn).await?)
    }

    /// As [`RealmExport::find`]; nobody else changes it until COMMIT.
    pub async fn lock(conn: &mut Conn, realm: RealmId, id: RealmExportId) -> Result<RealmExport> {
        let query = realm_exports::table
            .filter(realm_exports::realm_id.eq(realm.0))
            .filter(realm_exports::id.eq(id.0));
        let query = query.select(RealmExport::as_select()).for_no_key_update();
        Ok(query.first(conn).await?)
    }

    /// How many were asked for since.
    pub async fn count_since(conn: &mut Conn, realm: RealmId, since: DateTime<Utc>) -> Result<i64> {
        let query = realm_exports::table
            .filter(realm_exports::realm_id.eq(realm.0))
            .filter(realm_exports::requested_at.ge(since));
        Ok(query.count().get_result(conn).await?)
    }

    /// Gives up those that are still not there, of those asked for before.
    pub async fn give_up(
        conn: &mut Conn,
        realm: RealmId,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let stale = realm_exports::table
            .filter(realm_exports::realm_id.eq(realm.0))
            .filter(realm_exports::completed_at.is_null())
            .filter(realm_exports::failed_at.is_null())
            .filter(realm_exports::requested_at.lt(before));
        let update = diesel::update(stale).set(realm_exports::failed_at.eq(now));
        update.execute(conn).await?;
        Ok(())
    }

    /// Writes what became of it.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        id: RealmExportId,
        change: &RealmExportChange,
    ) -> Result<()> {
        let row = realm_exports::table
            .filter(realm_exports::realm_id.eq(realm.0))
            .filter(realm_exports::id.eq(id.0));
        diesel::update(row).set(change).execute(conn).await?;
        Ok(())
    }
}

impl NewRealmExport<'_> {
    /// Inserts it; of a realm that waits for another one, `Constraint::PendingExport`.
    pub async fn insert(&self, conn: &mut Conn) -> Result<RealmExport> {
        let insert = diesel::insert_into(realm_exports::table).values(self);
        let insert = insert.returning(RealmExport::as_returning());
        Ok(insert.get_result(conn).await?)
    }
}
