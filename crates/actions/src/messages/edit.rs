//! Editing a message's content.

use chrono::{DateTime, TimeDelta, Utc};
use narrows_store::Tx;
use narrows_store::queries::flags::bit;
use narrows_store::queries::message_changes::{self, NewContent};
use narrows_wire::events::attachment::Attachment;
use narrows_wire::events::message::UpdateMessage;
use narrows_wire::{Audience, ErrorCode, Event, MessageId, PersonalFlags, UserId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::content::{self, Content, RENDERED_VERSION};
use super::embed;
use super::moves::{self, Move, Propagate};
use super::personal_flags::personal_flags;
use super::send::check_wildcard;
use super::widgets;
use crate::access::messages::{Conversation, MessageAccess, access_message_for_update};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Settings;
use crate::uploads::{self, Claims};

/// Grace beyond the announced limits, in seconds: the clock of the client that offered the edit may be behind.
const GRACE_SECONDS: i64 = 20;

/// What a client wants changed.
#[derive(Clone, Debug, Default)]
pub struct EditMessage {
    /// New text.
    pub content: Option<String>,
    /// SHA-256 in hex of the text that the editor saw.
    pub prev_content_sha256: Option<String>,
    /// Another place.
    pub to: Move,
}

/// What an edit did beside.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Edited {
    /// Files of the caller to which no message links any more.
    pub detached_uploads: Vec<Attachment>,
}

/// Edits a message, moves it (with others), or both.
pub async fn edit(
    ctx: &Ctx,
    caller: &Caller,
    id: MessageId,
    request: EditMessage,
) -> Result<Edited> {
    let now = ctx.clock.now();
    let mut tx = ctx.store.begin().await?;
    let access = access_message_for_update(&mut tx, caller, id).await?;
    check_request(&access, &request)?;
    // Many clients send the topic with every edit.
    let request = EditMessage {
        to: request.to.elsewhere(&access)?,
        ..request
    };
    if request.content.is_none() && request.to.is_nowhere() {
        return Err(Error::bad_request("Nothing to change"));
    }
    let detached_uploads = match &request.content {
        Some(text) => edit_content(ctx, &mut tx, caller, &access, text, &request, now).await?,
        None => vec![],
    };
    let notices = match request.to.is_nowhere() {
        true => vec![],
        false => moves::do_move(ctx, &mut tx, caller, &access, &request.to, now).await?,
    };
    drop(tx.commit().await?);
    for notice in notices {
        notice.send(ctx, caller).await?;
    }
    Ok(Edited { detached_uploads })
}

/// Whether what is asked for makes sense, whoever asks.
fn check_request(access: &MessageAccess, request: &EditMessage) -> Result<()> {
    let (content, to) = (request.content.is_some(), &request.to);
    let msg = if !content && to.is_nowhere() {
        "Nothing to change"
    } else if access.conversation.stream().is_none() && to.stream.is_some() {
        "Direct messages cannot be moved to channels."
    } else if access.conversation.stream().is_none() && to.topic.is_some() {
        "Direct messages cannot have topics."
    } else if to.is_nowhere() && to.propagate != Propagate::One {
        "Invalid propagate_mode without topic edit"
    } else if content && to.stream.is_some() {
        "Cannot change message content while changing channel"
    } else {
        return Ok(());
    };
    Err(Error::bad_request(msg))
}

async fn edit_content(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    text: &str,
    request: &EditMessage,
    now: DateTime<Utc>,
) -> Result<Vec<Attachment>> {
    check_may_edit_content(caller, access, now)?;
    if widgets::is_one(tx, access.message.id()).await? {
        return Err(Error::bad_request("Widgets cannot be edited."));
    }
    if let Some(expected) = &request.prev_content_sha256
        && *expected != hex::encode(Sha256::digest(access.message.content.as_bytes()))
    {
        let msg = "'prev_content_sha256' value does not match the expected value.";
        return Err(Error::api(ErrorCode::ExpectationMismatch, msg));
    }
    let text = match text.trim().is_empty() {
        true => "(deleted)".to_owned(),
        false => content::check_text(text)?,
    };
    let content = content::render(ctx, tx, caller, text).await?;
    if let (Conversation::Stream(stream), Some((_, topic))) = (&access.conversation, &access.topic)
    {
        check_wildcard(tx, caller, stream, topic, &content).await?;
    }
    let mentioned = recipients_of(tx, access, content.mentioned()).await?;
    let alerted = recipients_of(tx, access, content.alerted.clone()).await?;
    let claims = uploads::claim(ctx, tx, caller, &content.seen.report.attachments).await?;
    store(tx, caller, access, (&content, &claims), now).await?;
    let (id, sent_at) = (access.message.id(), access.message.sent_at);
    message_changes::set_flagged(tx, id, bit::MENTIONED, &mentioned).await?;
    message_changes::set_flagged(tx, id, bit::HAS_ALERT_WORD, &alerted).await?;
    let detached = uploads::relink(tx, caller, id, sent_at, &claims).await?;
    let mentions_all = content.seen.report.stream_wildcard;
    let flags = personal_flags(tx, &access.message, mentions_all).await?;
    announce(tx, caller, access, &content, flags, now)?;
    if let Some(job) = embed::job(caller.realm_id(), id, &content) {
        tx.enqueue(job);
    }
    Ok(detached)
}

/// Authors edit, within the realm's limit.
fn check_may_edit_content(
    caller: &Caller,
    access: &MessageAccess,
    now: DateTime<Utc>,
) -> Result<()> {
    let settings = Settings::of(&caller.realm);
    if !settings.allow_message_editing {
        return Err(Error::bad_request(
            "Your organization has turned off message editing",
        ));
    }
    if access.message.sender_id() != caller.user_id() {
        return Err(Error::bad_request(
            "You don't have permission to edit this message",
        ));
    }
    check_age(
        access.message.sent_at,
        settings.message_content_edit_limit_seconds,
        now,
    )
    .map_err(|()| Error::bad_request("The time limit for editing this message has passed"))
}

/// Whether something sent then may still be changed; no limit = always.
pub(super) fn check_age(
    sent_at: DateTime<Utc>,
    limit: Option<i64>,
    now: DateTime<Utc>,
) -> Result<(), ()> {
    match limit {
        Some(seconds) if sent_at < oldest_allowed(seconds, now) => Err(()),
        _ => Ok(()),
    }
}

/// What was sent before may not be changed any more.
pub(super) fn oldest_allowed(limit: i64, now: DateTime<Utc>) -> DateTime<Utc> {
    let age = TimeDelta::try_seconds(limit.saturating_add(GRACE_SECONDS));
    age.and_then(|age| now.checked_sub_signed(age))
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// Those of the users who receive the message.
async fn recipients_of(
    tx: &mut Tx,
    access: &MessageAccess,
    users: Vec<UserId>,
) -> Result<Vec<UserId>> {
    match &access.conversation {
        _ if users.is_empty() => Ok(users),
        Conversation::Stream(stream) => {
            Ok(
                narrows_store::queries::names::subscribed_of(tx, stream.stream.id(), &users)
                    .await?,
            )
        }
        Conversation::Direct(people) => {
            Ok(users.into_iter().filter(|id| people.contains(id)).collect())
        }
    }
}

async fn store(
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    (content, claims): (&Content, &Claims),
    now: DateTime<Utc>,
) -> Result<()> {
    let seen = &content.seen.report;
    let new = NewContent {
        content: &content.text,
        rendered_content: &content.html,
        rendered_version: RENDERED_VERSION,
        wildcard_mention: i16::from(seen.stream_wildcard) | (i16::from(seen.topic_wildcard) << 1),
        has_link: seen.has_link,
        has_image: seen.has_image,
        has_attachment: !claims.is_empty(),
        is_me_message: seen.is_me_message,
        history_entry: json!({
            "timestamp": now.timestamp(),
            "user_id": caller.user_id(),
            "prev_content": access.message.content,
            "prev_rendered_content": access.message.rendered_content,
            "prev_rendered_content_version": access.message.rendered_version,
        }),
        edited_at: now,
    };
    Ok(message_changes::set_content(tx, access.message.id(), &new).await?)
}

fn announce(
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    content: &Content,
    flags: PersonalFlags,
    now: DateTime<Utc>,
) -> Result<()> {
    let stream = access.conversation.stream();
    let event = UpdateMessage {
        user_id: Some(caller.user_id().0),
        message_id: access.message.id().0,
        message_ids: vec![access.message.id()],
        edit_timestamp: now.timestamp(),
        stream_name: stream.map(|access| access.stream.name.clone()),
        stream_id: stream.map(|access| access.stream.id()),
        orig_content: Some(access.message.content.clone()),
        orig_rendered_content: Some(access.message.rendered_content.clone()),
        content: Some(content.text.clone()),
        rendered_content: Some(content.html.clone()),
        is_me_message: Some(content.seen.report.is_me_message),
        ..UpdateMessage::default()
    };
    tx.emit_with_flags(
        caller.realm_id(),
        audience(access),
        &Event::UpdateMessage(Box::new(event)),
        flags,
    )?;
    Ok(())
}

/// Who is told of what happens to a message: subscribers, or the people of the conversation.
pub(crate) fn audience(access: &MessageAccess) -> Audience {
    match &access.conversation {
        Conversation::Stream(stream) => {
            Audience::stream(stream.stream.id(), stream.stream.membership_version)
        }
        Conversation::Direct(people) => Audience::users(people.iter().copied()),
    }
}
