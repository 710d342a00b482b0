//! What users say of themselves: a text and an emoji.

use std::collections::BTreeMap;

use narrows_store::Conn;
use narrows_store::models::{User, UserStatus};
use narrows_wire::Event;
use narrows_wire::events::user::UserStatus as StatusEvent;
use schemars::JsonSchema;
use serde::Serialize;

use super::change::set_presence_enabled;
use super::settings::Settings;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::reactions::{EmojiChoice, check_emoji};

/// Longest text of a status.
const MAX_TEXT: usize = 60;

/// The type of an emoji that is not there: the API knows no other value for it.
const NO_EMOJI_TYPE: &str = "unicode_emoji";

/// What is to change of a status.
#[derive(Clone, Debug, Default)]
pub struct StatusChange {
    /// "" takes the text away.
    pub status_text: Option<String>,
    /// A name of "" takes the emoji away.
    pub emoji: EmojiChoice,
    /// Not there: the old name of hidden presence.
    pub away: Option<bool>,
}

/// What somebody says of themselves, as far as they do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Shown {
    /// Their presence is hidden.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    away: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    status_text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    emoji_name: String,
    /// Code points in hex, or the id of a custom emoji.
    #[serde(skip_serializing_if = "String::is_empty")]
    emoji_code: String,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    #[serde(skip_serializing_if = "String::is_empty")]
    reaction_type: String,
}

/// What `user` says, as the API shows it.
pub async fn of_user(ctx: &Ctx, user: &User) -> Result<Shown> {
    let status = UserStatus::of_user(&mut *ctx.store.read().await?, user.id()).await?;
    let away = !Settings::of(user).presence_enabled;
    Ok(shown(&status, away))
}

/// What all users say who say something, by id.
pub(crate) async fn of_realm(conn: &mut Conn, caller: &Caller) -> Result<BTreeMap<String, Shown>> {
    let statuses = UserStatus::all(conn, caller.realm_id()).await?;
    let statuses = statuses
        .into_iter()
        .map(|(user, status, away)| (user.to_string(), shown(&status, away)))
        .filter(|(_, shown)| *shown != Shown::default());
    Ok(statuses.collect())
}

fn shown(status: &UserStatus, away: bool) -> Shown {
    Shown {
        away,
        status_text: status.status_text.clone(),
        emoji_name: status.emoji_name.clone(),
        emoji_code: status.emoji_code.clone(),
        reaction_type: match status.emoji_name.as_str() {
            "" => String::new(),
            _ => status.reaction_type.clone(),
        },
    }
}

/// Changes what the caller says.
pub async fn set(ctx: &Ctx, caller: &Caller, change: StatusChange) -> Result<()> {
    let user = User::clone(&caller.user);
    set_of(ctx, caller, &user, change).await
}

/// Changes what `user` says, as an administrator may.
pub async fn set_of(ctx: &Ctx, caller: &Caller, user: &User, change: StatusChange) -> Result<()> {
    let text = check_text(change.status_text.as_deref())?;
    let emoji = check_status_emoji(ctx, user, &change.emoji).await?;
    if text.is_none() && emoji.is_none() && change.away.is_none() {
        return Err(Error::bad_request("Client did not pass any new values."));
    }
    if let Some(away) = change.away
        && user.id() == caller.user_id()
        && Settings::of(user).presence_enabled == away
    {
        set_presence_enabled(ctx, caller, !away).await?;
    }
    let mut tx = ctx.store.begin().await?;
    let mut status = UserStatus::of_user(&mut tx, user.id()).await?;
    if let Some(text) = &text {
        status.status_text.clone_from(text);
    }
    if let Some((name, code, kind)) = &emoji {
        status.emoji_name.clone_from(name);
        status.emoji_code.clone_from(code);
        status.reaction_type.clone_from(kind);
    }
    status.set(&mut tx, user.id(), ctx.clock.now()).await?;
    let (emoji_name, emoji_code, reaction_type) = match emoji {
        Some((name, code, kind)) => (Some(name), Some(code), Some(kind)),
        None => (None, None, None),
    };
    let event = StatusEvent {
        user_id: user.id(),
        away: change.away,
        status_text: text,
        emoji_name,
        emoji_code,
        reaction_type,
    };
    let audience = super::who_sees(&mut tx, caller.realm_id(), user.id()).await?;
    tx.emit(caller.realm_id(), audience, &Event::UserStatus(event))?;
    drop(tx.commit().await?);
    Ok(())
}

fn check_text(text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim);
    if text.is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(Error::bad_request(format!(
            "status_text is too long (limit: {MAX_TEXT} characters)"
        )));
    }
    Ok(text.map(str::to_owned))
}

/// Name, code and type of the emoji; a name of "" if it is taken away, `None` if it stays.
async fn check_status_emoji(
    ctx: &Ctx,
    user: &User,
    choice: &EmojiChoice,
) -> Result<Option<(String, String, String)>> {
    match choice.name.as_deref() {
        None if choice.code.is_some() || choice.kind.is_some() => Err(Error::bad_request(
            "Client must pass emoji_name if they pass either emoji_code or reaction_type.",
        )),
        None => Ok(None),
        Some("") => Ok(Some((
            String::new(),
            String::new(),
            NO_EMOJI_TYPE.to_owned(),
        ))),
        Some(_) => {
            let mut conn = ctx.store.read().await?;
            let emoji = check_emoji(&mut conn, user.realm_id(), choice, &[]).await?;
            Ok(Some((emoji.name, emoji.code, emoji.kind)))
        }
    }
}
