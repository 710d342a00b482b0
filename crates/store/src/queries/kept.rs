//! Which of a person's own lists have anything in them.
//!
//! A registration shows all lists, and most of them are empty for most people: one statement spares one for each. To add
//! a list: a field and a line of the statement.

use diesel::sql_types::{Bool, Integer};
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::prepared::Prepared;
use crate::store::Conn;

/// Whether there is anything in each list of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, diesel::QueryableByName)]
pub struct Kept {
    /// Words that the person watches for.
    #[diesel(sql_type = Bool)]
    pub alert_words: bool,
    /// Texts not sent yet.
    #[diesel(sql_type = Bool)]
    pub drafts: bool,
    /// People whom the person does not want to read.
    #[diesel(sql_type = Bool)]
    pub muted_users: bool,
    /// Views of the sidebar.
    #[diesel(sql_type = Bool)]
    pub navigation_views: bool,
    /// Texts to send again.
    #[diesel(sql_type = Bool)]
    pub saved_snippets: bool,
    /// Messages to be sent, and reminders.
    #[diesel(sql_type = Bool)]
    pub scheduled_messages: bool,
    /// Topics that are muted, unmuted or followed.
    #[diesel(sql_type = Bool)]
    pub user_topics: bool,
}

/// What a person keeps.
pub async fn of(conn: &mut Conn, user: UserId) -> Result<Kept> {
    let sql = "
        SELECT EXISTS (SELECT FROM alert_words WHERE user_id = $1) AS alert_words,
            EXISTS (SELECT FROM drafts WHERE user_id = $1) AS drafts,
            EXISTS (SELECT FROM muted_users WHERE user_id = $1) AS muted_users,
            EXISTS (SELECT FROM navigation_views WHERE user_id = $1) AS navigation_views,
            EXISTS (SELECT FROM saved_snippets WHERE user_id = $1) AS saved_snippets,
            EXISTS (SELECT FROM scheduled_messages WHERE user_id = $1) AS scheduled_messages,
            EXISTS (SELECT FROM user_topics WHERE user_id = $1) AS user_topics";
    let query = diesel::sql_query(sql).bind::<Integer, _>(user.0);
    Ok(query.prepared().get_result(conn).await?)
}
