//! The people of a realm.

use actix_web::web;
use narrows_actions::access::users::Sight;
use narrows_actions::profile_fields::{self, NewValue};
use narrows_actions::users::{self, UserObject};
use narrows_actions::{Caller, Ctx, Error, Result};
use narrows_store::models::User;
use narrows_wire::{Role, UserId};
use serde::Deserialize;
use serde_json::json;

use crate::extract::{AuthedUser, NoParams, Params, RealmAdmin};
use crate::reply::{Reply, Success};

/// Parameters of reading users.
#[derive(Deserialize)]
pub struct Shape {
    #[serde(default = "yes")]
    client_gravatar: bool,
    #[serde(default)]
    include_custom_profile_fields: bool,
}

fn yes() -> bool {
    true
}

impl Shape {
    /// As the caller sees them.
    async fn objects(
        &self,
        ctx: &Ctx,
        caller: &Caller,
        users: &[User],
        sight: &Sight,
    ) -> Result<Vec<UserObject>> {
        let values = match self.include_custom_profile_fields {
            true => Some(profile_fields::values_of(ctx, caller, users).await?),
            false => None,
        };
        let objects = users.iter().map(|user| {
            let object = UserObject::new(user, sight, self.client_gravatar);
            match &values {
                Some(values) => object.with_profile_data(values.get(&user.id())),
                None => object,
            }
        });
        Ok(objects.collect())
    }

    async fn one(&self, ctx: &Ctx, caller: &Caller, user: User) -> Reply {
        let sight = users::sight(ctx, caller).await?;
        let objects = self.objects(ctx, caller, &[user], &sight).await?;
        Ok(Success::new(json!({ "user": objects.first() })))
    }
}

/// Parameters of `GET /users`.
#[derive(Deserialize)]
pub struct GetUsers {
    client_gravatar: Option<bool>,
    include_custom_profile_fields: Option<bool>,
    user_ids: Option<Vec<UserId>>,
}

/// `GET /users`.
pub async fn get_all(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<GetUsers>,
) -> Reply {
    let shape = Shape {
        client_gravatar: args.client_gravatar.unwrap_or(true),
        include_custom_profile_fields: args.include_custom_profile_fields.unwrap_or(false),
    };
    let (mut users, sight) = users::list(&ctx, &caller, args.user_ids.as_deref()).await?;
    // The server's own voices are nobody's colleagues.
    users.retain(|user| !user.is_system_bot);
    let members = shape.objects(&ctx, &caller, &users, &sight).await?;
    Ok(Success::new(json!({ "members": members })))
}

/// `GET /users/me`.
pub async fn get_me(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply {
    let me = User::clone(&caller.user);
    let shape = Shape {
        client_gravatar: false,
        include_custom_profile_fields: true,
    };
    let sight = users::sight(&ctx, &caller).await?;
    let objects = shape.objects(&ctx, &caller, &[me], &sight).await?;
    let max_message_id = users::max_message_id(&ctx, &caller).await?;
    let mut fields = serde_json::to_value(objects.first()).map_err(Error::from)?;
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("max_message_id".to_owned(), json!(max_message_id));
    }
    Ok(Success::new(fields))
}

/// `GET /users/{user_id}`.
pub async fn get_by_id(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<i32>,
    Params(shape): Params<Shape>,
) -> Reply {
    let user = users::access_user(&ctx, &caller, UserId(*path)).await?;
    shape.one(&ctx, &caller, user).await
}

/// `GET /users/{email}`.
pub async fn get_by_email(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(shape): Params<Shape>,
) -> Reply {
    let user = users::access_user_by_email(&ctx, &caller, &path).await?;
    shape.one(&ctx, &caller, user).await
}

/// Parameters of `POST /users`.
#[derive(Deserialize)]
pub struct CreateUser {
    email: String,
    password: String,
    full_name: String,
}

/// `POST /users`.
pub async fn create(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    Params(args): Params<CreateUser>,
) -> Reply {
    let new = users::NewPerson {
        email: &args.email,
        full_name: &args.full_name,
        password: Some(args.password),
        role: Role::Member,
    };
    let user = users::create(&ctx, &admin, new).await?;
    Ok(Success::new(json!({ "user_id": user.id() })))
}

/// Parameters of `PATCH /users/{user_id}`.
#[derive(Deserialize)]
pub struct UpdateUser {
    full_name: Option<String>,
    role: Option<i16>,
    profile_data: Option<Vec<NewValue>>,
}

/// `PATCH /users/{user_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<i32>,
    Params(args): Params<UpdateUser>,
) -> Reply {
    let invalid =
        |_| Error::bad_request("Invalid role: Value error, Not in the list of possible values");
    let role = args.role.map(Role::try_from).transpose().map_err(invalid)?;
    users::update(
        &ctx,
        &caller,
        UserId(*path),
        args.full_name.as_deref(),
        role,
    )
    .await?;
    if let Some(data) = &args.profile_data {
        profile_fields::set_of(&ctx, &caller, UserId(*path), data).await?;
    }
    Ok(Success::empty())
}

/// `DELETE /users/{user_id}`.
pub async fn deactivate(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<i32>,
    _: NoParams,
) -> Reply {
    users::deactivate(&ctx, &caller, UserId(*path)).await?;
    Ok(Success::empty())
}

/// `DELETE /users/me`.
pub async fn deactivate_me(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    _: NoParams,
) -> Reply {
    users::deactivate_self(&ctx, &caller).await?;
    Ok(Success::empty())
}

/// `POST /users/{user_id}/reactivate`.
pub async fn reactivate(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    path: web::Path<i32>,
    _: NoParams,
) -> Reply {
    users::reactivate(&ctx, &admin, UserId(*path)).await?;
    Ok(Success::empty())
}
