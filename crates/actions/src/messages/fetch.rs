//! Reading messages: by narrow and anchor, by id.

use chrono::{DateTime, Utc};
use narrows_store::Conn;
use narrows_store::queries::narrow::{self, Filter, Narrow, Window};
use narrows_wire::MessageId;
use narrows_wire::limits::MAX_MESSAGES_PER_FETCH;
use narrows_wire::message_object::FetchedMessage;
use schemars::JsonSchema;
use serde::Serialize;

use super::page::{Page, Shape};
use crate::access::messages::invalid_message;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::narrow::{self as narrows, Resolved, Term, Viewer, highlight};
use crate::unread::{catch_up, unread_ids};

/// Larger than any message id; what clients send and get for "the newest".
const NEWEST: i64 = 10_000_000_000_000_000;

/// From where messages are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// An id, whether it is there or not.
    Id(i64),
    /// The first that is unread; the newest if none is.
    FirstUnread,
    /// The first that was sent then or later; the newest if none was.
    Since(DateTime<Utc>),
}

impl Anchor {
    /// From the API's parameters.
    pub fn parse(
        anchor: Option<&str>,
        use_first_unread_anchor: bool,
        date: Option<&str>,
    ) -> Result<Anchor> {
        if use_first_unread_anchor {
            return Ok(Anchor::FirstUnread);
        }
        match anchor {
            None => Err(Error::bad_request("Missing 'anchor' argument.")),
            Some("oldest") => Ok(Anchor::Id(0)),
            Some("newest") => Ok(Anchor::Id(NEWEST)),
            Some("first_unread") => Ok(Anchor::FirstUnread),
            Some("date") => {
                let date =
                    date.ok_or_else(|| Error::bad_request("Missing 'anchor_date' argument."))?;
                let date = DateTime::parse_from_rfc3339(date)
                    .map_err(|_| Error::bad_request("Invalid anchor_date"))?;
                Ok(Anchor::Since(date.to_utc()))
            }
            Some(id) => {
                let id: i64 = id
                    .trim()
                    .parse()
                    .map_err(|_| Error::bad_request("Invalid anchor"))?;
                Ok(Anchor::Id(id.clamp(0, NEWEST)))
            }
        }
    }
}

/// An anchor that is an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchored(i64);

impl Anchored {
    pub(crate) fn is_oldest(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn is_newest(self) -> bool {
        self.0 >= NEWEST
    }

    pub(crate) fn window(self, before: i64, after: i64, include_anchor: bool) -> Window {
        Window {
            anchor: self.0,
            include_anchor: include_anchor && !self.is_newest(),
            before: if self.is_oldest() { 0 } else { before },
            after: if self.is_newest() { 0 } else { after },
        }
    }
}

/// Finds out where an anchor is. `everything`: the narrow has no terms; what is muted does not hold its reader up then.
pub(crate) async fn resolve_anchor(
    ctx: &Ctx,
    conn: &mut Conn,
    viewer: Viewer<'_>,
    narrow: &Narrow,
    everything: bool,
    anchor: &Anchor,
) -> Result<Anchored> {
    let found = match (anchor, viewer.user_id()) {
        (Anchor::Id(id), _) => Some(MessageId(*id)),
        (Anchor::Since(time), _) => narrow::first_since(ctx.store.hot(), narrow, *time).await?,
        (Anchor::FirstUnread, None) => None,
        (Anchor::FirstUnread, Some(user)) => {
            let unread = unread_ids(conn, user).await?;
            let mut narrow = narrow.clone();
            narrow.filters.push((true, Filter::AnyOf(unread)));
            if everything {
                narrow.filters.push((false, Filter::Muted));
            }
            let window = Window {
                anchor: 0,
                include_anchor: false,
                before: 0,
                after: 1,
            };
            narrow::ids(ctx.store.hot(), &narrow, &window)
                .await?
                .first()
                .copied()
        }
    };
    Ok(Anchored(found.map_or(NEWEST, |id| id.0)))
}

/// A request for messages.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// From where.
    pub anchor: Anchor,
    /// Whether the anchor is wanted.
    pub include_anchor: bool,
    /// How many older ones.
    pub num_before: i64,
    /// How many newer ones.
    pub num_after: i64,
    /// Which.
    pub narrow: Vec<Term>,
    /// How they are shown.
    pub shape: Shape,
}

/// Answer of [`fetch`] and [`fetch_by_ids`].
#[derive(Debug, Serialize, JsonSchema)]
pub struct Messages {
    /// Oldest first.
    pub messages: Vec<FetchedMessage>,
    /// The anchor is one of them.
    pub found_anchor: bool,
    /// Nothing older is left.
    pub found_oldest: bool,
    /// Nothing newer is left.
    pub found_newest: bool,
    /// Always false: nothing is hidden for money.
    pub history_limited: bool,
    /// Around which id they were found; `null` if they were named.
    pub anchor: Option<i64>,
}

/// Answer of [`fetch_one`].
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneMessage {
    /// The message.
    pub message: FetchedMessage,
    /// Its text as written.
    pub raw_content: String,
}

/// [`Messages`] of a narrow around an anchor, as the members of the API's answer.
pub async fn fetch(ctx: &Ctx, viewer: Viewer<'_>, request: &Fetch) -> Result<Vec<u8>> {
    check(request)?;
    let (resolved, anchor) = match (&request.narrow[..], &request.anchor, viewer) {
        ([], Anchor::Id(id), Viewer::User(_)) => {
            let source = narrow::Source::Feed;
            let narrow = Narrow {
                source,
                ..viewer.readable()
            };
            (
                Resolved {
                    narrow,
                    words: vec![],
                },
                Anchored(*id),
            )
        }
        _ => {
            let mut conn = ctx.store.read().await?;
            if let (Anchor::FirstUnread, Some(user)) = (&request.anchor, viewer.user_id()) {
                catch_up(ctx, user).await?;
            }
            let resolved = narrows::resolve(&mut conn, viewer, &request.narrow).await?;
            let everything = request.narrow.is_empty();
            let anchor = resolve_anchor(
                ctx,
                &mut conn,
                viewer,
                &resolved.narrow,
                everything,
                &request.anchor,
            )
            .await?;
            (resolved, anchor)
        }
    };
    let window = anchor.window(
        request.num_before,
        request.num_after,
        request.include_anchor,
    );
    let rows = narrow::page(ctx.store.hot(), &resolved.narrow, &window).await?;
    let older = rows.iter().filter(|row| row.id().0 < anchor.0).count() as i64;
    let newer = rows.iter().filter(|row| row.id().0 > anchor.0).count() as i64;
    let found_anchor = rows.iter().any(|row| row.id().0 == anchor.0);
    let found_oldest = anchor.is_oldest() || older < request.num_before;
    let found_newest = anchor.is_newest() || newer < request.num_after;
    let page = Page {
        viewer,
        shape: request.shape,
        words: &resolved.words,
    };
    let mut out = page.assemble(ctx, &rows).await?;
    let end = format!(
        ",\"found_anchor\":{found_anchor},\"found_oldest\":{found_oldest},\"found_newest\":{found_newest},\
         \"history_limited\":false,\"anchor\":{}}}",
        anchor.0
    );
    out.extend_from_slice(end.as_bytes());
    Ok(out)
}

fn check(request: &Fetch) -> Result<()> {
    if request.num_before < 0 || request.num_after < 0 {
        return Err(Error::bad_request(
            "num_before and num_after must not be negative",
        ));
    }
    if request.num_before.saturating_add(request.num_after) > MAX_MESSAGES_PER_FETCH as i64 {
        return Err(Error::bad_request(format!(
            "Too many messages requested (maximum {MAX_MESSAGES_PER_FETCH})."
        )));
    }
    if !request.include_anchor && request.num_before > 0 && request.num_after > 0 {
        return Err(Error::bad_request(
            "The anchor can only be excluded at an end of the range",
        ));
    }
    Ok(())
}

/// Messages by id, as the members of the API's answer; what the viewer may not read is left out.
pub async fn fetch_by_ids(
    ctx: &Ctx,
    viewer: Viewer<'_>,
    ids: &[MessageId],
    shape: Shape,
) -> Result<Vec<u8>> {
    if ids.len() > MAX_MESSAGES_PER_FETCH {
        return Err(Error::bad_request(format!(
            "Too many messages requested (maximum {MAX_MESSAGES_PER_FETCH})."
        )));
    }
    let rows = narrow::among(ctx.store.hot(), &viewer.readable(), ids).await?;
    let mut out = Page {
        viewer,
        shape,
        words: &[],
    }
    .assemble(ctx, &rows)
    .await?;
    out.extend_from_slice(
        b",\"found_anchor\":false,\"found_oldest\":false,\"found_newest\":false,\"history_limited\":false,\"anchor\":null}",
    );
    Ok(out)
}

/// One message, as the members of the API's answer: the object, and the text as written.
pub async fn fetch_one(
    ctx: &Ctx,
    viewer: Viewer<'_>,
    id: MessageId,
    shape: Shape,
) -> Result<Vec<u8>> {
    let rows = narrow::among(ctx.store.hot(), &viewer.readable(), &[id]).await?;
    let row = rows.first().ok_or_else(invalid_message)?;
    Page {
        viewer,
        shape,
        words: &[],
    }
    .assemble_one(ctx, row)
    .await
}

/// Of `ids`, those in a narrow, each with what a search marks: `(id, match_content, match_subject)`.
pub async fn matching(
    ctx: &Ctx,
    viewer: Viewer<'_>,
    ids: &[MessageId],
    terms: &[Term],
) -> Result<Vec<(MessageId, String, String)>> {
    let resolved = narrows::resolve(&mut *ctx.store.read().await?, viewer, terms).await?;
    let hot = ctx.store.hot();
    let rows = narrow::among(hot, &resolved.narrow, ids).await?;
    let found: Vec<i64> = rows.iter().map(|row| row.id().0).collect();
    let bodies = narrows_store::queries::messages::bodies(hot, &found).await?;
    let mark = |row: &narrow::PageRow| {
        let body = bodies.iter().find(|body| body.id() == row.id())?;
        let content = highlight::html(body.rendered_content(), &resolved.words);
        Some((
            row.id(),
            content,
            highlight::text(row.topic().unwrap_or_default(), &resolved.words),
        ))
    };
    Ok(rows.iter().filter_map(mark).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_have_many_forms() {
        let parse = |anchor| Anchor::parse(Some(anchor), false, None).ok();
        assert_eq!(parse("newest"), Some(Anchor::Id(NEWEST)));
        assert_eq!(parse("10000000000000000"), Some(Anchor::Id(NEWEST)));
        assert_eq!(parse("99999999999999999"), Some(Anchor::Id(NEWEST)));
        assert_eq!(parse("oldest"), Some(Anchor::Id(0)));
        assert_eq!(parse("-3"), Some(Anchor::Id(0)));
        assert_eq!(parse("first_unread"), Some(Anchor::FirstUnread));
        assert_eq!(
            Anchor::parse(Some("0"), true, None).ok(),
            Some(Anchor::FirstUnread)
        );
        assert_eq!(parse("bogus"), None);
        assert!(Anchor::parse(None, false, None).is_err());
        assert!(Anchor::parse(Some("date"), false, Some("2026-11-21T05:00:00Z")).is_ok());
        assert!(Anchor::parse(Some("date"), false, Some("yesterday")).is_err());
    }

    #[test]
    fn the_ends_have_nothing_beyond() {
        let newest = Anchored(NEWEST).window(5, 7, true);
        assert_eq!(
            newest,
            Window {
                anchor: NEWEST,
                include_anchor: false,
                before: 5,
                after: 0
            }
        );
        let oldest = Anchored(0).window(5, 7, true);
        assert_eq!(
            oldest,
            Window {
                anchor: 0,
                include_anchor: true,
                before: 0,
                after: 7
            }
        );
    }
}
