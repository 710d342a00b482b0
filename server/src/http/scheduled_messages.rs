//! Messages to be sent later, and reminders.

use actix_web::web;
use narrows_actions::scheduled::{self, Kind as To, NewReminder, Reschedule, Schedule};
use narrows_actions::{Ctx, Error};
use narrows_wire::events::personal::{Reminder, ScheduledMessage};
use narrows_wire::{MessageId, ScheduledMessageId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[serde(alias = "channel")]
    Stream,
    #[serde(alias = "direct")]
    Private,
}

impl From<Kind> for To {
    fn from(kind: Kind) -> To {
        match kind {
            Kind::Stream => To::Stream,
            Kind::Private => To::Direct,
        }
    }
}

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// `stream` or `direct`; `channel` and `private` are other names of these.
    #[serde(rename = "type")]
    kind: Kind,
    /// To whom or where.
    to: Value,
    /// The text, in Markdown.
    content: String,
    /// The topic.
    topic: Option<String>,
    /// When, in UNIX seconds.
    scheduled_delivery_timestamp: i64,
    /// Accepted: one's own message is always read.
    #[serde(rename = "read_by_sender")]
    _read_by_sender: Option<bool>,
}

/// Parameters of [`edit`].
#[derive(Deserialize, JsonSchema)]
pub struct Edit {
    /// `stream` or `direct`; `channel` and `private` are other names of these.
    #[serde(rename = "type")]
    kind: Option<Kind>,
    /// To whom or where.
    to: Option<Value>,
    /// The text, in Markdown.
    content: Option<String>,
    /// The topic.
    topic: Option<String>,
    /// When, in UNIX seconds.
    scheduled_delivery_timestamp: Option<i64>,
}

/// One id, or a list of ids.
fn ids(to: &Value) -> Result<Vec<i32>, Error> {
    // What is no id of anything is nobody's.
    let id = |value: &Value| {
        let id = value.as_i64();
        id.map(|id| i32::try_from(id).unwrap_or(i32::MAX))
    };
    match to {
        Value::Array(list) => {
            let ids = list.iter().map(id).collect::<Option<_>>();
            ids.ok_or_else(|| Error::bad_request("Recipient list may only contain user IDs"))
        }
        one => match id(one) {
            Some(id) => Ok(vec![id]),
            None => Err(Error::bad_request("Invalid data type for recipients")),
        },
    }
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Scheduled {
    /// The one that is sent first comes first.
    scheduled_messages: Vec<ScheduledMessage>,
}

/// `GET /scheduled_messages`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Scheduled> {
    let scheduled_messages = scheduled::list(&ctx, &caller).await?;
    Ok(Success::new(Scheduled { scheduled_messages }))
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// The new one.
    scheduled_message_id: ScheduledMessageId,
}

/// `POST /scheduled_messages`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<Created> {
    let schedule = Schedule {
        kind: args.kind.into(),
        to: ids(&args.to)?,
        topic: args.topic,
        content: args.content,
        deliver_at: args.scheduled_delivery_timestamp,
    };
    let scheduled_message_id = scheduled::create(&ctx, &caller, schedule).await?;
    Ok(Success::new(Created {
        scheduled_message_id,
    }))
}

/// `PATCH /scheduled_messages/{scheduled_message_id}`.
pub async fn edit(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<Edit>,
) -> Reply {
    let change = Reschedule {
        kind: args.kind.map(To::from),
        to: args.to.as_ref().map(ids).transpose()?,
        topic: args.topic,
        content: args.content,
        deliver_at: args.scheduled_delivery_timestamp,
    };
    scheduled::edit(&ctx, &caller, ScheduledMessageId(*id), change).await?;
    Ok(Success::empty())
}

/// `DELETE /scheduled_messages/{scheduled_message_id}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    scheduled::delete(&ctx, &caller, ScheduledMessageId(*id)).await?;
    Ok(Success::empty())
}

/// Parameters of [`create_reminder`].
#[derive(Deserialize, JsonSchema)]
pub struct CreateReminder {
    /// The message.
    message_id: i64,
    /// When, in UNIX seconds.
    scheduled_delivery_timestamp: i64,
    /// What to say with it.
    note: Option<String>,
}

/// Answer of [`list_reminders`].
#[derive(Serialize, JsonSchema)]
pub struct Reminders {
    /// The one that comes first is first.
    reminders: Vec<Reminder>,
}

/// `GET /reminders`.
pub async fn list_reminders(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Reminders> {
    let reminders = scheduled::list_reminders(&ctx, &caller).await?;
    Ok(Success::new(Reminders { reminders }))
}

/// Answer of [`create_reminder`].
#[derive(Serialize, JsonSchema)]
pub struct CreatedReminder {
    /// The new one.
    reminder_id: ScheduledMessageId,
}

/// `POST /reminders`.
pub async fn create_reminder(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<CreateReminder>,
) -> Reply<CreatedReminder> {
    let reminder = NewReminder {
        message: MessageId(args.message_id),
        deliver_at: args.scheduled_delivery_timestamp,
        note: args.note.unwrap_or_default(),
    };
    let reminder_id = scheduled::create_reminder(&ctx, &caller, reminder).await?;
    Ok(Success::new(CreatedReminder { reminder_id }))
}

/// `DELETE /reminders/{reminder_id}`.
pub async fn delete_reminder(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    scheduled::delete_reminder(&ctx, &caller, ScheduledMessageId(*id)).await?;
    Ok(Success::empty())
}
