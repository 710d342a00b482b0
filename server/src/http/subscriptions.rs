//! Who is subscribed to what.

use std::borrow::Cow;
use std::fmt;

use actix_web::web;
use narrows_actions::streams::{NewStreamSettings, Notices};
use narrows_actions::subscriptions::{
    self, Changed, NewSubscription, Principal, PropertyChange, Subscribe, Subscribed, Unsubscribe,
    Unsubscribed,
};
use narrows_actions::{Ctx, Error};
use narrows_store::models::PostPolicy;
use narrows_wire::events::subscription::SubscriptionObject;
use narrows_wire::{StreamId, UserId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize as De, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::streams::{post_policy, stream_id, with_new_stream};
use crate::error::ServerError;
use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// A user, by id or address.
pub struct Who(Principal);

impl JsonSchema for Who {
    fn schema_name() -> Cow<'static, str> {
        "Who".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["integer", "string"] })
    }
}

impl<'de> De<'de> for Who {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
            type Value = Who;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a user id or an e-mail address")
            }

            fn visit_i64<E: serde::de::Error>(self, id: i64) -> Result<Who, E> {
                let id = i32::try_from(id).map_err(|_| E::custom("No such user"))?;
                Ok(Who(Principal::Id(UserId(id))))
            }

            fn visit_u64<E: serde::de::Error>(self, id: u64) -> Result<Who, E> {
                let id = i32::try_from(id).map_err(|_| E::custom("No such user"))?;
                Ok(Who(Principal::Id(UserId(id))))
            }

            fn visit_str<E: serde::de::Error>(self, email: &str) -> Result<Who, E> {
                Ok(Who(Principal::Email(email.to_owned())))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

fn principals(who: Option<Vec<Who>>) -> Vec<Principal> {
    who.unwrap_or_default()
        .into_iter()
        .map(|who| who.0)
        .collect()
}

/// A stream to be subscribed to.
#[derive(Deserialize, JsonSchema)]
pub struct Wanted {
    /// What it is called.
    name: String,
    /// What it is about, in Markdown.
    description: Option<String>,
    /// `#rrggbb`; the next one that the user does not have if not given.
    color: Option<String>,
}

impl From<Wanted> for NewSubscription {
    fn from(wanted: Wanted) -> NewSubscription {
        NewSubscription {
            name: wanted.name,
            description: wanted.description.unwrap_or_default(),
            color: wanted.color,
        }
    }
}

/// Parameters of [`get`].
#[derive(Deserialize, JsonSchema)]
pub struct Get {
    /// With who is subscribed.
    include_subscribers: Option<bool>,
}

/// Answer of [`get`].
#[derive(Serialize, JsonSchema)]
pub struct Subscriptions {
    /// By name.
    subscriptions: Vec<SubscriptionObject>,
}

/// `GET /users/me/subscriptions`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Get>,
) -> Reply<Subscriptions> {
    let listed = args.include_subscribers.unwrap_or(false);
    let subscriptions = subscriptions::list(&ctx, &caller, listed).await?;
    Ok(Success::new(Subscriptions { subscriptions }))
}

with_new_stream! {
    /// Parameters of [`add`].
    #[derive(Deserialize, JsonSchema)]
    pub struct Add {
        /// Which streams.
        subscriptions: Vec<Wanted>,
        /// Whom, by ids or addresses; the caller if not given.
        principals: Option<Vec<Who>>,
        /// Refuse all if one is refused; yes if not given.
        authorization_errors_fatal: Option<bool>,
        /// The older form of `stream_post_policy`.
        is_announcement_only: Option<bool>,
        /// Who may send: 1 everybody, 2 administrators, 3 full members, 4 moderators.
        stream_post_policy: Option<i16>,
        /// Tell people who subscribed them; yes if not given.
        send_new_subscription_messages: Option<bool>,
    }
}

impl Add {
    /// Who may send to new ones, in both of the forms before there were groups.
    fn post_policy(&self) -> Result<Option<PostPolicy>, ServerError> {
        let announcements = self.is_announcement_only.unwrap_or(false);
        let policy = post_policy(self.stream_post_policy)?;
        Ok(policy.or(announcements.then_some(PostPolicy::Admins)))
    }
}

/// `POST /users/me/subscriptions`.
pub async fn add(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Add>,
) -> Reply<Subscribed> {
    let request = Subscribe {
        settings: args.settings(args.post_policy()?)?,
        notices: Notices {
            to_subscribed: args.send_new_subscription_messages.unwrap_or(true),
            in_made: true,
            of_made: args.announce.unwrap_or(false),
        },
        streams: args
            .subscriptions
            .into_iter()
            .map(NewSubscription::from)
            .collect(),
        list: "subscriptions",
        principals: principals(args.principals),
        authorization_errors_fatal: args.authorization_errors_fatal.unwrap_or(true),
    };
    Ok(Success::new(
        subscriptions::subscribe(&ctx, &caller, request).await?,
    ))
}

/// Parameters of [`remove`].
#[derive(Deserialize, JsonSchema)]
pub struct Remove {
    /// Which streams.
    subscriptions: Vec<String>,
    /// Whom, by ids or addresses; the caller if not given.
    principals: Option<Vec<Who>>,
}

/// `DELETE /users/me/subscriptions`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Remove>,
) -> Reply<Unsubscribed> {
    let request = Unsubscribe {
        streams: args.subscriptions,
        principals: principals(args.principals),
    };
    Ok(Success::new(
        subscriptions::unsubscribe(&ctx, &caller, request).await?,
    ))
}

/// Parameters of [`change`].
#[derive(Deserialize, JsonSchema)]
pub struct Change {
    /// What to add.
    add: Option<Vec<Wanted>>,
    /// What to remove.
    delete: Option<Vec<String>>,
}

/// `PATCH /users/me/subscriptions`.
pub async fn change(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Change>,
) -> Reply<Changed> {
    let add = args
        .add
        .filter(|list| !list.is_empty())
        .map(|list| Subscribe {
            streams: list.into_iter().map(NewSubscription::from).collect(),
            list: "add",
            principals: vec![],
            settings: NewStreamSettings::default(),
            authorization_errors_fatal: true,
            notices: Notices {
                in_made: true,
                ..Notices::default()
            },
        });
    let delete = args.delete.filter(|list| !list.is_empty());
    let remove = delete.map(|streams| Unsubscribe {
        streams,
        principals: vec![],
    });
    Ok(Success::new(
        subscriptions::change(&ctx, &caller, add, remove).await?,
    ))
}

/// One property of a subscription.
#[derive(Deserialize, JsonSchema)]
pub struct Property {
    /// The stream.
    stream_id: StreamId,
    /// Which property.
    property: String,
    /// The new value.
    value: Value,
}

/// Parameters of [`set_properties`].
#[derive(Deserialize, JsonSchema)]
pub struct SetProperties {
    /// What to change.
    subscription_data: Vec<Property>,
}

/// `POST /users/me/subscriptions/properties`.
pub async fn set_properties(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<SetProperties>,
) -> Reply {
    let changes = args
        .subscription_data
        .into_iter()
        .map(|one| PropertyChange {
            stream_id: one.stream_id,
            property: one.property,
            value: one.value,
        });
    subscriptions::set_properties(&ctx, &caller, &changes.collect::<Vec<_>>()).await?;
    Ok(Success::empty())
}

/// Answer of [`status`].
#[derive(Serialize, JsonSchema)]
pub struct Status {
    /// Whether the user is subscribed.
    is_subscribed: bool,
}

/// `GET /users/{user_id}/subscriptions/{stream_id}`.
pub async fn status(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<(String, String)>,
    _: NoParams,
) -> Reply<Status> {
    let (user, stream) = path.into_inner();
    let user = user
        .parse()
        .map(UserId)
        .map_err(|_| Error::bad_request("No such user"))?;
    let is_subscribed =
        subscriptions::is_subscribed(&ctx, &caller, user, stream_id(&stream)?).await?;
    Ok(Success::new(Status { is_subscribed }))
}
