//! Messages that users have begun to write.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{DraftId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::drafts;
use crate::store::Conn;

/// A message that a user has begun to write.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = drafts, check_for_backend(diesel::pg::Pg))]
pub struct Draft {
    id: i32,
    /// The API's type: "" (no address yet), "stream", "private".
    pub kind: String,
    recipient_ids: Vec<Option<i32>>,
    /// Of "stream": the topic so far.
    pub topic: String,
    /// The text so far.
    pub content: String,
    /// When it was last worked on.
    pub edited_at: DateTime<Utc>,
}

/// What a draft holds.
#[derive(Clone, Debug, Insertable, AsChangeset)]
#[diesel(table_name = drafts)]
pub struct DraftContent {
    /// See [`Draft::kind`].
    pub kind: &'static str,
    /// The stream's id, or those of the people.
    pub recipient_ids: Vec<i32>,
    /// See [`Draft::topic`].
    pub topic: String,
    /// See [`Draft::content`].
    pub content: String,
    /// See [`Draft::edited_at`].
    pub edited_at: DateTime<Utc>,
}

impl Draft {
    /// Its id.
    pub fn id(&self) -> DraftId {
        DraftId(self.id)
    }

    /// The stream's id, or those of the people.
    pub fn recipient_ids(&self) -> Vec<i32> {
        self.recipient_ids.iter().flatten().copied().collect()
    }

    /// The last ones of a user, newest first.
    pub async fn of_user(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Draft>> {
        let query = drafts::table.filter(drafts::user_id.eq(user.0));
        Ok(query
            .order((drafts::edited_at.desc(), drafts::id.desc()))
            .limit(limit)
            .select(Draft::as_select())
            .load(conn)
            .await?)
    }

    /// Adds drafts; returns them in the order given.
    pub async fn insert(
        conn: &mut Conn,
        user: UserId,
        contents: &[DraftContent],
    ) -> Result<Vec<Draft>> {
        let rows: Vec<_> = contents
            .iter()
            .map(|content| (drafts::user_id.eq(user.0), content.clone()))
            .collect();
        let mut inserted: Vec<Draft> = diesel::insert_into(drafts::table)
            .values(rows)
            .returning(Draft::as_returning())
            .get_results(conn)
            .await?;
        inserted.sort_by_key(Draft::id);
        Ok(inserted)
    }

    /// Replaces a draft of a user.
    pub async fn replace(
        conn: &mut Conn,
        user: UserId,
        id: DraftId,
        content: &DraftContent,
    ) -> Result<Draft> {
        let row = drafts::table
            .filter(drafts::user_id.eq(user.0))
            .filter(drafts::id.eq(id.0));
        let update = diesel::update(row)
            .set(content)
            .returning(Draft::as_returning());
        Ok(update.get_result(conn).await?)
    }

    /// Deletes a draft of a user.
    pub async fn delete(conn: &mut Conn, user: UserId, id: DraftId) -> Result<()> {
        let row = drafts::table
            .filter(drafts::user_id.eq(user.0))
            .filter(drafts::id.eq(id.0));
        found(diesel::delete(row).execute(conn).await?)
    }
}
