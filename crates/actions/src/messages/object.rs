//! The message object of the API, written straight into bytes.
//!
//! It has three parts: what depends on the message alone ([`Fragment`], cached by id and version), what depends on names
//! that may change (sender, stream, topic, people), and what is the reader's own (flags, form of the content, picture).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use narrows_store::batch::Placed;
use narrows_store::queries::messages::Body;
use narrows_wire::envelope::SenderAvatar;
use narrows_wire::events::message::TopicLink;
use narrows_wire::{MessageId, RecipientId, StreamId, UserId};
use serde::Serialize;
use serde_json::value::RawValue;

use super::content::Content;
use super::recipient::Recipient;
use crate::caller::Caller;

/// What of a message depends on the message alone, as members of a JSON object.
#[derive(Debug)]
pub(crate) struct Fragment {
    /// From `id` on, without content.
    head: Box<[u8]>,
    /// The HTML as a JSON string.
    html: Box<[u8]>,
    /// The text as a JSON string.
    text: Box<[u8]>,
    /// UNIX seconds of the last move of this message by itself.
    pub(crate) moved_at: Option<i64>,
    /// JSON array, newest first.
    pub(crate) edit_history: Option<Box<str>>,
    /// Has names of people, as the realm's version has them.
    pub(crate) has_reactions: bool,
}

/// The members of [`Fragment`]'s head.
#[derive(Serialize)]
struct Head<'a> {
    id: MessageId,
    sender_id: UserId,
    recipient_id: RecipientId,
    timestamp: i64,
    client: &'a str,
    is_me_message: bool,
    submessages: &'a RawValue,
    reactions: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_edit_timestamp: Option<i64>,
}

/// Where a message is.
#[derive(Clone, Debug)]
pub(crate) enum Place<'a> {
    /// In a topic of a stream.
    Stream {
        id: StreamId,
        name: &'a str,
        topic: &'a str,
        topic_links: &'a [TopicLink],
    },
    /// Among people, all of them.
    Direct(&'a [Participant<'a>]),
}

/// Who sent a message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct From<'a> {
    pub(crate) full_name: &'a str,
    pub(crate) email: &'a str,
    /// The realm's subdomain.
    pub(crate) realm: &'a str,
}

/// A message object of one reader.
pub(crate) struct View<'a> {
    pub(crate) fragment: &'a Fragment,
    pub(crate) from: From<'a>,
    pub(crate) place: Place<'a>,
    pub(crate) flags: &'a [&'static str],
    /// `None`: the client computes the Gravatar.
    pub(crate) avatar_url: Option<&'a str>,
    /// HTML or text.
    pub(crate) apply_markdown: bool,
    /// `(match_content, match_subject)` of a search.
    pub(crate) matches: Option<(String, String)>,
    /// Last move and edit history, with renames of the whole topic.
    pub(crate) moved_at: Option<i64>,
    pub(crate) edit_history: Option<&'a str>,
}

/// Writes JSON into bytes: only types whose serialisation cannot fail are given to it.
fn json(out: &mut Vec<u8>, value: &impl Serialize) -> serde_json::Result<()> {
    serde_json::to_writer(out, value)
}

fn member(out: &mut Vec<u8>, name: &str, value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    json(out, value)
}

fn raw_member(out: &mut Vec<u8>, name: &str, value: &[u8]) {
    out.extend_from_slice(b",\"");
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
    out.extend_from_slice(value);
}

fn head(head: &Head<'_>) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(head)?;
    bytes.pop();
    Ok(bytes)
}

impl Fragment {
    /// Of a stored message.
    pub(crate) fn new(body: &Body) -> serde_json::Result<Arc<Fragment>> {
        let list = |list: Option<&str>| RawValue::from_string(list.unwrap_or("[]").to_owned());
        let reactions = list(body.reactions())?;
        let submessages = list(body.submessages())?;
        let head = head(&Head {
            id: body.id(),
            sender_id: body.sender_id(),
            recipient_id: body.recipient_id(),
            timestamp: body.sent_at(),
            client: body.client(),
            is_me_message: body.is_me_message(),
            submessages: &submessages,
            reactions: &reactions,
            last_edit_timestamp: body.edited_at(),
        })?;
        Ok(Arc::new(Fragment {
            head: head.into(),
            html: serde_json::to_vec(body.rendered_content())?.into(),
            text: serde_json::to_vec(body.content())?.into(),
            moved_at: body.moved_at(),
            edit_history: body.edit_history().map(Into::into),
            has_reactions: body.reactions().is_some(),
        }))
    }

    /// The HTML as a JSON string.
    pub(crate) fn html(&self) -> &[u8] {
        &self.html
    }

    /// The text as a JSON string.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Bytes that it takes in a cache.
    pub(crate) fn size(&self) -> usize {
        let history = self
            .edit_history
            .as_ref()
            .map_or(0, |history| history.len());
        self.head.len() + self.html.len() + self.text.len() + history + 128
    }
}

/// The members that depend on names, each with a comma before it.
fn write_names(out: &mut Vec<u8>, from: &From<'_>, place: &Place<'_>) -> serde_json::Result<()> {
    member(out, "sender_full_name", &from.full_name)?;
    member(out, "sender_email", &from.email)?;
    member(out, "sender_realm_str", &from.realm)?;
    match place {
        Place::Stream {
            id,
            name,
            topic,
            topic_links,
        } => {
            raw_member(out, "type", b"\"stream\"");
            member(out, "stream_id", id)?;
            member(out, "display_recipient", name)?;
            member(out, "topic_links", topic_links)?;
            member(out, "subject", topic)
        }
        Place::Direct(people) => {
            raw_member(out, "type", b"\"private\"");
            raw_member(out, "subject", b"\"\"");
            raw_member(out, "topic_links", b"[]");
            out.extend_from_slice(b",\"display_recipient\":");
            json(out, people)
        }
    }
}

/// An entry of `display_recipient`.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Participant<'a> {
    id: UserId,
    email: &'a str,
    full_name: &'a str,
    is_mirror_dummy: bool,
}

impl<'a> Participant<'a> {
    pub(crate) fn new(id: UserId, full_name: &'a str, email: &'a str) -> Self {
        Participant {
            id,
            email,
            full_name,
            is_mirror_dummy: false,
        }
    }
}

impl View<'_> {
    /// Appends the object.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let fragment = self.fragment;
        out.extend_from_slice(&fragment.head);
        write_names(out, &self.from, &self.place)?;
        member(out, "flags", &self.flags)?;
        member(out, "avatar_url", &self.avatar_url)?;
        let (content, content_type) = match self.apply_markdown {
            true => (&fragment.html, &b"\"text/html\""[..]),
            false => (&fragment.text, &b"\"text/x-markdown\""[..]),
        };
        raw_member(out, "content", content);
        raw_member(out, "content_type", content_type);
        if let Some(moved_at) = self.moved_at {
            member(out, "last_moved_timestamp", &moved_at)?;
        }
        if let Some(history) = self.edit_history {
            raw_member(out, "edit_history", history.as_bytes());
        }
        if let Some((content, subject)) = &self.matches {
            member(out, "match_content", content)?;
            member(out, "match_subject", subject)?;
        }
        out.push(b'}');
        Ok(())
    }
}

/// The object of a message that is being sent: without content, picture and flags, which push adds per variant.
pub(crate) fn for_event(
    caller: &Caller,
    recipient: &Recipient,
    content: &Content,
    placed: &Placed,
    widget: Option<&str>,
    sent_at: DateTime<Utc>,
) -> serde_json::Result<Box<RawValue>> {
    let none = RawValue::from_string("[]".to_owned())?;
    let submessages = super::widgets::of_new(caller, placed, widget)?;
    let mut out = head(&Head {
        id: placed.id,
        sender_id: caller.user_id(),
        recipient_id: recipient.id(),
        timestamp: sent_at.timestamp(),
        client: &caller.client,
        is_me_message: content.seen.report.is_me_message,
        submessages: &submessages,
        reactions: &none,
        last_edit_timestamp: None,
    })?;
    let user = &caller.user;
    let from = From {
        full_name: &user.full_name,
        email: &user.email,
        realm: realm_of(user.is_system_bot, &caller.realm.subdomain),
    };
    match recipient {
        Recipient::Stream { access, topic } => {
            let topic = placed.topic.as_ref().map_or(topic, |(_, name)| name);
            let place = Place::Stream {
                id: access.stream.id(),
                name: &access.stream.name,
                topic,
                topic_links: &content.realm.topic_links(topic),
            };
            write_names(&mut out, &from, &place)?;
        }
        Recipient::Direct { people, .. } => {
            let people: Vec<Participant<'_>> = people
                .iter()
                .map(|user| Participant::new(user.id(), &user.full_name, &user.email))
                .collect();
            write_names(&mut out, &from, &Place::Direct(&people))?;
        }
    }
    out.push(b'}');
    // What serde and our own constants wrote is UTF-8; the check costs less than an unchecked conversion's review.
    RawValue::from_string(String::from_utf8_lossy(&out).into_owned())
}

/// What `sender_realm_str` says; clients know the servers' own bots by it.
pub(crate) fn realm_of(is_system_bot: bool, subdomain: &str) -> &str {
    if is_system_bot {
        "zulipinternal"
    } else {
        subdomain
    }
}

/// The picture's URL, unless the client computes it.
pub(crate) fn avatar_url(avatar: &SenderAvatar, client_gravatar: bool) -> Option<&str> {
    match avatar {
        SenderAvatar::Gravatar { .. } if client_gravatar => None,
        SenderAvatar::Gravatar { url } | SenderAvatar::Uploaded { url } => Some(url),
    }
}
