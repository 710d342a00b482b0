//! Invitations: mails to addresses, and links that many can use. Whoever joins by one becomes what it says.
//!
//! A link is written down nowhere: it is made of a salt in the database and of the server's secret, and known by its hash.

mod invite;
mod join;
mod mail;

use narrows_store::models::{Invitation, InvitationStatus, Realm};
use narrows_store::{Conn, Tx};
use narrows_wire::events::realm_user::InvitesChanged;
use narrows_wire::jobs::InvitationEmail;
use narrows_wire::{Audience, Event, InvitationId, Job, RealmId, Role, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::realm::{check_no_guest, require};
use crate::auth::token_hash;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;
use crate::secret;

pub use invite::{Terms, create_link, send};
pub use join::{Invited, accept, give_address, look};
pub use mail::{InvitationMail, invitation_mail};

/// An invitation as the API shows it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InviteObject {
    /// Its id.
    pub id: InvitationId,
    /// When it was made, or mailed last; UNIX seconds.
    pub invited: i64,
    /// UNIX seconds; `null` = never.
    pub expiry_date: Option<i64>,
    /// The role of who joins.
    #[schemars(with = "i16")]
    pub invited_as: Role,
    /// Who invites.
    pub invited_by_user_id: UserId,
    /// Whether who invites is told when somebody joins.
    pub notify_referrer_on_join: bool,
    /// A link that many can use.
    pub is_multiuse: bool,
    /// Of mails: to whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Of links: the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_url: Option<String>,
}

/// How invitations are named: each kind is there for calls of its own only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A mail to an address.
    Mail,
    /// A link that many can use.
    Link,
}

impl Kind {
    fn of(invitation: &Invitation) -> Kind {
        match invitation.email {
            Some(_) => Kind::Mail,
            None => Kind::Link,
        }
    }
}

/// The invitations that can be used: administrators see all, others their own.
pub async fn list(ctx: &Ctx, caller: &Caller) -> Result<Vec<InviteObject>> {
    check_no_guest(caller)?;
    let mine = (!caller.user.role().is_admin()).then(|| caller.user_id());
    let now = ctx.clock.now();
    let mut conn = ctx.store.read().await?;
    let found = Invitation::open(&mut conn, caller.realm_id(), mine, now).await?;
    // Mails first, as the API has it.
    let (mails, links): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|one| Kind::of(one) == Kind::Mail);
    let all = mails.into_iter().chain(links);
    all.map(|one| object(ctx, &caller.realm, one)).collect()
}

fn object(ctx: &Ctx, realm: &Realm, invitation: Invitation) -> Result<InviteObject> {
    let is_multiuse = Kind::of(&invitation) == Kind::Link;
    let link_url = match is_multiuse {
        true => Some(link(ctx, realm, &invitation.token_salt)?),
        false => None,
    };
    Ok(InviteObject {
        id: invitation.id(),
        invited: invitation.invited_at.timestamp(),
        expiry_date: invitation.expires_at.map(|end| end.timestamp()),
        invited_as: invitation.role(),
        invited_by_user_id: invitation.referrer_id(),
        notify_referrer_on_join: invitation.notify_referrer,
        is_multiuse,
        email: invitation.email,
        link_url,
    })
}

/// Takes an invitation back.
pub async fn revoke(ctx: &Ctx, caller: &Caller, id: InvitationId, kind: Kind) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let invitation = access_controlled(&mut tx, caller, id, kind).await?;
    let revoked = InvitationStatus::Revoked;
    Invitation::set_status(&mut tx, caller.realm_id(), id, revoked).await?;
    tell_changed(&mut tx, caller.realm_id(), invitation.referrer_id())?;
    drop(tx.commit().await?);
    Ok(())
}

/// Mails an invitation once more, with another link that lives as long as the first one did.
pub async fn resend(ctx: &Ctx, caller: &Caller, id: InvitationId) -> Result<()> {
    let (realm, now) = (caller.realm_id(), ctx.clock.now());
    let mut tx = ctx.store.begin().await?;
    let invitation = access_controlled(&mut tx, caller, id, Kind::Mail).await?;
    invite::check_daily_limit(ctx, &mut tx, realm, 1).await?;
    let (salt, hash) = new_token(ctx, realm)?;
    let life = invitation.expires_at.map(|end| end - invitation.invited_at);
    let expires = life.map(|life| now + life);
    Invitation::renew(&mut tx, realm, id, &salt, &hash, now, expires).await?;
    enqueue_mail(&mut tx, realm, id);
    tell_changed(&mut tx, realm, invitation.referrer_id())?;
    drop(tx.commit().await?);
    Ok(())
}

/// An invitation that the caller made, or manages as an administrator. It stays as it is until the transaction ends.
async fn access_controlled(
    conn: &mut Conn,
    caller: &Caller,
    id: InvitationId,
    kind: Kind,
) -> Result<Invitation> {
    check_no_guest(caller)?;
    let missing = || Error::bad_request("No such invitation");
    let found = Invitation::lock(conn, caller.realm_id(), id).await;
    let invitation = found.map_err(|error| Error::from(error).or_missing(missing))?;
    if Kind::of(&invitation) != kind || invitation.through_id().is_some() {
        return Err(missing());
    }
    if invitation.referrer_id() != caller.user_id() {
        check_role(caller, invitation.role(), true)?;
    }
    match (invitation.status(), kind) {
        (InvitationStatus::Open, _) => Ok(invitation),
        (_, Kind::Mail) => Err(missing()),
        (_, Kind::Link) => Err(Error::bad_request("Invitation has already been revoked")),
    }
}

/// Only owners make owners, only administrators make those who are more than members.
fn check_role(caller: &Caller, role: Role, needs_admin: bool) -> Result<()> {
    match role {
        Role::Owner => require(caller, Role::Owner),
        role if needs_admin || role.is_moderator() => require(caller, Role::Admin),
        _ => Ok(()),
    }
}

/// Takes back what somebody who leaves has open.
pub(crate) async fn revoke_all_by(tx: &mut Tx, realm: RealmId, user: UserId) -> Result<()> {
    match Invitation::revoke_by(tx, realm, user).await? {
        0 => Ok(()),
        _ => tell_changed(tx, realm, user),
    }
}

/// Tells administrators and who invites that there are other invitations.
fn tell_changed(tx: &mut Tx, realm: RealmId, referrer: UserId) -> Result<()> {
    let audience = Audience::role(Role::Admin).and([referrer]);
    let event = Event::InvitesChanged(InvitesChanged {});
    Ok(tx.emit(realm, audience, &event)?)
}

fn enqueue_mail(tx: &mut Tx, realm_id: RealmId, invitation_id: InvitationId) {
    tx.enqueue(Job::InvitationEmail(InvitationEmail {
        realm_id,
        invitation_id,
    }));
}

/// The key in a link.
fn key(ctx: &Ctx, realm: RealmId, salt: &[u8]) -> Result<String> {
    secret::key(ctx, "link of an invitation", realm.0, salt)
}

/// What a new link is made of, and its hash.
fn new_token(ctx: &Ctx, realm: RealmId) -> Result<(Vec<u8>, [u8; 32])> {
    let salt = secret::new_salt();
    let hash = token_hash(&key(ctx, realm, &salt)?);
    Ok((salt, hash))
}

fn link(ctx: &Ctx, realm: &Realm, salt: &[u8]) -> Result<String> {
    let key = key(ctx, realm.id(), salt)?;
    Ok(format!("{}/join/{key}/", realms::url(ctx, realm)))
}
