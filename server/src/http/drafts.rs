//! Messages that users have begun to write.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::drafts::{self, DraftInput, DraftKind};
use narrows_wire::DraftId;
use narrows_wire::events::personal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// A draft object of the API.
#[derive(Deserialize, JsonSchema)]
struct Draft {
    /// Clients send back what they got; the path says which draft it is.
    #[serde(rename = "id")]
    _id: Option<i64>,
    #[serde(rename = "type")]
    kind: Kind,
    /// To whom or where.
    to: Vec<i32>,
    /// The topic.
    topic: String,
    /// The text, in Markdown.
    content: String,
    /// When it was last worked on, in UNIX seconds; now if not given.
    timestamp: Option<i64>,
}

#[derive(Deserialize, JsonSchema)]
enum Kind {
    #[serde(rename = "")]
    Unaddressed,
    #[serde(rename = "stream", alias = "channel")]
    Stream,
    #[serde(rename = "private", alias = "direct")]
    Private,
}

impl From<Draft> for DraftInput {
    fn from(draft: Draft) -> DraftInput {
        DraftInput {
            kind: match draft.kind {
                Kind::Unaddressed => DraftKind::Unaddressed,
                Kind::Stream => DraftKind::Stream,
                Kind::Private => DraftKind::Private,
            },
            to: draft.to,
            topic: draft.topic,
            content: draft.content,
            timestamp: draft.timestamp,
        }
    }
}

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// What to keep, oldest first.
    drafts: Vec<Draft>,
}

/// Parameters of [`edit`].
#[derive(Deserialize, JsonSchema)]
pub struct Edit {
    /// What it shall be.
    draft: Draft,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Drafts {
    /// How many there are.
    count: usize,
    /// The one that was worked on last comes first.
    drafts: Vec<personal::Draft>,
}

/// `GET /drafts`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Drafts> {
    let drafts = drafts::list(&ctx, &caller).await?;
    Ok(Success::new(Drafts {
        count: drafts.len(),
        drafts,
    }))
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// Of the new drafts, in the order in which they were given.
    ids: Vec<DraftId>,
}

/// `POST /drafts`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<Created> {
    let inputs = args.drafts.into_iter().map(DraftInput::from).collect();
    let ids = drafts::create(&ctx, &caller, inputs).await?;
    Ok(Success::new(Created { ids }))
}

/// `PATCH /drafts/{draft_id}`.
pub async fn edit(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<Edit>,
) -> Reply {
    drafts::edit(&ctx, &caller, DraftId(*id), args.draft.into()).await?;
    Ok(Success::empty())
}

/// `DELETE /drafts/{draft_id}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    drafts::delete(&ctx, &caller, DraftId(*id)).await?;
    Ok(Success::empty())
}
