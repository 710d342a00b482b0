//! Texts that users keep at hand.

use actix_web::web;
use narrows_actions::{Ctx, saved_snippets};
use narrows_wire::SavedSnippetId;
use narrows_wire::events::personal::SavedSnippet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// What it is called.
    title: String,
    /// The text, in Markdown.
    content: String,
}

/// Parameters of [`edit`].
#[derive(Deserialize, JsonSchema)]
pub struct Edit {
    /// What it is called.
    title: Option<String>,
    /// The text, in Markdown.
    content: Option<String>,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Snippets {
    /// All of them.
    saved_snippets: Vec<SavedSnippet>,
}

/// `GET /saved_snippets`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Snippets> {
    let saved_snippets = saved_snippets::list(&ctx, &caller).await?;
    Ok(Success::new(Snippets { saved_snippets }))
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// The new snippet.
    saved_snippet_id: SavedSnippetId,
}

/// `POST /saved_snippets`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<Created> {
    let saved_snippet_id =
        saved_snippets::create(&ctx, &caller, &args.title, &args.content).await?;
    Ok(Success::new(Created { saved_snippet_id }))
}

/// `PATCH /saved_snippets/{saved_snippet_id}`.
pub async fn edit(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<Edit>,
) -> Reply {
    let (title, content) = (args.title.as_deref(), args.content.as_deref());
    saved_snippets::edit(&ctx, &caller, SavedSnippetId(*id), title, content).await?;
    Ok(Success::empty())
}

/// `DELETE /saved_snippets/{saved_snippet_id}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    saved_snippets::delete(&ctx, &caller, SavedSnippetId(*id)).await?;
    Ok(Success::empty())
}
