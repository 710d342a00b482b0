//! Reminders of messages: direct messages from the notification bot at a time of the user's choice.

use narrows_store::models::{NewScheduledMessage, ScheduledMessage, ScheduledTo, User};
use narrows_wire::events::personal::{Reminder as Shown, Reminders};
use narrows_wire::limits::MAX_REMINDER_NOTE_LENGTH;
use narrows_wire::{Event, MessageId, ScheduledMessageId};

use super::{access_scheduled, check_future, shown_to};
use crate::access::messages::{Conversation, MessageAccess, access_message};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::content;
use crate::narrow_url;

/// A reminder to be made.
#[derive(Clone, Debug)]
pub struct NewReminder {
    /// Of what.
    pub message: MessageId,
    /// When, in UNIX seconds.
    pub deliver_at: i64,
    /// In the user's own words, or "".
    pub note: String,
}

/// The caller's reminders, the next first.
pub async fn list_reminders(ctx: &Ctx, caller: &Caller) -> Result<Vec<Shown>> {
    let (_, reminders) = super::gather(&mut *ctx.store.read().await?, caller).await?;
    Ok(reminders)
}

/// Will remind the caller of a message that they may read.
pub async fn create_reminder(
    ctx: &Ctx,
    caller: &Caller,
    request: NewReminder,
) -> Result<ScheduledMessageId> {
    let deliver_at = check_future(ctx, request.deliver_at)?;
    let note = request.note.trim();
    if note.chars().count() > MAX_REMINDER_NOTE_LENGTH {
        return Err(Error::bad_request(format!(
            "note is too long (limit: {MAX_REMINDER_NOTE_LENGTH} characters)"
        )));
    }
    let mut tx = ctx.store.begin().await?;
    let access = access_message(&mut tx, caller, request.message).await?;
    let sender = User::find(&mut tx, caller.realm_id(), access.message.sender_id()).await?;
    let text = content::check_text(&text(&access, &sender, note))?;
    let rendered = content::render(ctx, &mut tx, caller, text).await?;
    let row = NewScheduledMessage::builder()
        .realm(caller.realm_id())
        .user(caller.user_id())
        .to(ScheduledTo::People(vec![caller.user_id()]))
        .topic(String::new())
        .content(rendered.text)
        .rendered_content(rendered.html)
        .client(caller.client.clone())
        .deliver_at(deliver_at)
        .reminder_of(request.message);
    let made = row.build().insert(&mut tx).await?;
    let event = Reminders::Add {
        reminders: shown(&made).into_iter().collect(),
    };
    caller.tell(&mut tx, &Event::Reminders(event))?;
    drop(tx.commit().await?);
    Ok(made.id())
}

/// Forgets a reminder.
pub async fn delete_reminder(ctx: &Ctx, caller: &Caller, id: ScheduledMessageId) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    access_scheduled(&mut tx, caller, id, true).await?;
    ScheduledMessage::delete(&mut tx, caller.realm_id(), id).await?;
    let event = Reminders::Remove { reminder_id: id };
    caller.tell(&mut tx, &Event::Reminders(event))?;
    drop(tx.commit().await?);
    Ok(())
}

/// What the bot will say.
fn text(access: &MessageAccess, sender: &User, note: &str) -> String {
    let link = narrow_url::near(access);
    let place = match (&access.conversation, &access.topic) {
        (Conversation::Stream(stream), Some((_, topic))) => {
            format!("#**{}>{topic}**", stream.stream.name)
        }
        _ => "a direct message".to_owned(),
    };
    let note = match note {
        "" => String::new(),
        note => format!(" Your note:\n> {}\n", note.replace('\n', "\n> ")),
    };
    let quoted = &access.message.content;
    let fence = fence_for(quoted);
    let (name, id) = (&sender.full_name, sender.id());
    format!(
        "You asked to be reminded of [a message]({link}) in {place}.{note}\n\n@_**{name}|{id}** wrote:\n{fence}quote\n{quoted}\n{fence}"
    )
}

/// A fence that nothing inside the text closes.
fn fence_for(text: &str) -> String {
    let longest = text
        .split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

/// `None`: not a reminder.
pub(super) fn shown(reminder: &ScheduledMessage) -> Option<Shown> {
    Some(Shown {
        reminder_id: reminder.id(),
        to: shown_to(reminder),
        content: reminder.content.clone(),
        rendered_content: reminder.rendered_content.clone(),
        scheduled_delivery_timestamp: reminder.deliver_at.timestamp(),
        failed: reminder.failure.is_some(),
        reminder_target_message_id: reminder.reminder_of()?,
    })
}
