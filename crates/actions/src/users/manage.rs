//! Changing and deactivating users.

use narrows_store::Tx;
use narrows_store::models::{Realm, Session, User};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Effect, ErrorCode, RealmId, Role, UserId};
use serde_json::{Value, json};

use super::address;
use super::create::{check_full_name, check_name_is_free};
use crate::access::realm::{check_change_of_role, require};
use crate::auth;
use crate::bots;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::invitations;

/// What others change of a user; `None` leaves one as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct UserEdit<'a> {
    /// The name.
    pub full_name: Option<&'a str>,
    /// The role.
    pub role: Option<Role>,
    /// The address to which mail goes and by which they log in.
    pub email: Option<&'a str>,
}

/// Changes a user: all of the edit is done or none.
pub async fn update(ctx: &Ctx, caller: &Caller, id: UserId, edit: UserEdit<'_>) -> Result<()> {
    let target = access_managed(ctx, caller, id).await?;
    let full_name = edit
        .full_name
        .map(check_full_name)
        .transpose()?
        .filter(|name| *name != target.full_name);
    let role = edit.role.filter(|role| *role != target.role());
    if let Some(role) = role {
        check_change_of_role(caller, target.role(), role)?;
    }
    let email = edit.email.filter(|email| *email != target.delivery_email);
    if let Some(email) = email {
        address::check_change(caller, &target, email)?;
    }
    if full_name.is_none() && role.is_none() && email.is_none() {
        return Ok(());
    }
    let mut tx = ctx.store.begin().await?;
    if let Some(name) = full_name {
        if !target.is_bot {
            check_name_is_free(&mut tx, &caller.realm, &name, Some(id)).await?;
        }
        User::set_full_name(&mut tx, caller.realm_id(), id, &name).await?;
        emit_update(&mut tx, caller.realm_id(), id, json!({ "full_name": name })).await?;
    }
    if let Some(role) = role {
        if target.role() == Role::Owner && target.is_active {
            let refusal =
                "The owner permission cannot be removed from the only organization owner.";
            check_not_last_owner(&mut tx, caller.realm_id(), refusal).await?;
        }
        do_set_role(&mut tx, caller.realm_id(), id, role).await?;
    }
    if let Some(email) = email {
        address::change(ctx, &mut tx, &caller.realm, &target, email).await?;
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Another role, as an operator decides.
pub async fn set_role(ctx: &Ctx, user: &User, role: Role) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    do_set_role(&mut tx, user.realm_id(), user.id(), role).await?;
    Realm::touch(&mut tx, user.realm_id()).await?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Another role; the caller of this has checked who may, and confirms the commit.
pub(crate) async fn do_set_role(
    tx: &mut Tx,
    realm: RealmId,
    user_id: UserId,
    role: Role,
) -> Result<()> {
    User::set_role(tx, realm, user_id, role).await?;
    tx.emit_effect(realm, Effect::RoleChanged { user_id, role });
    emit_update(tx, realm, user_id, json!({ "role": i16::from(role) })).await
}

/// Deactivates somebody. When this returns, nothing of theirs works any more.
pub async fn deactivate(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<()> {
    let target = access_managed(ctx, caller, id).await?;
    if target.role() == Role::Owner {
        require(caller, Role::Owner)?;
    }
    do_deactivate(ctx, &target).await
}

/// Deactivates the caller.
pub async fn deactivate_self(ctx: &Ctx, caller: &Caller) -> Result<()> {
    let done = do_deactivate(ctx, &caller.user).await;
    done.map_err(|error| match error {
        Error::Api(refusal) => Error::api(ErrorCode::CannotDeactivateLastUser, refusal.msg)
            .with("is_last_owner", true)
            .with("entity", "organization owner"),
        other => other,
    })
}

/// A person takes their bots with them.
async fn do_deactivate(ctx: &Ctx, target: &User) -> Result<()> {
    if !target.is_active {
        return Ok(());
    }
    let realm = target.realm_id();
    let mut tx = ctx.store.begin().await?;
    if target.role() == Role::Owner && !target.is_bot {
        let refusal = "Cannot deactivate the only organization owner";
        check_not_last_owner(&mut tx, realm, refusal).await?;
    }
    for bot in User::active_bots_of(&mut tx, realm, target.id()).await? {
        do_deactivate_one(&mut tx, &bot).await?;
    }
    invitations::revoke_all_by(&mut tx, realm, target.id()).await?;
    do_deactivate_one(&mut tx, target).await?;
    Realm::touch(&mut tx, realm).await?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

async fn do_deactivate_one(tx: &mut Tx, target: &User) -> Result<()> {
    let (realm, user_id) = (target.realm_id(), target.id());
    User::set_active(tx, realm, user_id, false).await?;
    Session::delete_all(tx, user_id).await?;
    auth::revoke_all(tx, realm, user_id).await?;
    emit_update(tx, realm, user_id, json!({ "is_active": false })).await?;
    if target.is_bot {
        bots::active_changed(tx, target, false)?;
    }
    tx.emit_effect(
        realm,
        Effect::KillQueues {
            user_id,
            credential: None,
        },
    );
    Ok(())
}

/// Lets somebody come back.
pub async fn reactivate(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<()> {
    let target = access_managed(ctx, caller, id).await?;
    if target.is_active {
        return Ok(());
    }
    if target.role() == Role::Owner {
        require(caller, Role::Owner)?;
    }
    let mut tx = ctx.store.begin().await?;
    User::set_active(&mut tx, caller.realm_id(), id, true).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    emit_update(&mut tx, caller.realm_id(), id, json!({ "is_active": true })).await?;
    if target.is_bot {
        bots::active_changed(&mut tx, &target, true)?;
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Tells everybody who sees a user what became of them; `changed` names what is new.
pub(crate) async fn emit_update(
    tx: &mut Tx,
    realm: RealmId,
    user: UserId,
    changed: Value,
) -> Result<()> {
    let mut person = changed;
    if let Value::Object(fields) = &mut person {
        fields.insert("user_id".to_owned(), json!(user));
    }
    let audience = address::who_sees(tx, realm, user).await?;
    Ok(tx.emit(
        realm,
        audience,
        &Event::RealmUser(RealmUserEvent::Update { person }),
    )?)
}

/// A user whom the caller may manage.
pub(crate) async fn access_managed(ctx: &Ctx, caller: &Caller, id: UserId) -> Result<User> {
    let target = super::access_user(ctx, caller, id).await?;
    let own_bot = target.is_bot && target.bot_owner_id() == Some(caller.user_id());
    if target.is_system_bot || !(caller.user.role().is_admin() || own_bot) {
        return Err(Error::insufficient_permission());
    }
    Ok(target)
}

async fn check_not_last_owner(tx: &mut Tx, realm: RealmId, refusal: &str) -> Result<()> {
    if User::lock_owners(tx, realm).await? > 1 {
        return Ok(());
    }
    Err(Error::bad_request(refusal))
}
