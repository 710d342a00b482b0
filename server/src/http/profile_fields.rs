//! What people can say of themselves.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::profile_fields::{self, FieldChange, NewValue};
use narrows_wire::events::realm::CustomProfileField;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::extract::{AuthedUser, Params, RealmAdmin};
use crate::reply::{NewId, Reply, Success};

/// Parameters of a new field.
#[derive(Deserialize, JsonSchema)]
pub struct NewField {
    /// The number of its type: `custom_profile_field_types` of a registration.
    field_type: i16,
    /// What it is called.
    name: Option<String>,
    /// Shown to who fills it in.
    hint: Option<String>,
    /// The options of a list, or the kind of account.
    field_data: Option<Value>,
    /// Everybody shall fill it in.
    required: Option<bool>,
    /// Shown on small profiles.
    display_in_profile_summary: Option<bool>,
    /// People fill it in themselves.
    editable_by_user: Option<bool>,
}

/// Parameters of a new order.
#[derive(Deserialize, JsonSchema)]
pub struct Order {
    /// The ids of all fields.
    order: Vec<i32>,
}

/// Parameters of filling in.
#[derive(Deserialize, JsonSchema)]
pub struct Values {
    /// The fields.
    data: Vec<NewValue>,
}

/// Parameters of leaving empty.
#[derive(Deserialize, JsonSchema)]
pub struct Cleared {
    /// The fields.
    data: Vec<i32>,
}

/// Answer of [`list`].
#[derive(Serialize, JsonSchema)]
pub struct Fields {
    /// In their order.
    custom_fields: Vec<CustomProfileField>,
}

/// `GET /realm/profile_fields`.
pub async fn list(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser) -> Reply<Fields> {
    let custom_fields = profile_fields::list(&ctx, &caller).await?;
    Ok(Success::new(Fields { custom_fields }))
}

/// `POST /realm/profile_fields`.
pub async fn add(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<NewField>,
) -> Reply<NewId> {
    let new = FieldChange {
        name: args.name,
        hint: args.hint,
        field_data: args.field_data,
        required: args.required,
        display_in_profile_summary: args.display_in_profile_summary,
        editable_by_user: args.editable_by_user,
    };
    let id = profile_fields::add(&ctx, &caller, args.field_type, &new).await?;
    Ok(Success::new(NewId { id }))
}

/// `PATCH /realm/profile_fields/{field_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
    Params(change): Params<FieldChange>,
) -> Reply {
    profile_fields::update(&ctx, &caller, *id, &change).await?;
    Ok(Success::empty())
}

/// `PATCH /realm/profile_fields`.
pub async fn reorder(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    Params(args): Params<Order>,
) -> Reply {
    profile_fields::reorder(&ctx, &caller, &args.order).await?;
    Ok(Success::empty())
}

/// `DELETE /realm/profile_fields/{field_id}`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    RealmAdmin(caller): RealmAdmin,
    id: web::Path<i32>,
) -> Reply {
    profile_fields::remove(&ctx, &caller, *id).await?;
    Ok(Success::empty())
}

/// `PATCH /users/me/profile_data`.
pub async fn set_own(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Values>,
) -> Reply {
    profile_fields::set_own(&ctx, &caller, &args.data).await?;
    Ok(Success::empty())
}

/// `DELETE /users/me/profile_data`.
pub async fn clear_own(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Cleared>,
) -> Reply {
    profile_fields::clear_own(&ctx, &caller, &args.data).await?;
    Ok(Success::empty())
}
