//! Closing an organisation, and opening it again.

use narrows_store::models::{Realm, Session};
use narrows_wire::events::realm::RealmEvent;
use narrows_wire::{Audience, Effect, Event, RealmId};

use crate::ctx::Ctx;
use crate::error::Result;

/// Closes an organisation: nobody gets in any more, nothing of it is lost. When this returns, everybody is out.
pub async fn deactivate(ctx: &Ctx, id: RealmId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    if Realm::lock(&mut tx, id).await?.deactivated_at.is_some() {
        return Ok(());
    }
    Realm::set_deactivated(&mut tx, id, Some(ctx.clock.now())).await?;
    Session::delete_all_of_realm(&mut tx, id).await?;
    let event = Event::Realm(RealmEvent::Deactivated { realm_id: id });
    tx.emit(id, Audience::realm(), &event)?;
    tx.emit_effect(id, Effect::CloseRealm);
    tx.commit().await?.confirmed().await;
    Ok(())
}

/// Opens it again, as an operator decides.
pub async fn reactivate(ctx: &Ctx, id: RealmId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    Realm::set_deactivated(&mut tx, id, None).await?;
    drop(tx.commit().await?);
    Ok(())
}
