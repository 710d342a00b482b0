//! The people of a realm.

use actix_web::web;
use narrows_actions::access::users::Sight;
use narrows_actions::profile_fields::{self, NewValue};
use narrows_actions::users::{self, UserEdit, UserObject};
use narrows_actions::{Caller, Ctx, Error, Result};
use narrows_store::models::User;
use narrows_wire::{Role, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::extract::{AuthedUser, NoParams, Params, RealmAdmin, Visitor};
use crate::reply::{Reply, Success};

/// Parameters of reading users.
#[derive(Deserialize, JsonSchema)]
pub struct Shape {
    /// The client computes the URLs of Gravatars; they are left out.
    #[serde(default = "yes")]
    client_gravatar: bool,
    /// With what people filled in.
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

    /// As the caller sees one of them.
    async fn object(
        &self,
        ctx: &Ctx,
        caller: &Caller,
        user: User,
        sight: &Sight,
    ) -> Result<UserObject> {
        let objects = self.objects(ctx, caller, &[user], sight).await?;
        let one = objects.into_iter().next();
        one.ok_or_else(|| Error::Internal("a user without an object".into()))
    }

    async fn one(&self, ctx: &Ctx, caller: &Caller, user: User) -> Reply<One> {
        let sight = users::sight(ctx, caller).await?;
        let user = self.object(ctx, caller, user, &sight).await?;
        Ok(Success::new(One { user }))
    }
}

/// Answer of reading one user.
#[derive(Serialize, JsonSchema)]
pub struct One {
    /// The user.
    user: UserObject,
}

/// Parameters of `GET /users`.
#[derive(Deserialize, JsonSchema)]
pub struct GetUsers {
    /// The client computes the URLs of Gravatars; they are left out.
    client_gravatar: Option<bool>,
    /// With what people filled in.
    include_custom_profile_fields: Option<bool>,
    /// These; all if not given.
    user_ids: Option<Vec<UserId>>,
}

/// Answer of [`get_all`].
#[derive(Serialize, JsonSchema)]
pub struct Members {
    /// Everybody whom the caller may see.
    members: Vec<UserObject>,
}

/// `GET /users`.
pub async fn get_all(
    ctx: web::Data<Ctx>,
    visitor: Visitor,
    Params(args): Params<GetUsers>,
) -> Reply<Members> {
    let ids = args.user_ids.as_deref();
    let caller = match &visitor {
        Visitor::User(caller) => caller,
        Visitor::Spectator(spectator) => {
            check_anonymous(&args)?;
            let (users, sight) = users::seen_by(&ctx, spectator, ids).await?;
            let users = users.iter().filter(|user| !user.is_system_bot);
            let members = users.map(|user| UserObject::new(user, &sight, false));
            return Ok(Success::new(Members {
                members: members.collect(),
            }));
        }
    };
    let shape = Shape {
        client_gravatar: args.client_gravatar.unwrap_or(true),
        include_custom_profile_fields: args.include_custom_profile_fields.unwrap_or(false),
    };
    let (mut users, sight) = users::list(&ctx, caller, ids).await?;
    // The server's own voices are nobody's colleagues.
    users.retain(|user| !user.is_system_bot);
    let members = shape.objects(&ctx, caller, &users, &sight).await?;
    Ok(Success::new(Members { members }))
}

/// Who has no account computes no pictures from addresses, and does not read what people say of themselves.
fn check_anonymous(args: &GetUsers) -> Result<()> {
    let asked = [
        ("client_gravatar", args.client_gravatar),
        (
            "include_custom_profile_fields",
            args.include_custom_profile_fields,
        ),
    ];
    match asked.iter().find(|(_, asked)| *asked == Some(true)) {
        Some((name, _)) => Err(Error::bad_request(format!(
            "Invalid '{name}' parameter for anonymous request"
        ))),
        None => Ok(()),
    }
}

/// Answer of [`get_me`].
#[derive(Serialize, JsonSchema)]
pub struct Me {
    /// The caller.
    #[serde(flatten)]
    user: UserObject,
    /// The newest message of the realm.
    max_message_id: i64,
}

/// `GET /users/me`.
pub async fn get_me(ctx: web::Data<Ctx>, AuthedUser(caller): AuthedUser, _: NoParams) -> Reply<Me> {
    let me = User::clone(&caller.user);
    let shape = Shape {
        client_gravatar: false,
        include_custom_profile_fields: true,
    };
    let sight = users::sight(&ctx, &caller).await?;
    Ok(Success::new(Me {
        user: shape.object(&ctx, &caller, me, &sight).await?,
        max_message_id: users::max_message_id(&ctx, &caller).await?,
    }))
}

/// `GET /users/{user_id}`.
pub async fn get_by_id(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<i32>,
    Params(shape): Params<Shape>,
) -> Reply<One> {
    let user = users::access_user(&ctx, &caller, UserId(*path)).await?;
    shape.one(&ctx, &caller, user).await
}

/// `GET /users/{email}`.
pub async fn get_by_email(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(shape): Params<Shape>,
) -> Reply<One> {
    let user = users::access_user_by_email(&ctx, &caller, &path).await?;
    shape.one(&ctx, &caller, user).await
}

/// Parameters of `POST /users`.
#[derive(Deserialize, JsonSchema)]
pub struct CreateUser {
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
    /// The name.
    full_name: String,
}

/// Answer of [`create`].
#[derive(Serialize, JsonSchema)]
pub struct Created {
    /// The new user.
    user_id: UserId,
}

/// `POST /users`.
pub async fn create(
    ctx: web::Data<Ctx>,
    RealmAdmin(admin): RealmAdmin,
    Params(args): Params<CreateUser>,
) -> Reply<Created> {
    let new = users::NewPerson {
        email: &args.email,
        full_name: &args.full_name,
        password: Some(args.password),
        role: Role::Member,
    };
    let user = users::create(&ctx, &admin, new).await?;
    Ok(Success::new(Created { user_id: user.id() }))
}

/// Parameters of `PATCH /users/{user_id}`.
#[derive(Deserialize, JsonSchema)]
pub struct UpdateUser {
    /// The name.
    full_name: Option<String>,
    /// 100 owner, 200 administrator, 300 moderator, 400 member, 600 guest.
    role: Option<i16>,
    /// What to fill in.
    profile_data: Option<Vec<NewValue>>,
    /// Another e-mail address; only owners give one.
    new_email: Option<String>,
}

impl UpdateUser {
    async fn apply(&self, ctx: &Ctx, caller: &Caller, user: UserId) -> Reply {
        let invalid =
            |_| Error::bad_request("Invalid role: Value error, Not in the list of possible values");
        let role = self.role.map(Role::try_from).transpose().map_err(invalid)?;
        let edit = UserEdit {
            full_name: self.full_name.as_deref(),
            role,
            email: self.new_email.as_deref(),
        };
        users::update(ctx, caller, user, edit).await?;
        if let Some(data) = &self.profile_data {
            profile_fields::set_of(ctx, caller, user, data).await?;
        }
        Ok(Success::empty())
    }
}

/// `PATCH /users/{user_id}`.
pub async fn update(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<i32>,
    Params(args): Params<UpdateUser>,
) -> Reply {
    args.apply(&ctx, &caller, UserId(*path)).await
}

/// `PATCH /users/{email}`.
pub async fn update_by_email(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<String>,
    Params(args): Params<UpdateUser>,
) -> Reply {
    let user = users::access_user_by_email(&ctx, &caller, &path).await?;
    args.apply(&ctx, &caller, user.id()).await
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
