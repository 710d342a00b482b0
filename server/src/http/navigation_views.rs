//! The navigation of users' clients.

use actix_web::web;
use narrows_actions::{Ctx, navigation_views};
use narrows_wire::events::personal::NavigationView;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of [`create`].
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// The part of the URL after `#`.
    fragment: String,
    /// Always shown.
    is_pinned: bool,
    /// What it is called.
    name: Option<String>,
}

/// Parameters of [`edit`].
#[derive(Deserialize, JsonSchema)]
pub struct Edit {
    /// Always shown.
    is_pinned: Option<bool>,
    /// What it is called.
    name: Option<String>,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Views {
    /// All of them.
    navigation_views: Vec<NavigationView>,
}

/// `GET /navigation_views`.
pub async fn list(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply<Views> {
    let navigation_views = navigation_views::list(&ctx, &caller).await?;
    Ok(Success::new(Views { navigation_views }))
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
