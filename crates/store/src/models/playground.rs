//! Where code of a language can be tried out.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;

use crate::error::Result;
use crate::models::found;
use crate::schema::playgrounds;
use crate::store::Conn;

/// A website that runs code of a language.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = playgrounds, check_for_backend(diesel::pg::Pg))]
pub struct Playground {
    /// Its id.
    pub id: i32,
    /// What people call it.
    pub name: String,
    /// The language, as `data-code-language` names it.
    pub pygments_language: String,
    /// URL template (RFC 6570) with the variable `code`.
    pub url_template: String,
}

impl Playground {
    /// Of a realm, oldest first.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<Playground>> {
        let query = playgrounds::table.filter(playgrounds::realm_id.eq(realm.0));
        let query = query.order(playgrounds::id);
        Ok(query.select(Playground::as_select()).load(conn).await?)
    }

    /// Adds one; returns its id.
    pub async fn insert(
        conn: &mut Conn,
        realm: RealmId,
        name: &str,
        language: &str,
        url_template: &str,
    ) -> Result<i32> {
        let insert = diesel::insert_into(playgrounds::table).values((
            playgrounds::realm_id.eq(realm.0),
            playgrounds::name.eq(name),
            playgrounds::pygments_language.eq(language),
            playgrounds::url_template.eq(url_template),
        ));
        Ok(insert.returning(playgrounds::id).get_result(conn).await?)
    }

    /// Removes one.
    pub async fn delete(conn: &mut Conn, realm: RealmId, id: i32) -> Result<()> {
        let row = playgrounds::table
            .filter(playgrounds::realm_id.eq(realm.0))
            .filter(playgrounds::id.eq(id));
        found(diesel::delete(row).execute(conn).await?)
    }
}
