//! Making users, changing and deactivating them.

use narrows_store::models::{NewUser, Realm, RealmUserDefaults, Session, User};
use narrows_store::{Constraint, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Effect, ErrorCode, RealmId, Role, UserId};
use serde_json::{Value, json};

use super::{UserObject, address, is_email};
use crate::access::realm::require;
use crate::access::users::{AddressVisibility, Sight};
use crate::auth;
use crate::bots;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Settings, domains};
use crate::subscriptions::subscribe_to_defaults;

/// The most characters of a name.
const MAX_NAME: usize = 100;

/// Somebody who shall be a user.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// Their address, for mail and log-in.
    pub email: &'a str,
    /// Their name.
    pub full_name: &'a str,
    /// `None`: no log-in by password.
    pub password: Option<String>,
    /// What they may do.
    pub role: Role,
}

/// A new user of a realm. The caller has checked who may.
pub async fn create(ctx: &Ctx, caller: &Caller, new: NewPerson<'_>) -> Result<User> {
    let full_name = check_person(&new)?;
    let settings =
        RealmUserDefaults::of_realm(&mut *ctx.store.read().await?, caller.realm_id()).await?;
    let password_hash = match new.password {
        Some(password) => Some(auth::hash_password(password).await?),
        None => None,
    };
    let user = NewUser::builder()
        .realm_id(caller.realm_id())
        .email(new.email)
        .delivery_email(new.email)
        .full_name(&full_name)
        .role(new.role)
        .maybe_password_hash(password_hash.as_deref())
        .date_joined(ctx.clock.now())
        .settings(&settings)
        .build();
    do_create(ctx, caller, &user, new.email, Some(&full_name)).await
}

/// Refuses what cannot become a user; returns the name as it will be.
pub(crate) fn check_person(new: &NewPerson<'_>) -> Result<String> {
    if !is_email(new.email) {
        return Err(Error::bad_request("Enter a valid email address."));
    }
    if let Some(password) = &new.password {
        auth::check_password_strength(password)?;
    }
    check_full_name(new.full_name)
}

/// A new bot of `owner`, which speaks through the API.
pub async fn create_bot(ctx: &Ctx, owner: &Caller, email: &str, full_name: &str) -> Result<User> {
    do_create_bot(ctx, owner, email, full_name, bots::GENERIC).await
}

/// A new bot of that type.
pub(crate) async fn do_create_bot(
    ctx: &Ctx,
    owner: &Caller,
    email: &str,
    full_name: &str,
    bot_type: i16,
) -> Result<User> {
    let full_name = check_full_name(full_name)?;
    let bot = NewUser::builder()
        .realm_id(owner.realm_id())
        .email(email)
        .delivery_email(email)
        .full_name(&full_name)
        .role(Role::Member)
        .is_bot(true)
        .bot_type(bot_type)
        .bot_owner_id(owner.user_id())
        .date_joined(ctx.clock.now())
        .build();
    do_create(ctx, owner, &bot, email, None).await
}

async fn do_create(
    ctx: &Ctx,
    caller: &Caller,
    new: &NewUser<'_>,
    email: &str,
    unique_name: Option<&str>,
) -> Result<User> {
    let realm = caller.realm_id();
    let mut tx = ctx.store.begin().await?;
    if let Some(name) = unique_name {
        check_name_is_free(&mut tx, &caller.realm, name, None).await?;
        domains::check_address(&mut tx, &caller.realm, email).await?;
    }
    let user = new.insert(&mut tx).await.map_err(|error| match error {
        narrows_store::Error::Constraint(Constraint::UserEmail | Constraint::UserDeliveryEmail) => {
            Error::bad_request(format!("Email '{email}' already in use"))
        }
        other => other.into(),
    })?;
    Realm::touch(&mut tx, realm).await?;
    let visibility = AddressVisibility::of(&user);
    let user = address::shown(ctx, &mut tx, &caller.realm, user, visibility).await?;
    let all = match visibility {
        AddressVisibility::Everyone => Sight::of_role(Role::Guest),
        _ => Sight::without_addresses(),
    };
    let person = UserObject::new(&user, &all, false).with_profile_data(None);
    let person = serde_json::to_value(person)?;
    let audience = address::who_sees(&mut tx, realm, user.id()).await?;
    let event = Event::RealmUser(RealmUserEvent::Add { person });
    tx.emit(realm, audience, &event)?;
    if user.is_bot {
        bots::made(ctx, &mut tx, &user).await?;
    }
    if visibility != AddressVisibility::Everyone {
        address::tell(&mut tx, &caller.realm, &user, visibility).await?;
    }
    if !user.is_bot && !user.role().is_guest() {
        subscribe_to_defaults(&mut tx, caller, &user).await?;
    }
    drop(tx.commit().await?);
    Ok(user)
}

/// Another name or role.
pub async fn update(
    ctx: &Ctx,
    caller: &Caller,
    id: UserId,
    full_name: Option<&str>,
    role: Option<Role>,
) -> Result<()> {
    let target = access_managed(ctx, caller, id).await?;
    let full_name = full_name
        .map(check_full_name)
        .transpose()?
        .filter(|name| *name != target.full_name);
    let role = role.filter(|role| *role != target.role());
    if role.is_some_and(|role| role == Role::Owner || target.role() == Role::Owner) {
        require(caller, Role::Owner)?;
    }
    if full_name.is_none() && role.is_none() {
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

async fn do_set_role(tx: &mut Tx, realm: RealmId, user_id: UserId, role: Role) -> Result<()> {
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
    do_deactivate(ctx, &caller.user).await
}

async fn do_deactivate(ctx: &Ctx, target: &User) -> Result<()> {
    if !target.is_active {
        return Ok(());
    }
    let (realm, user_id) = (target.realm_id(), target.id());
    let mut tx = ctx.store.begin().await?;
    if target.role() == Role::Owner && !target.is_bot {
        let refusal = "Cannot deactivate the only organization owner";
        check_not_last_owner(&mut tx, realm, refusal).await?;
    }
    User::set_active(&mut tx, realm, user_id, false).await?;
    Session::delete_all(&mut tx, user_id).await?;
    auth::revoke_all(&mut tx, realm, user_id).await?;
    Realm::touch(&mut tx, realm).await?;
    emit_update(&mut tx, realm, user_id, json!({ "is_active": false })).await?;
    if target.is_bot {
        bots::active_changed(&mut tx, target, false)?;
    }
    tx.emit_effect(
        realm,
        Effect::KillQueues {
            user_id,
            credential: None,
        },
    );
    tx.commit().await?.confirmed().await;
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
    let error = Error::api(ErrorCode::CannotDeactivateLastUser, refusal);
    Err(error
        .with("is_last_owner", true)
        .with("entity", "organization owner"))
}

/// Where names are unique, refuses one that somebody else has.
pub(super) async fn check_name_is_free(
    tx: &mut Tx,
    realm: &Realm,
    name: &str,
    whose: Option<UserId>,
) -> Result<()> {
    if !Settings::of(realm).require_unique_names {
        return Ok(());
    }
    // Two who want the same name at once take turns.
    Realm::lock(tx, realm.id()).await?;
    match User::is_name_taken(tx, realm.id(), name, whose).await? {
        true => Err(Error::bad_request(
            "Unique names required in this organization.",
        )),
        false => Ok(()),
    }
}

/// A name without what mentions and clients cannot show.
pub fn check_full_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.chars().count() > MAX_NAME {
        return Err(Error::bad_request("Name too long!"));
    }
    if name.chars().count() < 2 {
        return Err(Error::bad_request("Name too short!"));
    }
    if name
        .chars()
        .any(|c| "*`\\>\"@".contains(c) || c.is_control())
    {
        return Err(Error::bad_request("Invalid characters in name!"));
    }
    // What a mention needs to tell namesakes apart.
    let after_bar = name.rsplit_once('|').map_or("x", |(_, after)| after);
    if !after_bar.is_empty() && after_bar.chars().all(|c| c.is_ascii_digit()) {
        return Err(Error::bad_request("Invalid format!"));
    }
    Ok(name.to_owned())
}
