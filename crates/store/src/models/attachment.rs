//! Files that people uploaded.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use diesel_async::RunQueryDsl;
use narrows_wire::{AttachmentId, RealmId, UserId};

use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::attachments;
use crate::store::Conn;

/// The first key of the advisory locks of realms whose space is limited.
const SPACE_LOCK: i32 = 7003;

/// A file that somebody uploaded. Its bytes are in the object store.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attachments, check_for_backend(diesel::pg::Pg))]
pub struct Attachment {
    id: i64,
    realm_id: i32,
    owner_id: i32,
    /// The URL after `/user_uploads/`.
    pub path_id: String,
    /// As it was called where it came from.
    pub file_name: String,
    /// As the uploader says.
    pub content_type: String,
    /// In bytes.
    pub size: i64,
    /// Of images that can be shown small: in pixels.
    pub width: Option<i32>,
    /// Of images that can be shown small: in pixels.
    pub height: Option<i32>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

/// A file to be recorded.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = attachments)]
pub struct NewAttachment<'a> {
    #[builder(into)]
    realm_id: i32,
    #[builder(into)]
    owner_id: i32,
    path_id: &'a str,
    file_name: &'a str,
    content_type: &'a str,
    size: i64,
    width: Option<i32>,
    height: Option<i32>,
    created_at: DateTime<Utc>,
}

impl Attachment {
    /// Its id.
    pub fn id(&self) -> AttachmentId {
        AttachmentId(self.id)
    }

    /// Its realm.
    pub fn realm_id(&self) -> RealmId {
        RealmId(self.realm_id)
    }

    /// Who uploaded it.
    pub fn owner_id(&self) -> UserId {
        UserId(self.owner_id)
    }

    /// Those of a realm that have one of these paths, oldest first.
    pub async fn by_paths(
        conn: &mut Conn,
        realm: RealmId,
        paths: &[String],
    ) -> Result<Vec<Attachment>> {
        let query = attachments::table
            .filter(attachments::realm_id.eq(realm.0))
            .filter(attachments::path_id.eq_any(paths))
            .order(attachments::id);
        Ok(query.select(Attachment::as_select()).load(conn).await?)
    }

    /// Those that a user uploaded, oldest first.
    pub async fn of_owner(
        conn: &mut Conn,
        realm: RealmId,
        owner: UserId,
    ) -> Result<Vec<Attachment>> {
        let query = attachments::table
            .filter(attachments::realm_id.eq(realm.0))
            .filter(attachments::owner_id.eq(owner.0))
            .order(attachments::id);
        Ok(query.select(Attachment::as_select()).load(conn).await?)
    }

    /// Deletes one that a user uploaded. `NotFound` if there is none.
    pub async fn delete_own(
        conn: &mut Conn,
        realm: RealmId,
        owner: UserId,
        id: AttachmentId,
    ) -> Result<Attachment> {
        let own = attachments::table
            .filter(attachments::realm_id.eq(realm.0))
            .filter(attachments::owner_id.eq(owner.0))
            .filter(attachments::id.eq(id.0));
        let delete = diesel::delete(own).returning(Attachment::as_returning());
        Ok(delete.get_result(conn).await?)
    }

    /// What all files of a realm take, in bytes.
    pub async fn space_used(conn: &mut Conn, realm: RealmId) -> Result<i64> {
        #[derive(diesel::QueryableByName)]
        struct Used {
            #[diesel(sql_type = BigInt)]
            used: i64,
        }
        let sql =
            "SELECT coalesce(sum(size), 0)::bigint AS used FROM attachments WHERE realm_id = $1";
        let query = diesel::sql_query(sql).bind::<Integer, _>(realm.0);
        Ok(query.prepared().get_result::<Used>(conn).await?.used)
    }

    /// Lets no other transaction take space of the realm until this one ends.
    pub async fn lock_space(conn: &mut Conn, realm: RealmId) -> Result<()> {
        let lock = diesel::sql_query("SELECT pg_advisory_xact_lock($1, $2)")
            .bind::<Integer, _>(SPACE_LOCK)
            .bind::<Integer, _>(realm.0);
        lock.prepared().execute(conn).await?;
        Ok(())
    }
}

impl NewAttachment<'_> {
    /// Inserts it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<Attachment> {
        let insert = diesel::insert_into(attachments::table).values(self);
        let insert = insert.returning(Attachment::as_returning());
        Ok(insert.get_result(conn).await?)
    }
}
