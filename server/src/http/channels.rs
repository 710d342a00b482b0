//! Making a stream under its newer name.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::streams::Notices;
use narrows_actions::subscriptions::{self, NewChannel, NewSubscription, Principal};
use narrows_wire::UserId;
use schemars::JsonSchema;
use serde::Deserialize;

use super::streams::with_new_stream;
use crate::extract::{AuthedUser, Params};
use crate::reply::{NewId, Reply, Success};

with_new_stream! {
    /// Parameters of [`create`].
    #[derive(Deserialize, JsonSchema)]
    pub struct Create {
        /// What it shall be called.
        name: String,
        /// What it is about, in Markdown.
        description: Option<String>,
        /// Who is subscribed from the beginning.
        subscribers: Vec<UserId>,
        /// Means nothing any more.
        #[serde(rename = "send_new_subscription_messages")]
        _send_new_subscription_messages: Option<bool>,
    }
}

/// `POST /channels/create`.
pub async fn create(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    Params(args): Params<Create>,
) -> Reply<NewId> {
    let new = NewChannel {
        settings: args.settings(None)?,
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
