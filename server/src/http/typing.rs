//! Typing notices.

use actix_web::web;
use narrows_actions::typing::{self, Place};
use narrows_actions::{Ctx, Error};
use narrows_wire::{MessageId, StreamId, UserId};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::extract::{AuthedUser, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`post`].
#[derive(Deserialize, JsonSchema)]
pub struct Post {
    /// `stream` or `direct`; `channel` and `private` are other names of these.
    #[serde(rename = "type")]
    kind: Option<String>,
    /// `start` or `stop`.
    op: String,
    /// To whom or where.
    to: Option<Vec<i32>>,
    /// The stream.
    stream_id: Option<i32>,
    /// The topic.
    topic: Option<String>,
}

/// `POST /typing`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Post>,
) -> Reply {
    let place = match args.kind.as_deref().unwrap_or("direct") {
        "direct" | "private" => {
            let to = args
                .to
                .ok_or_else(|| Error::bad_request("Missing 'to' argument"))?;
            Place::Direct(to.into_iter().map(UserId).collect())
        }
        "stream" | "channel" => {
            // Before feature level 215 the stream's id came as the only member of `to`.
            let stream = args
                .stream_id
                .or_else(|| args.to.as_ref()?.first().copied());
            let stream = stream.ok_or_else(|| Error::bad_request("Missing channel ID"))?;
            let topic = args
                .topic
                .ok_or_else(|| Error::bad_request("Missing topic"))?;
            Place::Stream {
                stream: StreamId(stream),
                topic,
            }
        }
        _ => return Err(Error::bad_request("Invalid type").into()),
    };
    typing::send(&ctx, &caller, &args.op, &place).await?;
    Ok(Success::empty())
}

/// Parameters of [`edit`].
#[derive(Deserialize, JsonSchema)]
pub struct Edit {
    /// `start` or `stop`.
    op: String,
}

/// `POST /messages/{message_id}/typing`.
pub async fn edit(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(args): Params<Edit>,
) -> Reply {
    typing::send_edit(&ctx, &caller, &args.op, MessageId(*id)).await?;
    Ok(Success::empty())
}
