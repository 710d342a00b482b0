//! User groups.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::groups::{self, Change, GroupEdit, NewGroup, Part};
use narrows_wire::{GroupId, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::streams::group_changes;
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

/// `GET /user_groups/{user_group_id}/subgroups`.
pub async fn get_subgroups(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<GetSubgroups>,
) -> Reply {
    let direct_only = args.direct_subgroup_only == Some(true);
    let subgroups = groups::subgroups(&ctx, &caller, GroupId(*id), direct_only).await?;
    Ok(Success::new(json!({ "subgroups": subgroups })))
}

/// Parameters of reading subgroups.
#[derive(Deserialize)]
pub struct GetSubgroups {
    direct_subgroup_only: Option<bool>,
}

/// Parameters of `POST /user_groups/create`.
#[derive(Deserialize)]
pub struct Create {
    name: String,
    description: String,
    members: Vec<UserId>,
    #[serde(default)]
    subgroups: Vec<GroupId>,
    can_add_members_group: Option<Value>,
    can_join_group: Option<Value>,
    can_leave_group: Option<Value>,
    can_manage_group: Option<Value>,
    can_mention_group: Option<Value>,
    can_remove_members_group: Option<Value>,
}

/// `POST /user_groups/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply {
    let permissions = group_changes([
        ("can_add_members_group", &args.can_add_members_group),
        ("can_join_group", &args.can_join_group),
        ("can_leave_group", &args.can_leave_group),
        ("can_manage_group", &args.can_manage_group),
        ("can_mention_group", &args.can_mention_group),
        ("can_remove_members_group", &args.can_remove_members_group),
    ])?;
    let new = NewGroup {
        permissions,
        name: args.name,
        description: args.description,
        members: args.members,
        subgroups: args.subgroups,
    };
    let id = groups::create(&ctx, &caller, new).await?;
    Ok(Success::new(json!({ "group_id": id })))
}

/// Parameters of `PATCH /user_groups/{user_group_id}`.
#[derive(Deserialize)]
pub struct Update {
    name: Option<String>,
    description: Option<String>,
    deactivated: Option<bool>,
    can_add_members_group: Option<Value>,
    can_join_group: Option<Value>,
    can_leave_group: Option<Value>,
    can_manage_group: Option<Value>,
    can_mention_group: Option<Value>,
    can_remove_members_group: Option<Value>,
}

/// `PATCH /user_groups/{user_group_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<Update>,
) -> Reply {
    let permissions = group_changes([
        ("can_add_members_group", &args.can_add_members_group),
        ("can_join_group", &args.can_join_group),
        ("can_leave_group", &args.can_leave_group),
        ("can_manage_group", &args.can_manage_group),
        ("can_mention_group", &args.can_mention_group),
        ("can_remove_members_group", &args.can_remove_members_group),
    ])?;
    let edit = GroupEdit {
        permissions,
        name: args.name,
        description: args.description,
        deactivated: args.deactivated,
    };
    groups::update(&ctx, &caller, GroupId(*id), edit).await?;
    Ok(Success::empty())
}

/// Parameters of changing who belongs to a group.
#[derive(Deserialize)]
pub struct UpdateMembers {
    #[serde(default)]
    add: Vec<i32>,
    #[serde(default)]
    delete: Vec<i32>,
}

impl From<UpdateMembers> for Change {
    fn from(args: UpdateMembers) -> Change {
        Change {
            add: args.add,
            remove: args.delete,
        }
    }
}

/// `POST /user_groups/{user_group_id}/members`.
pub async fn update_members(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<UpdateMembers>,
) -> Reply {
    groups::change(&ctx, &caller, GroupId(*id), Part::Members, &args.into()).await?;
    Ok(Success::empty())
}

/// `POST /user_groups/{user_group_id}/subgroups`.
pub async fn update_subgroups(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<UpdateMembers>,
) -> Reply {
    groups::change(&ctx, &caller, GroupId(*id), Part::Subgroups, &args.into()).await?;
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
