//! Sends what is due. The message, the end of its row and the events are one transaction: whatever dies when, each is
//! sent once.

use chrono::{DateTime, Utc};
use narrows_store::Tx;
use narrows_store::models::{Realm, ScheduledMessage, ScheduledTo, User};
use narrows_wire::events::personal::{Reminders, ScheduledMessages};
use narrows_wire::{Audience, Event};

use super::{destination, shown};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::send::{self, SendMessage};
use crate::users;

/// Sends all that is due at `now`; how many there were. What is refused waits for its author, who is told.
///
/// Errors: a component does not answer; the rest stays due.
pub async fn deliver_due(ctx: &Ctx, now: DateTime<Utc>) -> Result<usize> {
    let mut done = 0;
    loop {
        let mut tx = ctx.store.begin().await?;
        let Some(due) = ScheduledMessage::claim_due_across_realms(&mut tx, now).await? else {
            return Ok(done);
        };
        match deliver(ctx, &mut tx, &due).await {
            Ok(()) => drop(tx.commit().await?),
            Err(error @ Error::Unavailable { .. }) => return Err(error),
            Err(error) => {
                drop(tx);
                report(ctx, &due, error).await?;
            }
        }
        done += 1;
    }
}

async fn deliver(ctx: &Ctx, tx: &mut Tx, due: &ScheduledMessage) -> Result<()> {
    let author = author(ctx, tx, due).await?;
    let sender = match due.reminder_of() {
        None => author.clone(),
        Some(_) => users::notification_bot(ctx, &author.realm).await?,
    };
    let request = SendMessage {
        to: destination(&due.to(), Some(due.topic.clone())),
        content: due.content.clone(),
        local: None,
    };
    send::send_in(ctx, tx, &sender, &request).await?;
    ScheduledMessage::delete(tx, due.realm_id(), due.id()).await?;
    author.tell(tx, &removed(due))
}

fn removed(due: &ScheduledMessage) -> Event {
    match due.reminder_of() {
        None => Event::ScheduledMessages(ScheduledMessages::Remove {
            scheduled_message_id: due.id(),
        }),
        Some(_) => Event::Reminders(Reminders::Remove {
            reminder_id: due.id(),
        }),
    }
}

/// Who scheduled it, if they may still write.
async fn author(ctx: &Ctx, tx: &mut Tx, due: &ScheduledMessage) -> Result<Caller> {
    let realm = Realm::find(tx, due.realm_id()).await?;
    let user = User::find(tx, due.realm_id(), due.user_id()).await?;
    if realm.deactivated_at.is_some() {
        return Err(Error::bad_request("This organization was deactivated."));
    }
    if !user.is_active {
        return Err(Error::bad_request("Account is deactivated"));
    }
    Ok(Caller {
        client: due.client.clone(),
        ..Caller::internal(ctx, realm, user)
    })
}

/// Marks it as failed, and tells its author why.
async fn report(ctx: &Ctx, due: &ScheduledMessage, error: Error) -> Result<()> {
    let why = match error {
        Error::Api(api) => api.msg,
        other => {
            tracing::error!(error = %other, scheduled = %due.id(), "a scheduled message cannot be sent");
            "Internal server error".to_owned()
        }
    };
    let mut tx = ctx.store.begin().await?;
    let failed = ScheduledMessage::set_failed(&mut tx, due.realm_id(), due.id(), &why).await?;
    let Some(failed) = failed else {
        return Ok(());
    };
    if failed.reminder_of().is_none() {
        let event = Event::ScheduledMessages(ScheduledMessages::Update {
            scheduled_message: shown(&failed),
        });
        tx.emit(due.realm_id(), Audience::users([due.user_id()]), &event)?;
        tell_author(ctx, &mut tx, &failed, &why).await?;
    }
    drop(tx.commit().await?);
    Ok(())
}

async fn tell_author(ctx: &Ctx, tx: &mut Tx, failed: &ScheduledMessage, why: &str) -> Result<()> {
    let Ok(author) = author(ctx, tx, failed).await else {
        return Ok(());
    };
    let bot = users::notification_bot(ctx, &author.realm).await?;
    let time = failed.deliver_at.to_rfc3339();
    let content = format!(
        "The message that you scheduled for <time:{time}> could not be sent:\n\n> {why}\n\nIt is kept among your [scheduled messages](#scheduled)."
    );
    let to = ScheduledTo::People(vec![author.user_id()]);
    let request = SendMessage {
        to: destination(&to, None),
        content,
        local: None,
    };
    send::send_in(ctx, tx, &bot, &request).await?;
    Ok(())
}
