//! Messages that a user has begun to write, the same on all their devices.

use chrono::DateTime;
use narrows_store::Conn;
use narrows_store::models::{Draft, DraftContent, User};
use narrows_wire::events::personal::{Draft as Shown, Drafts};
use narrows_wire::limits::{MAX_MESSAGE_LENGTH, MAX_TOPIC_LENGTH};
use narrows_wire::{DraftId, Event, StreamId, UserId};

use crate::access::streams::access_stream_by_id;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::content::{check_text, truncate};
use crate::users::Settings;

/// Most drafts that are listed.
const MAX_LISTED: i64 = 1000;

/// A draft as a client gives it.
#[derive(Clone, Debug)]
pub struct DraftInput {
    /// Where it goes.
    pub kind: DraftKind,
    /// The stream's id, or those of the people.
    pub to: Vec<i32>,
    /// Of streams.
    pub topic: String,
    /// The text.
    pub content: String,
    /// When it was last worked on, in UNIX seconds; now, if the client does not say.
    pub timestamp: Option<i64>,
}

/// Where a draft goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DraftKind {
    /// Nowhere yet.
    Unaddressed,
    /// To a stream.
    Stream,
    /// To people.
    Private,
}

/// The caller's drafts, the last one first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    check_enabled(caller)?;
    gather(&mut *ctx.store.read().await?, caller).await
}

/// [`list`] for a registration: nothing, if the caller does not want drafts to be kept.
pub(crate) async fn gather(conn: &mut Conn, caller: &Caller) -> Result<Vec<Shown>> {
    if check_enabled(caller).is_err() {
        return Ok(vec![]);
    }
    let drafts = Draft::of_user(conn, caller.user_id(), MAX_LISTED).await?;
    Ok(drafts.iter().map(shown).collect())
}

/// Keeps drafts; their ids in the order given.
pub async fn create(ctx: &Ctx, caller: &Caller, inputs: Vec<DraftInput>) -> Result<Vec<DraftId>> {
    check_enabled(caller)?;
    let mut tx = ctx.store.begin().await?;
    let mut contents = Vec::with_capacity(inputs.len());
    for input in inputs {
        contents.push(check_draft(ctx, &mut tx, caller, input).await?);
    }
    let drafts = Draft::insert(&mut tx, caller.user_id(), &contents).await?;
    let event = Drafts::Add {
        drafts: drafts.iter().map(shown).collect(),
    };
    caller.tell(&mut tx, &Event::Drafts(event))?;
    drop(tx.commit().await?);
    Ok(drafts.iter().map(Draft::id).collect())
}

/// Replaces a draft.
pub async fn edit(ctx: &Ctx, caller: &Caller, id: DraftId, input: DraftInput) -> Result<()> {
    check_enabled(caller)?;
    let mut tx = ctx.store.begin().await?;
    let content = check_draft(ctx, &mut tx, caller, input).await?;
    let draft = Draft::replace(&mut tx, caller.user_id(), id, &content).await;
    let draft = draft.map_err(|error| Error::from(error).or_missing(no_such_draft))?;
    let event = Drafts::Update {
        draft: shown(&draft),
    };
    caller.tell(&mut tx, &Event::Drafts(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Forgets a draft.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: DraftId) -> Result<()> {
    check_enabled(caller)?;
    let mut tx = ctx.store.begin().await?;
    let deleted = Draft::delete(&mut tx, caller.user_id(), id).await;
    deleted.map_err(|error| Error::from(error).or_missing(no_such_draft))?;
    caller.tell(&mut tx, &Event::Drafts(Drafts::Remove { draft_id: id }))?;
    drop(tx.commit().await?);
    Ok(())
}

fn no_such_draft() -> Error {
    Error::not_found("Draft does not exist")
}

fn check_enabled(caller: &Caller) -> Result<()> {
    if Settings::of(&caller.user).enable_drafts_synchronization {
        Ok(())
    } else {
        let msg = "User has disabled synchronizing drafts.";
        Err(Error::bad_request(msg))
    }
}

async fn check_draft(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    input: DraftInput,
) -> Result<DraftContent> {
    let content = truncate(&check_text(&input.content)?, MAX_MESSAGE_LENGTH, "");
    let edited_at = match input.timestamp {
        None => ctx.clock.now(),
        Some(seconds) if seconds < 0 => {
            return Err(Error::bad_request("Timestamp must not be negative."));
        }
        Some(seconds) => DateTime::from_timestamp(seconds, 0)
            .ok_or_else(|| Error::bad_request("Invalid timestamp"))?,
    };
    let (kind, recipient_ids, topic) = match input.kind {
        DraftKind::Unaddressed => ("", vec![], String::new()),
        DraftKind::Stream => {
            let topic = check_topic(&input.topic)?;
            (
                "stream",
                vec![check_stream(conn, caller, &input.to).await?],
                topic,
            )
        }
        DraftKind::Private => (
            "private",
            check_people(conn, caller, &input.to).await?,
            String::new(),
        ),
    };
    Ok(DraftContent {
        kind,
        recipient_ids,
        topic,
        content,
        edited_at,
    })
}

/// A topic that is still being typed: anything but what cannot be stored.
fn check_topic(topic: &str) -> Result<String> {
    if topic.contains('\0') {
        return Err(Error::bad_request("Topic must not contain null bytes"));
    }
    Ok(truncate(topic.trim(), MAX_TOPIC_LENGTH, "..."))
}

async fn check_stream(conn: &mut Conn, caller: &Caller, to: &[i32]) -> Result<i32> {
    let [id] = to else {
        let msg = "Must specify exactly 1 channel ID for channel messages";
        return Err(Error::bad_request(msg));
    };
    let access = access_stream_by_id(conn, caller, StreamId(*id)).await?;
    Ok(access.stream.id().0)
}

async fn check_people(conn: &mut Conn, caller: &Caller, to: &[i32]) -> Result<Vec<i32>> {
    let mut ids: Vec<UserId> = to.iter().map(|id| UserId(*id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = User::find_many(conn, caller.realm_id(), &ids).await?;
    if let Some(unknown) = ids
        .iter()
        .find(|id| !found.iter().any(|user| user.id() == **id))
    {
        return Err(Error::bad_request(format!("Invalid user ID {unknown}")));
    }
    Ok(ids.iter().map(|id| id.0).collect())
}

fn shown(draft: &Draft) -> Shown {
    Shown {
        id: draft.id(),
        kind: draft.kind.clone(),
        to: draft.recipient_ids(),
        topic: draft.topic.clone(),
        content: draft.content.clone(),
        timestamp: draft.edited_at.timestamp(),
    }
}
