//! Making users.

use narrows_store::models::{NewUser, Realm, RealmUserDefaults, Stream, User};
use narrows_store::{Constraint, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Role, UserId};
use serde_json::Value;

use super::{UserObject, address, is_email};
use crate::access::users::{AddressVisibility, Sight};
use crate::auth;
use crate::bots;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Settings, domains};
use crate::subscriptions::subscribe_newcomer;

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
    let person = prepare(ctx, &caller.realm, new).await?;
    let mut tx = ctx.store.begin().await?;
    let streams = match person.role.is_guest() {
        true => vec![],
        false => Stream::defaults(&mut tx, caller.realm_id()).await?,
    };
    let user = join(ctx, &mut tx, caller, &person, &streams).await?;
    drop(tx.commit().await?);
    Ok(user)
}

/// Somebody who can become a user of a realm.
pub(crate) struct Prepared<'a> {
    email: &'a str,
    full_name: String,
    password_hash: Option<String>,
    role: Role,
    settings: Value,
}

/// Checks who shall be a user, and does what takes long.
pub(crate) async fn prepare<'a>(
    ctx: &Ctx,
    realm: &Realm,
    new: NewPerson<'a>,
) -> Result<Prepared<'a>> {
    let full_name = check_person(&new)?;
    let settings = RealmUserDefaults::of_realm(&mut *ctx.store.read().await?, realm.id()).await?;
    let password_hash = match new.password {
        Some(password) => Some(auth::hash_password(password).await?),
        None => None,
    };
    Ok(Prepared {
        email: new.email,
        full_name,
        password_hash,
        role: new.role,
        settings,
    })
}

/// Makes somebody a user who is subscribed to these streams. The caller has checked who may.
pub(crate) async fn join(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    person: &Prepared<'_>,
    streams: &[Stream],
) -> Result<User> {
    check_name_is_free(tx, &caller.realm, &person.full_name, None).await?;
    domains::check_address(tx, &caller.realm, person.email).await?;
    let user = NewUser::builder()
        .realm_id(caller.realm_id())
        .email(person.email)
        .delivery_email(person.email)
        .full_name(&person.full_name)
        .role(person.role)
        .maybe_password_hash(person.password_hash.as_deref())
        .date_joined(ctx.clock.now())
        .settings(&person.settings)
        .build();
    do_create(ctx, tx, caller, &user, person.email, streams).await
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
    let mut tx = ctx.store.begin().await?;
    let bot = do_create(ctx, &mut tx, owner, &bot, email, &[]).await?;
    drop(tx.commit().await?);
    Ok(bot)
}

async fn do_create(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    new: &NewUser<'_>,
    email: &str,
    streams: &[Stream],
) -> Result<User> {
    let realm = caller.realm_id();
    let user = new.insert(tx).await.map_err(|error| match error {
        narrows_store::Error::Constraint(Constraint::UserEmail | Constraint::UserDeliveryEmail) => {
            Error::bad_request(format!("Email '{email}' already in use"))
        }
        other => other.into(),
    })?;
    Realm::touch(tx, realm).await?;
    let visibility = AddressVisibility::of(&user);
    let user = address::shown(ctx, tx, &caller.realm, user, visibility).await?;
    let all = match visibility {
        AddressVisibility::Everyone => Sight::of_role(Role::Guest),
        _ => Sight::without_addresses(),
    };
    let person = UserObject::new(&user, &all, false).with_profile_data(None);
    let person = serde_json::to_value(person)?;
    let audience = address::who_sees(tx, realm, user.id()).await?;
    let event = Event::RealmUser(RealmUserEvent::Add { person });
    tx.emit(realm, audience, &event)?;
    if user.is_bot {
        bots::made(ctx, tx, &user).await?;
    }
    if visibility != AddressVisibility::Everyone {
        address::tell(tx, &caller.realm, &user, visibility).await?;
    }
    if !streams.is_empty() {
        subscribe_newcomer(tx, caller, &user, streams).await?;
    }
    Ok(user)
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
