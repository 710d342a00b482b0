//! Reading messages: by narrow, by id, and what surrounds them.

use std::collections::BTreeMap;

use actix_web::web;
use narrows_actions::messages::fetch::{self, Anchor, Fetch, Messages, OneMessage};
use narrows_actions::messages::{Shape, history};
use narrows_actions::narrow::{self, Viewer};
use narrows_actions::{Ctx, Error};
use narrows_wire::message_object::MessageState;
use narrows_wire::{ErrorCode, MessageId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{AuthedUser, NoParams, Params, Visitor};
use crate::reply::{Reply, Success};

/// Parameters of [`list`].
#[derive(Deserialize, JsonSchema)]
pub struct List {
    /// A message's id, or `newest`, `oldest`, `first_unread`, `date`.
    anchor: Option<String>,
    /// With the anchor `date`: ISO 8601.
    anchor_date: Option<String>,
    /// The older form of the anchor `first_unread`.
    use_first_unread_anchor: Option<bool>,
    /// Whether the anchor is wanted; yes if not given.
    include_anchor: Option<bool>,
    /// How many older ones.
    #[schemars(with = "Option<u32>")]
    num_before: Option<String>,
    /// How many newer ones.
    #[schemars(with = "Option<u32>")]
    num_after: Option<String>,
    /// Which messages: terms as `{"operator", "operand", "negated"}` or `[operator, operand]`; all if not given.
    #[schemars(with = "Option<Vec<Value>>")]
    narrow: Option<String>,
    /// These messages, instead of a range.
    message_ids: Option<Vec<MessageId>>,
    /// HTML rather than text.
    apply_markdown: Option<bool>,
    /// The client computes the URLs of Gravatars; they are left out.
    client_gravatar: Option<bool>,
    /// The client knows the empty topic; others get its display name.
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
pub(super) fn count(name: &str, given: Option<&str>) -> Result<i64, Error> {
    let given = given.ok_or_else(|| missing(name))?;
    let parsed = given.trim().parse().ok().filter(|count| *count >= 0);
    parsed.ok_or_else(|| {
        let msg = format!("Bad value for '{name}': {given}");
        let error = Error::api(ErrorCode::RequestVariableInvalid, msg);
        error.with("var_name", name).with("bad_value", given)
    })
}

/// `GET /messages`.
pub async fn list(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    Params(args): Params<List>,
) -> Reply<Messages> {
    let shape = Shape {
        apply_markdown: args.apply_markdown.unwrap_or(true),
        client_gravatar: args.client_gravatar.unwrap_or(true),
        allow_empty_topic_name: args.allow_empty_topic_name.unwrap_or(false),
    };
    if let Some(ids) = &args.message_ids {
        if args.anchor.is_some() || args.num_before.is_some() || args.num_after.is_some() {
            let parameters = [
                "num_before",
                "num_after",
                "anchor",
                "message_ids",
                "include_anchor",
                "use_first_unread_anchor",
            ];
            return Err(Error::incompatible(&parameters).into());
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
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// HTML rather than text.
    apply_markdown: Option<bool>,
    /// The client computes the URLs of Gravatars; they are left out.
    client_gravatar: Option<bool>,
    /// The client knows the empty topic; others get its display name.
    allow_empty_topic_name: Option<bool>,
}

/// `GET /messages/{message_id}`.
pub async fn get(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    id: web::Path<i64>,
    Params(args): Params<Get>,
) -> Reply<OneMessage> {
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
#[derive(Deserialize, JsonSchema)]
pub struct MatchesNarrow {
    /// Which messages.
    msg_ids: Vec<MessageId>,
    /// Which messages: terms as `{"operator", "operand", "negated"}` or `[operator, operand]`; all if not given.
    #[schemars(with = "Vec<Value>")]
    narrow: String,
}

/// Answer of [`matches_narrow`].
#[derive(Serialize, JsonSchema)]
pub struct Matches {
    /// Those that the narrow has, by id.
    messages: BTreeMap<MessageId, Match>,
}

/// How a message matches a narrow.
#[derive(Serialize, JsonSchema)]
struct Match {
    /// HTML, with words that were searched for marked.
    match_content: String,
    /// The topic as HTML, likewise.
    match_subject: String,
}

/// `GET /messages/matches_narrow`.
pub async fn matches_narrow(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<MatchesNarrow>,
) -> Reply<Matches> {
    let terms = narrow::parse(&args.narrow)?;
    let found = fetch::matching(&ctx, Viewer::User(&caller), &args.msg_ids, &terms).await?;
    let one = |(id, match_content, match_subject)| {
        let found = Match {
            match_content,
            match_subject,
        };
        (id, found)
    };
    Ok(Success::new(Matches {
        messages: found.into_iter().map(one).collect(),
    }))
}

/// Parameters of [`message_history`].
#[derive(Deserialize, JsonSchema)]
pub struct History {
    /// The client knows the empty topic; others get its display name.
    allow_empty_topic_name: Option<bool>,
}

/// Answer of [`message_history`].
#[derive(Serialize, JsonSchema)]
pub struct States {
    /// Oldest first.
    #[schemars(with = "Vec<MessageState>")]
    message_history: Vec<Value>,
}

/// `GET /messages/{message_id}/history`.
pub async fn message_history(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(args): Params<History>,
) -> Reply<States> {
    let empty = args.allow_empty_topic_name.unwrap_or(false);
    let message_history = history::history(&ctx, &caller, MessageId(*id), empty).await?;
    Ok(Success::new(States { message_history }))
}

/// Answer of [`read_receipts`].
#[derive(Serialize, JsonSchema)]
pub struct Receipts {
    /// Who has read it, its sender left out.
    user_ids: Vec<UserId>,
}

/// `GET /messages/{message_id}/read_receipts`.
pub async fn read_receipts(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    _: NoParams,
) -> Reply<Receipts> {
    let user_ids = history::read_receipts(&ctx, &caller, MessageId(*id)).await?;
    Ok(Success::new(Receipts { user_ids }))
}

/// Parameters of [`render`].
#[derive(Deserialize, JsonSchema)]
pub struct Render {
    /// The text, in Markdown.
    content: String,
}

/// Answer of [`render`].
#[derive(Serialize, JsonSchema)]
pub struct Rendered {
    /// HTML.
    rendered: String,
}

/// `POST /messages/render`.
pub async fn render(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Render>,
) -> Reply<Rendered> {
    let rendered = history::preview(&ctx, &caller, &args.content).await?;
    Ok(Success::new(Rendered { rendered }))
}
