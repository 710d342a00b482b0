//! Moving messages to another topic or stream; resolving is a move to the name with a tick.

use chrono::{DateTime, Utc};
use narrows_store::Tx;
use narrows_store::models::{Stream, User};
use narrows_store::queries::{memberships, message_changes};
use narrows_wire::events::message::{DeleteMessage, UpdateMessage};
use narrows_wire::{Audience, ErrorCode, Event, MessageId, RealmId, StreamId, TopicId, UserId};
use serde_json::{Value, json};

use super::edit::{check_age, oldest_allowed};
use super::notices::Notice;
use super::personal_flags::personal_flags;
use super::topic::{check_topic, resolves};
use crate::access::messages::{Conversation, MessageAccess};
use crate::access::realm::may;
use crate::access::streams::{
    StreamAccess, StreamRef, access_stream_by_id, access_stream_for_send, history_of, is_granted,
};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Right, Settings};
use crate::rendering;
use crate::streams::{check_may_begin, check_topic_allowed};
use crate::user_topics;

/// Where messages are to go, and which.
#[derive(Clone, Debug, Default)]
pub struct Move {
    /// New topic, as typed.
    pub topic: Option<String>,
    /// Another stream.
    pub stream: Option<StreamId>,
    /// Which messages of the topic.
    pub propagate: Propagate,
    /// Tell those who look at the old place.
    pub notify_old: bool,
    /// Tell those who look at the new place.
    pub notify_new: bool,
}

/// Which messages of the topic go along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagate {
    /// Only the one.
    #[default]
    One,
    /// It, and those after it.
    Later,
    /// The whole topic.
    All,
}

impl Propagate {
    /// From `propagate_mode`.
    pub fn parse(mode: &str) -> Result<Propagate> {
        match mode {
            "change_one" => Ok(Propagate::One),
            "change_later" => Ok(Propagate::Later),
            "change_all" => Ok(Propagate::All),
            _ => Err(Error::bad_request("Invalid propagate_mode")),
        }
    }

    /// As `propagate_mode`.
    pub fn as_str(self) -> &'static str {
        match self {
            Propagate::One => "change_one",
            Propagate::Later => "change_later",
            Propagate::All => "change_all",
        }
    }
}

impl Move {
    /// Whether nothing is to move.
    pub fn is_nowhere(&self) -> bool {
        self.topic.is_none() && self.stream.is_none()
    }
}

impl Move {
    /// What is left of it for a message: where it is already, it need not go.
    pub(super) fn elsewhere(self, access: &MessageAccess) -> Result<Move> {
        let topic = self.topic.as_deref().map(check_topic).transpose()?;
        let now = access.topic.as_ref().map(|(_, name)| name);
        let stream = access.conversation.stream();
        let stream = stream.map(|access| access.stream.id());
        Ok(Move {
            topic: topic.filter(|topic| Some(topic) != now),
            stream: self.stream.filter(|id| Some(*id) != stream),
            ..self
        })
    }
}

/// A move that was checked.
struct Plan<'a> {
    from: &'a StreamAccess,
    from_topic: (TopicId, String),
    to: StreamAccess,
    to_topic: String,
    ids: Vec<MessageId>,
    whole: bool,
}

impl Plan<'_> {
    fn changes_stream(&self) -> bool {
        self.from.stream.id() != self.to.stream.id()
    }

    fn changes_topic(&self) -> bool {
        self.from_topic.1 != self.to_topic
    }
}

/// Moves messages within `tx`; returns the notices that are to be sent once it is committed.
pub(super) async fn do_move(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    wanted: &Move,
    now: DateTime<Utc>,
) -> Result<Vec<Notice>> {
    let Conversation::Stream(from) = &access.conversation else {
        return Err(Error::Internal("a direct message is to be moved".into()));
    };
    let Some(topic) = access.topic.clone() else {
        return Err(Error::Internal("a stream message without a topic".into()));
    };
    let plan = check_move(tx, caller, access, from, topic, wanted, now).await?;
    let to_existed = do_plan(tx, caller, &plan, now).await?;
    announce(ctx, tx, caller, access, wanted, &plan, now).await?;
    Ok(notices(wanted, &plan, to_existed))
}

async fn check_move<'a>(
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    from: &'a StreamAccess,
    topic: (TopicId, String),
    wanted: &Move,
    now: DateTime<Utc>,
) -> Result<Plan<'a>> {
    let to_topic = match &wanted.topic {
        Some(name) => check_topic(name)?,
        None => topic.1.clone(),
    };
    let settings = Settings::of(&caller.realm);
    let to = match wanted.stream {
        Some(id) if id != from.stream.id() => {
            if !may(tx, caller, Right::MoveBetweenChannels).await?
                && !is_granted(
                    tx,
                    caller,
                    &from.stream,
                    "can_move_messages_out_of_channel_group",
                )
                .await?
            {
                return Err(Error::bad_request(
                    "You don't have permission to move this message",
                ));
            }
            // What cannot be seen is no channel, and only then one that cannot be written to.
            access_stream_by_id(tx, caller, id).await?;
            access_stream_for_send(tx, caller, &StreamRef::Id(id)).await?
        }
        _ => from.clone(),
    };
    let resolving = resolves(&topic.1, &to_topic).is_some() && to.stream.id() == from.stream.id();
    if to_topic != topic.1 {
        check_rename(tx, caller, &to.stream, resolving).await?;
    }
    if to_topic != topic.1 || to.stream.id() != from.stream.id() {
        check_topic_allowed(&to.stream, &to_topic, &settings)?;
    }
    if !resolving {
        check_may_begin(tx, caller, &to.stream, &to_topic).await?;
    }
    let start = match wanted.propagate {
        Propagate::All => MessageId(0),
        Propagate::One | Propagate::Later => access.message.id(),
    };
    let mut ids = message_changes::lock_topic(tx, topic.0, start).await?;
    let whole = wanted.propagate == Propagate::All;
    if wanted.propagate == Propagate::One {
        ids.truncate(1);
    }
    if !resolving && !caller.user.role().is_moderator() {
        let limits = Limits {
            topic: settings
                .move_messages_within_stream_limit_seconds
                .filter(|_| to_topic != topic.1),
            stream: settings
                .move_messages_between_streams_limit_seconds
                .filter(|_| to.stream.id() != from.stream.id()),
        };
        limits.check(access.message.sent_at, now)?;
        if whole {
            limits.check_all(tx, topic.0, &ids, now).await?;
        }
    }
    Ok(Plan {
        from,
        from_topic: topic,
        to,
        to_topic,
        ids,
        whole,
    })
}

/// Whether the caller may give messages another topic, or only mark theirs as resolved or not.
async fn check_rename(
    tx: &mut Tx,
    caller: &Caller,
    stream: &Stream,
    resolving: bool,
) -> Result<()> {
    let (right, of_stream, msg) = match resolving {
        true => (
            Right::ResolveTopics,
            "can_resolve_topics_group",
            "You don't have permission to resolve topics.",
        ),
        false => (
            Right::MoveBetweenTopics,
            "can_move_messages_within_channel_group",
            "You don't have permission to edit this message",
        ),
    };
    match may(tx, caller, right).await? || is_granted(tx, caller, stream, of_stream).await? {
        true => Ok(()),
        false => Err(Error::bad_request(msg)),
    }
}

/// How old messages may be that are moved, in seconds, by what changes; `None` = any. Moderators have no limits.
#[derive(Clone, Copy, Debug)]
struct Limits {
    topic: Option<i64>,
    stream: Option<i64>,
}

impl Limits {
    /// Of the message that is named.
    fn check(self, sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
        let passed = |what| format!("The time limit for editing this message's {what}");
        check_age(sent_at, self.topic, now)
            .map_err(|()| Error::bad_request(passed("topic has passed.")))?;
        check_age(sent_at, self.stream, now)
            .map_err(|()| Error::bad_request(passed("channel has passed")))
    }

    /// Of all that go along with it: some may be older.
    async fn check_all(
        self,
        tx: &mut Tx,
        topic: TopicId,
        ids: &[MessageId],
        now: DateTime<Utc>,
    ) -> Result<()> {
        let limits = [self.topic, self.stream];
        let Some(strictest) = limits.into_iter().flatten().min() else {
            return Ok(());
        };
        let since = oldest_allowed(strictest, now);
        let young = message_changes::first_since(tx, topic, since).await?;
        let old = ids.partition_point(|id| young.is_none_or(|young| *id < young));
        if old == 0 {
            return Ok(());
        }
        let (allowed, total) = (ids.len() - old, ids.len());
        let msg = format!(
            "You only have permission to move the {allowed}/{total} most recent messages in this topic."
        );
        Err(Error::api(ErrorCode::MoveMessagesTimeLimitExceeded, msg)
            .with("first_message_id_allowed_to_move", young.map(|id| id.0))
            .with("total_messages_allowed_to_move", allowed)
            .with("total_messages_in_topic", total))
    }
}

/// Returns whether the target topic was there before.
async fn do_plan(
    tx: &mut Tx,
    caller: &Caller,
    plan: &Plan<'_>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let recipient = plan.to.stream.recipient_id();
    let target = message_changes::topic_by_name(tx, recipient, &plan.to_topic).await?;
    let entry = history_entry(caller, plan, now);
    let renames =
        !plan.changes_stream() && plan.whole && target.is_none_or(|id| id == plan.from_topic.0);
    if plan.whole {
        let from = (&*plan.from.stream, plan.from_topic.1.as_str());
        let to = (&*plan.to.stream, plan.to_topic.as_str());
        user_topics::follow(tx, from, to, target.is_some(), now).await?;
    }
    if renames {
        message_changes::rename_topic(tx, plan.from_topic.0, &plan.to_topic, &entry).await?;
        return Ok(false);
    }
    let to = (recipient, plan.to_topic.as_str());
    message_changes::move_messages(tx, &plan.ids, plan.from_topic.0, to, &entry, now).await?;
    Ok(target.is_some())
}

fn history_entry(caller: &Caller, plan: &Plan<'_>, now: DateTime<Utc>) -> Value {
    let mut entry = json!({ "timestamp": now.timestamp(), "user_id": caller.user_id() });
    if let Some(entry) = entry.as_object_mut() {
        if plan.changes_topic() {
            entry.insert("prev_topic".into(), json!(plan.from_topic.1));
            entry.insert("topic".into(), json!(plan.to_topic));
        }
        if plan.changes_stream() {
            entry.insert("prev_stream".into(), json!(plan.from.stream.id()));
            entry.insert("stream".into(), json!(plan.to.stream.id()));
        }
    }
    entry
}

async fn announce(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    access: &MessageAccess,
    wanted: &Move,
    plan: &Plan<'_>,
    now: DateTime<Utc>,
) -> Result<()> {
    let from = &plan.from.stream;
    let topic_links = match plan.changes_topic() {
        true => {
            let rendering = rendering::of_realm(ctx, tx, &caller.realm).await?;
            Some(rendering.topic_links(&plan.to_topic))
        }
        false => None,
    };
    let event = UpdateMessage {
        user_id: Some(caller.user_id().0),
        message_id: access.message.id().0,
        message_ids: plan.ids.clone(),
        edit_timestamp: now.timestamp(),
        stream_name: Some(from.name.clone()),
        stream_id: Some(from.id()),
        new_stream_id: plan.changes_stream().then(|| plan.to.stream.id()),
        propagate_mode: Some(wanted.propagate.as_str().to_owned()),
        orig_subject: Some(plan.from_topic.1.clone()),
        subject: plan.changes_topic().then(|| plan.to_topic.clone()),
        topic_links,
        ..UpdateMessage::default()
    };
    let update = Event::UpdateMessage(Box::new(event));
    let audience = Audience::stream(from.id(), from.membership_version);
    let mentions_all = access.message.wildcard_mention & 1 != 0;
    let flags = personal_flags(tx, &access.message, mentions_all).await?;
    if !plan.changes_stream() {
        tx.emit_with_flags(caller.realm_id(), audience, &update, flags)?;
        return Ok(());
    }
    let (losing, gaining) = crossing(tx, caller.realm_id(), plan).await?;
    tx.emit_with_flags(
        caller.realm_id(),
        audience.and(gaining).but(losing.iter().copied()),
        &update,
        flags,
    )?;
    if !losing.is_empty() {
        let gone = Event::DeleteMessage(DeleteMessage {
            message_ids: plan.ids.clone(),
            message_type: "stream",
            stream_id: Some(from.id()),
            topic: Some(plan.from_topic.1.clone()),
        });
        tx.emit(caller.realm_id(), Audience::users(losing), &gone)?;
    }
    Ok(())
}

/// Of a move between streams: who saw the messages and will not any more, and who newly has them.
async fn crossing(
    tx: &mut Tx,
    realm: RealmId,
    plan: &Plan<'_>,
) -> Result<(Vec<UserId>, Vec<UserId>)> {
    let old = subscribers(tx, plan.from.stream.id()).await?;
    let new = subscribers(tx, plan.to.stream.id()).await?;
    let gaining = new.iter().copied().filter(|id| !old.contains(id)).collect();
    let leaving: Vec<UserId> = old.into_iter().filter(|id| !new.contains(id)).collect();
    // Whoever may read the new stream without being in it goes on seeing the messages.
    let people = User::find_many(tx, realm, &leaving).await?;
    let blind = people
        .iter()
        .filter(|user| history_of(user, &plan.to.stream, false).is_none());
    Ok((blind.map(User::id).collect(), gaining))
}

async fn subscribers(tx: &mut Tx, stream: StreamId) -> Result<Vec<UserId>> {
    let members = memberships::members(tx, stream).await?;
    Ok(members.into_iter().map(|(id, _guest)| id).collect())
}

fn notices(wanted: &Move, plan: &Plan<'_>, to_existed: bool) -> Vec<Notice> {
    let new_place = (plan.to.stream.id(), plan.to_topic.clone());
    let old_place = (plan.from.stream.id(), plan.from_topic.1.clone());
    if !plan.changes_stream()
        && plan.whole
        && let Some(resolved) = resolves(&plan.from_topic.1, &plan.to_topic)
    {
        let conversation = plan.to.stream.recipient_id();
        return vec![Notice::resolved(new_place, conversation, resolved)];
    }
    let count = (!plan.whole || to_existed).then_some(plan.ids.len());
    let from = (plan.from.stream.name.clone(), old_place.1.clone());
    let to = (plan.to.stream.name.clone(), plan.to_topic.clone());
    let mut notices = Vec::new();
    if wanted.notify_new {
        notices.push(Notice::moved_here(new_place, from, count));
    }
    if wanted.notify_old {
        notices.push(Notice::moved_away(
            old_place,
            to,
            (!plan.whole).then_some(plan.ids.len()),
        ));
    }
    notices
}
