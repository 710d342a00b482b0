//! The headings under which streams are listed.

use chrono::{DateTime, Utc};
use diesel::dsl::{exists, max, select};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{ChannelFolderId, RealmId, UserId};

use super::found;
use crate::error::Result;
use crate::prepared::Prepared;
use crate::schema::{channel_folders, streams};
use crate::store::Conn;

/// A channel folder.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = channel_folders, check_for_backend(diesel::pg::Pg))]
pub struct ChannelFolder {
    id: i32,
    /// Its name.
    pub name: String,
    /// Markdown.
    pub description: String,
    /// HTML.
    pub rendered_description: String,
    creator_id: Option<i32>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// No longer offered.
    pub is_archived: bool,
    /// Where it comes among the others.
    pub position: i32,
}

/// A channel folder to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewChannelFolder<'a> {
    /// See [`ChannelFolder::name`].
    pub name: &'a str,
    /// See [`ChannelFolder::description`].
    pub description: &'a str,
    /// See [`ChannelFolder::rendered_description`].
    pub rendered_description: &'a str,
    /// Who makes it.
    pub creator: UserId,
    /// See [`ChannelFolder::created_at`].
    pub created_at: DateTime<Utc>,
}

/// New values; `None` leaves one as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, AsChangeset)]
#[diesel(table_name = channel_folders)]
pub struct ChannelFolderChange<'a> {
    /// See [`ChannelFolder::name`].
    pub name: Option<&'a str>,
    /// See [`ChannelFolder::description`].
    pub description: Option<&'a str>,
    /// See [`ChannelFolder::rendered_description`].
    pub rendered_description: Option<&'a str>,
    /// See [`ChannelFolder::is_archived`].
    pub is_archived: Option<bool>,
}

impl ChannelFolder {
    /// Its id.
    pub fn id(&self) -> ChannelFolderId {
        ChannelFolderId(self.id)
    }

    /// Who made it.
    pub fn creator_id(&self) -> Option<UserId> {
        self.creator_id.map(UserId)
    }

    /// Of a realm, in their order.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<ChannelFolder>> {
        let query = channel_folders::table.filter(channel_folders::realm_id.eq(realm.0));
        let query = query.order((channel_folders::position, channel_folders::id));
        Ok(query.select(ChannelFolder::as_select()).load(conn).await?)
    }

    /// One, which nobody changes until the transaction ends.
    pub async fn lock(
        conn: &mut Conn,
        realm: RealmId,
        id: ChannelFolderId,
    ) -> Result<ChannelFolder> {
        let query = channel_folders::table
            .filter(channel_folders::realm_id.eq(realm.0))
            .filter(channel_folders::id.eq(id.0));
        let query = query.select(ChannelFolder::as_select()).for_update();
        Ok(query.first(conn).await?)
    }

    /// Whether streams are in it, archived ones left out.
    pub async fn has_streams(conn: &mut Conn, realm: RealmId, id: ChannelFolderId) -> Result<bool> {
        let inside = streams::table
            .filter(streams::realm_id.eq(realm.0))
            .filter(streams::folder_id.eq(id.0))
            .filter(streams::is_archived.eq(false));
        Ok(select(exists(inside)).get_result(conn).await?)
    }

    /// Writes new values. Refused with [`crate::Constraint::ChannelFolderName`] if the name is taken.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        id: ChannelFolderId,
        change: &ChannelFolderChange<'_>,
    ) -> Result<()> {
        let row = channel_folders::table
            .filter(channel_folders::realm_id.eq(realm.0))
            .filter(channel_folders::id.eq(id.0));
        found(diesel::update(row).set(change).execute(conn).await?)
    }

    /// Gives all the places that their ids have in the list.
    pub async fn reorder(conn: &mut Conn, realm: RealmId, ids: &[ChannelFolderId]) -> Result<()> {
        use diesel::sql_types::{Array, Integer};
        let ids: Vec<i32> = ids.iter().map(|id| id.0).collect();
        let sql = "UPDATE channel_folders SET position = given.position - 1 \
                   FROM unnest($2) WITH ORDINALITY AS given (id, position) \
                   WHERE channel_folders.realm_id = $1 AND channel_folders.id = given.id";
        let query = diesel::sql_query(sql)
            .bind::<Integer, _>(realm.0)
            .bind::<Array<Integer>, _>(ids);
        query.prepared().execute(conn).await?;
        Ok(())
    }
}

impl NewChannelFolder<'_> {
    /// Inserts it after the others. Refused with [`crate::Constraint::ChannelFolderName`] if the name is taken.
    pub async fn insert(&self, conn: &mut Conn, realm: RealmId) -> Result<ChannelFolder> {
        let last: Option<i32> = channel_folders::table
            .filter(channel_folders::realm_id.eq(realm.0))
            .select(max(channel_folders::position))
            .first(conn)
            .await?;
        let insert = diesel::insert_into(channel_folders::table).values((
            channel_folders::realm_id.eq(realm.0),
            channel_folders::name.eq(self.name),
            channel_folders::description.eq(self.description),
            channel_folders::rendered_description.eq(self.rendered_description),
            channel_folders::creator_id.eq(self.creator.0),
            channel_folders::created_at.eq(self.created_at),
            channel_folders::position.eq(last.map_or(0, |last| last + 1)),
        ));
        let folder = insert.returning(ChannelFolder::as_returning());
        Ok(folder.get_result(conn).await?)
    }
}
