//! Reading messages: by narrow, by id, and what surrounds them.

use actix_web::web;
use narrows_actions::messages::fetch::{self, Anchor, Fetch};
use narrows_actions::messages::{Shape, history};
use narrows_actions::narrow::{self, Viewer};
use narrows_actions::{Ctx, Error};
use narrows_wire::{ErrorCode, MessageId};
use serde::Deserialize;
use serde_json::{Map, json};

use crate::extract::{AuthedUser, NoParams, Params, Visitor};
use crate::reply::{Reply, Success};

/// Parameters of [`list`].
#[derive(Deserialize)]
pub struct List {
    anchor: Option<String>,
    anchor_date: Option<String>,
    use_first_unread_anchor: Option<bool>,
    include_anchor: Option<bool>,
    num_before: Option<String>,
    num_after: Option<String>,
    narrow: Option<String>,
    message_ids: Option<Vec<MessageId>>,
    apply_markdown: Option<bool>,
    client_gravatar: Option<bool>,
    allow_empty_topic_name: Option<bool>,
}

fn missing(name: &str) -> Error {
    let error = Error::api(
        ErrorCode::RequestVariableMissing,
        format!("Missing '{name}' argument"),
    );
    error.with("var_name", name)
}

/// A number of messages.
fn count(name: &str, given: Option<&str>) -> Result<i64, Error> {
    let given = given.ok_or_else(|| missing(name))?;
    let parsed = given.trim().parse().ok().filter(|count| *count >= 0);
    parsed.ok_or_else(|| {
        let msg = format!("Bad value for '{name}': {given}");
        let error = Error::api(ErrorCode::RequestVariableInvalid, msg);
        error.with("var_name", name).with("bad_value", given)
    })
}

/// `GET /messages`.
pub async fn list(ctx: web::Data<Ctx>, visitor: Visitor, Params(args): Params<List>) -> Reply {
    let shape = Shape {
        apply_markdown: args.apply_markdown.unwrap_or(true),
        client_gravatar: args.client_gravatar.unwrap_or(true),
        allow_empty_topic_name: args.allow_empty_topic_name.unwrap_or(false),
    };
    if let Some(ids) = &args.message_ids {
        if args.anchor.is_some() || args.num_before.is_some() || args.num_after.is_some() {
            let msg = "Unsupported parameter combination: num_before, num_after, anchor, message_ids, include_anchor, \
                       use_first_unread_anchor";
            return Err(Error::bad_request(msg).into());
        }
        let fields = fetch::fetch_by_ids(&ctx, visitor.viewer(), ids, shape).await?;
        return Ok(Success::from_json(fields));
    }
    let first_unread = args.use_first_unread_anchor.unwrap_or(false);
    let request = Fetch {
        num_before: count("num_before", args.num_before.as_deref())?,
        num_after: count("num_after", args.num_after.as_deref())?,
        anchor: Anchor::parse(
            args.anchor.as_deref(),
            first_unread,
            args.anchor_date.as_deref(),
        )?,
        include_anchor: args.include_anchor.unwrap_or(true),
        narrow: args.narrow.as_deref().map_or(Ok(vec![]), narrow::parse)?,
        shape,
    };
    Ok(Success::from_json(
        fetch::fetch(&ctx, visitor.viewer(), &request).await?,
    ))
}

/// Parameters of [`get`].
#[derive(Deserialize)]
pub struct Get {
    apply_markdown: Option<bool>,
    client_gravatar: Option<bool>,
    allow_empty_topic_name: Option<bool>,
}

/// `GET /messages/{message_id}`.
pub async fn get(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    id: web::Path<i64>,
    Params(args): Params<Get>,
) -> Reply {
    let shape = Shape {
        apply_markdown: args.apply_markdown.unwrap_or(true),
        client_gravatar: args.client_gravatar.unwrap_or(true),
        allow_empty_topic_name: args.allow_empty_topic_name.unwrap_or(false),
    };
    Ok(Success::from_json(
        fetch::fetch_one(&ctx, visitor.viewer(), MessageId(*id), shape).await?,
    ))
}

/// Parameters of [`matches_narrow`].
#[derive(Deserialize)]
pub struct MatchesNarrow {
    msg_ids: Vec<MessageId>,
    narrow: String,
}

/// `GET /messages/matches_narrow`.
pub async fn matches_narrow(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<MatchesNarrow>,
) -> Reply {
    let terms = narrow::parse(&args.narrow)?;
    let found = fetch::matching(&ctx, Viewer::User(&caller), &args.msg_ids, &terms).await?;
    let found: Map<_, _> = found
        .into_iter()
        .map(|(id, content, subject)| {
            (
                id.to_string(),
                json!({ "match_content": content, "match_subject": subject }),
            )
        })
        .collect();
    Ok(Success::new(json!({ "messages": found })))
}

/// Parameters of [`message_history`].
#[derive(Deserialize)]
pub struct History {
    allow_empty_topic_name: Option<bool>,
}

/// `GET /messages/{message_id}/history`.
pub async fn message_history(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(args): Params<History>,
) -> Reply {
    let empty = args.allow_empty_topic_name.unwrap_or(false);
    let states = history::history(&ctx, &caller, MessageId(*id), empty).await?;
    Ok(Success::new(json!({ "message_history": states })))
}

/// `GET /messages/{message_id}/read_receipts`.
pub async fn read_receipts(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    _: NoParams,
) -> Reply {
    let users = history::read_receipts(&ctx, &caller, MessageId(*id)).await?;
    Ok(Success::new(json!({ "user_ids": users })))
}

/// Parameters of [`render`].
#[derive(Deserialize)]
pub struct Render {
    content: String,
}

/// `POST /messages/render`.
pub async fn render(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Render>,
) -> Reply {
    let rendered = history::preview(&ctx, &caller, &args.content).await?;
    Ok(Success::new(json!({ "rendered": rendered })))
}
