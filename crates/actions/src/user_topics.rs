//! How a user treats a topic: muted, unmuted in a muted stream, followed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use narrows_store::models::{Stream, User, UserTopic};
use narrows_store::queries::names;
use narrows_store::{Conn, Tx};
use narrows_wire::events::{Event, subscription};
use narrows_wire::limits::MAX_TOPIC_LENGTH;
use narrows_wire::{Audience, RealmId, UserId};

use crate::access::streams::{StreamRef, access_stream_by_id, access_stream_by_name, history_of};
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

const MUTED: i16 = VisibilityPolicy::Muted as i16;

/// What `POST /register` shows of them: all, and those that are muted as old clients read them.
pub async fn gather(
    conn: &mut Conn,
    user: UserId,
) -> Result<(Vec<subscription::UserTopic>, subscription::MutedTopics)> {
    let rows = UserTopic::of_users(conn, &[user]).await?;
    let muted = muted_among(&rows);
    let policies = rows.into_iter().map(|(row, _)| subscription::UserTopic {
        stream_id: row.stream_id(),
        topic_name: row.topic_name,
        last_updated: row.last_updated.timestamp(),
        visibility_policy: row.visibility_policy,
    });
    Ok((policies.collect(), muted))
}

/// The muted topics of a user, as old clients read them.
fn muted_among(rows: &[(UserTopic, String)]) -> subscription::MutedTopics {
    let muted = rows
        .iter()
        .filter(|(row, _)| row.visibility_policy == MUTED);
    let muted_topics = muted.map(|(row, stream)| {
        let since = row.last_updated.timestamp();
        (stream.clone(), row.topic_name.clone(), since)
    });
    subscription::MutedTopics {
        muted_topics: muted_topics.collect(),
    }
}

/// Says what the caller wants of a topic. Saying it twice changes nothing.
pub async fn set(
    ctx: &Ctx,
    caller: &Caller,
    stream: &StreamRef,
    topic: &str,
    policy: VisibilityPolicy,
) -> Result<()> {
    let topic = check_topic(topic)?;
    let mut tx = ctx.store.begin().await?;
    let access = match stream {
        StreamRef::Id(id) => access_stream_by_id(&mut tx, caller, *id).await?,
        StreamRef::Name(name) => access_stream_by_name(&mut tx, caller, name).await?,
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
    let id = stream.id();
    let changed = match policy {
        VisibilityPolicy::Inherit => UserTopic::clear(tx, user, id, topic).await?,
        set => UserTopic::set(tx, user, id, topic, set as i16, now).await?,
    };
    if !changed {
        return Ok(());
    }
    tell_muted(tx, stream.realm_id(), &[user]).await?;
    tell(
        tx,
        (stream, topic),
        [(user, policy as i16)].into_iter(),
        now,
    )
}

/// A topic of a stream.
type Place<'a> = (&'a Stream, &'a str);

/// What people want of a topic goes along when all of it is moved. Where there are messages already (`joins`), who wants
/// something of both has the more visible. Who does not see the new place forgets the topic.
pub(crate) async fn follow(
    tx: &mut Tx,
    from: Place<'_>,
    to: Place<'_>,
    joins: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    if from.0.id() == to.0.id() && from.1.to_lowercase() == to.1.to_lowercase() {
        return Ok(());
    }
    let there: BTreeMap<UserId, i16> = match joins {
        true => policies(UserTopic::of_topic(tx, to.0.id(), to.1).await?).collect(),
        false => BTreeMap::new(),
    };
    let wanted: BTreeMap<UserId, i16> =
        policies(UserTopic::of_topic(tx, from.0.id(), from.1).await?).collect();
    let users: Vec<UserId> = wanted.keys().copied().collect();
    if users.is_empty() {
        return Ok(());
    }
    let seeing = seeing(tx, &users, to.0).await?;
    let merged = |user: &UserId| {
        let own = wanted.get(user).copied().unwrap_or_default();
        let there = match joins {
            true => there.get(user).copied().unwrap_or_default(),
            false => own,
        };
        (
            *user,
            std::cmp::max_by_key(own, there, |policy| visibility(*policy)),
        )
    };
    let moved: Vec<(UserId, i16)> = seeing.iter().map(merged).collect();
    let (plain, set): (Vec<_>, Vec<_>) =
        moved.iter().copied().partition(|(_, policy)| *policy == 0);
    let plain: Vec<UserId> = plain.into_iter().map(|(user, _)| user).collect();
    UserTopic::clear_many(tx, from.0.id(), from.1, &users).await?;
    UserTopic::clear_many(tx, to.0.id(), to.1, &plain).await?;
    UserTopic::set_many(tx, to.0.id(), to.1, &set, now).await?;
    let gone = users.iter().map(|user| (*user, 0));
    tell(tx, from, gone, now)?;
    tell(tx, to, moved.iter().copied(), now)?;
    let had_muted = |user: &UserId| {
        [&wanted, &there]
            .iter()
            .any(|policies| policies.get(user) == Some(&MUTED))
    };
    let muting: Vec<UserId> = users.into_iter().filter(had_muted).collect();
    tell_muted(tx, to.0.realm_id(), &muting).await
}

fn policies(rows: Vec<UserTopic>) -> impl Iterator<Item = (UserId, i16)> {
    rows.into_iter()
        .map(|row| (row.user_id(), row.visibility_policy))
}

/// How much a policy shows, compared with others.
fn visibility(policy: i16) -> i16 {
    match policy == MUTED {
        true => -1,
        false => policy,
    }
}

/// Those who may read a stream.
async fn seeing(tx: &mut Tx, users: &[UserId], stream: &Stream) -> Result<Vec<UserId>> {
    let subscribed = names::subscribed_of(tx, stream.id(), users).await?;
    let people = User::find_many(tx, stream.realm_id(), users).await?;
    let seeing = people
        .iter()
        .filter(|user| history_of(user, stream, subscribed.contains(&user.id())).is_some());
    Ok(seeing.map(User::id).collect())
}

/// One event for all who want the same.
fn tell(
    tx: &mut Tx,
    (stream, topic): Place<'_>,
    policies: impl Iterator<Item = (UserId, i16)>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut alike: BTreeMap<i16, Vec<UserId>> = BTreeMap::new();
    for (user, policy) in policies {
        alike.entry(policy).or_default().push(user);
    }
    for (visibility_policy, users) in alike {
        let event = subscription::UserTopic {
            stream_id: stream.id(),
            topic_name: topic.to_owned(),
            last_updated: now.timestamp(),
            visibility_policy,
        };
        tx.emit(
            stream.realm_id(),
            Audience::users(users),
            &Event::UserTopic(event),
        )?;
    }
    Ok(())
}

/// All that each of some users has muted, for old clients.
async fn tell_muted(tx: &mut Tx, realm: RealmId, users: &[UserId]) -> Result<()> {
    let rows = UserTopic::of_users(tx, users).await?;
    for user in users {
        let of_user = rows.partition_point(|(row, _)| row.user_id() < *user)
            ..rows.partition_point(|(row, _)| row.user_id() <= *user);
        let muted = muted_among(rows.get(of_user).unwrap_or_default());
        tx.emit(realm, Audience::users([*user]), &Event::MutedTopics(muted))?;
    }
    Ok(())
}
