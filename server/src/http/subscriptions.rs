//! Who is subscribed to what.

use std::fmt;

use actix_web::web;
use narrows_actions::streams::{NewStreamSettings, Notices};
use narrows_actions::subscriptions::{
    self, NewSubscription, Principal, PropertyChange, Subscribe, Unsubscribe,
};
use narrows_actions::{Ctx, Error};
use narrows_wire::{ChannelFolderId, StreamId, UserId};
use serde::Deserialize;
use serde::de::{Deserialize as De, Deserializer, Visitor};
use serde_json::{Value, json};

use super::streams::{post_policy, retention, stream_id, topics_policy, with_permissions};
use crate::error::ServerError;
use crate::extract::{AuthedUser, NoParams, Params};
use crate::reply::{Reply, Success};

/// A user, by id or address.
pub struct Who(Principal);

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
#[derive(Deserialize)]
pub struct Wanted {
    name: String,
    description: Option<String>,
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
#[derive(Deserialize)]
pub struct Get {
    include_subscribers: Option<bool>,
}

/// `GET /users/me/subscriptions`.
pub async fn get(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Get>,
) -> Reply {
    let listed = args.include_subscribers.unwrap_or(false);
    let subscriptions = subscriptions::list(&ctx, &caller, listed).await?;
    Ok(Success::new(json!({ "subscriptions": subscriptions })))
}

with_permissions! {
    /// Parameters of [`add`].
    #[derive(Deserialize)]
    pub struct Add {
        subscriptions: Vec<Wanted>,
        principals: Option<Vec<Who>>,
        authorization_errors_fatal: Option<bool>,
        invite_only: Option<bool>,
        is_web_public: Option<bool>,
        is_default_stream: Option<bool>,
        history_public_to_subscribers: Option<bool>,
        is_announcement_only: Option<bool>,
        stream_post_policy: Option<i16>,
        message_retention_days: Option<Value>,
        topics_policy: Option<String>,
        folder_id: Option<Option<ChannelFolderId>>,
        announce: Option<bool>,
        send_new_subscription_messages: Option<bool>,
    }
}

impl Add {
    fn settings(&self) -> Result<NewStreamSettings, ServerError> {
        let only_admins = self.is_announcement_only.unwrap_or(false);
        let policy = post_policy(self.stream_post_policy)?;
        let announcements = only_admins.then_some(narrows_store::models::PostPolicy::Admins);
        let retention = self
            .message_retention_days
            .as_ref()
            .map(retention)
            .transpose()?;
        Ok(NewStreamSettings {
            invite_only: self.invite_only.unwrap_or(false),
            is_web_public: self.is_web_public.unwrap_or(false),
            is_default: self.is_default_stream.unwrap_or(false),
            history_public_to_subscribers: self.history_public_to_subscribers,
            post_policy: policy.or(announcements),
            message_retention_days: retention.flatten(),
            topics_policy: topics_policy(self.topics_policy.as_deref())?,
            folder_id: self.folder_id.flatten(),
            permissions: self.permissions()?,
        })
    }
}

/// `POST /users/me/subscriptions`.
pub async fn add(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Add>,
) -> Reply {
    let request = Subscribe {
        settings: args.settings()?,
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
        principals: principals(args.principals),
        authorization_errors_fatal: args.authorization_errors_fatal.unwrap_or(true),
    };
    Ok(Success::new(
        subscriptions::subscribe(&ctx, &caller, request).await?,
    ))
}

/// Parameters of [`remove`].
#[derive(Deserialize)]
pub struct Remove {
    subscriptions: Vec<String>,
    principals: Option<Vec<Who>>,
}

/// `DELETE /users/me/subscriptions`.
pub async fn remove(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Remove>,
) -> Reply {
    let request = Unsubscribe {
        streams: args.subscriptions,
        principals: principals(args.principals),
    };
    Ok(Success::new(
        subscriptions::unsubscribe(&ctx, &caller, request).await?,
    ))
}

/// Parameters of [`change`].
#[derive(Deserialize)]
pub struct Change {
    add: Option<Vec<Wanted>>,
    delete: Option<Vec<String>>,
}

/// `PATCH /users/me/subscriptions`.
pub async fn change(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Change>,
) -> Reply {
    let add = args
        .add
        .filter(|list| !list.is_empty())
        .map(|list| Subscribe {
            streams: list.into_iter().map(NewSubscription::from).collect(),
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
#[derive(Deserialize)]
pub struct Property {
    stream_id: StreamId,
    property: String,
    value: Value,
}

/// Parameters of [`set_properties`].
#[derive(Deserialize)]
pub struct SetProperties {
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

/// `GET /users/{user_id}/subscriptions/{stream_id}`.
pub async fn status(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    path: web::Path<(String, String)>,
    _: NoParams,
) -> Reply {
    let (user, stream) = path.into_inner();
    let user = user
        .parse()
        .map(UserId)
        .map_err(|_| Error::bad_request("No such user"))?;
    let is_subscribed =
        subscriptions::is_subscribed(&ctx, &caller, user, stream_id(&stream)?).await?;
    Ok(Success::new(json!({ "is_subscribed": is_subscribed })))
}
