//! Topics, and how a user treats them.

use actix_web::web;
use narrows_actions::access::streams::StreamRef;
use narrows_actions::user_topics::{self, VisibilityPolicy};
use narrows_actions::{Ctx, Error, topics};
use narrows_wire::StreamId;
use serde::Deserialize;
use serde_json::json;

use super::streams::stream_id;
use crate::extract::{AuthedUser, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`get`].
#[derive(Deserialize)]
pub struct Get {
    allow_empty_topic_name: Option<bool>,
}

/// `GET /users/me/{stream_id}/topics`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(args): Params<Get>,
) -> Reply {
    let allow_empty = args.allow_empty_topic_name.unwrap_or(false);
    let topics = topics::list(&ctx, &caller, stream_id(&path)?, allow_empty).await?;
    Ok(Success::new(json!({ "topics": topics })))
}

/// Parameters of [`set_visibility`].
#[derive(Deserialize)]
pub struct SetVisibility {
    stream_id: StreamId,
    topic: String,
    visibility_policy: i64,
}

/// `POST /user_topics`.
pub async fn set_visibility(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SetVisibility>,
) -> Reply {
    let policy = VisibilityPolicy::from_number(args.visibility_policy)?;
    user_topics::set(&ctx, &caller, args.stream_id, &args.topic, policy).await?;
    Ok(Success::empty())
}

/// Parameters of [`set_muted`].
#[derive(Deserialize)]
pub struct SetMuted {
    stream: Option<String>,
    stream_id: Option<StreamId>,
    topic: String,
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
        (None, None) => return Err(Error::bad_request("Please supply 'stream'.").into()),
        (Some(_), Some(_)) => {
            let msg = "Please choose one: 'stream' or 'stream_id'.";
            return Err(Error::bad_request(msg).into());
        }
    };
    let mute = match args.op.as_str() {
        "add" => true,
        "remove" => false,
        _ => return Err(Error::bad_request("Invalid op").into()),
    };
    user_topics::set_muted(&ctx, &caller, &stream, &args.topic, mute).await?;
    Ok(Success::empty())
}
