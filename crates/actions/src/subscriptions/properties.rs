//! How a user treats a stream: colour, muting, notifications.

use narrows_store::models::{Subscription, SubscriptionProperty};
use narrows_wire::events::Event;
use narrows_wire::events::subscription::SubscriptionEvent;
use narrows_wire::{Audience, StreamId};
use serde_json::Value;

use crate::access::streams::access_stream_by_id;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// One property as a request sets it.
#[derive(Clone, Debug)]
pub struct PropertyChange {
    /// Of which stream.
    pub stream_id: StreamId,
    /// Which property, by its name in the API.
    pub property: String,
    /// The new value.
    pub value: Value,
}

/// Sets properties, all or none.
pub async fn set_properties(ctx: &Ctx, caller: &Caller, changes: &[PropertyChange]) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    for (at, change) in changes.iter().enumerate() {
        check_property(&change.property)?;
        let access = access_stream_by_id(&mut tx, caller, change.stream_id).await?;
        let stream = access.stream.id();
        if !access.is_subscribed() {
            return Err(Error::bad_request(format!(
                "Not subscribed to channel id {stream}"
            )));
        }
        let property = parse(at, &change.property, &change.value)?;
        Subscription::set(&mut tx, caller.user_id(), stream, &property).await?;
        for (property, value) in shown(property) {
            let event = SubscriptionEvent::Update {
                stream_id: stream,
                property,
                value,
            };
            let me = Audience::users([caller.user_id()]);
            tx.emit(caller.realm_id(), me, &Event::Subscription(event))?;
        }
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Every property there is.
const PROPERTIES: [&str; 9] = [
    "color",
    "is_muted",
    "in_home_view",
    "pin_to_top",
    "desktop_notifications",
    "audible_notifications",
    "push_notifications",
    "email_notifications",
    "wildcard_mentions_notify",
];

fn check_property(name: &str) -> Result<()> {
    match PROPERTIES.contains(&name) {
        true => Ok(()),
        false => Err(Error::bad_request(format!(
            "Unknown subscription property: {name}"
        ))),
    }
}

fn parse(at: usize, property: &str, value: &Value) -> Result<SubscriptionProperty> {
    if !(value.is_string() || value.is_boolean() || value.is_null()) {
        let msg = format!("subscription_data[{at}][\"value\"] is not an allowed_type");
        return Err(Error::bad_request(msg));
    }
    let boolean = || {
        value
            .as_bool()
            .ok_or_else(|| Error::bad_request(format!("{property} is not a boolean")))
    };
    // `null` = as the user's settings say.
    let optional = || {
        if value.is_null() {
            Ok(None)
        } else {
            boolean().map(Some)
        }
    };
    Ok(match property {
        "color" => {
            let color = value
                .as_str()
                .ok_or_else(|| Error::bad_request("color is not a string"))?;
            check_color(property, color)?;
            SubscriptionProperty::Color(color.to_owned())
        }
        "is_muted" => SubscriptionProperty::IsMuted(boolean()?),
        "in_home_view" => SubscriptionProperty::IsMuted(!boolean()?),
        "pin_to_top" => SubscriptionProperty::PinToTop(boolean()?),
        "desktop_notifications" => SubscriptionProperty::DesktopNotifications(optional()?),
        "audible_notifications" => SubscriptionProperty::AudibleNotifications(optional()?),
        "push_notifications" => SubscriptionProperty::PushNotifications(optional()?),
        "email_notifications" => SubscriptionProperty::EmailNotifications(optional()?),
        "wildcard_mentions_notify" => SubscriptionProperty::WildcardMentionsNotify(optional()?),
        other => return Err(Error::Internal(format!("a property {other}").into())),
    })
}

/// "#rgb" or "#rrggbb"; `name` is what the request calls it.
pub(super) fn check_color(name: &str, color: &str) -> Result<()> {
    let digits = color.strip_prefix('#').unwrap_or_default();
    if matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Ok(());
    }
    let msg = format!("{name} is not a valid hex color code");
    Err(Error::bad_request(msg))
}

/// The property as events show it: muting under both its names.
fn shown(property: SubscriptionProperty) -> Vec<(&'static str, Value)> {
    match property {
        SubscriptionProperty::Color(color) => vec![("color", color.into())],
        SubscriptionProperty::IsMuted(on) => {
            vec![("in_home_view", (!on).into()), ("is_muted", on.into())]
        }
        SubscriptionProperty::PinToTop(on) => vec![("pin_to_top", on.into())],
        SubscriptionProperty::DesktopNotifications(on) => {
            vec![("desktop_notifications", on.into())]
        }
        SubscriptionProperty::AudibleNotifications(on) => {
            vec![("audible_notifications", on.into())]
        }
        SubscriptionProperty::PushNotifications(on) => vec![("push_notifications", on.into())],
        SubscriptionProperty::EmailNotifications(on) => vec![("email_notifications", on.into())],
        SubscriptionProperty::WildcardMentionsNotify(on) => {
            vec![("wildcard_mentions_notify", on.into())]
        }
    }
}
