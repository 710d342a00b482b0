//! Inviting people.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use narrows_store::models::{Invitation, NewInvitation, Realm, User};
use narrows_store::{Conn, Tx};
use narrows_wire::{ErrorCode, GroupId, RealmId, Role, StreamId};
use serde_json::json;

use super::{check_role, enqueue_mail, link, new_token, tell_changed};
use crate::access::realm::may;
use crate::access::streams::{access_all_streams, history_of};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::groups;
use crate::realms::Right;
use crate::realms::domains::Domains;
use crate::users::is_email;

/// What those who join will be, and until when they can.
#[derive(Clone, Debug)]
pub struct Terms {
    /// `None` = for ever.
    pub expires_in_minutes: Option<i64>,
    /// Their role.
    pub role: Role,
    /// What they are subscribed to.
    pub streams: Vec<StreamId>,
    /// Which groups they join.
    pub groups: Vec<GroupId>,
    /// They are subscribed to the default streams, too.
    pub include_default_streams: bool,
    /// Who invites is told.
    pub notify_referrer: bool,
}

/// Makes a link that many can use; returns it.
pub async fn create_link(ctx: &Ctx, caller: &Caller, terms: &Terms) -> Result<String> {
    let mut tx = ctx.store.begin().await?;
    check_right(&mut tx, caller, Right::CreateMultiuseInvite).await?;
    let expires_at = check_terms(&mut tx, caller, terms).await?;
    let (salt, hash) = new_token(ctx, caller.realm_id())?;
    let new = new_invitation(caller, terms, None, expires_at, &salt, &hash);
    NewInvitation::insert_all(&[new], &mut tx).await?;
    tell_changed(&mut tx, caller.realm_id(), caller.user_id())?;
    drop(tx.commit().await?);
    link(ctx, &caller.realm, &salt)
}

/// Mails invitations to addresses, separated by commas or lines. Some may be invited although others are refused.
pub async fn send(ctx: &Ctx, caller: &Caller, addresses: &str, terms: &Terms) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    check_right(&mut tx, caller, Right::InviteUsers).await?;
    check_role(caller, terms.role, false)?;
    let addresses = split(addresses);
    if addresses.is_empty() {
        return Err(Error::bad_request(
            "You must specify at least one email address.",
        ));
    }
    let expires_at = check_terms(&mut tx, caller, terms).await?;
    check_daily_limit(ctx, &mut tx, caller.realm_id(), addresses.len()).await?;
    let (welcome, refused) = sort(&mut tx, caller, addresses).await?;
    insert(ctx, &mut tx, caller, terms, &welcome, expires_at).await?;
    tell_changed(&mut tx, caller.realm_id(), caller.user_id())?;
    drop(tx.commit().await?);
    match refused.is_empty() {
        true => Ok(()),
        false => Err(failed(
            "Some of those addresses are already using Zulip, so we didn't send them an invitation. We did send \
             invitations to everyone else!",
            refused,
            true,
        )),
    }
}

async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    terms: &Terms,
    addresses: &[String],
    expires_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let realm = caller.realm_id();
    let tokens = addresses.iter().map(|_| new_token(ctx, realm));
    let tokens: Vec<(Vec<u8>, [u8; 32])> = tokens.collect::<Result<_>>()?;
    let rows = addresses.iter().zip(&tokens);
    let rows: Vec<NewInvitation<'_>> = rows
        .map(|(email, (salt, hash))| {
            new_invitation(caller, terms, Some(email.as_str()), expires_at, salt, hash)
        })
        .collect();
    for id in NewInvitation::insert_all(&rows, tx).await? {
        enqueue_mail(tx, realm, id);
    }
    Ok(())
}

fn new_invitation<'a>(
    caller: &Caller,
    terms: &Terms,
    email: Option<&'a str>,
    expires_at: Option<DateTime<Utc>>,
    salt: &'a [u8],
    hash: &'a [u8],
) -> NewInvitation<'a> {
    NewInvitation::builder()
        .realm_id(caller.realm_id())
        .referrer_id(caller.user_id())
        .maybe_email(email)
        .role(terms.role)
        .stream_ids(&terms.streams)
        .group_ids(&terms.groups)
        .include_default_streams(terms.include_default_streams)
        .notify_referrer(terms.notify_referrer)
        .invited_at(caller.asked_at)
        .maybe_expires_at(expires_at)
        .token_salt(salt)
        .token_hash(hash)
        .build()
}

async fn check_right(conn: &mut Conn, caller: &Caller, right: Right) -> Result<()> {
    match may(conn, caller, right).await? {
        true => Ok(()),
        false => Err(Error::insufficient_permission()),
    }
}

/// Whether the caller can promise all that; returns when the promise ends.
async fn check_terms(
    conn: &mut Conn,
    caller: &Caller,
    terms: &Terms,
) -> Result<Option<DateTime<Utc>>> {
    check_role(caller, terms.role, false)?;
    let expires_at = terms
        .expires_in_minutes
        .map(|minutes| after(caller.asked_at, minutes))
        .transpose()?;
    check_streams(conn, caller, &terms.streams).await?;
    for group in &terms.groups {
        groups::check_may_add(conn, caller, *group).await?;
    }
    Ok(expires_at)
}

fn after(now: DateTime<Utc>, minutes: i64) -> Result<DateTime<Utc>> {
    let life = TimeDelta::try_minutes(minutes).filter(|life| *life > TimeDelta::zero());
    // PostgreSQL's times go on long after those that can be written as text.
    let end = life.and_then(|life| now.checked_add_signed(life));
    end.filter(|end| *end < now + TimeDelta::days(365 * 1000))
        .ok_or_else(|| Error::bad_request("Invalid invite_expires_in_minutes"))
}

async fn check_streams(conn: &mut Conn, caller: &Caller, streams: &[StreamId]) -> Result<()> {
    if streams.is_empty() {
        return Ok(());
    }
    let seen = access_all_streams(conn, caller, false).await?;
    let read = seen.iter().filter(|access| {
        history_of(&caller.user, &access.stream, access.is_subscribed()).is_some()
    });
    let read: HashSet<StreamId> = read.map(|access| access.stream.id()).collect();
    if let Some(id) = streams.iter().find(|id| !read.contains(id)) {
        return Err(Error::bad_request(format!(
            "Invalid channel ID {id}. No invites were sent."
        )));
    }
    match may(conn, caller, Right::AddSubscribers).await? {
        true => Ok(()),
        false => Err(Error::bad_request(
            "You do not have permission to subscribe other users to channels.",
        )),
    }
}

/// Refuses more mails than a realm may send in a day. Others who invite wait until the transaction ends.
pub(super) async fn check_daily_limit(
    ctx: &Ctx,
    tx: &mut Tx,
    realm: RealmId,
    more: usize,
) -> Result<()> {
    let limit = ctx.config.limits.invitations_by_realm();
    if limit.calls == 0 {
        return Ok(());
    }
    Realm::lock(tx, realm).await?;
    let since = ctx.clock.now() - TimeDelta::seconds(limit.seconds);
    let sent = Invitation::count_since(tx, realm, since).await?;
    if sent.saturating_add(i64::try_from(more).unwrap_or(i64::MAX)) <= limit.calls {
        return Ok(());
    }
    let msg = "To protect users, the number of invitations that can be sent in one day is limited. Because you have \
               reached the limit, no other invitations were sent.";
    Err(failed(msg, vec![], false).with("daily_limit_reached", true))
}

/// An address that is refused, why, and whether it is that of a deactivated account.
type Refused = (String, &'static str, bool);

/// Whom to invite, and who has an account. If nobody is left or an address is wrong, that is an error.
async fn sort(
    conn: &mut Conn,
    caller: &Caller,
    addresses: Vec<String>,
) -> Result<(Vec<String>, Vec<Refused>)> {
    let domains = Domains::of(conn, &caller.realm).await?;
    let (good, wrong): (Vec<String>, Vec<String>) = addresses
        .into_iter()
        .partition(|address| is_email(address) && domains.allow(address));
    let users = User::with_addresses(conn, caller.realm_id(), &good).await?;
    let account = |address: &String| {
        users
            .iter()
            .find(|user| user.delivery_email.to_lowercase() == address.to_lowercase())
    };
    let mut refused: Vec<Refused> = wrong
        .into_iter()
        .map(|address| match is_email(&address) {
            true => (address, "Outside your domain.", false),
            false => (address, "Invalid address.", false),
        })
        .collect();
    let has_wrong = !refused.is_empty();
    let mut welcome = Vec::new();
    for address in good {
        match account(&address) {
            None => welcome.push(address),
            Some(user) if user.is_active => {
                refused.push((address, "Already has an account.", false))
            }
            Some(_) => refused.push((address, "Account has been deactivated.", true)),
        }
    }
    if has_wrong {
        let msg = "Some emails did not validate, so we didn't send any invitations.";
        return Err(failed(msg, refused, false));
    }
    if welcome.is_empty() {
        let msg = "We weren't able to invite anyone.";
        return Err(failed(msg, refused, false));
    }
    Ok((welcome, refused))
}

fn failed(msg: &str, refused: Vec<Refused>, sent: bool) -> Error {
    Error::api(ErrorCode::InvitationFailed, msg)
        .with("errors", json!(refused))
        .with("sent_invitations", sent)
        .with("license_limit_reached", false)
        .with("daily_limit_reached", false)
}

/// Addresses, each once: `a@x`, or `Name <a@x>`.
fn split(text: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    text.split([',', '\n'])
        .map(str::trim)
        .map(
            |one| match one.strip_suffix('>').and_then(|one| one.rsplit_once('<')) {
                Some((_, address)) => address.trim(),
                None => one,
            },
        )
        .filter(|one| !one.is_empty() && seen.insert(one.to_lowercase()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn addresses_come_in_many_forms() {
        let text = "a@x.example, Bee <b@x.example>\n\nA@x.example,, c";
        assert_eq!(split(text), ["a@x.example", "b@x.example", "c"]);
    }
}
