//! Emoji reactions.

use actix_web::web;
use narrows_actions::Ctx;
use narrows_actions::reactions::{self, EmojiChoice};
use narrows_wire::MessageId;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::extract::{AuthedUser, Params};
use crate::reply::{Reply, Success};

/// Parameters of both operations.
#[derive(Deserialize, JsonSchema)]
pub struct Choice {
    /// Its name.
    emoji_name: Option<String>,
    /// Code points in hex, or the id of a custom emoji.
    emoji_code: Option<String>,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    reaction_type: Option<String>,
}

impl From<Choice> for EmojiChoice {
    fn from(choice: Choice) -> EmojiChoice {
        EmojiChoice {
            name: choice.emoji_name,
            code: choice.emoji_code,
            kind: choice.reaction_type,
        }
    }
}

/// `POST /messages/{message_id}/reactions`.
pub async fn post(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(choice): Params<Choice>,
) -> Reply {
    reactions::add(&ctx, &caller, MessageId(*id), &choice.into()).await?;
    Ok(Success::empty())
}

/// `DELETE /messages/{message_id}/reactions`.
pub async fn delete(
    ctx: web::Data<Ctx>,
    AuthedUser(caller): AuthedUser,
    id: web::Path<i64>,
    Params(choice): Params<Choice>,
) -> Reply {
    reactions::remove(&ctx, &caller, MessageId(*id), &choice.into()).await?;
    Ok(Success::empty())
}
