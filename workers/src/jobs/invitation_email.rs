//! Mails an invitation.

use narrows_actions::invitations;
use narrows_wire::jobs::InvitationEmail;

use super::JobError;
use crate::Worker;
use crate::mail::invitation;

/// Sends the mail, unless the invitation was used or taken back meanwhile.
pub(crate) async fn run(worker: &Worker, job: &InvitationEmail) -> Result<(), JobError> {
    let id = job.invitation_id;
    let Some(invited) = invitations::invitation_mail(&worker.ctx, job.realm_id, id).await? else {
        tracing::debug!(invitation = %id, "nothing to mail any more");
        return Ok(());
    };
    let mail = invitation::mail(&worker.ctx.config.mail, &invited)?;
    worker.mailer.send(mail).await?;
    tracing::info!(invitation = %id, "sent an invitation");
    Ok(())
}
