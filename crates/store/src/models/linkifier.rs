//! Patterns of a realm that become links.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;

use crate::error::Result;
use crate::models::found;
use crate::schema::linkifiers;
use crate::store::Conn;

/// A pattern that becomes a link.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = linkifiers, check_for_backend(diesel::pg::Pg))]
pub struct Linkifier {
    /// Its id.
    pub id: i32,
    /// Regular expression with named groups.
    pub pattern: String,
    /// URL template (RFC 6570) that uses the groups.
    pub url_template: String,
}

impl Linkifier {
    /// Of a realm, in the order in which they match.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<Linkifier>> {
        let query = linkifiers::table.filter(linkifiers::realm_id.eq(realm.0));
        let query = query.order((linkifiers::position, linkifiers::id));
        Ok(query.select(Linkifier::as_select()).load(conn).await?)
    }

    /// Adds one at the end; returns its id.
    pub async fn insert(
        conn: &mut Conn,
        realm: RealmId,
        pattern: &str,
        url_template: &str,
    ) -> Result<i32> {
        let last: Option<i32> = linkifiers::table
            .filter(linkifiers::realm_id.eq(realm.0))
            .select(max(linkifiers::position))
            .first(conn)
            .await?;
        let insert = diesel::insert_into(linkifiers::table).values((
            linkifiers::realm_id.eq(realm.0),
            linkifiers::pattern.eq(pattern),
            linkifiers::url_template.eq(url_template),
            linkifiers::position.eq(last.map_or(0, |last| last + 1)),
        ));
        Ok(insert.returning(linkifiers::id).get_result(conn).await?)
    }

    /// Replaces pattern and template.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        id: i32,
        pattern: &str,
        url_template: &str,
    ) -> Result<()> {
        let row = linkifiers::table
            .filter(linkifiers::realm_id.eq(realm.0))
            .filter(linkifiers::id.eq(id));
        let change = diesel::update(row).set((
            linkifiers::pattern.eq(pattern),
            linkifiers::url_template.eq(url_template),
        ));
        found(change.execute(conn).await?)
    }

    /// Removes one.
    pub async fn delete(conn: &mut Conn, realm: RealmId, id: i32) -> Result<()> {
        let row = linkifiers::table
            .filter(linkifiers::realm_id.eq(realm.0))
            .filter(linkifiers::id.eq(id));
        found(diesel::delete(row).execute(conn).await?)
    }

    /// Puts them into the order of `ids`.
    pub async fn reorder(conn: &mut Conn, realm: RealmId, ids: &[i32]) -> Result<()> {
        for (position, id) in (0_i32..).zip(ids) {
            let row = linkifiers::table
                .filter(linkifiers::realm_id.eq(realm.0))
                .filter(linkifiers::id.eq(id));
            let change = diesel::update(row).set(linkifiers::position.eq(position));
            found(change.execute(conn).await?)?;
        }
        Ok(())
    }
}
