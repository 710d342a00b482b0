//! What people can say of themselves in a realm.

use diesel::dsl::max;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::RealmId;

use crate::error::Result;
use crate::models::found;
use crate::prepared::Prepared;
use crate::schema::custom_profile_fields;
use crate::store::Conn;

/// A field of people's profiles.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = custom_profile_fields, check_for_backend(diesel::pg::Pg))]
pub struct ProfileField {
    /// Its id.
    pub id: i32,
    /// The API's field type.
    pub kind: i16,
    /// From 1.
    pub position: i32,
    /// What administrators change.
    #[diesel(embed)]
    pub content: ProfileFieldContent,
}

/// What administrators change of a field.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = custom_profile_fields, check_for_backend(diesel::pg::Pg))]
pub struct ProfileFieldContent {
    /// What it is called.
    pub name: String,
    /// Shown to who fills it in.
    pub hint: String,
    /// JSON as text, or "".
    pub field_data: String,
    /// Everybody shall fill it in.
    pub required: bool,
    /// Shown on small profiles.
    pub display_in_profile_summary: bool,
    /// People fill it in themselves.
    pub editable_by_user: bool,
}

impl ProfileField {
    /// Of a realm, in their order.
    pub async fn all(conn: &mut Conn, realm: RealmId) -> Result<Vec<ProfileField>> {
        let query = custom_profile_fields::table
            .filter(custom_profile_fields::realm_id.eq(realm.0))
            .order((custom_profile_fields::position, custom_profile_fields::id));
        Ok(query.select(ProfileField::as_select()).load(conn).await?)
    }

    /// Adds one at the end; returns its id.
    pub async fn insert(
        conn: &mut Conn,
        realm: RealmId,
        kind: i16,
        content: &ProfileFieldContent,
    ) -> Result<i32> {
        let last: Option<i32> = custom_profile_fields::table
            .filter(custom_profile_fields::realm_id.eq(realm.0))
            .select(max(custom_profile_fields::position))
            .first(conn)
            .await?;
        let insert = diesel::insert_into(custom_profile_fields::table).values((
            custom_profile_fields::realm_id.eq(realm.0),
            custom_profile_fields::kind.eq(kind),
            custom_profile_fields::position.eq(last.map_or(1, |last| last + 1)),
            content,
        ));
        let id = insert.returning(custom_profile_fields::id);
        Ok(id.get_result(conn).await?)
    }

    /// Changes one.
    pub async fn update(
        conn: &mut Conn,
        realm: RealmId,
        id: i32,
        content: &ProfileFieldContent,
    ) -> Result<()> {
        let row = custom_profile_fields::table
            .filter(custom_profile_fields::realm_id.eq(realm.0))
            .filter(custom_profile_fields::id.eq(id));
        found(diesel::update(row).set(content).execute(conn).await?)
    }

    /// Removes one, with what people have filled in.
    pub async fn delete(conn: &mut Conn, realm: RealmId, id: i32) -> Result<()> {
        let row = custom_profile_fields::table
            .filter(custom_profile_fields::realm_id.eq(realm.0))
            .filter(custom_profile_fields::id.eq(id));
        found(diesel::delete(row).execute(conn).await?)
    }

    /// Gives all the places that their ids have in the list.
    pub async fn reorder(conn: &mut Conn, realm: RealmId, ids: &[i32]) -> Result<()> {
        use diesel::sql_types::{Array, Integer};
        let sql = "UPDATE custom_profile_fields SET position = given.position \
                   FROM unnest($2) WITH ORDINALITY AS given (id, position) \
                   WHERE custom_profile_fields.realm_id = $1 AND custom_profile_fields.id = given.id";
        let query = diesel::sql_query(sql)
            .bind::<Integer, _>(realm.0)
            .bind::<Array<Integer>, _>(ids);
        query.prepared().execute(conn).await?;
        Ok(())
    }
}
