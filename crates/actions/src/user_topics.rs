//! How a user treats a topic: muted, unmuted in a muted stream, followed.

use chrono::{DateTime, Utc};
use narrows_store::models::{Stream, UserTopic};
use narrows_store::{Conn, Tx};
use narrows_wire::events::{Event, subscription};
use narrows_wire::limits::MAX_TOPIC_LENGTH;
use narrows_wire::{Audience, StreamId, UserId};

use crate::access::streams::{StreamRef, access_stream_by_id, access_stream_by_name};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The API's numbers of what a user wants of a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i16)]
pub enum VisibilityPolicy {
    /// As the stream.
    Inherit = 0,
    /// Not shown.
    Muted = 1,
    /// Shown although the stream is muted.
    Unmuted = 2,
    /// Notified of.
    Followed = 3,
}

impl VisibilityPolicy {
    /// The policy with this number.
    pub fn from_number(number: i64) -> Result<VisibilityPolicy> {
        [Self::Inherit, Self::Muted, Self::Unmuted, Self::Followed]
            .into_iter()
            .find(|policy| i64::from(*policy as i16) == number)
            .ok_or_else(|| Error::bad_request("Invalid visibility_policy"))
    }
}

/// What `POST /register` shows of them: all, and those that are muted as old clients read them.
pub async fn gather(
    conn: &mut Conn,
    user: UserId,
) -> Result<(Vec<subscription::UserTopic>, subscription::MutedTopics)> {
    let rows = UserTopic::of_user(conn, user).await?;
    let muted_topics = rows
        .iter()
        .filter(|(row, _)| row.visibility_policy == VisibilityPolicy::Muted as i16)
        .map(|(row, stream)| {
            let since = row.last_updated.timestamp();
            (stream.clone(), row.topic_name.clone(), since)
        })
        .collect();
    let policies = rows.into_iter().map(|(row, _)| subscription::UserTopic {
        stream_id: row.stream_id(),
        topic_name: row.topic_name,
        last_updated: row.last_updated.timestamp(),
        visibility_policy: row.visibility_policy,
    });
    let muted = subscription::MutedTopics { muted_topics };
    Ok((policies.collect(), muted))
}

/// Says what the caller wants of a topic.
pub async fn set(
    ctx: &Ctx,
    caller: &Caller,
    stream: StreamId,
    topic: &str,
    policy: VisibilityPolicy,
) -> Result<()> {
    let topic = check_topic(topic)?;
    let mut tx = ctx.store.begin().await?;
    let access = access_stream_by_id(&mut tx, caller, stream).await?;
    let (user, now) = (caller.user_id(), ctx.clock.now());
    set_of(&mut tx, user, &access.stream, topic, policy, now).await?;
    drop(tx.commit().await?);
    Ok(())
}

/// Mutes or unmutes a topic as clients did before there were policies: doing it twice is an error.
pub async fn set_muted(
    ctx: &Ctx,
    caller: &Caller,
    stream: &StreamRef,
    topic: &str,
    mute: bool,
) -> Result<()> {
    let topic = check_topic(topic)?;
    let mut tx = ctx.store.begin().await?;
    let access = match stream {
        StreamRef::Id(id) => access_stream_by_id(&mut tx, caller, *id).await?,
        StreamRef::Name(name) => access_stream_by_name(&mut tx, caller, name).await?,
    };
    let muted = match UserTopic::find(&mut tx, caller.user_id(), access.stream.id(), topic).await {
        Ok(row) => row.visibility_policy == VisibilityPolicy::Muted as i16,
        Err(narrows_store::Error::NotFound) => false,
        Err(error) => return Err(error.into()),
    };
    match (mute, muted) {
        (true, true) => return Err(Error::bad_request("Topic already muted")),
        (false, false) => return Err(Error::bad_request("Topic is not muted")),
        _ => {}
    }
    let policy = if mute {
        VisibilityPolicy::Muted
    } else {
        VisibilityPolicy::Inherit
    };
    let (user, now) = (caller.user_id(), ctx.clock.now());
    set_of(&mut tx, user, &access.stream, topic, policy, now).await?;
    drop(tx.commit().await?);
    Ok(())
}

fn check_topic(topic: &str) -> Result<&str> {
    let topic = topic.trim();
    if topic.chars().count() > MAX_TOPIC_LENGTH {
        return Err(Error::bad_request(format!(
            "topic is too long (limit: {MAX_TOPIC_LENGTH} characters)"
        )));
    }
    Ok(topic)
}

/// Sets what a user wants of a topic, and tells them.
pub(crate) async fn set_of(
    tx: &mut Tx,
    user: UserId,
    stream: &Stream,
    topic: &str,
    policy: VisibilityPolicy,
    now: DateTime<Utc>,
) -> Result<()> {
    let (realm, stream) = (stream.realm_id(), stream.id());
    let changed = match policy {
        VisibilityPolicy::Inherit => UserTopic::clear(tx, user, stream, topic).await?,
        set => UserTopic::set(tx, user, stream, topic, set as i16, now).await?,
    };
    if !changed {
        return Ok(());
    }
    let me = Audience::users([user]);
    let (_, muted) = gather(tx, user).await?;
    tx.emit(realm, me.clone(), &Event::MutedTopics(muted))?;
    let event = subscription::UserTopic {
        stream_id: stream,
        topic_name: topic.to_owned(),
        last_updated: now.timestamp(),
        visibility_policy: policy as i16,
    };
    tx.emit(realm, me, &Event::UserTopic(event))?;
    Ok(())
}
