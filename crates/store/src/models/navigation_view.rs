//! The views that a user has in the navigation of their client.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::models::found;
use crate::schema::navigation_views;
use crate::store::Conn;

/// A view in the navigation of a user's client.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = navigation_views, check_for_backend(diesel::pg::Pg))]
pub struct NavigationView {
    /// The part of the URL after `#`.
    pub fragment: String,
    /// Always shown.
    pub is_pinned: bool,
    /// Of views of the user's own making.
    pub name: Option<String>,
}

/// What is to change; `None` stays.
#[derive(Clone, Copy, Debug, AsChangeset)]
#[diesel(table_name = navigation_views)]
pub struct NavigationViewChange<'a> {
    /// See [`NavigationView::is_pinned`].
    pub is_pinned: Option<bool>,
    /// See [`NavigationView::name`].
    pub name: Option<&'a str>,
}

impl NavigationView {
    /// All of a user, by fragment.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<NavigationView>> {
        let query = navigation_views::table.filter(navigation_views::user_id.eq(user.0));
        Ok(query
            .order(navigation_views::fragment)
            .select(NavigationView::as_select())
            .load(conn)
            .await?)
    }

    /// Adds it for a user, who has none of that fragment.
    pub async fn insert(&self, conn: &mut Conn, user: UserId) -> Result<()> {
        diesel::insert_into(navigation_views::table)
            .values((navigation_views::user_id.eq(user.0), self.clone()))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Changes one of a user; `change` holds something.
    pub async fn update(
        conn: &mut Conn,
        user: UserId,
        fragment: &str,
        change: NavigationViewChange<'_>,
    ) -> Result<()> {
        let row = navigation_views::table
            .filter(navigation_views::user_id.eq(user.0))
            .filter(navigation_views::fragment.eq(fragment));
        found(diesel::update(row).set(change).execute(conn).await?)
    }

    /// Deletes one of a user.
    pub async fn delete(conn: &mut Conn, user: UserId, fragment: &str) -> Result<()> {
        let row = navigation_views::table
            .filter(navigation_views::user_id.eq(user.0))
            .filter(navigation_views::fragment.eq(fragment));
        found(diesel::delete(row).execute(conn).await?)
    }
}
