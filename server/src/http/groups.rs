//! User groups.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::groups::value::GroupChange;
use narrows_actions::groups::{self, Change, GroupEdit, GroupObject, NewGroup, Part};
use narrows_wire::{GroupId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::streams::group_changes;
use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// Parameters of `GET /user_groups`.
#[derive(Deserialize, JsonSchema)]
pub struct GetGroups {
    /// With groups that are no longer used.
    include_deactivated_groups: Option<bool>,
}

/// Answer of [`get_all`].
#[derive(Serialize, JsonSchema)]
pub struct Groups {
    /// System groups come first.
    user_groups: Vec<GroupObject>,
}

/// `GET /user_groups`.
pub async fn get_all(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<GetGroups>,
) -> Reply<Groups> {
    let mut user_groups = groups::list(&ctx, &caller).await?;
    if args.include_deactivated_groups != Some(true) {
        user_groups.retain(|group| !group.deactivated);
    }
    Ok(Success::new(Groups { user_groups }))
}

/// Parameters of reading members.
#[derive(Deserialize, JsonSchema)]
pub struct GetMembers {
    /// Without those who belong to it by another group.
    direct_member_only: Option<bool>,
}

/// Answer of [`get_members`].
#[derive(Serialize, JsonSchema)]
pub struct Members {
    /// Who belongs to the group.
    members: Vec<UserId>,
}

/// `GET /user_groups/{user_group_id}/members`.
pub async fn get_members(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<GetMembers>,
) -> Reply<Members> {
    let direct_only = args.direct_member_only == Some(true);
    let members = groups::members(&ctx, &caller, GroupId(*id), direct_only).await?;
    Ok(Success::new(Members { members }))
}

/// Answer of [`get_is_member`].
#[derive(Serialize, JsonSchema)]
pub struct IsMember {
    /// Whether the user belongs to the group.
    is_user_group_member: bool,
}

/// `GET /user_groups/{user_group_id}/members/{user_id}`.
pub async fn get_is_member(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<(i32, i32)>,
    Params(args): Params<GetMembers>,
) -> Reply<IsMember> {
    let (group, user) = path.into_inner();
    let direct_only = args.direct_member_only == Some(true);
    let user = narrows_actions::users::access_user(&ctx, &caller, UserId(user)).await?;
    let members = groups::members(&ctx, &caller, GroupId(group), direct_only).await?;
    Ok(Success::new(IsMember {
        is_user_group_member: members.contains(&user.id()),
    }))
}

/// Answer of [`get_subgroups`].
#[derive(Serialize, JsonSchema)]
pub struct Subgroups {
    /// Groups all of whose members belong to it.
    subgroups: Vec<GroupId>,
}

/// `GET /user_groups/{user_group_id}/subgroups`.
pub async fn get_subgroups(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i32>,
    Params(args): Params<GetSubgroups>,
) -> Reply<Subgroups> {
    let direct_only = args.direct_subgroup_only == Some(true);
    let subgroups = groups::subgroups(&ctx, &caller, GroupId(*id), direct_only).await?;
    Ok(Success::new(Subgroups { subgroups }))
}

/// Parameters of reading subgroups.
#[derive(Deserialize, JsonSchema)]
pub struct GetSubgroups {
    /// Without those that belong to it by another group.
    direct_subgroup_only: Option<bool>,
}

/// Parameters of `POST /user_groups/create`.
#[derive(Deserialize, JsonSchema)]
pub struct Create {
    /// What it is called.
    name: String,
    /// What it is about, in Markdown.
    description: String,
    /// Who belongs to it.
    members: Vec<UserId>,
    /// Groups all of whose members belong to it.
    #[serde(default)]
    subgroups: Vec<GroupId>,
    #[schemars(with = "Option<GroupChange>")]
    can_add_members_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_join_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_leave_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_manage_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_mention_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_remove_members_group: Option<Value>,
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// The new group.
    group_id: GroupId,
}

/// `POST /user_groups/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<Created> {
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
    let group_id = groups::create(&ctx, &caller, new).await?;
    Ok(Success::new(Created { group_id }))
}

/// Parameters of `PATCH /user_groups/{user_group_id}`.
#[derive(Deserialize, JsonSchema)]
pub struct Update {
    /// What it is called.
    name: Option<String>,
    /// What it is about, in Markdown.
    description: Option<String>,
    /// No longer used.
    deactivated: Option<bool>,
    #[schemars(with = "Option<GroupChange>")]
    can_add_members_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_join_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_leave_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_manage_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
    can_mention_group: Option<Value>,
    #[schemars(with = "Option<GroupChange>")]
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
#[derive(Deserialize, JsonSchema)]
pub struct UpdateMembers {
    /// What to add.
    #[serde(default)]
    add: Vec<i32>,
    /// What to remove.
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
