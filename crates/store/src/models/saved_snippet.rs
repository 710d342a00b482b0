//! Texts that a user keeps at hand.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{SavedSnippetId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::saved_snippets;
use crate::store::Conn;

/// A text that a user keeps at hand.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = saved_snippets, check_for_backend(diesel::pg::Pg))]
pub struct SavedSnippet {
    id: i32,
    /// What it is called.
    pub title: String,
    /// The text.
    pub content: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// What is to change; `None` stays.
#[derive(Clone, Copy, Debug, AsChangeset)]
#[diesel(table_name = saved_snippets)]
pub struct SavedSnippetChange<'a> {
    /// See [`SavedSnippet::title`].
    pub title: Option<&'a str>,
    /// See [`SavedSnippet::content`].
    pub content: Option<&'a str>,
}

impl SavedSnippet {
    /// Its id.
    pub fn id(&self) -> SavedSnippetId {
        SavedSnippetId(self.id)
    }

    /// All of a user, oldest first.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<SavedSnippet>> {
        let query = saved_snippets::table.filter(saved_snippets::user_id.eq(user.0));
        Ok(query
            .order(saved_snippets::id)
            .select(SavedSnippet::as_select())
            .load(conn)
            .await?)
    }

    /// Makes one.
    pub async fn insert(
        conn: &mut Conn,
        user: UserId,
        title: &str,
        content: &str,
        now: DateTime<Utc>,
    ) -> Result<SavedSnippet> {
        let insert = diesel::insert_into(saved_snippets::table).values((
            saved_snippets::user_id.eq(user.0),
            saved_snippets::title.eq(title),
            saved_snippets::content.eq(content),
            saved_snippets::created_at.eq(now),
        ));
        Ok(insert
            .returning(SavedSnippet::as_returning())
            .get_result(conn)
            .await?)
    }

    /// Changes one of a user; `change` holds something.
    pub async fn update(
        conn: &mut Conn,
        user: UserId,
        id: SavedSnippetId,
        change: SavedSnippetChange<'_>,
    ) -> Result<SavedSnippet> {
        let row = saved_snippets::table
            .filter(saved_snippets::user_id.eq(user.0))
            .filter(saved_snippets::id.eq(id.0));
        let update = diesel::update(row)
            .set(change)
            .returning(SavedSnippet::as_returning());
        Ok(update.get_result(conn).await?)
    }

    /// Deletes one of a user.
    pub async fn delete(conn: &mut Conn, user: UserId, id: SavedSnippetId) -> Result<()> {
        let row = saved_snippets::table
            .filter(saved_snippets::user_id.eq(user.0))
            .filter(saved_snippets::id.eq(id.0));
        found(diesel::delete(row).execute(conn).await?)
    }
}
