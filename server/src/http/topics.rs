//! Topics, and how a user treats them.

use actix_web::web;
use narrows_actions::access::streams::StreamRef;
use narrows_actions::topics::{self, ListedTopic};
use narrows_actions::user_topics::{self, VisibilityPolicy};
use narrows_actions::{Ctx, Error};
use narrows_wire::StreamId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::streams::stream_id;
use crate::extract::{AuthedUser, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`get`].
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// The client knows the empty topic; others get its display name.
    allow_empty_topic_name: Option<bool>,
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Topics {
    /// The one with the newest message comes first.
    topics: Vec<ListedTopic>,
}

/// `GET /users/me/{stream_id}/topics`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(args): Params<Get>,
) -> Reply<Topics> {
    let allow_empty = args.allow_empty_topic_name.unwrap_or(false);
    let topics = topics::list(&ctx, &caller, stream_id(&path)?, allow_empty).await?;
    Ok(Success::new(Topics { topics }))
}

/// Parameters of [`set_visibility`].
#[derive(Deserialize, JsonSchema)]
pub struct SetVisibility {
    /// The stream.
    stream_id: StreamId,
    /// The topic.
    topic: String,
    /// 0 inherit, 1 muted, 2 unmuted, 3 followed.
    visibility_policy: i64,
}

/// `POST /user_topics`.
pub async fn set_visibility(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SetVisibility>,
) -> Reply {
    let policy = VisibilityPolicy::from_number(args.visibility_policy)?;
    let stream = StreamRef::Id(args.stream_id);
    user_topics::set(&ctx, &caller, &stream, &args.topic, policy).await?;
    Ok(Success::empty())
}

/// Parameters of [`set_muted`].
#[derive(Deserialize, JsonSchema)]
pub struct SetMuted {
    /// The stream's name.
    stream: Option<String>,
    /// The stream.
    stream_id: Option<StreamId>,
    /// The topic.
    topic: String,
    /// `add` mutes, `remove` unmutes.
    op: String,
}

/// `PATCH /users/me/subscriptions/muted_topics`.
pub async fn set_muted(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SetMuted>,
) -> Reply {
    let stream = match (args.stream_id, args.stream) {
        (Some(id), None) => StreamRef::Id(id),
        (None, Some(name)) => StreamRef::Name(name),
        (None, None) => return Err(Error::bad_request("Missing 'stream_id' argument").into()),
        (Some(_), Some(_)) => return Err(Error::incompatible(&["stream_id", "stream"]).into()),
    };
    let policy = match args.op.as_str() {
        "add" => VisibilityPolicy::Muted,
        "remove" => VisibilityPolicy::Inherit,
        _ => return Err(Error::bad_request("Invalid op").into()),
    };
    user_topics::set(&ctx, &caller, &stream, &args.topic, policy).await?;
    Ok(Success::empty())
}
