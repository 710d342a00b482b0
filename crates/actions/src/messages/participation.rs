//! Topics that people follow or unmute by taking part in them, as their settings say.

use narrows_store::models::{Subscription, User, UserTopic};
use narrows_store::queries::message_changes;
use narrows_store::{Conn, Tx};
use narrows_wire::UserId;

use super::recipient::Recipient;
use crate::access::streams::StreamAccess;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::user_topics::{self, VisibilityPolicy};
use crate::users::Settings;

/// Numbers of the two settings.
const ON_PARTICIPATION: u8 = 1;
const ON_SENDING: u8 = 2;
const ON_INITIATION: u8 = 3;

/// Raises the policies of the sender and of those who are mentioned, before a message is sent. The sender's new one.
pub(super) async fn before_send(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    recipient: &Recipient,
    mentioned: &[UserId],
) -> Result<Option<VisibilityPolicy>> {
    let Recipient::Stream { access, topic } = recipient else {
        return Ok(None);
    };
    let own = of_sender(conn, caller, access, topic).await?;
    let mut followers = Vec::new();
    if !mentioned.is_empty() {
        for user in User::find_many(conn, caller.realm_id(), mentioned).await? {
            if !user.is_bot && Settings::of(&user).automatically_follow_topics_where_mentioned {
                followers.push(user.id());
            }
        }
    }
    if own.is_none() && followers.is_empty() {
        return Ok(None);
    }
    let mut tx = ctx.store.begin().await?;
    let own = raise(ctx, &mut tx, caller, caller.user_id(), access, topic, own).await?;
    for user in followers {
        let policy = Some(VisibilityPolicy::Followed);
        raise(ctx, &mut tx, caller, user, access, topic, policy).await?;
    }
    drop(tx.commit().await?);
    Ok(own)
}

/// What sending makes of the topic for the sender.
async fn of_sender(
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
    topic: &str,
) -> Result<Option<VisibilityPolicy>> {
    if caller.user.is_bot {
        return Ok(None);
    }
    let settings = Settings::of(&caller.user);
    let follow = settings.automatically_follow_topics_policy;
    let unmute = settings.automatically_unmute_topics_in_muted_streams_policy;
    let always = |policy: u8| [ON_PARTICIPATION, ON_SENDING].contains(&policy);
    if always(follow) {
        return Ok(Some(VisibilityPolicy::Followed));
    }
    let mut begins = false;
    if [follow, unmute].contains(&ON_INITIATION) {
        let recipient = access.stream.recipient_id();
        begins = message_changes::topic_by_name(conn, recipient, topic)
            .await?
            .is_none();
    }
    if follow == ON_INITIATION && begins {
        return Ok(Some(VisibilityPolicy::Followed));
    }
    if (always(unmute) || (unmute == ON_INITIATION && begins))
        && Subscription::is_muted(conn, caller.user_id(), access.stream.id()).await?
    {
        return Ok(Some(VisibilityPolicy::Unmuted));
    }
    Ok(None)
}

/// Sets a policy unless the user's own is as strong; what it is now, if it changed.
async fn raise(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    user: UserId,
    access: &StreamAccess,
    topic: &str,
    policy: Option<VisibilityPolicy>,
) -> Result<Option<VisibilityPolicy>> {
    let Some(policy) = policy else {
        return Ok(None);
    };
    match UserTopic::find(tx, user, access.stream.id(), topic).await {
        Ok(row) if row.visibility_policy >= policy as i16 => return Ok(None),
        Ok(_) | Err(narrows_store::Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    let whose = (caller.realm_id(), user);
    user_topics::write(ctx, tx, whose, access, topic, policy).await?;
    Ok(Some(policy))
}
