//! User groups.

use actix_web::web;
use narrows_actions::{Ctx, groups};
use narrows_wire::{GroupId, UserId};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of `GET /user_groups`.
#[derive(Deserialize)]
pub struct GetGroups {
    include_deactivated_groups: Option<bool>,
}

/// `GET /user_groups`.
pub async fn get_all(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<GetGroups>,
) -> Reply {
    let mut groups = groups::list(&ctx, &caller).await?;
    if args.include_deactivated_groups != Some(true) {
        groups.retain(|group| !group.deactivated);
    }
    Ok(Success::new(json!({ "user_groups": groups })))
}

/// Parameters of reading members.
#[derive(Deserialize)]
pub struct GetMembers {
    direct_member_only: Option<bool>,
}

/// `GET /user_groups/{user_group_id}/members`.
pub async fn get_members(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<GetMembers>,
) -> Reply {
    let direct_only = args.direct_member_only == Some(true);
    let members = groups::members(&ctx, &caller, GroupId(*id), direct_only).await?;
    Ok(Success::new(json!({ "members": members })))
}

/// `GET /user_groups/{user_group_id}/members/{user_id}`.
pub async fn get_is_member(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<(i32, i32)>,
    Params(args): Params<GetMembers>,
) -> Reply {
    let (group, user) = path.into_inner();
    let direct_only = args.direct_member_only == Some(true);
    let user = narrows_actions::users::access_user(&ctx, &caller, UserId(user)).await?;
    let members = groups::members(&ctx, &caller, GroupId(group), direct_only).await?;
    Ok(Success::new(
        json!({ "is_user_group_member": members.contains(&user.id()) }),
    ))
}

/// Parameters of `POST /user_groups/create`.
#[derive(Deserialize)]
pub struct Create {
    name: String,
    description: String,
    members: Vec<UserId>,
}

/// `POST /user_groups/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply {
    let id = groups::create(&ctx, &caller, &args.name, &args.description, &args.members).await?;
    Ok(Success::new(json!({ "group_id": id })))
}

/// Parameters of `PATCH /user_groups/{user_group_id}`.
#[derive(Deserialize)]
pub struct Update {
    name: Option<String>,
    description: Option<String>,
}

/// `PATCH /user_groups/{user_group_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<Update>,
) -> Reply {
    groups::update(
        &ctx,
        &caller,
        GroupId(*id),
        args.name.as_deref(),
        args.description.as_deref(),
    )
    .await?;
    Ok(Success::empty())
}

/// Parameters of `POST /user_groups/{user_group_id}/members`.
#[derive(Deserialize)]
pub struct UpdateMembers {
    #[serde(default)]
    add: Vec<UserId>,
    #[serde(default)]
    delete: Vec<UserId>,
}

/// `POST /user_groups/{user_group_id}/members`.
pub async fn update_members(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<UpdateMembers>,
) -> Reply {
    groups::update_members(&ctx, &caller, GroupId(*id), &args.add, &args.delete).await?;
    Ok(Success::empty())
}

/// `DELETE /user_groups/{user_group_id}` and `POST /user_groups/{user_group_id}/deactivate`.
pub async fn deactivate(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    _: NoParams,
) -> Reply {
    groups::deactivate(&ctx, &caller, GroupId(*id)).await?;
    Ok(Success::empty())
}
