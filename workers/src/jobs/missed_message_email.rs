//! Tells a user by e-mail of a message that they were not there to see.

use narrows_actions::notifications::{self, MissedMessage};
use narrows_wire::jobs::MissedMessageEmail;

use super::JobError;
use crate::Worker;
use crate::mail::missed_message;

/// Sends the mail, unless there is nothing to tell any more: the message is read or gone, or the user does not want it.
pub(crate) async fn run(worker: &Worker, job: &MissedMessageEmail) -> Result<(), JobError> {
    let missed =
        notifications::missed_message(&worker.ctx, job.realm_id, job.user_id, job.message_id)
            .await?;
    let Some(missed) = missed else {
        tracing::debug!(message = %job.message_id, user = %job.user_id, "nothing to tell any more");
        return Ok(());
    };
    let mail = missed_message::mail(&worker.ctx.config.mail, &missed, job.trigger)?;
    worker.mailer.send(mail).await?;
    sent(&missed);
    Ok(())
}

fn sent(missed: &MissedMessage) {
    tracing::info!(user = %missed.user.id(), message = %missed.message_id, "sent a missed-message e-mail");
}
