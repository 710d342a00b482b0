//! Sending a message.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_store::batch::{NewMessage, Placed};
use narrows_store::models::{Stream, UserGroup};
use narrows_store::queries::flags::bit;
use narrows_store::queries::{memberships, messages, names, new_message};
use narrows_store::{Conn, Draft, Error as StoreError, Tx};
use narrows_wire::envelope::{LocalEcho, Mentions, MessagePayload, MessageStream};
use narrows_wire::jobs::NotificationTrigger;
use narrows_wire::{Audience, Envelope, ErrorCode, MessageId, Payload, UserId};

use super::batcher::Outbound;
use super::content::{self, Content, RENDERED_VERSION};
use super::embed;
use super::object;
use super::recipient::{Destination, Recipient, access_recipient};
use super::widgets;
use crate::access::realm::may;
use crate::access::streams::StreamAccess;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::groups::value;
use crate::participation;
use crate::realms::Right;
use crate::uploads::{self, Claims};
use crate::user_topics::VisibilityPolicy;

/// Streams with more subscribers than this limit who may mention everybody.
const WILDCARD_MENTION_THRESHOLD: i64 = 15;

/// A message to be sent.
#[derive(Clone, Debug)]
pub struct SendMessage {
    /// Where to.
    pub to: Destination,
    /// As typed.
    pub content: String,
    /// The client's own name for it.
    pub local: Option<LocalEcho>,
}

/// What became of a message.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its id.
    pub id: MessageId,
    /// What the sender's settings made of the topic, if that is new.
    pub new_visibility_policy: Option<VisibilityPolicy>,
}

/// Sends a message that its sender has read; resolves once it is committed.
pub async fn send(ctx: &Ctx, caller: &Caller, request: SendMessage) -> Result<MessageId> {
    Ok(send_of_client(ctx, caller, request, true).await?.id)
}

/// Sends a message of a client: whether its sender has read it depends on who typed it.
pub async fn send_of_client(
    ctx: &Ctx,
    caller: &Caller,
    request: SendMessage,
    read_by_sender: bool,
) -> Result<Sent> {
    let (checked, changes) = check_and_follow(ctx, caller, &request).await?;
    if let (Destination::Stream { stream, .. }, Recipient::Stream { access, .. }) =
        (&request.to, &checked.recipient)
    {
        ctx.known_senders.keep(caller, stream, access.clone());
    }
    let asked = Asked::now(ctx, request.local, read_by_sender);
    let placed = ctx.sender.send(outbound(caller, checked, asked)).await?;
    Ok(Sent {
        id: placed.id,
        new_visibility_policy: changes.of(caller.user_id()),
    })
}

/// [`send`] with a time of one's own: imports and demo data. Nobody is notified of what was said long ago.
pub async fn send_at(
    ctx: &Ctx,
    caller: &Caller,
    request: SendMessage,
    sent_at: DateTime<Utc>,
) -> Result<MessageId> {
    let (mut checked, _) = check_and_follow(ctx, caller, &request).await?;
    checked.reached.notify.clear();
    let asked = Asked {
        sent_at,
        ..Asked::now(ctx, request.local, true)
    };
    Ok(ctx.sender.send(outbound(caller, checked, asked)).await?.id)
}

/// [`check`], and the topic is followed by those who follow what they take part in.
async fn check_and_follow(
    ctx: &Ctx,
    caller: &Caller,
    request: &SendMessage,
) -> Result<(Checked, participation::Changes)> {
    let mut conn = ctx.store.read().await?;
    let checked = check(ctx, &mut conn, caller, request).await?;
    let changes = checked.participation(ctx, &mut conn, caller).await?;
    drop(conn);
    if let Some((stream, topic)) = checked.place().filter(|_| !changes.is_empty()) {
        let mut tx = ctx.store.begin().await?;
        changes.write(ctx, &mut tx, stream, topic).await?;
        drop(tx.commit().await?);
    }
    Ok((checked, changes))
}

/// [`send`] as part of a transaction that changes more than that.
pub(crate) async fn send_in(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    request: &SendMessage,
) -> Result<MessageId> {
    send_in_for(ctx, tx, caller, request, None).await
}

/// [`send_in`] what is something to read for some people only.
pub(super) async fn send_in_for(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    request: &SendMessage,
    unread_for: Option<Vec<UserId>>,
) -> Result<MessageId> {
    let checked = check(ctx, tx, caller, request).await?;
    let changes = checked.participation(ctx, tx, caller).await?;
    if let Some((stream, topic)) = checked.place() {
        changes.write(ctx, tx, stream, topic).await?;
    }
    let asked = Asked {
        unread_for: unread_for.clone(),
        ..Asked::now(ctx, request.local.clone(), true)
    };
    let outbound = outbound(caller, checked, asked);
    let placed = new_message::insert(tx, &outbound.message).await?;
    if let Some(users) = &unread_for {
        new_message::keep_unread_for(tx, placed.id, users).await?;
    }
    for draft in (outbound.drafts)(&placed)? {
        tx.add(draft);
    }
    Ok(placed.id)
}

/// A message that its sender may send.
pub(crate) struct Checked {
    pub(crate) recipient: Recipient,
    pub(crate) content: Content,
    reached: Reached,
    claims: Claims,
}

impl Checked {
    /// The stream and topic, if it goes to one.
    fn place(&self) -> Option<(&Stream, &str)> {
        match &self.recipient {
            Recipient::Stream { access, topic } => Some((&access.stream, topic)),
            Recipient::Direct { .. } => None,
        }
    }

    /// Who follows or unmutes the topic because of it.
    pub(super) async fn participation(
        &self,
        ctx: &Ctx,
        conn: &mut Conn,
        caller: &Caller,
    ) -> Result<participation::Changes> {
        match &self.recipient {
            Recipient::Stream { access, topic } => {
                let mentioned = &self.reached.mentions.users;
                participation::by_message(ctx, conn, caller, access, topic, mentioned).await
            }
            Recipient::Direct { .. } => Ok(participation::Changes::default()),
        }
    }
}

/// Checks a message and sends nothing. A direct conversation is made at its first message.
pub(crate) async fn check(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    request: &SendMessage,
) -> Result<Checked> {
    let text = content::check_text(&request.content)?;
    let recipient = access_recipient(ctx, conn, caller, &request.to).await?;
    check_to(ctx, conn, caller, recipient, text).await
}

/// [`check`], where the recipient is known to be one of the caller's.
pub(super) async fn check_to(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    recipient: Recipient,
    text: String,
) -> Result<Checked> {
    let content = content::render(ctx, conn, caller, text).await?;
    check_groups(conn, caller, &content).await?;
    let reached = reach(conn, caller, &recipient, &content).await?;
    let claims = uploads::claim(ctx, conn, caller, &content.seen.report.attachments).await?;
    Ok(Checked {
        recipient,
        content,
        reached,
        claims,
    })
}

/// Whom the mentions of a message reach.
#[derive(Clone, Debug, Default)]
struct Reached {
    mentions: Mentions,
    notify: BTreeMap<UserId, NotificationTrigger>,
}

/// Only recipients are mentioned: naming an outsider shows the name, no more.
async fn reach(
    conn: &mut Conn,
    caller: &Caller,
    recipient: &Recipient,
    content: &Content,
) -> Result<Reached> {
    let seen = &content.seen.report;
    let mut reached = Reached::default();
    let mentioned = content.mentioned();
    match recipient {
        Recipient::Direct { people, .. } => {
            let others = people
                .iter()
                .map(|user| user.id())
                .filter(|id| *id != caller.user_id());
            reached.notify = others
                .map(|id| (id, NotificationTrigger::DirectMessage))
                .collect();
            let inside = |id: &UserId| people.iter().any(|user| user.id() == *id);
            reached.mentions.users = mentioned.into_iter().filter(inside).collect();
            reached.mentions.alert_word_users =
                content.alerted.iter().copied().filter(inside).collect();
        }
        Recipient::Stream { access, topic } => {
            if !mentioned.is_empty() {
                reached.mentions.users =
                    names::subscribed_of(conn, access.stream.id(), &mentioned).await?;
            }
            if !content.alerted.is_empty() {
                reached.mentions.alert_word_users =
                    names::subscribed_of(conn, access.stream.id(), &content.alerted).await?;
            }
            check_wildcard(conn, caller, access, topic, content).await?;
            reach_by_wildcard(conn, access, topic, content, &mut reached).await?;
        }
    }
    reached.mentions.stream_wildcard = seen.stream_wildcard;
    reached.mentions.groups.clone_from(&content.groups);
    notify_mentioned(&mut reached, caller, content);
    Ok(reached)
}

/// Everybody in the stream, or everybody who takes part in the topic.
async fn reach_by_wildcard(
    conn: &mut Conn,
    access: &StreamAccess,
    topic: &str,
    content: &Content,
    reached: &mut Reached,
) -> Result<()> {
    let (seen, stream) = (&content.seen.report, &access.stream);
    if seen.topic_wildcard {
        let people = messages::participants(conn, stream.recipient_id(), topic).await?;
        let people = names::subscribed_of(conn, stream.id(), &people).await?;
        let told = names::told_of_wildcards(conn, stream.id(), topic, Some(&people)).await?;
        reached.mentions.topic_participants = people;
        let told = told.into_iter();
        reached
            .notify
            .extend(told.map(|id| (id, NotificationTrigger::TopicWildcardMention)));
    }
    if seen.stream_wildcard {
        for id in names::told_of_wildcards(conn, stream.id(), topic, None).await? {
            let trigger = NotificationTrigger::StreamWildcardMention;
            reached.notify.entry(id).or_insert(trigger);
        }
    }
    Ok(())
}

/// Being named counts more than being one of many; nobody is told of what they wrote.
fn notify_mentioned(reached: &mut Reached, caller: &Caller, content: &Content) {
    for id in &reached.mentions.users {
        let trigger = match content.users.contains(id) {
            true => NotificationTrigger::Mention,
            false => NotificationTrigger::GroupMention,
        };
        let place = reached.notify.entry(*id).or_insert(trigger);
        if *place != NotificationTrigger::DirectMessage {
            *place = trigger;
        }
    }
    reached.notify.remove(&caller.user_id());
}

/// Groups may say who mentions them.
async fn check_groups(conn: &mut Conn, caller: &Caller, content: &Content) -> Result<()> {
    for id in &content.groups {
        let group = UserGroup::find(conn, caller.realm_id(), *id).await?;
        let Some(decided) = group.permissions.get("can_mention_group") else {
            continue;
        };
        if !value::includes_json(conn, caller, &caller.user, decided).await? {
            return Err(Error::bad_request(format!(
                "You are not allowed to mention user group '{}'.",
                group.name
            )));
        }
    }
    Ok(())
}

/// Whether the caller may mention as many as the content does; few are everybody's to mention.
pub(super) async fn check_wildcard(
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
    topic: &str,
    content: &Content,
) -> Result<()> {
    let seen = &content.seen.report;
    let any = seen.stream_wildcard || seen.topic_wildcard;
    if !any || may(conn, caller, Right::MentionManyUsers).await? {
        return Ok(());
    }
    if seen.stream_wildcard {
        if memberships::count(conn, access.stream.id()).await? > WILDCARD_MENTION_THRESHOLD {
            let msg =
                "You do not have permission to use channel wildcard mentions in this channel.";
            return Err(Error::api(ErrorCode::StreamWildcardMentionNotAllowed, msg));
        }
        return Ok(());
    }
    let people = messages::participants(conn, access.stream.recipient_id(), topic).await?;
    if i64::try_from(people.len()).is_ok_and(|count| count > WILDCARD_MENTION_THRESHOLD) {
        let msg = "You do not have permission to use topic wildcard mentions in this topic.";
        return Err(Error::api(ErrorCode::TopicWildcardMentionNotAllowed, msg));
    }
    Ok(())
}

/// What a client asked for beside the text.
pub(super) struct Asked {
    local: Option<LocalEcho>,
    read_by_sender: bool,
    unread_for: Option<Vec<UserId>>,
    sent_at: DateTime<Utc>,
}

impl Asked {
    pub(super) fn now(ctx: &Ctx, local: Option<LocalEcho>, read_by_sender: bool) -> Asked {
        Asked {
            local,
            read_by_sender,
            unread_for: None,
            sent_at: ctx.clock.now(),
        }
    }
}

/// Everything that the batcher needs: the row, and how to make what follows.
pub(super) fn outbound(caller: &Caller, checked: Checked, asked: Asked) -> Outbound {
    let Checked {
        recipient,
        content,
        reached,
        claims,
    } = checked;
    let message = row(caller, &recipient, &content, &reached, &claims, &asked);
    let widget = message.widget.clone();
    let caller = caller.clone();
    let recipient = Arc::new(recipient);
    let drafts = move |placed: &Placed| {
        let object = object::for_event(
            &caller,
            &recipient,
            &content,
            placed,
            widget.as_deref(),
            asked.sent_at,
        )?;
        let payload = MessagePayload {
            message: object,
            message_id: placed.id,
            sender_id: caller.user_id(),
            stream: message_stream(&recipient, placed),
            dm_users: people(&recipient),
            content: content.text.clone(),
            rendered_content: content.html.clone(),
            avatar: crate::users::avatar(&caller.user),
            mentions: reached.mentions.clone(),
            local: asked.local.clone(),
            unread_by_sender: !asked.read_by_sender,
            unread_for: asked.unread_for.clone(),
            notify: reached.notify.clone(),
        };
        let message = Envelope {
            id: None,
            xid: None,
            realm_id: caller.realm_id(),
            audience: audience(&recipient, placed),
            effects: vec![],
            payload: Some(Payload::Message(Box::new(payload))),
        };
        let files = claims.events(placed.id, asked.sent_at);
        let files = files
            .map(|(audience, event)| Ok(Envelope::event(caller.realm_id(), audience, &event)?));
        let events = files.chain([Ok::<_, StoreError>(message)]);
        let events = events.map(|event| Ok(Draft::Event(Box::new(event?))));
        let job = embed::job(caller.realm_id(), placed.id, &content);
        events.chain(job.map(Draft::Job).map(Ok)).collect()
    };
    Outbound {
        message,
        drafts: Box::new(drafts),
    }
}

fn row(
    caller: &Caller,
    recipient: &Recipient,
    content: &Content,
    reached: &Reached,
    claims: &Claims,
    asked: &Asked,
) -> NewMessage {
    let seen = &content.seen.report;
    let mut flags: BTreeMap<UserId, i32> = BTreeMap::new();
    for user in &reached.mentions.users {
        *flags.entry(*user).or_default() |= bit::MENTIONED;
    }
    for user in &reached.mentions.topic_participants {
        *flags.entry(*user).or_default() |= bit::TOPIC_WILDCARD_MENTIONED;
    }
    for user in &reached.mentions.alert_word_users {
        *flags.entry(*user).or_default() |= bit::HAS_ALERT_WORD;
    }
    NewMessage {
        realm_id: caller.realm_id(),
        recipient_id: recipient.id(),
        topic: match recipient {
            Recipient::Stream { topic, .. } => Some(topic.clone()),
            Recipient::Direct { .. } => None,
        },
        sender_id: caller.user_id(),
        content: content.text.clone(),
        rendered_content: content.html.clone(),
        rendered_version: RENDERED_VERSION,
        client: caller.client.clone(),
        sent_at: asked.sent_at,
        wildcard_mention: i16::from(seen.stream_wildcard) | (i16::from(seen.topic_wildcard) << 1),
        has_link: seen.has_link,
        has_image: seen.has_image,
        has_attachment: !claims.is_empty(),
        is_me_message: seen.is_me_message,
        flags: flags.into_iter().collect(),
        attachments: claims.ids(),
        unread_by_sender: !asked.read_by_sender,
        widget: widgets::of_text(&content.text),
        jobs: usize::from(embed::is_wanted(content)),
        premise: None,
    }
}

fn message_stream(recipient: &Recipient, placed: &Placed) -> Option<MessageStream> {
    let Recipient::Stream { access, topic } = recipient else {
        return None;
    };
    Some(MessageStream {
        stream_id: access.stream.id(),
        name: access.stream.name.clone(),
        topic: placed
            .topic
            .as_ref()
            .map_or_else(|| topic.clone(), |(_, name)| name.clone()),
        public: !access.stream.invite_only,
    })
}

fn people(recipient: &Recipient) -> Vec<UserId> {
    match recipient {
        Recipient::Stream { .. } => vec![],
        Recipient::Direct { people, .. } => people.iter().map(|user| user.id()).collect(),
    }
}

fn audience(recipient: &Recipient, placed: &Placed) -> Audience {
    match recipient {
        Recipient::Stream { access, .. } => {
            Audience::stream(access.stream.id(), placed.membership_version)
        }
        Recipient::Direct { .. } => Audience::users(people(recipient)),
    }
}
