//! Words that users want to be told of.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::alert_words;
use crate::store::Conn;

/// The alert words of a user.
pub struct AlertWord;

impl AlertWord {
    /// A user's words, alphabetically.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<String>> {
        let query = alert_words::table
            .filter(alert_words::user_id.eq(user.0))
            .order(alert_words::word);
        Ok(query.select(alert_words::word).load(conn).await?)
    }
}
