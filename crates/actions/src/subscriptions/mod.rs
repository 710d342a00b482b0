//! Who is subscribed to what, and how they treat it.

mod add;
mod create_channel;
mod gather;
mod principals;
mod properties;
mod remove;

use narrows_store::models::{Subscription, User};
use narrows_wire::events::stream::StreamObject;
use narrows_wire::events::subscription::{Personal, SubscriptionObject};
use narrows_wire::{StreamId, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::streams::access_stream_by_id;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

pub(crate) use add::subscribe_newcomer;
pub use add::{NewSubscription, Subscribe, Subscribed, subscribe};
pub use create_channel::{NewChannel, create_channel};
pub use gather::{Gathered, gather, list};
pub use principals::Principal;
pub use properties::{PropertyChange, set_properties};
pub use remove::{Unsubscribe, Unsubscribed, unsubscribe};

/// What adding and removing in one request came to.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Changed {
    /// If something was to be added.
    #[serde(flatten)]
    pub added: Option<Subscribed>,
    /// If something was to be removed.
    #[serde(flatten)]
    pub removed: Option<Unsubscribed>,
}

/// Subscribes and unsubscribes, all or nothing.
pub async fn change(
    ctx: &Ctx,
    caller: &Caller,
    add: Option<Subscribe>,
    remove: Option<Unsubscribe>,
) -> Result<Changed> {
    if add.is_none() && remove.is_none() {
        let msg = "Nothing to do. Specify at least one of \"add\" or \"delete\".";
        return Err(Error::bad_request(msg));
    }
    let mut tx = ctx.store.begin().await?;
    let mut changed = Changed::default();
    if let Some(add) = add {
        changed.added = Some(add::subscribe_in(ctx, &mut tx, caller, &add).await?);
    }
    if let Some(remove) = remove {
        changed.removed = Some(remove::unsubscribe_in(&mut tx, caller, &remove).await?);
    }
    tx.commit().await?.confirmed().await;
    Ok(changed)
}

/// A stream that somebody is or was subscribed to, as the API shows it.
pub fn object(stream: StreamObject, subscription: &Subscription) -> SubscriptionObject {
    SubscriptionObject {
        stream,
        personal: personal(subscription),
    }
}

fn personal(subscription: &Subscription) -> Personal {
    Personal {
        color: subscription.color.clone(),
        is_muted: subscription.is_muted,
        in_home_view: !subscription.is_muted,
        pin_to_top: subscription.pin_to_top,
        desktop_notifications: subscription.desktop_notifications,
        audible_notifications: subscription.audible_notifications,
        push_notifications: subscription.push_notifications,
        email_notifications: subscription.email_notifications,
        wildcard_mentions_notify: subscription.wildcard_mentions_notify,
    }
}

/// Whether a user is subscribed to a stream that the caller may see.
pub async fn is_subscribed(
    ctx: &Ctx,
    caller: &Caller,
    user: UserId,
    stream: StreamId,
) -> Result<bool> {
    let mut conn = ctx.store.read().await?;
    let user = User::find(&mut conn, caller.realm_id(), user).await;
    let user = user.map_err(|error| Error::from(error).or_missing(principals::no_such_user))?;
    let access = access_stream_by_id(&mut conn, caller, stream).await?;
    let found = Subscription::of_users(&mut conn, access.stream.id(), &[user.id()]).await?;
    Ok(found.iter().any(|subscription| subscription.active))
}
