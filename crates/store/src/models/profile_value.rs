//! What people say of themselves.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::schema::{custom_profile_fields, custom_profile_values};
use crate::store::Conn;

/// What somebody has filled in.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = custom_profile_values, check_for_backend(diesel::pg::Pg))]
pub struct ProfileValue {
    /// The field.
    pub field_id: i32,
    /// Who.
    user_id: i32,
    /// What.
    pub value: String,
    /// HTML, of texts.
    pub rendered_value: Option<String>,
}

impl ProfileValue {
    /// Not stored yet.
    pub fn new(user: UserId, field_id: i32, value: String, rendered: Option<String>) -> Self {
        ProfileValue {
            field_id,
            user_id: user.0,
            value,
            rendered_value: rendered,
        }
    }

    /// Who has filled it in.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// Of some people of a realm, or of all.
    pub async fn of_users(
        conn: &mut Conn,
        realm: RealmId,
        users: Option<&[UserId]>,
    ) -> Result<Vec<ProfileValue>> {
        let mut query = custom_profile_values::table
            .inner_join(
                custom_profile_fields::table
                    .on(custom_profile_fields::id.eq(custom_profile_values::field_id)),
            )
            .filter(custom_profile_fields::realm_id.eq(realm.0))
            .select(ProfileValue::as_select())
            .into_boxed();
        if let Some(users) = users {
            let users: Vec<i32> = users.iter().map(|user| user.0).collect();
            query = query.filter(custom_profile_values::user_id.eq_any(users));
        }
        Ok(query.load(conn).await?)
    }

    /// Stores values instead of those of the same people and fields, which are of the caller's realm.
    pub async fn put(conn: &mut Conn, values: &[ProfileValue]) -> Result<()> {
        if values.is_empty() {
            return Ok(());
        }
        diesel::insert_into(custom_profile_values::table)
            .values(values)
            .on_conflict((
                custom_profile_values::field_id,
                custom_profile_values::user_id,
            ))
            .do_update()
            .set((
                custom_profile_values::value.eq(excluded(custom_profile_values::value)),
                custom_profile_values::rendered_value
                    .eq(excluded(custom_profile_values::rendered_value)),
            ))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Removes what somebody has filled in.
    pub async fn delete(conn: &mut Conn, user: UserId, fields: &[i32]) -> Result<()> {
        let rows = custom_profile_values::table
            .filter(custom_profile_values::user_id.eq(user.0))
            .filter(custom_profile_values::field_id.eq_any(fields));
        diesel::delete(rows).execute(conn).await?;
        Ok(())
    }

    /// Removes what anybody has filled in but these.
    pub async fn retain(conn: &mut Conn, field: i32, kept: &[String]) -> Result<()> {
        let rows = custom_profile_values::table
            .filter(custom_profile_values::field_id.eq(field))
            .filter(custom_profile_values::value.ne_all(kept));
        diesel::delete(rows).execute(conn).await?;
        Ok(())
    }
}
