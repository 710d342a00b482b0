//! Personal flags of messages.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::flags::{self, Flag, Op, Range};
use narrows_actions::messages::fetch::Anchor;
use narrows_actions::narrow;
use narrows_wire::{MessageId, StreamId};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`update`].
#[derive(Deserialize)]
pub struct Update {
    messages: Vec<MessageId>,
    op: String,
    flag: String,
}

/// `POST /messages/flags`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Update>,
) -> Reply {
    let (flag, op) = (Flag::parse(&args.flag)?, Op::parse(&args.op)?);
    Ok(Success::new(
        flags::update(&ctx, &caller, &args.messages, op, flag).await?,
    ))
}

/// Parameters of [`update_narrow`].
#[derive(Deserialize)]
pub struct UpdateNarrow {
    anchor: String,
    anchor_date: Option<String>,
    include_anchor: Option<bool>,
    num_before: i64,
    num_after: i64,
    narrow: Option<String>,
    op: String,
    flag: String,
}

/// `POST /messages/flags/narrow`.
pub async fn update_narrow(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<UpdateNarrow>,
) -> Reply {
    let (flag, op) = (Flag::parse(&args.flag)?, Op::parse(&args.op)?);
    let range = Range {
        anchor: Anchor::parse(Some(&args.anchor), false, args.anchor_date.as_deref())?,
        include_anchor: args.include_anchor.unwrap_or(true),
        num_before: args.num_before,
        num_after: args.num_after,
    };
    let terms = args.narrow.as_deref().map_or(Ok(vec![]), narrow::parse)?;
    Ok(Success::new(
        flags::update_narrow(&ctx, &caller, &terms, &range, op, flag).await?,
    ))
}

/// `POST /mark_all_as_read`.
pub async fn mark_all_as_read(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply {
    flags::mark_all_as_read(&ctx, &caller).await?;
    Ok(Success::new(json!({ "complete": true })))
}

/// Parameters of [`mark_stream_as_read`].
#[derive(Deserialize)]
pub struct MarkStream {
    stream_id: StreamId,
}

/// `POST /mark_stream_as_read`.
pub async fn mark_stream_as_read(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<MarkStream>,
) -> Reply {
    flags::mark_stream_as_read(&ctx, &caller, args.stream_id).await?;
    Ok(Success::empty())
}

/// Parameters of [`mark_topic_as_read`].
#[derive(Deserialize)]
pub struct MarkTopic {
    stream_id: StreamId,
    topic_name: String,
}

/// `POST /mark_topic_as_read`.
pub async fn mark_topic_as_read(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<MarkTopic>,
) -> Reply {
    flags::mark_topic_as_read(&ctx, &caller, args.stream_id, &args.topic_name).await?;
    Ok(Success::new(json!({ "complete": true })))
}
