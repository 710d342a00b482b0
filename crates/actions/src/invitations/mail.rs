//! What the mail of an invitation says.

use narrows_store::models::{Invitation, Realm, User};
use narrows_wire::{InvitationId, RealmId};

use super::link;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;

/// An invitation that is to be mailed.
#[derive(Clone, Debug)]
pub struct InvitationMail {
    /// Which.
    pub id: InvitationId,
    /// Distinguishes this mail from others about the same invitation.
    pub sent: i64,
    /// To whom.
    pub to: String,
    /// Who invites; `None`: somebody gave the address who had a link for everybody.
    pub inviter: Option<String>,
    /// The organisation.
    pub realm_name: String,
    /// Where it is.
    pub realm_url: String,
    /// Where to join.
    pub link: String,
}

/// What to mail of an invitation. `None`: nothing any more; it was used or taken back.
pub async fn invitation_mail(
    ctx: &Ctx,
    realm: RealmId,
    id: InvitationId,
) -> Result<Option<InvitationMail>> {
    let mut conn = ctx.store.read().await?;
    let invitation = match Invitation::find(&mut conn, realm, id).await {
        Err(narrows_store::Error::NotFound) => return Ok(None),
        found => found?,
    };
    let realm = Realm::find(&mut conn, realm).await?;
    let (now, through) = (ctx.clock.now(), invitation.through_id());
    if !invitation.is_open(now) || realm.deactivated_at.is_some() {
        return Ok(None);
    }
    let inviter = User::find(&mut conn, realm.id(), invitation.referrer_id()).await?;
    let link = link(ctx, &realm, &invitation.token_salt)?;
    let to = invitation.email.clone();
    Ok(Some(InvitationMail {
        id,
        sent: invitation.invited_at.timestamp_micros(),
        to: to.ok_or_else(|| Error::Internal("a link for everybody is not mailed".into()))?,
        inviter: through.is_none().then_some(inviter.full_name),
        realm_url: realms::url(ctx, &realm),
        realm_name: realm.name,
        link,
    }))
}
