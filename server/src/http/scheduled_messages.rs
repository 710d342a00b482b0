//! Messages to be sent later, and reminders.

use actix_web::web;
use narrows_actions::scheduled::{self, Kind as To, NewReminder, Reschedule, Schedule};
use narrows_actions::{Ctx, Error};
use narrows_wire::{MessageId, ScheduledMessageId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

#[derive(Clone, Copy, Deserialize)]
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
#[derive(Deserialize)]
pub struct Create {
    #[serde(rename = "type")]
    kind: Kind,
    to: Value,
    content: String,
    topic: Option<String>,
    scheduled_delivery_timestamp: i64,
    /// Accepted: one's own message is always read.
    #[serde(rename = "read_by_sender")]
    _read_by_sender: Option<bool>,
}

/// Parameters of [`edit`].
#[derive(Deserialize)]
pub struct Edit {
    #[serde(rename = "type")]
    kind: Option<Kind>,
    to: Option<Value>,
    content: Option<String>,
    topic: Option<String>,
    scheduled_delivery_timestamp: Option<i64>,
}

/// One id, or a list of ids.
fn ids(to: &Value) -> Result<Vec<i32>, Error> {
    let id = |value: &Value| {
        let id = value.as_i64().and_then(|id| i32::try_from(id).ok());
        id.ok_or_else(|| Error::bad_request("Invalid data type for recipients"))
    };
    match to {
        Value::Array(list) => list.iter().map(id).collect(),
        one => Ok(vec![id(one)?]),
    }
}

/// `GET /scheduled_messages`.
pub async fn list(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let messages = scheduled::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "scheduled_messages": messages })))
}

/// `POST /scheduled_messages`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply {
    let schedule = Schedule {
        kind: args.kind.into(),
        to: ids(&args.to)?,
        topic: args.topic,
        content: args.content,
        deliver_at: args.scheduled_delivery_timestamp,
    };
    let id = scheduled::create(&ctx, &caller, schedule).await?;
    Ok(Success::new(json!({ "scheduled_message_id": id })))
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
#[derive(Deserialize)]
pub struct CreateReminder {
    message_id: i64,
    scheduled_delivery_timestamp: i64,
    note: Option<String>,
}

/// `GET /reminders`.
pub async fn list_reminders(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply {
    let reminders = scheduled::list_reminders(&ctx, &caller).await?;
    Ok(Success::new(json!({ "reminders": reminders })))
}

/// `POST /reminders`.
pub async fn create_reminder(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<CreateReminder>,
) -> Reply {
    let reminder = NewReminder {
        message: MessageId(args.message_id),
        deliver_at: args.scheduled_delivery_timestamp,
        note: args.note.unwrap_or_default(),
    };
    let id = scheduled::create_reminder(&ctx, &caller, reminder).await?;
    Ok(Success::new(json!({ "reminder_id": id })))
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
