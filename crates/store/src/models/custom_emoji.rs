//! Emoji that people of a realm uploaded.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::custom_emoji;
use crate::store::Conn;

/// An emoji that somebody uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = custom_emoji, check_for_backend(diesel::pg::Pg))]
pub struct CustomEmoji {
    /// Its id; the code of reactions with it.
    pub id: i32,
    author_id: Option<i32>,
    /// What people write between colons.
    pub name: String,
    /// The picture in the storage of files.
    pub file_name: String,
    /// Whether the picture moves, and there is one that does not.
    pub is_animated: bool,
    /// Only shown where it was used before.
    pub deactivated: bool,
}

/// An emoji to be added.
#[derive(Clone, Debug, Insertable, bon::Builder)]
#[diesel(table_name = custom_emoji, check_for_backend(diesel::pg::Pg))]
pub struct NewCustomEmoji<'a> {
    #[builder(into)]
    realm_id: i32,
    #[builder(into)]
    author_id: i32,
    name: &'a str,
    file_name: &'a str,
    is_animated: bool,
}

impl CustomEmoji {
    /// Who uploaded it, unless they are gone.
    pub fn author_id(&self) -> Option<UserId> {
        self.author_id.map(UserId)
    }

    /// Of a realm, oldest first, with those that are deactivated.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<CustomEmoji>> {
        let query = custom_emoji::table.filter(custom_emoji::realm_id.eq(realm.0));
        let query = query.order(custom_emoji::id);
        Ok(query.select(CustomEmoji::as_select()).load(conn).await?)
    }

    /// By id, active or not.
    pub async fn find(conn: &mut Conn, realm: RealmId, id: i32) -> Result<CustomEmoji> {
        let query = custom_emoji::table
            .filter(custom_emoji::realm_id.eq(realm.0))
            .filter(custom_emoji::id.eq(id));
        Ok(query.select(CustomEmoji::as_select()).first(conn).await?)
    }

    /// The active one of that name.
    pub async fn find_active(conn: &mut Conn, realm: RealmId, name: &str) -> Result<CustomEmoji> {
        let query = custom_emoji::table
            .filter(custom_emoji::realm_id.eq(realm.0))
            .filter(custom_emoji::name.eq(name))
            .filter(custom_emoji::deactivated.eq(false));
        Ok(query.select(CustomEmoji::as_select()).first(conn).await?)
    }

    /// Takes it out of use.
    pub async fn deactivate(conn: &mut Conn, realm: RealmId, id: i32) -> Result<()> {
        let row = custom_emoji::table
            .filter(custom_emoji::realm_id.eq(realm.0))
            .filter(custom_emoji::id.eq(id));
        let change = diesel::update(row).set(custom_emoji::deactivated.eq(true));
        found(change.execute(conn).await?)
    }
}

impl NewCustomEmoji<'_> {
    /// Adds it.
    pub async fn insert(&self, conn: &mut Conn) -> Result<()> {
        let insert = diesel::insert_into(custom_emoji::table).values(self);
        insert.execute(conn).await?;
        Ok(())
    }
}
