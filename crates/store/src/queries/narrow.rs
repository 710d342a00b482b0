//! `GET /messages` and its like: a typed narrow becomes SQL with bound parameters.
//!
//! Who may read what is part of every statement. A reader sees a message if its conversation is readable to them in full
//! (public streams to members, shared-history streams to subscribers, web-public streams to all), or if it was delivered
//! to them (a subscription period covers it) in a conversation that they are still in.
//!
//! Statements of the same shape have the same text, so they are prepared once per connection.

mod filter;
mod row;
mod sql;

use chrono::{DateTime, Utc};
use narrows_wire::{MessageId, RealmId, RecipientId, UserId};

use crate::error::Result;
use crate::hot::Hot;

pub use filter::Filter;
pub use row::PageRow;
use sql::Sql;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A user of the realm.
    User {
        /// Who.
        id: UserId,
        /// Guests do not see public streams that they are not in.
        guest: bool,
    },
    /// Somebody without an account: web-public streams only.
    Spectator,
}

/// Out of which messages the filters choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What was delivered to the reader.
    Feed,
    /// All that the reader may read.
    Readable,
    /// A conversation that the reader was found to have access to, in full or as delivered.
    Conversation {
        /// Which one.
        id: RecipientId,
        /// Also what was sent while the reader was not in it.
        in_full: bool,
    },
}

/// A narrow whose names are resolved.
#[derive(Clone, Debug)]
pub struct Narrow {
    /// The reader's realm.
    pub realm: RealmId,
    /// Who reads.
    pub reader: Reader,
    /// Where to look.
    pub source: Source,
    /// What to look for; all have to hold (`true`) or not to hold (`false`).
    pub filters: Vec<(bool, Filter)>,
}

/// Which part of the messages that match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The id that the others are counted from.
    pub anchor: i64,
    /// Whether the anchor itself belongs to it.
    pub include_anchor: bool,
    /// How many older ones.
    pub before: i64,
    /// How many newer ones.
    pub after: i64,
}

/// The messages of a window, ascending.
pub async fn page(hot: &Hot, narrow: &Narrow, window: &Window) -> Result<Vec<PageRow>> {
    let mut sql = Sql::new(narrow);
    sql.window(narrow, window);
    let rows = sql.decorate().query(hot).await?;
    Ok(rows.into_iter().map(PageRow).collect())
}

/// Those of `ids` that match, ascending.
pub async fn among(hot: &Hot, narrow: &Narrow, ids: &[MessageId]) -> Result<Vec<PageRow>> {
    let mut sql = Sql::new(narrow);
    sql.among(narrow, ids);
    let rows = sql.decorate().query(hot).await?;
    Ok(rows.into_iter().map(PageRow).collect())
}

/// The ids of a window, ascending.
pub async fn ids(hot: &Hot, narrow: &Narrow, window: &Window) -> Result<Vec<MessageId>> {
    let mut sql = Sql::new(narrow);
    sql.window(narrow, window);
    let rows = sql.only_ids().query(hot).await?;
    Ok(rows.into_iter().map(|row| MessageId(row.get(0))).collect())
}

/// The ids of those of `ids` that match, ascending.
pub async fn ids_among(hot: &Hot, narrow: &Narrow, ids: &[MessageId]) -> Result<Vec<MessageId>> {
    let mut sql = Sql::new(narrow);
    sql.among(narrow, ids);
    let rows = sql.only_ids().query(hot).await?;
    Ok(rows.into_iter().map(|row| MessageId(row.get(0))).collect())
}

/// The first message that was sent at `time` or later.
pub async fn first_since(
    hot: &Hot,
    narrow: &Narrow,
    time: DateTime<Utc>,
) -> Result<Option<MessageId>> {
    let mut narrow = narrow.clone();
    narrow.filters.push((true, Filter::Since(time)));
    let window = Window {
        anchor: 0,
        include_anchor: false,
        before: 0,
        after: 1,
    };
    Ok(ids(hot, &narrow, &window).await?.first().copied())
}
