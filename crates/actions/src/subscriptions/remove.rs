//! Unsubscribing.

use narrows_store::Tx;
use narrows_store::models::{Stream, User};
use narrows_store::queries::memberships::{self, Changed};
use narrows_wire::events::Event;
use narrows_wire::events::subscription::{StreamName, SubscriptionEvent};
use narrows_wire::{Audience, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Principal, principals};
use crate::access::streams::{StreamAccess, access_streams_by_name, is_granted, may_see};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::streams::{audience, emit_delete};
use crate::unread;

/// The right to unsubscribe others.
const REMOVERS: &str = "can_remove_subscribers_group";

/// A request to unsubscribe people.
#[derive(Clone, Debug)]
pub struct Unsubscribe {
    /// From what, by name.
    pub streams: Vec<String>,
    /// Whom; the caller if empty.
    pub principals: Vec<Principal>,
}

/// What came of it: a stream's name for each user.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Unsubscribed {
    /// They are no longer subscribed.
    pub removed: Vec<String>,
    /// They were not subscribed before.
    pub not_removed: Vec<String>,
}

/// Unsubscribes people. Once it is done, no event of a stream that they lost reaches them any more.
pub async fn unsubscribe(ctx: &Ctx, caller: &Caller, request: Unsubscribe) -> Result<Unsubscribed> {
    let mut tx = ctx.store.begin().await?;
    let unsubscribed = unsubscribe_in(&mut tx, caller, &request).await?;
    tx.commit().await?.confirmed().await;
    Ok(unsubscribed)
}

/// Unsubscribes people in a transaction.
pub(super) async fn unsubscribe_in(
    tx: &mut Tx,
    caller: &Caller,
    request: &Unsubscribe,
) -> Result<Unsubscribed> {
    let names: Vec<&str> = request.streams.iter().map(|name| name.trim()).collect();
    let first = access_all(tx, caller, &names).await?;
    let users = principals::find(tx, caller, &request.principals).await?;
    check_principals(tx, caller, &users, &first).await?;
    memberships::lock_all(tx, first.iter().map(|access| &*access.stream)).await?;
    let accesses = access_all(tx, caller, &names).await?;
    let ids: Vec<UserId> = users.iter().map(User::id).collect();
    let changes = accesses
        .iter()
        .map(|access| memberships::Change::leave(&access.stream, ids.clone()));
    let left = memberships::change(tx, caller.realm_id(), changes.collect()).await?;
    let mut report = Unsubscribed::default();
    for access in &accesses {
        let Some(change) = left
            .iter()
            .find(|change| change.stream_id == access.stream.id())
        else {
            continue;
        };
        if !change.left.is_empty() {
            emit(tx, caller, &access.stream, &users, change).await?;
            let recipient = access.stream.recipient_id();
            unread::forget_stream(tx, caller.realm_id(), &change.left, recipient).await?;
        }
        let name = |_: &User| access.stream.name.clone();
        let (left, others): (Vec<&User>, Vec<&User>) = users
            .iter()
            .partition(|user| change.left.contains(&user.id()));
        report.removed.extend(left.into_iter().map(name));
        report.not_removed.extend(others.into_iter().map(name));
    }
    Ok(report)
}

/// The streams of these names; an error if the caller sees no stream of one of them.
async fn access_all(tx: &mut Tx, caller: &Caller, names: &[&str]) -> Result<Vec<StreamAccess>> {
    let accesses = access_streams_by_name(tx, caller, names).await?;
    let is_there = |name: &str| {
        let name = name.to_lowercase();
        accesses
            .iter()
            .any(|access| access.stream.name.to_lowercase() == name)
    };
    let missing: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !is_there(name))
        .collect();
    if missing.is_empty() {
        return Ok(accesses);
    }
    Err(Error::bad_request(format!(
        "Channel(s) ({}) do not exist",
        missing.join(", ")
    )))
}

/// Everybody may unsubscribe themselves and their bots; administrators, and whom each of the streams lets, everybody.
async fn check_principals(
    tx: &mut Tx,
    caller: &Caller,
    users: &[User],
    accesses: &[StreamAccess],
) -> Result<()> {
    let me = caller.user_id();
    let own = |user: &User| user.id() == me || user.bot_owner_id() == Some(me);
    if users.iter().all(own) {
        return Ok(());
    }
    for access in accesses {
        let may = match access.stream.permissions.get(REMOVERS) {
            Some(_) => is_granted(tx, caller, &access.stream, REMOVERS).await?,
            None => caller.user.role().is_admin(),
        };
        if !may {
            return Err(Error::insufficient_permission());
        }
    }
    Ok(())
}

async fn emit(
    tx: &mut Tx,
    caller: &Caller,
    stream: &Stream,
    users: &[User],
    change: &Changed,
) -> Result<()> {
    let realm = caller.realm_id();
    let left = &change.left;
    let gone = StreamName {
        name: stream.name.clone(),
        stream_id: stream.id(),
    };
    let event = SubscriptionEvent::Remove {
        subscriptions: vec![gone],
    };
    tx.emit(
        realm,
        Audience::users(left.iter().copied()),
        &Event::Subscription(event),
    )?;
    let (still_see, blind): (Vec<&User>, Vec<&User>) = users
        .iter()
        .filter(|user| left.contains(&user.id()))
        .partition(|user| may_see(user, stream, false));
    if !blind.is_empty() {
        let blind = Audience::users(blind.into_iter().map(User::id));
        emit_delete(tx, caller, stream, blind).await?;
    }
    let peer_remove = |user_ids: Vec<UserId>| {
        Event::Subscription(SubscriptionEvent::PeerRemove {
            stream_ids: vec![stream.id()],
            user_ids,
        })
    };
    let others = audience(tx, stream, change.version)
        .await?
        .but(left.iter().copied());
    tx.emit(realm, others, &peer_remove(left.clone()))?;
    // Those who left together hear of each other; of oneself one has heard already, and hears nothing new.
    let together = still_see.iter().filter(|user| !user.role().is_guest());
    let together: Vec<UserId> = together.map(|user| user.id()).collect();
    if left.len() > 1 && !together.is_empty() {
        tx.emit(realm, Audience::users(together), &peer_remove(left.clone()))?;
    }
    Ok(())
}
