//! Personal flags of messages: read, starred, collapsed.

use std::collections::BTreeSet;

use narrows_store::queries::flags::{self, bit};
use narrows_store::queries::narrow;
use narrows_store::queries::unread as rows;
use narrows_wire::events::message::UpdateMessageFlags;
use narrows_wire::limits::MAX_MESSAGES_PER_FETCH;
use narrows_wire::{Audience, Event, MessageId, StreamId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::messages::access_messages;
use crate::access::streams::access_stream_for_history;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::fetch::{Anchor, resolve_anchor};
use crate::narrow::{self as narrows, Term, Viewer};
use crate::unread::{self, Which};

/// What to do with a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Set it.
    Add,
    /// Clear it.
    Remove,
}

/// A flag that users set themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Has been read.
    Read,
    /// To be found again.
    Starred,
    /// Shown folded.
    Collapsed,
}

/// Flags that only the server sets.
const NOT_EDITABLE: &[&str] = &[
    "mentioned",
    "stream_wildcard_mentioned",
    "topic_wildcard_mentioned",
    "wildcard_mentioned",
    "has_alert_word",
    "historical",
];

impl Flag {
    /// From the API's name.
    pub fn parse(name: &str) -> Result<Flag> {
        match name {
            "read" => Ok(Flag::Read),
            "starred" => Ok(Flag::Starred),
            "collapsed" => Ok(Flag::Collapsed),
            other if NOT_EDITABLE.contains(&other) => {
                Err(Error::bad_request(format!("Flag not editable: '{other}'")))
            }
            other => Err(Error::bad_request(format!("Invalid flag: '{other}'"))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Flag::Read => "read",
            Flag::Starred => "starred",
            Flag::Collapsed => "collapsed",
        }
    }
}

impl Op {
    /// From the API's name.
    pub fn parse(name: &str) -> Result<Op> {
        match name {
            "add" => Ok(Op::Add),
            "remove" => Ok(Op::Remove),
            other => Err(Error::bad_request(format!(
                "Invalid message flag operation: '{other}'"
            ))),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Op::Add => "add",
            Op::Remove => "remove",
        }
    }
}

/// What a change of flags came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Changed {
    /// Which messages were to be changed.
    pub messages: Vec<MessageId>,
    /// Streams whose messages stay read, as the caller is not subscribed.
    pub ignored_because_not_subscribed_channels: Vec<StreamId>,
}

/// Sets or clears a flag on messages. All of them have to be readable to the caller.
pub async fn update(
    ctx: &Ctx,
    caller: &Caller,
    messages: &[MessageId],
    op: Op,
    flag: Flag,
) -> Result<Changed> {
    let mut changed = Changed {
        messages: messages.to_vec(),
        ..Changed::default()
    };
    match (flag, op) {
        (Flag::Read, Op::Add) => {
            check_not_all_unread(ctx, caller, messages).await?;
            unread::mark_read(ctx, caller, &Which::These(messages.to_vec())).await?;
        }
        (Flag::Read, Op::Remove) => {
            access_messages(ctx, caller, messages).await?;
            let (kept, ignored) = split_unsubscribed(ctx, caller, messages).await?;
            changed.ignored_because_not_subscribed_channels = ignored;
            if !kept.is_empty() {
                unread::mark_unread(ctx, caller, &kept).await?;
            }
        }
        (Flag::Starred | Flag::Collapsed, _) => {
            access_messages(ctx, caller, messages).await?;
            set_bit(ctx, caller, messages, op, flag).await?;
        }
    }
    Ok(changed)
}

/// What is unread was delivered; only the rest has to be checked.
async fn check_not_all_unread(ctx: &Ctx, caller: &Caller, messages: &[MessageId]) -> Result<()> {
    let unread = unread::unread_ids(&mut *ctx.store.read().await?, caller.user_id()).await?;
    let rest: Vec<MessageId> = messages
        .iter()
        .filter(|id| unread.binary_search(id).is_err())
        .copied()
        .collect();
    match rest.is_empty() {
        true => Ok(()),
        false => access_messages(ctx, caller, &rest).await,
    }
}

/// Messages of streams that the caller is not subscribed to cannot be unread.
async fn split_unsubscribed(
    ctx: &Ctx,
    caller: &Caller,
    messages: &[MessageId],
) -> Result<(Vec<MessageId>, Vec<StreamId>)> {
    let ids: Vec<i64> = messages.iter().map(|id| id.0).collect();
    let guest = caller.user.role().is_guest();
    let (mut kept, mut ignored) = (Vec::new(), BTreeSet::new());
    for group in rows::groups(&mut *ctx.store.read().await?, caller.user_id(), guest, &ids).await? {
        match group.place.stream_id() {
            Some(stream) if !group.place.subscribed => drop(ignored.insert(stream)),
            _ => kept.extend(group.ids.iter().map(|id| MessageId(*id))),
        }
    }
    kept.sort_unstable();
    Ok((kept, ignored.into_iter().collect()))
}

async fn set_bit(
    ctx: &Ctx,
    caller: &Caller,
    messages: &[MessageId],
    op: Op,
    flag: Flag,
) -> Result<()> {
    let bit = if flag == Flag::Starred {
        bit::STARRED
    } else {
        bit::COLLAPSED
    };
    let user = caller.user_id();
    let mut tx = ctx.store.begin().await?;
    match op {
        Op::Add => flags::add(&mut tx, user, messages, bit).await?,
        Op::Remove => flags::remove(&mut tx, user, messages, bit).await?,
    }
    if !messages.is_empty() {
        let event = Event::UpdateMessageFlags(UpdateMessageFlags {
            op: op.name(),
            operation: op.name(),
            flag: flag.name().to_owned(),
            messages: messages.to_vec(),
            all: false,
            message_details: None,
        });
        tx.emit(caller.realm_id(), Audience::users([user]), &event)?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Which messages [`update_narrow`] changes.
#[derive(Clone, Debug)]
pub struct Range {
    /// From where they are counted.
    pub anchor: Anchor,
    /// Whether the anchor is one of them.
    pub include_anchor: bool,
    /// How many older ones.
    pub num_before: i64,
    /// How many newer ones.
    pub num_after: i64,
}

/// How far [`update_narrow`] came.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Progress {
    processed_count: usize,
    updated_count: usize,
    first_processed_id: Option<MessageId>,
    last_processed_id: Option<MessageId>,
    found_oldest: bool,
    found_newest: bool,
    ignored_because_not_subscribed_channels: Vec<StreamId>,
}

/// Sets or clears a flag on the messages of a narrow around an anchor.
pub async fn update_narrow(
    ctx: &Ctx,
    caller: &Caller,
    terms: &[Term],
    range: &Range,
    op: Op,
    flag: Flag,
) -> Result<Progress> {
    let range = &check_range(range)?;
    let viewer = Viewer::User(caller);
    let mut conn = ctx.store.read().await?;
    let resolved = narrows::resolve(&mut conn, viewer, terms).await?;
    let anchor = resolve_anchor(
        ctx,
        &mut conn,
        viewer,
        &resolved.narrow,
        terms.is_empty(),
        &range.anchor,
    )
    .await?;
    drop(conn);
    let window = anchor.window(range.num_before, range.num_after, range.include_anchor);
    let ids = narrow::ids(ctx.store.hot(), &resolved.narrow, &window).await?;
    let (changed, ignored) = change(ctx, caller, &ids, op, flag).await?;
    let older = ids.iter().filter(|id| id.0 < window.anchor).count();
    let newer = ids.iter().filter(|id| id.0 > window.anchor).count();
    Ok(Progress {
        processed_count: ids.len(),
        updated_count: changed,
        first_processed_id: ids.first().copied(),
        last_processed_id: ids.last().copied(),
        found_oldest: anchor.is_oldest() || (older as i64) < range.num_before,
        found_newest: anchor.is_newest() || (newer as i64) < range.num_after,
        ignored_because_not_subscribed_channels: ignored,
    })
}

/// The range, made smaller if it is too much for one request: the answer says how far it went.
fn check_range(range: &Range) -> Result<Range> {
    let (before, after) = (range.num_before, range.num_after);
    if before < 0 || after < 0 {
        return Err(Error::bad_request(
            "num_before and num_after must not be negative",
        ));
    }
    if !range.include_anchor && before > 0 && after > 0 {
        return Err(Error::bad_request(
            "The anchor can only be excluded at an end of the range",
        ));
    }
    let most = MAX_MESSAGES_PER_FETCH as i64;
    let num_before = before.min((most - after.min(most)).max(most / 2));
    let num_after = after.min(most - num_before);
    Ok(Range {
        num_before,
        num_after,
        ..range.clone()
    })
}

/// Changes those of readable messages that are not so already; returns how many, and the streams left out.
async fn change(
    ctx: &Ctx,
    caller: &Caller,
    ids: &[MessageId],
    op: Op,
    flag: Flag,
) -> Result<(usize, Vec<StreamId>)> {
    let user = caller.user_id();
    if flag == Flag::Read && op == Op::Add {
        return Ok((
            unread::mark_read(ctx, caller, &Which::These(ids.to_vec()))
                .await?
                .len(),
            vec![],
        ));
    }
    let mut conn = ctx.store.read().await?;
    let set = match flag {
        Flag::Read => {
            let unread = unread::unread_ids(&mut conn, user).await?;
            ids.iter()
                .filter(|id| unread.binary_search(id).is_err())
                .copied()
                .collect()
        }
        Flag::Starred => flags::having(&mut conn, user, ids, bit::STARRED).await?,
        Flag::Collapsed => flags::having(&mut conn, user, ids, bit::COLLAPSED).await?,
    };
    drop(conn);
    let wanted = |id: &&MessageId| set.binary_search(id).is_ok() == (op == Op::Remove);
    let changing: Vec<MessageId> = ids.iter().filter(wanted).copied().collect();
    if changing.is_empty() {
        return Ok((0, vec![]));
    }
    if flag == Flag::Read {
        let (kept, ignored) = split_unsubscribed(ctx, caller, &changing).await?;
        if !kept.is_empty() {
            unread::mark_unread(ctx, caller, &kept).await?;
        }
        return Ok((kept.len(), ignored));
    }
    set_bit(ctx, caller, &changing, op, flag).await?;
    Ok((changing.len(), vec![]))
}

/// Marks everything as read.
pub async fn mark_all_as_read(ctx: &Ctx, caller: &Caller) -> Result<()> {
    unread::mark_read(ctx, caller, &Which::All).await?;
    Ok(())
}

/// Marks a stream as read.
pub async fn mark_stream_as_read(ctx: &Ctx, caller: &Caller, stream: StreamId) -> Result<()> {
    let (access, _) =
        access_stream_for_history(&mut *ctx.store.read().await?, caller, stream).await?;
    unread::mark_read(
        ctx,
        caller,
        &Which::Conversation(access.stream.recipient_id(), None),
    )
    .await?;
    Ok(())
}

/// Marks a topic as read.
pub async fn mark_topic_as_read(
    ctx: &Ctx,
    caller: &Caller,
    stream: StreamId,
    topic: &str,
) -> Result<()> {
    let mut conn = ctx.store.read().await?;
    let (access, _) = access_stream_for_history(&mut conn, caller, stream).await?;
    let recipient = access.stream.recipient_id();
    let missing = || Error::bad_request(format!("No such topic '{topic}'"));
    let found = narrows_store::models::Topic::by_name(&mut conn, recipient, topic).await;
    found.map_err(|error| Error::from(error).or_missing(missing))?;
    drop(conn);
    unread::mark_read(
        ctx,
        caller,
        &Which::Conversation(recipient, Some(topic.to_owned())),
    )
    .await?;
    Ok(())
}
