//! An event on its way through the log of a push shard.
//!
//! The envelope names an *audience*, never a list of recipients that grows with it; push knows which queues it
//! holds for whom. See docs/subsystems/events.md.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::events::Event;
use crate::ids::{GroupId, MessageId, OutboxId, RealmId, StreamId, UserId, Xid};
use crate::jobs::NotificationTrigger;
use crate::message_flags::PersonalFlags;
use crate::role::Role;

/// One entry of the event log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Envelope {
    /// Outbox row, for deduplication. `None` for transient events (typing, presence), which may be lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OutboxId>,
    /// The transaction that wrote it; `None` for transient events. A queue drops what its register snapshot saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub xid: Option<Xid>,
    /// All of an envelope is within one realm.
    pub realm_id: RealmId,
    /// Who may receive the payload.
    pub audience: Audience,
    /// What push changes in its own indexes, before the payload is delivered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// What clients receive. `None`: only effects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Payload>,
}

/// Who may receive an event: a scope, plus and minus a few users.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audience {
    /// The bulk.
    pub scope: Scope,
    /// Users beside the scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub plus: Vec<UserId>,
    /// Users who are left out, even if in scope or `plus`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub minus: Vec<UserId>,
}

/// The bulk of an audience.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Scope {
    /// Only [`Audience::plus`].
    #[default]
    Nobody,
    /// Everybody in the realm with a role in a range.
    Realm {
        /// The least powerful role that is told.
        least: Role,
        /// This role and more powerful ones are not told.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        beyond: Option<Role>,
    },
    /// The subscribers of a stream as of a membership version.
    Stream {
        /// The stream.
        stream_id: StreamId,
        /// The stream's `membership_version` that the transaction read.
        version: i64,
    },
}

impl Envelope {
    /// That of an event, before it has a place in the outbox.
    pub fn event(
        realm_id: RealmId,
        audience: Audience,
        event: &Event,
    ) -> serde_json::Result<Envelope> {
        Ok(Envelope {
            id: None,
            xid: None,
            realm_id,
            audience,
            effects: vec![],
            payload: Some(Payload::Event {
                event_type: event.event_type().to_owned(),
                body: serde_json::value::to_raw_value(event)?,
                flags: None,
                clients: None,
            }),
        })
    }

    /// The same for some clients only.
    pub fn for_clients(mut self, some: Clients) -> Envelope {
        if let Some(Payload::Event { clients, .. }) = &mut self.payload {
            *clients = Some(some);
        }
        self
    }

    /// The same with each recipient's own flags, if it is that of an event about a message.
    pub fn with_flags(mut self, personal: PersonalFlags) -> Envelope {
        if let Some(Payload::Event { flags, .. }) = &mut self.payload {
            *flags = Some(Box::new(personal));
        }
        self
    }
}

impl Audience {
    /// A few users.
    pub fn users(users: impl IntoIterator<Item = UserId>) -> Self {
        Self {
            plus: users.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Everybody in the realm, guests too.
    pub fn realm() -> Self {
        Self::role(Role::Guest)
    }

    /// Everybody with this role or a more powerful one.
    pub fn role(least: Role) -> Self {
        Self {
            scope: Scope::Realm {
                least,
                beyond: None,
            },
            ..Self::default()
        }
    }

    /// Everybody with a role less powerful than `beyond` (`None`: any), down to `least`.
    pub fn roles(beyond: Option<Role>, least: Role) -> Self {
        Self {
            scope: Scope::Realm { least, beyond },
            ..Self::default()
        }
    }

    /// Subscribers of a stream, as of a membership version.
    pub fn stream(stream_id: StreamId, version: i64) -> Self {
        Self {
            scope: Scope::Stream { stream_id, version },
            ..Self::default()
        }
    }

    /// The same audience and these users.
    pub fn and(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.plus.extend(users);
        self
    }

    /// The same audience without these users.
    pub fn but(mut self, users: impl IntoIterator<Item = UserId>) -> Self {
        self.minus.extend(users);
        self
    }
}

/// What an envelope changes in push, beside what clients see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// From `version` on, the users are (or are no longer) subscribers of the stream. One such effect per stream and
    /// transaction; versions of a stream have no gaps.
    Membership {
        /// The stream.
        stream_id: StreamId,
        /// The `membership_version` that this transaction wrote.
        version: i64,
        /// Who came.
        #[serde(default)]
        joined: Vec<UserId>,
        /// Who left.
        #[serde(default)]
        left: Vec<UserId>,
    },
    /// The user has another role from now on.
    RoleChanged {
        /// The user.
        user_id: UserId,
        /// The new role.
        role: Role,
    },
    /// The queues of a user die after the payload: deactivated, or (with `credential`) only those that were
    /// registered with that credential (log-out, key revoked).
    KillQueues {
        /// The user.
        user_id: UserId,
        /// [`crate::queue::Credential`] hash, in hex.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credential: Option<String>,
    },
    /// All queues of the envelope's realm die after the payload: it is closed.
    CloseRealm,
}

/// Whether a message comes to a user, to whom it was delivered, as something to read: to all but its sender, who has seen
/// it unless a program sent it. If the message says for whom it is, that counts: whether the user is `listed`.
pub fn is_news_to(
    user: UserId,
    sender: UserId,
    unread_by_sender: bool,
    listed: Option<bool>,
) -> bool {
    listed.unwrap_or(user != sender || unread_by_sender)
}

/// What clients receive. Tagged from outside: a tag inside would make serde copy the raw JSON, which it cannot.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payload {
    /// An event that is the same for all, but for what `push/src/variants.rs` does for old clients.
    Event {
        /// The event's `type`.
        #[serde(rename = "type")]
        event_type: String,
        /// The event without `id`, as JSON, in its newest form.
        body: Box<RawValue>,
        /// Set if the event has `flags` that are each recipient's own; push adds them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flags: Option<Box<PersonalFlags>>,
        /// Set if it is not for all clients.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clients: Option<Clients>,
    },
    /// A new message: rendered by push once per variant.
    Message(Box<MessagePayload>),
}

/// The clients that an event is for, where the same thing is told to others in another way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clients {
    /// Those that know archived streams.
    WithArchivedChannels,
    /// Those to whom an archived stream is gone.
    WithoutArchivedChannels,
}

/// A new message, with what push needs to make each variant of its event and to decide on notifications.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MessagePayload {
    /// The message object of the API without `content`, `content_type`, `avatar_url` and `flags`; topic names as stored
    /// (the empty topic is "").
    pub message: Box<RawValue>,
    /// The id inside [`MessagePayload::message`].
    pub message_id: MessageId,
    /// The sender.
    pub sender_id: UserId,
    /// The stream, unless a direct message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<MessageStream>,
    /// All people of a direct message, sender included; empty for stream messages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dm_users: Vec<UserId>,
    /// Message text as written: `content` for `apply_markdown=false`.
    pub content: String,
    /// HTML: `content` for `apply_markdown=true`.
    pub rendered_content: String,
    /// Where the sender's picture is, when it is not a Gravatar.
    pub avatar: SenderAvatar,
    /// Who is mentioned and how; constant-size but for the names in the text.
    #[serde(default)]
    pub mentions: Mentions,
    /// A program sent it on the sender's behalf: the sender has not seen it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unread_by_sender: bool,
    /// For whom alone it is something to read; `None`: for all but its sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_for: Option<Vec<UserId>>,
    /// The queue and `local_id` of the client that sent it: only that queue's event carries `local_message_id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<LocalEcho>,
    /// Who is to be notified if no live queue of theirs is there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notify: BTreeMap<UserId, NotificationTrigger>,
}

/// Where a stream message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageStream {
    /// The stream.
    pub stream_id: StreamId,
    /// Its name, for queue narrows.
    pub name: String,
    /// The topic's name as stored.
    pub topic: String,
    /// Neither private nor archived: `all_public_streams` queues of members receive it.
    pub public: bool,
}

/// The sender's picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "source", rename_all = "snake_case")]
pub enum SenderAvatar {
    /// A Gravatar: clients with `client_gravatar` compute the URL and get `null`.
    Gravatar {
        /// The URL for all others.
        url: String,
    },
    /// An uploaded picture.
    Uploaded {
        /// Its URL.
        url: String,
    },
}

/// Who a message mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentions {
    /// By name, or through a group.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<UserId>,
    /// Groups by name; members are in `users`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupId>,
    /// `@**all**`: every recipient has the flag `stream_wildcard_mentioned`.
    #[serde(default)]
    pub stream_wildcard: bool,
    /// `@**topic**`: these participants have the flag `topic_wildcard_mentioned`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topic_participants: Vec<UserId>,
    /// Users with an alert word in the text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alert_word_users: Vec<UserId>,
}

/// See [`MessagePayload::local`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalEcho {
    /// The sending client's queue.
    pub queue_id: String,
    /// The id that the client gave the message.
    pub local_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_read_as_it_was_written() {
        let body = r#"{"type":"typing","op":"start"}"#;
        let message = r#"{"message":{"id":5},"message_id":5,"sender_id":1,"content":"x","rendered_content":"<p>x</p>",
            "avatar":{"source":"uploaded","url":"/a"},"notify":{"7":"mention"}}"#;
        for payload in [
            format!(r#"{{"event":{{"type":"typing","body":{body}}}}}"#),
            format!(r#"{{"message":{message}}}"#),
        ] {
            let text = format!(
                r#"{{"id":3,"xid":9,"realm_id":1,"audience":{{"scope":{{"kind":"stream","stream_id":2,"version":4}}}},"payload":{payload}}}"#
            );
            let read: Envelope = serde_json::from_str(&text).expect("an envelope");
            let written = serde_json::to_value(&read).expect("JSON");
            let again: Envelope = serde_json::from_str(&written.to_string()).expect("an envelope");
            assert_eq!(again.audience, Audience::stream(StreamId(2), 4));
            assert_eq!(serde_json::to_value(&again).expect("JSON"), written);
        }
    }
}
