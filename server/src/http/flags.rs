//! Personal flags of messages.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::flags::{self, Changed, Flag, Op, Progress, Range};
use narrows_actions::messages::fetch::Anchor;
use narrows_actions::narrow;
use narrows_wire::{MessageId, StreamId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::messages_read::count;
use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`update`].
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// Which messages.
    messages: Vec<MessageId>,
    /// `add` or `remove`.
    op: String,
    /// `read`, `starred`, `collapsed` …
    flag: String,
}

/// `POST /messages/flags`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Update>,
) -> Reply<Changed> {
    let (flag, op) = (Flag::parse(&args.flag)?, Op::parse(&args.op)?);
    Ok(Success::new(
        flags::update(&ctx, &caller, &args.messages, op, flag).await?,
    ))
}

/// Parameters of [`update_narrow`].
#[derive(Deserialize, JsonSchema)]
pub struct UpdateNarrow {
    /// A message's id, or `newest`, `oldest`, `first_unread`, `date`.
    anchor: String,
    /// With the anchor `date`: ISO 8601.
    anchor_date: Option<String>,
    /// Whether the anchor is wanted; yes if not given.
    include_anchor: Option<bool>,
    /// How many older ones.
    #[schemars(with = "u32")]
    num_before: String,
    /// How many newer ones.
    #[schemars(with = "u32")]
    num_after: String,
    /// Which messages: terms as `{"operator", "operand", "negated"}` or `[operator, operand]`; all if not given.
    #[schemars(with = "Option<Vec<Value>>")]
    narrow: Option<String>,
    /// `add` or `remove`.
    op: String,
    /// `read`, `starred`, `collapsed` …
    flag: String,
}

/// `POST /messages/flags/narrow`.
pub async fn update_narrow(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<UpdateNarrow>,
) -> Reply<Progress> {
    let (flag, op) = (Flag::parse(&args.flag)?, Op::parse(&args.op)?);
    let range = Range {
        anchor: Anchor::parse(Some(&args.anchor), false, args.anchor_date.as_deref())?,
        include_anchor: args.include_anchor.unwrap_or(true),
        num_before: count("num_before", Some(&args.num_before))?,
        num_after: count("num_after", Some(&args.num_after))?,
    };
    let terms = args.narrow.as_deref().map_or(Ok(vec![]), narrow::parse)?;
    Ok(Success::new(
        flags::update_narrow(&ctx, &caller, &terms, &range, op, flag).await?,
    ))
}

/// Answer of marking much as read.
#[derive(Serialize, JsonSchema)]
pub struct Complete {
    /// Nothing is left to do; otherwise the call is to be made again.
    complete: bool,
}

/// `POST /mark_all_as_read`.
pub async fn mark_all_as_read(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Complete> {
    flags::mark_all_as_read(&ctx, &caller).await?;
    Ok(Success::new(Complete { complete: true }))
}

/// Parameters of [`mark_stream_as_read`].
#[derive(Deserialize, JsonSchema)]
pub struct MarkStream {
    /// The stream.
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
#[derive(Deserialize, JsonSchema)]
pub struct MarkTopic {
    /// The stream.
    stream_id: StreamId,
    /// The topic.
    topic_name: String,
}

/// `POST /mark_topic_as_read`.
pub async fn mark_topic_as_read(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<MarkTopic>,
) -> Reply<Complete> {
    flags::mark_topic_as_read(&ctx, &caller, args.stream_id, &args.topic_name).await?;
    Ok(Success::new(Complete { complete: true }))
}
