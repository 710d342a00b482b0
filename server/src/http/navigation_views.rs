//! The navigation of users' clients.

use actix_web::web;
use narrows_actions::{Ctx, navigation_views};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize)]
pub struct Create {
    fragment: String,
    is_pinned: bool,
    name: Option<String>,
}

/// Parameters of [`edit`].
#[derive(Deserialize)]
pub struct Edit {
    is_pinned: Option<bool>,
    name: Option<String>,
}

/// `GET /navigation_views`.
pub async fn list(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let views = navigation_views::list(&ctx, &caller).await?;
    Ok(Success::new(json!({ "navigation_views": views })))
}

/// `POST /navigation_views`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply {
    navigation_views::create(&ctx, &caller, args.fragment, args.is_pinned, args.name).await?;
    Ok(Success::empty())
}

/// `PATCH /navigation_views/{fragment}`.
pub async fn edit(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    fragment: web::Path<String>,
    Params(args): Params<Edit>,
) -> Reply {
    navigation_views::edit(&ctx, &caller, &fragment, args.is_pinned, args.name).await?;
    Ok(Success::empty())
}

/// `DELETE /navigation_views/{fragment}`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    fragment: web::Path<String>,
    _: NoParams,
) -> Reply {
    navigation_views::delete(&ctx, &caller, &fragment).await?;
    Ok(Success::empty())
}
