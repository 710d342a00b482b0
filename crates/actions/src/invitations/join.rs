//! Joining by an invitation.

use std::collections::HashSet;

use chrono::TimeDelta;
use narrows_store::models::{Invitation, InvitationStatus, NewInvitation, Realm, Stream, User};
use narrows_store::{Conn, Tx};
use narrows_wire::{InvitationId, StreamId};

use super::{enqueue_mail, new_token, tell_changed};
use crate::auth::token_hash;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::groups;
use crate::messages::recipient::{Destination, People};
use crate::messages::send::{self, SendMessage};
use crate::rate_limit::{self, Action, Subject};
use crate::realms::domains::check_address;
use crate::users::{self, NewPerson, is_email};

/// How long who came by a link for everybody has to prove their address.
const PROOF_LIFE: TimeDelta = TimeDelta::days(1);

/// What somebody with a link is told.
#[derive(Clone, Debug)]
pub struct Invited {
    /// Who invites.
    pub inviter: String,
    /// The address that they join with; `None` = they have to give and prove one first.
    pub email: Option<String>,
}

/// What a link is for; an error if nobody can join by it.
pub async fn look(ctx: &Ctx, realm: &Realm, key: &str) -> Result<Invited> {
    let mut conn = ctx.store.read().await?;
    let invitation = access_by_key(ctx, &mut conn, realm, key).await?;
    let inviter = User::find(&mut conn, realm.id(), invitation.referrer_id()).await?;
    Ok(Invited {
        inviter: inviter.full_name,
        email: invitation.email,
    })
}

/// Mails who came by a link for everybody a link of their own, which proves that the address is theirs. `from` is where
/// the request came from.
pub async fn give_address(
    ctx: &Ctx,
    realm: &Realm,
    key: &str,
    email: &str,
    from: &str,
) -> Result<()> {
    let email = email.trim();
    if !is_email(email) {
        return Err(Error::bad_request("Enter a valid email address."));
    }
    rate_limit::spend(ctx, Action::JoinFrom, &Subject::Address(from.to_owned())).await?;
    let account = Subject::Account(realm.id(), email.to_lowercase());
    rate_limit::spend(ctx, Action::Join, &account).await?;
    let mut tx = ctx.store.begin().await?;
    let link = access_by_key(ctx, &mut tx, realm, key).await?;
    if link.email.is_some() {
        return Err(not_valid());
    }
    check_address(&mut tx, realm, email).await?;
    // Whether the address has an account is nobody's business but its owner's: who joins is told then.
    let (salt, hash) = new_token(ctx, realm.id())?;
    let now = ctx.clock.now();
    let proof = NewInvitation::builder()
        .realm_id(realm.id())
        .referrer_id(link.referrer_id())
        .email(email)
        .through_id(link.id())
        .role(link.role())
        .stream_ids(&link.stream_ids())
        .group_ids(&link.group_ids())
        .include_default_streams(link.include_default_streams)
        .notify_referrer(link.notify_referrer)
        .invited_at(now)
        .expires_at(now + PROOF_LIFE)
        .token_salt(&salt)
        .token_hash(&hash)
        .build();
    for id in NewInvitation::insert_all(&[proof], &mut tx).await? {
        enqueue_mail(&mut tx, realm.id(), id);
    }
    drop(tx.commit().await?);
    Ok(())
}

/// Makes the account that a link is for, which ends the link.
pub async fn accept(
    ctx: &Ctx,
    realm: &Realm,
    key: &str,
    full_name: &str,
    password: String,
) -> Result<User> {
    let found = access_by_key(ctx, &mut *ctx.store.read().await?, realm, key).await?;
    let email = found.email.clone().ok_or_else(not_valid)?;
    let person = NewPerson {
        email: &email,
        full_name,
        password: Some(password),
        role: found.role(),
    };
    let person = users::prepare(ctx, realm, person).await?;
    let mut tx = ctx.store.begin().await?;
    // Somebody may have been faster, or taken it back.
    Invitation::lock(&mut tx, realm.id(), found.id()).await?;
    let invitation = access_by_key(ctx, &mut tx, realm, key).await?;
    let referrer = User::find(&mut tx, realm.id(), invitation.referrer_id()).await?;
    let referrer = Caller::internal(ctx, realm.clone(), referrer);
    let streams = promised(&mut tx, realm, &invitation).await?;
    let user = users::join(ctx, &mut tx, &referrer, &person, &streams).await?;
    groups::add_newcomer(&mut tx, &referrer, &invitation.group_ids(), user.id()).await?;
    let accepted = InvitationStatus::Accepted;
    Invitation::set_status(&mut tx, realm.id(), invitation.id(), accepted).await?;
    Invitation::revoke_for(&mut tx, realm.id(), &email).await?;
    tell_changed(&mut tx, realm.id(), referrer.user_id())?;
    if invitation.notify_referrer {
        tell_referrer(ctx, &mut tx, &referrer, &user).await?;
    }
    drop(tx.commit().await?);
    Ok(user)
}

/// The streams that an invitation promised, as far as they are still there.
async fn promised(conn: &mut Conn, realm: &Realm, invitation: &Invitation) -> Result<Vec<Stream>> {
    let mut streams = Stream::find_many(conn, realm.id(), &invitation.stream_ids()).await?;
    streams.retain(|stream| !stream.is_archived);
    if invitation.include_default_streams {
        let named: HashSet<StreamId> = streams.iter().map(Stream::id).collect();
        let defaults = Stream::defaults(conn, realm.id()).await?;
        let others = defaults.into_iter();
        streams.extend(others.filter(|stream| !named.contains(&stream.id())));
    }
    Ok(streams)
}

async fn tell_referrer(ctx: &Ctx, tx: &mut Tx, referrer: &Caller, user: &User) -> Result<()> {
    let bot = users::notification_bot(ctx, &referrer.realm).await?;
    let message = SendMessage {
        to: Destination::Direct(People::Ids(vec![referrer.user_id()])),
        content: format!(
            "@_**{}|{}** accepted your invitation to join {}!",
            user.full_name,
            user.id(),
            referrer.realm.name
        ),
        local: None,
    };
    send::send_in(ctx, tx, &bot, &message).await?;
    Ok(())
}

/// The invitation of a link, as long as it can be used.
async fn access_by_key(ctx: &Ctx, conn: &mut Conn, realm: &Realm, key: &str) -> Result<Invitation> {
    let now = ctx.clock.now();
    let found = Invitation::by_token_hash(conn, realm.id(), &token_hash(key)).await;
    let invitation = found.map_err(|error| Error::from(error).or_missing(not_valid))?;
    let through: Option<InvitationId> = invitation.through_id();
    let stands = match through {
        Some(through) => Invitation::find(conn, realm.id(), through)
            .await?
            .is_open(now),
        None => true,
    };
    match stands && invitation.is_open(now) {
        true => Ok(invitation),
        false => Err(not_valid()),
    }
}

fn not_valid() -> Error {
    Error::not_found("This invitation is not valid, or no longer.")
}
