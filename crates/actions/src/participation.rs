//! Following and unmuting topics by taking part in them, as each user's settings have it.
//!
//! What a user has set for a topic by hand stays, but that a topic shown in a muted stream may become followed.

use std::collections::BTreeSet;

use narrows_store::models::{Stream, User, UserTopic};
use narrows_store::queries::topics;
use narrows_store::{Conn, Tx};
use narrows_wire::{RealmId, RecipientId, UserId};

use crate::access::streams::StreamAccess;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::user_topics::{VisibilityPolicy, set_of};
use crate::users::Settings;

/// How a user takes part in a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Reacts, votes.
    Reacts,
    /// Sends to it.
    Sends,
    /// Sends its first message.
    Starts,
}

impl Part {
    /// Whether this much of taking part is what a setting asks for: 1 any, 2 sending, 3 starting, 4 never.
    fn suffices(self, setting: u8) -> bool {
        let least = match self {
            Part::Reacts => 1,
            Part::Sends => 2,
            Part::Starts => 3,
        };
        setting <= least
    }
}

/// What is to be set, of which users.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes(Vec<(UserId, VisibilityPolicy)>);

impl Changes {
    /// Whether nothing is to be set: nearly always so.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets it, and tells each of them.
    pub(crate) async fn write(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        stream: &Stream,
        topic: &str,
    ) -> Result<()> {
        for (user, policy) in &self.0 {
            set_of(tx, *user, stream, topic, *policy, ctx.clock.now()).await?;
        }
        Ok(())
    }
}

/// What follows from a message of the caller in a topic that mentions these people, by name or through a group.
pub(crate) async fn by_message(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
    topic: &str,
    mentioned: &[UserId],
) -> Result<Changes> {
    let mut changes =
        by_mentions(conn, caller.realm_id(), &access.stream, topic, mentioned).await?;
    if caller.user.is_bot || changes.0.iter().any(|(user, _)| *user == caller.user_id()) {
        return Ok(changes);
    }
    let settings = Settings::of(&caller.user);
    let muted = is_muted(access);
    if wanted(&settings, muted, Part::Starts).is_none() {
        return Ok(changes);
    }
    let part = match is_new(ctx, conn, access.stream.recipient_id(), topic).await? {
        true => Part::Starts,
        false => Part::Sends,
    };
    if let Some(policy) = wanted(&settings, muted, part)
        && may_set(conn, caller.user_id(), &access.stream, topic, policy).await?
    {
        changes.0.push((caller.user_id(), policy));
    }
    Ok(changes)
}

/// What follows from the caller's reaction in a topic.
pub(crate) async fn by_reaction(
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
    topic: &str,
) -> Result<Changes> {
    let settings = Settings::of(&caller.user);
    let mut changes = Changes::default();
    if !caller.user.is_bot
        && let Some(policy) = wanted(&settings, is_muted(access), Part::Reacts)
        && may_set(conn, caller.user_id(), &access.stream, topic, policy).await?
    {
        changes.0.push((caller.user_id(), policy));
    }
    Ok(changes)
}

async fn by_mentions(
    conn: &mut Conn,
    realm: RealmId,
    stream: &Stream,
    topic: &str,
    mentioned: &[UserId],
) -> Result<Changes> {
    let mut changes = Changes::default();
    if mentioned.is_empty() {
        return Ok(changes);
    }
    let mentioned: BTreeSet<UserId> = mentioned.iter().copied().collect();
    let mentioned: Vec<UserId> = mentioned.into_iter().collect();
    for user in User::find_many(conn, realm, &mentioned).await? {
        let policy = VisibilityPolicy::Followed;
        if !user.is_bot
            && Settings::of(&user).automatically_follow_topics_where_mentioned
            && may_set(conn, user.id(), stream, topic, policy).await?
        {
            changes.0.push((user.id(), policy));
        }
    }
    Ok(changes)
}

fn is_muted(access: &StreamAccess) -> bool {
    let subscription = access.subscription.as_ref();
    subscription.is_some_and(|subscription| subscription.is_muted)
}

fn wanted(settings: &Settings, muted: bool, part: Part) -> Option<VisibilityPolicy> {
    if part.suffices(settings.automatically_follow_topics_policy) {
        return Some(VisibilityPolicy::Followed);
    }
    let unmute = settings.automatically_unmute_topics_in_muted_streams_policy;
    (muted && part.suffices(unmute)).then_some(VisibilityPolicy::Unmuted)
}

/// Whether a policy may take the place of what is there.
async fn may_set(
    conn: &mut Conn,
    user: UserId,
    stream: &Stream,
    topic: &str,
    policy: VisibilityPolicy,
) -> Result<bool> {
    match UserTopic::find(conn, user, stream.id(), topic).await {
        Ok(there) => Ok(there.visibility_policy == VisibilityPolicy::Unmuted as i16
            && policy == VisibilityPolicy::Followed),
        Err(narrows_store::Error::NotFound) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// Whether nobody has written in the topic yet.
async fn is_new(ctx: &Ctx, conn: &mut Conn, recipient: RecipientId, topic: &str) -> Result<bool> {
    let key = (recipient, topic.to_lowercase());
    if ctx.known_topics.contains_key(&key) {
        return Ok(false);
    }
    let is_new = !topics::has_messages(conn, recipient, topic).await?;
    if !is_new {
        ctx.known_topics.insert(key, ());
    }
    Ok(is_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_asks_for_some_part_or_more() {
        let suffices = |part: Part| -> Vec<u8> { (1..=4).filter(|n| part.suffices(*n)).collect() };
        assert_eq!(suffices(Part::Reacts), [1]);
        assert_eq!(suffices(Part::Sends), [1, 2]);
        assert_eq!(suffices(Part::Starts), [1, 2, 3]);
    }

    #[test]
    fn a_muted_stream_matters_to_unmuting_only() {
        let settings = Settings {
            automatically_follow_topics_policy: 3,
            automatically_unmute_topics_in_muted_streams_policy: 2,
            ..Settings::default()
        };
        assert_eq!(wanted(&settings, false, Part::Sends), None);
        let unmuted = Some(VisibilityPolicy::Unmuted);
        assert_eq!(wanted(&settings, true, Part::Sends), unmuted);
        let followed = Some(VisibilityPolicy::Followed);
        assert_eq!(wanted(&settings, true, Part::Starts), followed);
        assert_eq!(wanted(&settings, true, Part::Reacts), None);
    }
}
