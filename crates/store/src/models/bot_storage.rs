//! What bots remember.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use narrows_wire::UserId;

use crate::error::Result;
use crate::schema::bot_storage;
use crate::store::Conn;

/// What bots remember: a text for each key.
pub struct BotStorage;

impl BotStorage {
    /// The entries of a bot, by key; with `keys`, those.
    pub async fn get(
        conn: &mut Conn,
        bot: UserId,
        keys: Option<&[String]>,
    ) -> Result<Vec<(String, String)>> {
        let mut query = bot_storage::table
            .filter(bot_storage::user_id.eq(bot.0))
            .into_boxed();
        if let Some(keys) = keys {
            query = query.filter(bot_storage::key.eq_any(keys));
        }
        Ok(query
            .order(bot_storage::key)
            .select((bot_storage::key, bot_storage::value))
            .load(conn)
            .await?)
    }

    /// Sets an entry.
    pub async fn set(conn: &mut Conn, bot: UserId, key: &str, value: &str) -> Result<()> {
        diesel::insert_into(bot_storage::table)
            .values((
                bot_storage::user_id.eq(bot.0),
                bot_storage::key.eq(key),
                bot_storage::value.eq(value),
            ))
            .on_conflict((bot_storage::user_id, bot_storage::key))
            .do_update()
            .set(bot_storage::value.eq(excluded(bot_storage::value)))
            .execute(conn)
            .await?;
        Ok(())
    }

    /// Removes entries; `None` = all. How many there were.
    pub async fn remove(conn: &mut Conn, bot: UserId, keys: Option<&[String]>) -> Result<usize> {
        let of_bot = bot_storage::table.filter(bot_storage::user_id.eq(bot.0));
        Ok(match keys {
            None => diesel::delete(of_bot).execute(conn).await?,
            Some(keys) => {
                diesel::delete(of_bot.filter(bot_storage::key.eq_any(keys)))
                    .execute(conn)
                    .await?
            }
        })
    }
}
