//! Words that a user wants to be told of.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{RealmId, UserId};

use crate::error::Result;
use crate::schema::{alert_words, users};
use crate::store::Conn;

/// Words that a user wants to be told of.
pub struct AlertWord;

impl AlertWord {
    /// Of a user, in alphabetical order.
    pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<String>> {
        let query = alert_words::table.filter(alert_words::user_id.eq(user.0));
        Ok(query
            .order(alert_words::word)
            .select(alert_words::word)
            .load(conn)
            .await?)
    }

    /// Of all active users of a realm, in lower case.
    pub async fn of_realm(conn: &mut Conn, realm: RealmId) -> Result<Vec<(String, UserId)>> {
        let query = alert_words::table
            .inner_join(users::table.on(users::id.eq(alert_words::user_id)))
            .filter(users::realm_id.eq(realm.0))
            .filter(users::is_active);
        let words: Vec<(String, i32)> = query
            .select((super::user::lower(alert_words::word), alert_words::user_id))
            .load(conn)
            .await?;
        Ok(words
            .into_iter()
            .map(|(word, user)| (word, UserId(user)))
            .collect())
    }

    /// Adds words; those that are there stay.
    pub async fn add(conn: &mut Conn, user: UserId, words: &[String]) -> Result<()> {
        let rows: Vec<_> = words
            .iter()
            .map(|word| (alert_words::user_id.eq(user.0), alert_words::word.eq(word)))
            .collect();
        diesel::insert_into(alert_words::table)
            .values(rows)
            .on_conflict_do_nothing()
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Removes words, whatever the case of their letters.
    pub async fn remove(conn: &mut Conn, user: UserId, words: &[String]) -> Result<()> {
        let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
        let rows = alert_words::table
            .filter(alert_words::user_id.eq(user.0))
            .filter(super::user::lower(alert_words::word).eq_any(words));
        diesel::delete(rows).execute(conn).await?;
        Ok(())
    }
}
