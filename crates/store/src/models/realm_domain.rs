//! Domains of mail that belong to an organisation.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;

use crate::error::Result;
use crate::models::found;
use crate::schema::realm_domains;
use crate::store::Conn;

/// A domain of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = realm_domains, check_for_backend(diesel::pg::Pg))]
pub struct RealmDomain {
    /// Its id.
    pub id: i32,
    /// In lower case.
    pub domain: String,
    /// Whether what is below it belongs to the organisation too.
    pub allow_subdomains: bool,
}

impl RealmDomain {
    /// Of a realm, oldest first.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<RealmDomain>> {
        let query = realm_domains::table.filter(realm_domains::realm_id.eq(realm.0));
        let query = query.order(realm_domains::id);
        Ok(query.select(RealmDomain::as_select()).load(conn).await?)
    }

    /// Adds one; returns its id.
    pub async fn insert(
        conn: &mut Conn,
        realm: RealmId,
        domain: &str,
        allow_subdomains: bool,
    ) -> Result<i32> {
        let insert = diesel::insert_into(realm_domains::table).values((
            realm_domains::realm_id.eq(realm.0),
            realm_domains::domain.eq(domain),
            realm_domains::allow_subdomains.eq(allow_subdomains),
        ));
        Ok(insert.returning(realm_domains::id).get_result(conn).await?)
    }

    /// Whether what is below it counts.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        domain: &str,
        allow_subdomains: bool,
    ) -> Result<()> {
        let row = realm_domains::table
            .filter(realm_domains::realm_id.eq(realm.0))
            .filter(realm_domains::domain.eq(domain));
        let change = diesel::update(row).set(realm_domains::allow_subdomains.eq(allow_subdomains));
        found(change.execute(conn).await?)
    }

    /// Removes one.
    pub async fn delete(conn: &mut Conn, realm: RealmId, domain: &str) -> Result<()> {
        let row = realm_domains::table
            .filter(realm_domains::realm_id.eq(realm.0))
            .filter(realm_domains::domain.eq(domain));
        found(diesel::delete(row).execute(conn).await?)
    }
}
