//! The state of a user's subscriptions.

use narrows_store::Conn;
use narrows_store::models::{Stream, Subscription};
use narrows_wire::events::stream::StreamObject;
use narrows_wire::events::subscription::SubscriptionObject;
use serde::Serialize;

use super::object;
use crate::access::streams::may_see;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::streams::Objects;

/// All streams that a user may see, by how they are subscribed.
#[derive(Debug, Default, Serialize)]
pub struct Gathered {
    /// Subscribed now.
    pub subscriptions: Vec<SubscriptionObject>,
    /// Subscribed once.
    pub unsubscribed: Vec<SubscriptionObject>,
    /// Never.
    pub never_subscribed: Vec<StreamObject>,
}

/// For `POST /register`. Takes the same number of queries for any number of streams.
pub async fn gather(
    conn: &mut Conn,
    caller: &Caller,
    include_subscribers: bool,
) -> Result<Gathered> {
    let objects = Objects::of_realm(conn, caller, include_subscribers).await?;
    let mut gathered = Gathered::default();
    for (stream, subscription) in Stream::all(conn, caller.realm_id(), caller.user_id()).await? {
        let active = subscription
            .as_ref()
            .is_some_and(|subscription| subscription.active);
        if may_see(&caller.user, &stream, active) {
            let stream = stream_object(&objects, caller, &stream, active, include_subscribers)?;
            gathered.push(stream, subscription.as_ref());
        }
    }
    Ok(gathered)
}

fn stream_object(
    objects: &Objects,
    caller: &Caller,
    stream: &Stream,
    active: bool,
    include_subscribers: bool,
) -> Result<StreamObject> {
    let mut object = objects.stream(stream)?;
    if include_subscribers {
        // Guests learn of other people only where they are themselves.
        let hidden = caller.user.role().is_guest() && !active;
        object.subscribers = Some(if hidden {
            vec![]
        } else {
            objects.subscribers(stream.id())
        });
    }
    Ok(object)
}

impl Gathered {
    fn push(&mut self, stream: StreamObject, subscription: Option<&Subscription>) {
        match subscription {
            Some(subscription) if subscription.active => {
                self.subscriptions.push(object(stream, subscription));
            }
            Some(subscription) => self.unsubscribed.push(object(stream, subscription)),
            None => self.never_subscribed.push(stream),
        }
    }
}

/// What the caller is subscribed to.
pub async fn list(
    ctx: &Ctx,
    caller: &Caller,
    include_subscribers: bool,
) -> Result<Vec<SubscriptionObject>> {
    let mut conn = ctx.store.read().await?;
    Ok(gather(&mut conn, caller, include_subscribers)
        .await?
        .subscriptions)
}
