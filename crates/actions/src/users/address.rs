//! The address that others see.

use narrows_store::models::{Realm, User};
use narrows_store::queries::acquaintances;
use narrows_store::{Conn, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::realm_user::RealmUserEvent;
use narrows_wire::{Audience, RealmId, Role, UserId};
use serde_json::json;

use super::manage::emit_update;
use crate::access::users::{AddressVisibility, shown_email};
use crate::ctx::Ctx;
use crate::error::Result;
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

/// Shows or hides the address of a user who has been there. Events say only what each may know.
pub(super) async fn show(
    ctx: &Ctx,
    tx: &mut Tx,
    realm: &Realm,
    user: &User,
    to: AddressVisibility,
) -> Result<()> {
    let now = shown(ctx, tx, realm, user.clone(), to).await?;
    Realm::touch(tx, realm.id()).await?;
    if now.email != user.email {
        let changed = json!({ "new_email": now.email });
        emit_update(tx, realm.id(), user.id(), changed).await?;
    }
    let hidden = json!({ "delivery_email": null });
    emit_update(tx, realm.id(), user.id(), hidden).await?;
    tell(tx, realm, &now, to).await
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
