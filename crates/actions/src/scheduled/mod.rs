//! Messages to be sent later, and reminders of messages. [`deliver`] sends them; a worker calls it.

pub mod deliver;
mod reminders;

use chrono::{DateTime, Utc};
use narrows_store::Conn;
use narrows_store::models::{NewScheduledMessage, ScheduledMessage, ScheduledTo};
use narrows_wire::events::personal::{
    Reminder, ScheduledMessage as Shown, ScheduledMessages, ScheduledTo as ShownTo,
};
use narrows_wire::{Event, ScheduledMessageId, StreamId, UserId};

use crate::access::streams::StreamRef;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::recipient::{Destination, People, Recipient};
use crate::messages::send::{self, SendMessage};

pub use reminders::{NewReminder, create_reminder, delete_reminder, list_reminders};

/// Streams or people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A topic of a stream.
    Stream,
    /// People.
    Direct,
}

/// A message to be sent later.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// Streams or people.
    pub kind: Kind,
    /// The stream's id, or those of the people.
    pub to: Vec<i32>,
    /// Of streams.
    pub topic: Option<String>,
    /// As typed.
    pub content: String,
    /// When, in UNIX seconds.
    pub deliver_at: i64,
}

/// What is to change of a scheduled message.
#[derive(Clone, Debug, Default)]
pub struct Reschedule {
    /// See [`Schedule`]; needs a new `to`, and a `topic` if a stream.
    pub kind: Option<Kind>,
    /// See [`Schedule`].
    pub to: Option<Vec<i32>>,
    /// See [`Schedule`].
    pub topic: Option<String>,
    /// See [`Schedule`].
    pub content: Option<String>,
    /// See [`Schedule`]. Needed if the message was tried and refused.
    pub deliver_at: Option<i64>,
}

/// What the caller sends later, the next first.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    let (messages, _) = gather(&mut *ctx.store.read().await?, caller).await?;
    Ok(messages)
}

/// What the caller sends later, and their reminders, the next first.
pub(crate) async fn gather(
    conn: &mut Conn,
    caller: &Caller,
) -> Result<(Vec<Shown>, Vec<Reminder>)> {
    let found = ScheduledMessage::of_user(conn, caller.user_id()).await?;
    let is_message = |row: &&ScheduledMessage| row.reminder_of().is_none();
    let messages = found.iter().filter(is_message).map(shown).collect();
    let reminders = found.iter().filter_map(reminders::shown).collect();
    Ok((messages, reminders))
}

/// Schedules a message. It is checked as if it were sent now.
pub async fn create(ctx: &Ctx, caller: &Caller, request: Schedule) -> Result<ScheduledMessageId> {
    let deliver_at = check_future(ctx, request.deliver_at)?;
    let to = target(request.kind, &request.to)?;
    let mut tx = ctx.store.begin().await?;
    let row = check_schedule(
        ctx,
        &mut tx,
        caller,
        to,
        request.topic,
        request.content,
        deliver_at,
    )
    .await?;
    let made = row.insert(&mut tx).await?;
    let event = ScheduledMessages::Add {
        scheduled_messages: vec![shown(&made)],
    };
    caller.tell(&mut tx, &Event::ScheduledMessages(event))?;
    drop(tx.commit().await?);
    Ok(made.id())
}

/// Changes a scheduled message.
pub async fn edit(
    ctx: &Ctx,
    caller: &Caller,
    id: ScheduledMessageId,
    change: Reschedule,
) -> Result<()> {
    check_change(&change)?;
    let deliver_at = match change.deliver_at {
        Some(seconds) => Some(check_future(ctx, seconds)?),
        None => None,
    };
    let mut tx = ctx.store.begin().await?;
    let old = access_scheduled(&mut tx, caller, id, false).await?;
    if old.failure.is_some() && deliver_at.is_none() {
        return Err(not_in_future());
    }
    let kind = change.kind.unwrap_or(match old.to() {
        ScheduledTo::Stream(_) => Kind::Stream,
        ScheduledTo::People(_) => Kind::Direct,
    });
    let to = match change.to {
        Some(ids) => target(kind, &ids)?,
        None => old.to(),
    };
    let new = check_schedule(
        ctx,
        &mut tx,
        caller,
        to,
        Some(change.topic.unwrap_or_else(|| old.topic.clone())),
        change.content.unwrap_or_else(|| old.content.clone()),
        deliver_at.unwrap_or(old.deliver_at),
    );
    let new = new.await?.replace(&mut tx, id).await?;
    let event = ScheduledMessages::Update {
        scheduled_message: shown(&new),
    };
    caller.tell(&mut tx, &Event::ScheduledMessages(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// Forgets a scheduled message.
pub async fn delete(ctx: &Ctx, caller: &Caller, id: ScheduledMessageId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    access_scheduled(&mut tx, caller, id, false).await?;
    ScheduledMessage::delete(&mut tx, caller.realm_id(), id).await?;
    let event = ScheduledMessages::Remove {
        scheduled_message_id: id,
    };
    caller.tell(&mut tx, &Event::ScheduledMessages(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// One of the caller's own, locked against its delivery.
async fn access_scheduled(
    conn: &mut Conn,
    caller: &Caller,
    id: ScheduledMessageId,
    reminder: bool,
) -> Result<ScheduledMessage> {
    let found = ScheduledMessage::find_for_update(conn, caller.user_id(), id, reminder).await;
    let what = if reminder {
        "Reminder"
    } else {
        "Scheduled message"
    };
    found.map_err(|error| {
        Error::from(error).or_missing(|| Error::not_found(format!("{what} does not exist")))
    })
}

fn check_change(change: &Reschedule) -> Result<()> {
    let Reschedule {
        kind,
        to,
        topic,
        content,
        deliver_at,
    } = change;
    let nothing = kind.is_none() && to.is_none() && topic.is_none();
    let msg = if nothing && content.is_none() && deliver_at.is_none() {
        "Nothing to change"
    } else if kind.is_some() && to.is_none() {
        "Recipient required when updating type of scheduled message."
    } else if *kind == Some(Kind::Stream) && topic.is_none() {
        "Topic required when updating scheduled message type to channel."
    } else {
        return Ok(());
    };
    Err(Error::bad_request(msg))
}

fn not_in_future() -> Error {
    Error::bad_request("Scheduled delivery time must be in the future.")
}

fn check_future(ctx: &Ctx, seconds: i64) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0)
        .filter(|time| *time > ctx.clock.now())
        .ok_or_else(not_in_future)
}

fn target(kind: Kind, ids: &[i32]) -> Result<ScheduledTo> {
    match (kind, ids) {
        (Kind::Stream, [stream]) => Ok(ScheduledTo::Stream(StreamId(*stream))),
        (Kind::Stream, _) => Err(Error::bad_request("Expected exactly one channel")),
        (Kind::Direct, people) => Ok(ScheduledTo::People(
            people.iter().map(|id| UserId(*id)).collect(),
        )),
    }
}

fn destination(to: &ScheduledTo, topic: Option<String>) -> Destination {
    match to {
        ScheduledTo::Stream(stream) => Destination::Stream {
            stream: StreamRef::Id(*stream),
            topic,
        },
        ScheduledTo::People(people) => Destination::Direct(People::Ids(people.clone())),
    }
}

/// The row of a message that the caller may send now, as they wrote it.
async fn check_schedule(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    to: ScheduledTo,
    topic: Option<String>,
    content: String,
    deliver_at: DateTime<Utc>,
) -> Result<NewScheduledMessage> {
    let request = SendMessage {
        to: destination(&to, topic),
        content,
        local: None,
    };
    let checked = send::check(ctx, conn, caller, &request).await?;
    let (to, topic) = match checked.recipient {
        Recipient::Stream { access, topic } => (ScheduledTo::Stream(access.stream.id()), topic),
        Recipient::Direct { people, .. } => {
            let mut others: Vec<UserId> = people.iter().map(|user| user.id()).collect();
            if others.len() > 1 {
                others.retain(|id| *id != caller.user_id());
            }
            (ScheduledTo::People(others), String::new())
        }
    };
    let row = NewScheduledMessage::builder()
        .realm(caller.realm_id())
        .user(caller.user_id())
        .to(to)
        .topic(topic)
        .content(checked.content.text)
        .rendered_content(checked.content.html)
        .client(caller.client.clone())
        .deliver_at(deliver_at);
    Ok(row.build())
}

fn shown_to(message: &ScheduledMessage) -> ShownTo {
    match message.to() {
        ScheduledTo::Stream(to) => ShownTo::Stream {
            to,
            topic: message.topic.clone(),
        },
        ScheduledTo::People(to) => ShownTo::Private { to },
    }
}

fn shown(message: &ScheduledMessage) -> Shown {
    Shown {
        scheduled_message_id: message.id(),
        to: shown_to(message),
        content: message.content.clone(),
        rendered_content: message.rendered_content.clone(),
        scheduled_delivery_timestamp: message.deliver_at.timestamp(),
        failed: message.failure.is_some(),
    }
}
