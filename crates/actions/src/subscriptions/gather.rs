//! The state of a user's subscriptions.

use narrows_store::Conn;
use narrows_store::models::{Stream, Subscription};
use narrows_wire::StreamId;
use narrows_wire::events::stream::StreamObject;
use narrows_wire::events::subscription::SubscriptionObject;

use super::object;
use crate::access::streams::may_see;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::streams::Objects;
use crate::users::Settings;

/// All streams that a user may see, by id.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Subscribed now.
    pub subscriptions: Vec<SubscriptionObject>,
    /// Subscribed once.
    pub unsubscribed: Vec<SubscriptionObject>,
    /// Never.
    pub never_subscribed: Vec<StreamObject>,
    /// All of these, without subscribers.
    pub streams: Vec<StreamObject>,
    /// Those that new users are subscribed to.
    pub defaults: Vec<StreamId>,
}

/// For `POST /register`. Takes the same number of queries for any number of streams. `conn` sees only what is committed,
/// and `caller` as it was read from it.
pub async fn gather(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    include_subscribers: bool,
    with_archived: bool,
) -> Result<Gathered> {
    let (realm, user) = (caller.realm_id(), caller.user_id());
    let all = Stream::all(conn, realm, user, with_archived).await?;
    let streams = all.iter().map(|(stream, _)| stream);
    let objects = Objects::of_realm(ctx, conn, &caller.realm, streams).await?;
    let mut gathered = Gathered::default();
    for (stream, subscription) in &all {
        let active = subscription
            .as_ref()
            .is_some_and(|subscription| subscription.active);
        if !may_see(&caller.user, stream, active) {
            continue;
        }
        let mut object = objects.stream(stream)?;
        gathered.streams.push(object.clone());
        if stream.is_default {
            gathered.defaults.push(stream.id());
        }
        if include_subscribers {
            // Guests learn of other people only where they are themselves, or where the whole web may look.
            let hidden = caller.user.role().is_guest() && !active && !stream.is_web_public;
            object.subscribers = Some(match hidden {
                true => vec![],
                false => objects.subscribers(stream.id()),
            });
        }
        gathered.push(object, subscription.as_ref());
    }
    Ok(gathered)
}

impl Gathered {
    /// For clients that do not know that null stands for what the user's settings say. That of wildcards came later, so
    /// that all who show it know.
    pub fn spell_out(&mut self, settings: &Settings) {
        for subscription in self.subscriptions.iter_mut().chain(&mut self.unsubscribed) {
            let own = &mut subscription.personal;
            for (setting, default) in [
                (
                    &mut own.desktop_notifications,
                    settings.enable_stream_desktop_notifications,
                ),
                (
                    &mut own.audible_notifications,
                    settings.enable_stream_audible_notifications,
                ),
                (
                    &mut own.push_notifications,
                    settings.enable_stream_push_notifications,
                ),
                (
                    &mut own.email_notifications,
                    settings.enable_stream_email_notifications,
                ),
            ] {
                setting.get_or_insert(default);
            }
        }
    }

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
    let gathered = gather(ctx, &mut conn, caller, include_subscribers, false).await?;
    Ok(gathered.subscriptions)
}
