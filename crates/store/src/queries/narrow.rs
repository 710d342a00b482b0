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
use crate::queries::messages;

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

/// How many ids a search goes back at first; each further step is [`WIDER`] times as wide.
const FIRST_STEP: i64 = 1_000;
const WIDER: i64 = 8;

impl Narrow {
    /// Whether few messages match, and an index finds them.
    fn is_selective(&self) -> bool {
        let mut filters = self.filters.iter();
        filters.any(|(wanted, filter)| *wanted && filter.is_selective())
    }

    /// Whether what matches has to be looked for in all conversations of the reader, message by message.
    fn is_search(&self) -> bool {
        let has_words = |(_, filter): &(bool, Filter)| matches!(filter, Filter::Words(_));
        self.source == Source::Feed && self.filters.iter().any(has_words) && !self.is_selective()
    }
}

/// The messages of a window, ascending.
///
/// A search goes back in steps that widen until it has enough: the nearest matches of every single conversation, of which
/// few would be among the nearest of all, are not looked for.
pub async fn page(hot: &Hot, narrow: &Narrow, window: &Window) -> Result<Vec<PageRow>> {
    if !narrow.is_search() || window.before == 0 {
        return page_down_to(hot, narrow, window, 0).await;
    }
    let newest = messages::newest_now(hot, narrow.realm).await?;
    let mut floor = window.anchor.min(newest) - FIRST_STEP;
    let mut page = page_down_to(hot, narrow, window, floor.max(0)).await?;
    let is_older = |row: &&PageRow| row.id().0 < window.anchor;
    let mut missing = window.before - count(page.iter().filter(is_older));
    let mut step = FIRST_STEP;
    while missing > 0 && floor > 0 {
        let older = Window {
            anchor: floor + 1,
            include_anchor: false,
            before: missing,
            after: 0,
        };
        step = step.saturating_mul(WIDER);
        floor = floor.saturating_sub(step);
        let found = page_down_to(hot, narrow, &older, floor.max(0)).await?;
        missing -= count(&found);
        page.splice(..0, found);
    }
    Ok(page)
}

fn count<T>(rows: impl IntoIterator<Item = T>) -> i64 {
    i64::try_from(rows.into_iter().count()).unwrap_or(i64::MAX)
}

/// The messages of a window above `floor`.
async fn page_down_to(
    hot: &Hot,
    narrow: &Narrow,
    window: &Window,
    floor: i64,
) -> Result<Vec<PageRow>> {
    let mut sql = Sql::new(narrow);
    sql.window(narrow, window, floor);
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
    sql.window(narrow, window, 0);
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
