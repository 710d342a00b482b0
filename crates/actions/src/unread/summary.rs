//! Unread messages as clients are told of them: by conversation.

use std::collections::BTreeMap;

use narrows_store::Conn;
use narrows_store::queries::unread::{Group, Place};
use narrows_store::queries::{flags, unread};
use narrows_wire::{MessageId, StreamId, UserId};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::unread_ids;
use crate::caller::Caller;
use crate::error::Result;

/// Most unread messages that a client is told of; older ones are left out.
const MAX_UNREAD: usize = 50_000;

/// `unread_msgs` of the state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Summary {
    /// Direct messages between two people, or with oneself.
    pub pms: Vec<Pm>,
    /// Stream messages.
    pub streams: Vec<Topic>,
    /// Direct messages among more people.
    pub huddles: Vec<Huddle>,
    /// Which mention the user, as far as they are not muted.
    pub mentions: Vec<MessageId>,
    /// How many there are, muted ones left out.
    pub count: usize,
    /// Whether older ones were left out.
    pub old_unreads_missing: bool,
}

/// Unread direct messages of one other.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Pm {
    other_user_id: UserId,
    /// The same, for old clients.
    sender_id: UserId,
    unread_message_ids: Vec<i64>,
}

/// Unread messages of a topic.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Topic {
    stream_id: StreamId,
    topic: String,
    unread_message_ids: Vec<i64>,
}

/// Unread messages of a group.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Huddle {
    user_ids_string: String,
    unread_message_ids: Vec<i64>,
}

/// What the caller has not read.
pub async fn state(conn: &mut Conn, caller: &Caller) -> Result<Summary> {
    let mut ids: Vec<i64> = unread_ids(conn, caller.user_id())
        .await?
        .into_iter()
        .map(|id| id.0)
        .collect();
    let old = ids.len().saturating_sub(MAX_UNREAD);
    ids.drain(..old);
    let mut summary = Summary {
        old_unreads_missing: old > 0,
        ..Summary::default()
    };
    let Some(first) = ids.first().copied() else {
        return Ok(summary);
    };
    let mentioned = flags::mentioned_since(conn, caller.user_id(), MessageId(first)).await?;
    let groups =
        unread::groups(conn, caller.user_id(), caller.user.role().is_guest(), &ids).await?;
    for group in groups.into_iter().filter(|group| group.place.visible) {
        summary.add(caller.user_id(), group, &mentioned);
    }
    summary.mentions.sort_unstable();
    summary.mentions.dedup();
    Ok(summary)
}

impl Summary {
    fn add(&mut self, me: UserId, group: Group, mentioned: &[MessageId]) {
        let named = group
            .ids
            .iter()
            .map(|id| MessageId(*id))
            .filter(|id| mentioned.binary_search(id).is_ok());
        self.mentions.extend(named);
        if !group.place.is_muted() {
            self.count += group.ids.len();
            self.mentions
                .extend(group.wildcard_ids.iter().map(|id| MessageId(*id)));
        }
        let (place, unread_message_ids) = (group.place, group.ids);
        match (place.stream_id(), place.user_ids) {
            (Some(stream_id), _) => {
                let topic = place.topic.unwrap_or_default();
                self.streams.push(Topic {
                    stream_id,
                    topic,
                    unread_message_ids,
                });
            }
            (None, Some(people)) if people.len() > 2 => {
                let people: Vec<String> = people.iter().map(i32::to_string).collect();
                self.huddles.push(Huddle {
                    user_ids_string: people.join(","),
                    unread_message_ids,
                });
            }
            (None, people) => {
                let other = people
                    .into_iter()
                    .flatten()
                    .map(UserId)
                    .find(|id| *id != me)
                    .unwrap_or(me);
                self.pms.push(Pm {
                    other_user_id: other,
                    sender_id: other,
                    unread_message_ids,
                });
            }
        }
    }
}

/// `message_details` of an event: where messages are, by id.
pub(crate) async fn details(conn: &mut Conn, caller: &Caller, ids: &[i64]) -> Result<Value> {
    let user = caller.user_id();
    let messages: Vec<MessageId> = ids.iter().map(|id| MessageId(*id)).collect();
    let bits = flags::bit::MENTIONED | flags::bit::TOPIC_WILDCARD_MENTIONED;
    let mentioned = flags::having(conn, user, &messages, bits).await?;
    let mut details = BTreeMap::new();
    for group in unread::groups(conn, user, caller.user.role().is_guest(), ids).await? {
        let place = described(user, &group.place);
        for id in &group.ids {
            let mut place = place.clone();
            if mentioned.binary_search(&MessageId(*id)).is_ok() || group.wildcard_ids.contains(id) {
                place.insert("mentioned".into(), Value::Bool(true));
            }
            details.insert(id.to_string(), place);
        }
    }
    Ok(json!(details))
}

fn described(me: UserId, place: &Place) -> Map<String, Value> {
    let described = match place.stream_id() {
        Some(stream_id) => {
            json!({ "type": "stream", "stream_id": stream_id, "topic": place.topic })
        }
        None => {
            let others: Vec<&i32> = place
                .user_ids
                .iter()
                .flatten()
                .filter(|id| **id != me.0)
                .collect();
            json!({ "type": "private", "user_ids": others })
        }
    };
    match described {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
