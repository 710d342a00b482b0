//! The address that others see.

use narrows_store::models::{Realm, User};
use narrows_store::queries::acquaintances;
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Audience, RealmId, Role, UserId};
use serde_json::json;

use super::is_email;
use super::manage::emit_update;
use crate::access::users::{AddressVisibility, shown_email};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pictures::announce_avatar;
use crate::realms::{Permitted, Policy, Right, Settings};

/// Everybody to whom a user is there: members, and guests who see all or know them.
pub(crate) async fn who_sees(conn: &mut Conn, realm: RealmId, user: UserId) -> Result<Audience> {
    let stored = Realm::find(conn, realm).await?;
    if Settings::of(&stored).permitted(Right::AccessAllUsers) == Permitted::By(Policy::Everyone) {
        return Ok(Audience::realm());
    }
    // Knowing somebody is mutual.
    let known = acquaintances::of(conn, realm, user).await?;
    Ok(Audience::role(Role::Member).and(known.into_iter().chain([user])))
}

/// The user with the address that everybody is to see; stored, but not told.
pub(super) async fn shown(
    ctx: &Ctx,
    tx: &mut Tx,
    realm: &Realm,
    mut user: User,
    to: AddressVisibility,
) -> Result<User> {
    let email = shown_email(ctx, realm, user.id(), &user.delivery_email, to);
    if email != user.email {
        User::set_addresses(tx, realm.id(), user.id(), &email, &user.delivery_email).await?;
        user.email = email;
    }
    Ok(user)
}

/// Shows or hides the address of a user who has been there: tells those for whom that changes something.
pub(super) async fn show(
    ctx: &Ctx,
    tx: &mut Tx,
    realm: &Realm,
    user: &User,
    to: AddressVisibility,
) -> Result<()> {
    let from = AddressVisibility::of(user);
    let now = shown(ctx, tx, realm, user.clone(), to).await?;
    Realm::touch(tx, realm.id()).await?;
    if from.least() != to.least() {
        let gained = from.least() < to.least();
        let (beyond, least) = match gained {
            true => (from.least(), to.least()),
            false => (to.least(), from.least()),
        };
        let person = json!({
            "user_id": user.id(),
            "delivery_email": gained.then_some(&user.delivery_email),
        });
        let event = Event::RealmUser(RealmUserEvent::Update { person });
        let told = between(tx, realm, user.id(), beyond, least).await?;
        tx.emit(realm.id(), told, &event)?;
    }
    if now.email != user.email {
        let changed = json!({ "new_email": now.email });
        emit_update(tx, realm.id(), user.id(), changed).await?;
        // Whether others know the Gravatar depends on the address.
        announce_avatar(tx, &now).await?;
    }
    Ok(())
}

/// Who sees a user and has a role less powerful than `beyond`, down to `least`; not the user.
async fn between(
    conn: &mut Conn,
    realm: &Realm,
    user: UserId,
    beyond: Option<Role>,
    least: Option<Role>,
) -> Result<Audience> {
    let Some(least) = least else {
        return Ok(Audience::default());
    };
    let seen = who_sees(conn, realm.id(), user).await?;
    let all = least < Role::Guest || seen.plus.is_empty();
    let told = match all {
        true => Audience::roles(beyond, least),
        false => {
            let known = User::find_many(conn, realm.id(), &seen.plus).await?;
            let guests = known.iter().filter(|one| one.role().is_guest());
            Audience::roles(beyond, Role::Member).and(guests.map(User::id))
        }
    };
    Ok(told.but([user]))
}

/// Tells the address to those who may know it.
pub(super) async fn tell(
    tx: &mut Tx,
    realm: &Realm,
    user: &User,
    to: AddressVisibility,
) -> Result<()> {
    let audience = match to.least() {
        Some(Role::Guest) => who_sees(tx, realm.id(), user.id()).await?,
        Some(least) => Audience::role(least).and([user.id()]),
        None => Audience::users([user.id()]),
    };
    let person = json!({ "user_id": user.id(), "delivery_email": user.delivery_email });
    let event = Event::RealmUser(RealmUserEvent::Update { person });
    Ok(tx.emit(realm.id(), audience, &event)?)
}

/// Whether the caller may give a user another address. It is the key to the account, so only owners do that.
pub(super) fn check_change(caller: &Caller, user: &User, email: &str) -> Result<()> {
    if caller.user.role() != Role::Owner || user.is_bot {
        return Err(Error::bad_request(
            "User not authorized to change user emails",
        ));
    }
    match is_email(email) {
        true => Ok(()),
        false => Err(Error::bad_request("Invalid new email address.")),
    }
}

/// Gives a user another address, and tells it to those who may know it.
pub(super) async fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    realm: &Realm,
    user: &User,
    email: &str,
) -> Result<()> {
    let visibility = AddressVisibility::of(user);
    let shown = shown_email(ctx, realm, user.id(), email, visibility);
    User::set_addresses(tx, realm.id(), user.id(), &shown, email)
        .await
        .map_err(|error| match error {
            StoreError::Constraint(Constraint::UserEmail | Constraint::UserDeliveryEmail) => {
                Error::bad_request("New email value error: Already has an account.")
            }
            other => other.into(),
        })?;
    let mut now = user.clone();
    now.email = shown;
    now.delivery_email = email.to_owned();
    tell(tx, realm, &now, visibility).await?;
    if now.email != user.email {
        let changed = json!({ "new_email": now.email });
        emit_update(tx, realm.id(), user.id(), changed).await?;
    }
    announce_avatar(tx, &now).await
}
