//! Emoji reactions.

use narrows_store::models::{CustomEmoji, Reaction};
use narrows_store::queries::message_changes;
use narrows_store::{Conn, Constraint, Error as StoreError, Tx};
use narrows_wire::events::message::Reaction as ReactionEvent;
use narrows_wire::{ErrorCode, Event, MessageId, RealmId};
use serde_json::json;

use crate::access::messages::{MessageAccess, access_message_for_update};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::edit::audience;
use crate::participation;

/// An emoji as a client names it. With only a name, the code is looked up.
#[derive(Clone, Debug, Default)]
pub struct EmojiChoice {
    /// Its name, without colons.
    pub name: Option<String>,
    /// Code points in hex, or a custom emoji's id.
    pub code: Option<String>,
    /// `unicode_emoji`, `realm_emoji` or `zulip_extra_emoji`.
    pub kind: Option<String>,
}

/// What [`EmojiChoice`] stands for.
pub(crate) struct Emoji {
    pub(crate) name: String,
    pub(crate) code: String,
    pub(crate) kind: String,
}

/// Zulip's own emoji, the only one of its kind.
const ZULIP_EXTRA: &str = "zulip";

/// Adds a reaction of the caller.
pub async fn add(ctx: &Ctx, caller: &Caller, id: MessageId, choice: &EmojiChoice) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_message_for_update(&mut tx, caller, id).await?;
    let there = Reaction::of_message(&mut tx, id).await?;
    let emoji = check_emoji(&mut tx, caller.realm_id(), choice, &there).await?;
    let reaction = Reaction::new(id, caller.user_id(), emoji.name, emoji.code, emoji.kind);
    reaction
        .insert(&mut tx)
        .await
        .map_err(|error| match error {
            StoreError::Constraint(Constraint::Reaction) => {
                Error::api(ErrorCode::ReactionAlreadyExists, "Reaction already exists.")
            }
            other => other.into(),
        })?;
    if let (Some(stream), Some((_, topic))) = (access.conversation.stream(), &access.topic) {
        let changes = participation::by_reaction(&mut tx, caller, stream, topic).await?;
        changes.write(ctx, &mut tx, &stream.stream, topic).await?;
    }
    finish(tx, caller, &access, reaction, "add").await
}

/// Takes back a reaction of the caller.
pub async fn remove(ctx: &Ctx, caller: &Caller, id: MessageId, choice: &EmojiChoice) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_message_for_update(&mut tx, caller, id).await?;
    let there = Reaction::of_message(&mut tx, id).await?;
    let missing = || Error::api(ErrorCode::ReactionDoesNotExist, "Reaction doesn't exist.");
    let mut mine = there
        .iter()
        .filter(|reaction| reaction.user_id() == caller.user_id());
    // An emoji that has since been removed or renamed can still be taken back.
    let reaction = match (&choice.code, &choice.name) {
        (Some(code), _) => mine.find(|reaction| reaction.emoji_code == *code),
        (None, Some(name)) => {
            let code = standard(name).map(|emoji| emoji.code);
            mine.find(|reaction| {
                reaction.emoji_name == *name || Some(&reaction.emoji_code) == code.as_ref()
            })
        }
        (None, None) => {
            return Err(Error::bad_request(
                "At least one of the following arguments must be present: emoji_name, emoji_code",
            ));
        }
    };
    let reaction = reaction.ok_or_else(missing)?.clone();
    reaction
        .delete(&mut tx)
        .await
        .map_err(|error| Error::from(error).or_missing(missing))?;
    finish(tx, caller, &access, reaction, "remove").await
}

async fn finish(
    mut tx: Tx,
    caller: &Caller,
    access: &MessageAccess,
    reaction: Reaction,
    op: &'static str,
) -> Result<()> {
    let user = &caller.user;
    let event = ReactionEvent {
        op,
        user_id: caller.user_id(),
        user: json!({ "user_id": user.id(), "email": user.email, "full_name": user.full_name }),
        message_id: access.message.id(),
        emoji_name: reaction.emoji_name,
        emoji_code: reaction.emoji_code,
        reaction_type: reaction.reaction_type,
    };
    message_changes::touch(&mut tx, access.message.id()).await?;
    let mut told = audience(access);
    if access.conversation.stream().is_some() {
        // Those who have starred it, or are mentioned, see it even where they are not subscribed.
        told = told.and(message_changes::flagged_users(&mut tx, access.message.id()).await?);
    }
    tx.emit(caller.realm_id(), told, &Event::Reaction(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// The emoji chosen. A vote for a reaction that is there may use its code with any name it had.
pub(crate) async fn check_emoji(
    conn: &mut Conn,
    realm: RealmId,
    choice: &EmojiChoice,
    there: &[Reaction],
) -> Result<Emoji> {
    let Some(name) = &choice.name else {
        return Err(Error::api(
            ErrorCode::RequestVariableMissing,
            "Missing 'emoji_name' argument",
        )
        .with("var_name", "emoji_name"));
    };
    let mut emoji = match (&choice.code, &choice.kind) {
        (Some(code), Some(kind)) => Emoji {
            name: name.clone(),
            code: code.clone(),
            kind: kind.clone(),
        },
        _ => by_name(conn, realm, name).await?,
    };
    emoji.code = choice.code.clone().unwrap_or(emoji.code);
    emoji.kind = choice.kind.clone().unwrap_or(emoji.kind);
    let voted = there
        .iter()
        .find(|vote| vote.emoji_code == emoji.code && vote.reaction_type == emoji.kind);
    if let Some(same) = voted {
        emoji.name.clone_from(&same.emoji_name);
        return Ok(emoji);
    }
    check_exists(conn, realm, &emoji).await?;
    Ok(emoji)
}

/// That name, code and kind belong together.
async fn check_exists(conn: &mut Conn, realm: RealmId, emoji: &Emoji) -> Result<()> {
    let known = match emoji.kind.as_str() {
        "realm_emoji" => return check_custom(conn, realm, emoji).await,
        "zulip_extra_emoji" => (emoji.code == ZULIP_EXTRA).then(extra),
        "unicode_emoji" if narrows_markdown::emoji::names(&emoji.code).is_empty() => None,
        "unicode_emoji" => standard(&emoji.name).or_else(|| standard_of(&emoji.code)),
        _ => return Err(Error::bad_request("Invalid emoji type.")),
    };
    match known {
        None => Err(Error::bad_request("Invalid emoji code.")),
        Some(known) if known.name != emoji.name || known.code != emoji.code => {
            Err(Error::bad_request("Invalid emoji name."))
        }
        Some(_) => Ok(()),
    }
}

/// The code of a custom emoji is its id.
async fn check_custom(conn: &mut Conn, realm: RealmId, emoji: &Emoji) -> Result<()> {
    let invalid = || Error::bad_request("Invalid custom emoji.");
    let id = emoji.code.parse().map_err(|_| invalid())?;
    let found = CustomEmoji::find(conn, realm, id).await;
    let found = found.map_err(|error| Error::from(error).or_missing(invalid))?;
    if found.name != emoji.name {
        return Err(Error::bad_request("Invalid custom emoji name."));
    }
    if found.deactivated {
        return Err(Error::bad_request(
            "This custom emoji has been deactivated.",
        ));
    }
    Ok(())
}

/// Custom emoji come first: a realm may replace those that everybody has.
async fn by_name(conn: &mut Conn, realm: RealmId, name: &str) -> Result<Emoji> {
    match CustomEmoji::find_active(conn, realm, name).await {
        Ok(row) => {
            return Ok(Emoji {
                code: row.id.to_string(),
                name: row.name,
                kind: "realm_emoji".to_owned(),
            });
        }
        Err(StoreError::NotFound) => {}
        Err(other) => return Err(other.into()),
    }
    let known = match name {
        ZULIP_EXTRA => Some(extra()),
        name => standard(name),
    };
    known.ok_or_else(|| Error::bad_request(format!("Emoji '{name}' does not exist")))
}

fn extra() -> Emoji {
    Emoji {
        name: ZULIP_EXTRA.to_owned(),
        code: ZULIP_EXTRA.to_owned(),
        kind: "zulip_extra_emoji".to_owned(),
    }
}

/// The emoji of a code, under the name that it goes by.
fn standard_of(code: &str) -> Option<Emoji> {
    standard(narrows_markdown::emoji::names(code).first()?)
}

fn standard(name: &str) -> Option<Emoji> {
    let emoji = narrows_markdown::emoji::lookup(name)?;
    Some(Emoji {
        name: name.to_owned(),
        code: emoji.code.to_string(),
        kind: "unicode_emoji".to_owned(),
    })
}
