//! Texts that users keep at hand.

use actix_web::web;
use narrows_actions::{Ctx, saved_snippets};
use narrows_wire::SavedSnippetId;
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize)]
pub struct Create {
    title: String,
    content: String,
}

/// Parameters of [`edit`].
#[derive(Deserialize)]
pub struct Edit {
    title: Option<String>,
    content: Option<String>,
}

/// `GET /saved_snippets`.
pub async fn list(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let snippets = saved_snippets::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "saved_snippets": snippets })))
}

/// `POST /saved_snippets`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply {
    let id = saved_snippets::create(&ctx, &caller, &args.title, &args.content).await?;
    Ok(Success::new(json!({ "saved_snippet_id": id })))
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
