//! Subscriptions: how a user treats a stream. Who is subscribed changes in [`crate::queries::memberships`] only.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use narrows_wire::{StreamId, UserId};

use crate::error::Result;
use crate::models::found;
use crate::schema::subscriptions;
use crate::store::Conn;

/// How a user treats a stream that they are or were subscribed to.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = subscriptions, check_for_backend(diesel::pg::Pg))]
pub struct Subscription {
    user_id: i32,
    stream_id: i32,
    /// Subscribed now.
    pub active: bool,
    /// "#rrggbb".
    pub color: String,
    /// Muted.
    pub is_muted: bool,
    /// Shown on top.
    pub pin_to_top: bool,
    /// `None` = as the user's settings say; likewise below.
    pub desktop_notifications: Option<bool>,
    /// By sound.
    pub audible_notifications: Option<bool>,
    /// On phones.
    pub push_notifications: Option<bool>,
    /// By mail.
    pub email_notifications: Option<bool>,
    /// Of `@**all**` and the like.
    pub wildcard_mentions_notify: Option<bool>,
}

/// One personal property of a subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubscriptionProperty {
    /// See [`Subscription::color`].
    Color(String),
    /// See [`Subscription::is_muted`].
    IsMuted(bool),
    /// See [`Subscription::pin_to_top`].
    PinToTop(bool),
    /// See [`Subscription::desktop_notifications`].
    DesktopNotifications(Option<bool>),
    /// See [`Subscription::audible_notifications`].
    AudibleNotifications(Option<bool>),
    /// See [`Subscription::push_notifications`].
    PushNotifications(Option<bool>),
    /// See [`Subscription::email_notifications`].
    EmailNotifications(Option<bool>),
    /// See [`Subscription::wildcard_mentions_notify`].
    WildcardMentionsNotify(Option<bool>),
}

/// The property as columns: `None` leaves one as it is.
#[derive(Default, AsChangeset)]
#[diesel(table_name = subscriptions)]
struct Columns<'a> {
    color: Option<&'a str>,
    is_muted: Option<bool>,
    pin_to_top: Option<bool>,
    desktop_notifications: Option<Option<bool>>,
    audible_notifications: Option<Option<bool>>,
    push_notifications: Option<Option<bool>>,
    email_notifications: Option<Option<bool>>,
    wildcard_mentions_notify: Option<Option<bool>>,
}

impl SubscriptionProperty {
    fn columns(&self) -> Columns<'_> {
        let none = Columns::default();
        match self {
            Self::Color(color) => Columns {
                color: Some(color),
                ..none
            },
            Self::IsMuted(on) => Columns {
                is_muted: Some(*on),
                ..none
            },
            Self::PinToTop(on) => Columns {
                pin_to_top: Some(*on),
                ..none
            },
            Self::DesktopNotifications(on) => Columns {
                desktop_notifications: Some(*on),
                ..none
            },
            Self::AudibleNotifications(on) => Columns {
                audible_notifications: Some(*on),
                ..none
            },
            Self::PushNotifications(on) => Columns {
                push_notifications: Some(*on),
                ..none
            },
            Self::EmailNotifications(on) => Columns {
                email_notifications: Some(*on),
                ..none
            },
            Self::WildcardMentionsNotify(on) => Columns {
                wildcard_mentions_notify: Some(*on),
                ..none
            },
        }
    }
}

impl Subscription {
    /// Whose.
    pub fn user_id(&self) -> UserId {
        UserId(self.user_id)
    }

    /// To what.
    pub fn stream_id(&self) -> StreamId {
        StreamId(self.stream_id)
    }

    /// Whether a user has muted a stream that was found in their realm.
    pub async fn is_muted(conn: &mut Conn, user: UserId, stream: StreamId) -> Result<bool> {
        let query = subscriptions::table
            .filter(subscriptions::user_id.eq(user.0))
            .filter(subscriptions::stream_id.eq(stream.0))
            .filter(subscriptions::active);
        let muted: Option<bool> = query
            .select(subscriptions::is_muted)
            .first(conn)
            .await
            .optional()?;
        Ok(muted.unwrap_or(false))
    }

    /// How these users treat a stream that was found in their realm; by user.
    pub async fn of_users(
        conn: &mut Conn,
        stream: StreamId,
        users: &[UserId],
    ) -> Result<Vec<Subscription>> {
        let users: Vec<i32> = users.iter().map(|user| user.0).collect();
        let query = subscriptions::table.filter(subscriptions::stream_id.eq(stream.0));
        let query = query
            .filter(subscriptions::user_id.eq_any(users))
            .order(subscriptions::user_id);
        Ok(query.select(Subscription::as_select()).load(conn).await?)
    }

    /// Sets a property of a user's subscription to a stream that was found in their realm.
    pub async fn set(
        conn: &mut Conn,
        user: UserId,
        stream: StreamId,
        property: &SubscriptionProperty,
    ) -> Result<()> {
        let row = subscriptions::table
            .find((user.0, stream.0))
            .filter(subscriptions::active.eq(true));
        found(
            diesel::update(row)
                .set(property.columns())
                .execute(conn)
                .await?,
        )
    }
}
