//! What users have not read. See docs/subsystems/unread.md.

mod summary;

use std::collections::BTreeSet;

use narrows_store::models::Message;
use narrows_store::queries::unread::{self, ReadState};
use narrows_store::{Conn, Tx};
use narrows_wire::events::message::UpdateMessageFlags;
use narrows_wire::{Audience, Event, MessageId, RealmId, RecipientId, UserId};

use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

pub(crate) use summary::details;
pub use summary::{Summary, state};

/// How far the newest message may be ahead before it is worth a write to catch up.
const WORTH_ADVANCING: i64 = 1_000;

/// Which messages to mark as read.
#[derive(Clone, Debug)]
pub enum Which {
    /// All.
    All,
    /// These.
    These(Vec<MessageId>),
    /// Those of a conversation, or of one topic of it.
    Conversation(RecipientId, Option<String>),
}

async fn load(conn: &mut Conn, user: UserId) -> Result<(ReadState, Vec<i64>)> {
    let state = ReadState::decode(&unread::find(conn, user).await?)?;
    let arrivals = unread::arrivals(conn, user, state.materialized_to()).await?;
    Ok((state, arrivals))
}

/// All that a user has not read, ascending. Some of it may be gone, or out of the user's sight.
pub async fn unread_ids(conn: &mut Conn, user: UserId) -> Result<Vec<MessageId>> {
    let (state, arrivals) = load(conn, user).await?;
    Ok(state.unread(&arrivals).into_iter().map(MessageId).collect())
}

/// Whether a message that the caller may read is unread.
pub async fn is_unread(conn: &mut Conn, caller: &Caller, id: MessageId) -> Result<bool> {
    let state = ReadState::decode(&unread::find(conn, caller.user_id()).await?)?;
    if id.0 <= state.materialized_to() || !state.is_unread(id.0, true) {
        return Ok(state.is_unread(id.0, true));
    }
    Ok(unread::arrivals(conn, caller.user_id(), id.0 - 1)
        .await?
        .first()
        == Some(&id.0))
}

/// Writes down what has arrived, if much has, so that the next look at it is cheap. Changes nothing that anybody sees.
pub async fn catch_up(ctx: &Ctx, user: UserId) -> Result<()> {
    if unread::lag(&ctx.store, user).await? < WORTH_ADVANCING {
        return Ok(());
    }
    let settled = unread::settled(&ctx.store).await?;
    let mut tx = ctx.store.begin().await?;
    let (state, _) = lock(&mut tx, user, settled).await?;
    unread::save(&mut tx, &state.encode()?).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// A user's state, locked and moved forward, and what arrived since.
///
/// `settled` was asked for before: nothing below it can appear in a statement of ours that did not.
async fn lock(tx: &mut Tx, user: UserId, settled: MessageId) -> Result<(ReadState, Vec<i64>)> {
    let mut state = ReadState::decode(&unread::find_for_update(tx, user).await?)?;
    let mut arrivals = unread::arrivals(tx, user, state.materialized_to()).await?;
    state.advance(settled.0, &arrivals);
    arrivals.retain(|id| *id > state.materialized_to());
    Ok((state, arrivals))
}

/// Marks messages as read within `tx`; returns which were not, ascending.
async fn do_mark_read(tx: &mut Tx, user: UserId, which: &Which) -> Result<Vec<MessageId>> {
    let settled = unread::settled(tx.store()).await?;
    let (mut state, arrivals) = lock(tx, user, settled).await?;
    let mut ids = state.unread(&arrivals);
    match which {
        Which::All => {}
        Which::These(wanted) => {
            let mut wanted = wanted.clone();
            wanted.sort_unstable();
            ids.retain(|id| wanted.binary_search(&MessageId(*id)).is_ok());
        }
        Which::Conversation(recipient, topic) => {
            ids = unread::of_conversation(tx, *recipient, topic.as_deref(), &ids).await?;
        }
    }
    state.mark_read(&ids);
    unread::save(tx, &state.encode()?).await?;
    Ok(ids.into_iter().map(MessageId).collect())
}

/// Marks messages as read and tells the caller's other clients; returns which were not read.
pub async fn mark_read(ctx: &Ctx, caller: &Caller, which: &Which) -> Result<Vec<MessageId>> {
    let mut tx = ctx.store.begin().await?;
    let ids = do_mark_read(&mut tx, caller.user_id(), which).await?;
    let all = matches!(which, Which::All);
    if all || !ids.is_empty() {
        let messages = if all { vec![] } else { ids.clone() };
        let event = read_event("add", messages, all);
        tx.emit(
            caller.realm_id(),
            Audience::users([caller.user_id()]),
            &Event::UpdateMessageFlags(event),
        )?;
    }
    drop(tx.commit().await?);
    Ok(ids)
}

/// Marks a conversation as read for those who leave it, within the transaction that takes them out. Takes the same
/// number of queries for any number of people.
pub async fn forget_stream(
    tx: &mut Tx,
    realm: RealmId,
    users: &[UserId],
    recipient: RecipientId,
) -> Result<()> {
    let rows = unread::find_many_for_update(tx, users).await?;
    let mut arrivals = unread::arrivals_in(tx, recipient, &rows).await?;
    let mut states = Vec::with_capacity(rows.len());
    for row in &rows {
        let state = ReadState::decode(row)?;
        let ids = state.unread(&arrivals.remove(&row.user_id).unwrap_or_default());
        states.push((UserId(row.user_id), state, ids));
    }
    let all: BTreeSet<i64> = states.iter().flat_map(|(_, _, ids)| ids).copied().collect();
    let all: Vec<i64> = all.into_iter().collect();
    let there = unread::of_conversation(tx, recipient, None, &all).await?;
    let mut changed = Vec::new();
    for (user, mut state, mut ids) in states {
        ids.retain(|id| there.binary_search(id).is_ok());
        if ids.is_empty() {
            continue;
        }
        state.mark_read(&ids);
        changed.push(state.encode()?);
        let ids = ids.into_iter().map(MessageId).collect();
        let event = Event::UpdateMessageFlags(read_event("add", ids, false));
        tx.emit(realm, Audience::users([user]), &event)?;
    }
    unread::save_all(tx, &changed).await?;
    Ok(())
}

/// Marks messages that the caller may read as unread, and tells the caller's other clients where they are.
pub(crate) async fn mark_unread(ctx: &Ctx, caller: &Caller, ids: &[MessageId]) -> Result<()> {
    let user = caller.user_id();
    let mut tx = ctx.store.begin().await?;
    let settled = unread::settled(tx.store()).await?;
    let (mut state, _) = lock(&mut tx, user, settled).await?;
    let bare: Vec<i64> = ids.iter().map(|id| id.0).collect();
    state.mark_unread(&bare);
    unread::save(&mut tx, &state.encode()?).await?;
    let details = details(&mut tx, caller, &bare).await?;
    let event = UpdateMessageFlags {
        message_details: Some(details),
        ..read_event("remove", ids.to_vec(), false)
    };
    tx.emit(
        caller.realm_id(),
        Audience::users([user]),
        &Event::UpdateMessageFlags(event),
    )?;
    drop(tx.commit().await?);
    Ok(())
}

fn read_event(op: &'static str, messages: Vec<MessageId>, all: bool) -> UpdateMessageFlags {
    UpdateMessageFlags {
        op,
        operation: op,
        flag: "read".to_owned(),
        messages,
        all,
        message_details: None,
    }
}

/// Who has read a message that the viewer may read, by id; the sender and bots are left out.
pub(crate) async fn readers(
    conn: &mut Conn,
    viewer: UserId,
    message: &Message,
) -> Result<Vec<UserId>> {
    let mut readers = Vec::new();
    for row in
        unread::rows_of_recipients(conn, viewer, message.recipient_id(), message.id()).await?
    {
        let user = UserId(row.user_id);
        if !ReadState::decode(&row)?.is_unread(message.id().0, message.is_news_to(user)) {
            readers.push(user);
        }
    }
    Ok(readers)
}
