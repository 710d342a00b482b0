//! Making a stream under its newer name.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::streams::{NewStreamSettings, Notices};
use narrows_actions::subscriptions::{self, NewChannel, NewSubscription, Principal};
use narrows_wire::{ChannelFolderId, UserId};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::streams::{retention, topics_policy, with_permissions};
use crate::error::ServerError;
use crate::extract::{AuthedUser, Params};
use crate::reply::{NewId, Reply, Success};

with_permissions! {
    /// Parameters of [`create`].
    #[derive(Deserialize, JsonSchema)]
    pub struct Create {
        /// What it shall be called.
        name: String,
        /// What it is about, in Markdown.
        description: Option<String>,
        /// Who is subscribed from the beginning.
        subscribers: Vec<UserId>,
        /// Say in the organization's stream for it that it is new.
        announce: Option<bool>,
        /// It is private.
        invite_only: Option<bool>,
        /// Anybody on the internet may read it.
        is_web_public: Option<bool>,
        /// New users are subscribed to it.
        is_default_stream: Option<bool>,
        /// Subscribers see what was sent before they came.
        history_public_to_subscribers: Option<bool>,
        /// How long messages are kept: days, `unlimited` or `realm_default`.
        message_retention_days: Option<Value>,
        /// Whether the empty topic is allowed, or the only one.
        topics_policy: Option<String>,
        /// The folder under which it is listed.
        folder_id: Option<Option<ChannelFolderId>>,
        /// Means nothing any more.
        #[serde(rename = "send_new_subscription_messages")]
        _send_new_subscription_messages: Option<bool>,
    }
}

impl Create {
    fn settings(&self) -> Result<NewStreamSettings, ServerError> {
        let days = self.message_retention_days.as_ref();
        Ok(NewStreamSettings {
            invite_only: self.invite_only.unwrap_or(false),
            is_web_public: self.is_web_public.unwrap_or(false),
            is_default: self.is_default_stream.unwrap_or(false),
            history_public_to_subscribers: self.history_public_to_subscribers,
            post_policy: None,
            message_retention_days: days.map(retention).transpose()?.flatten(),
            topics_policy: topics_policy(self.topics_policy.as_deref())?,
            folder_id: self.folder_id.flatten(),
            permissions: self.permissions()?,
        })
    }
}

/// `POST /channels/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<NewId> {
    let new = NewChannel {
        settings: args.settings()?,
        notices: Notices {
            to_subscribed: false,
            in_made: true,
            of_made: args.announce.unwrap_or(false),
        },
        channel: NewSubscription {
            name: args.name,
            description: args.description.unwrap_or_default(),
            color: None,
        },
        subscribers: args.subscribers.into_iter().map(Principal::Id).collect(),
    };
    let id = subscriptions::create_channel(&ctx, &caller, &new).await?;
    Ok(Success::new(NewId { id: id.0 }))
}
