//! Which events a queue asked for: its event types and its narrow.

use narrows_wire::envelope::MessagePayload;
use narrows_wire::queue::NarrowTerm;
use narrows_wire::{MessageFlags, Payload, UserId};

use crate::event::Event;

/// What a queue wants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Filter {
    /// `None`: all types.
    pub event_types: Option<Vec<String>>,
    /// All terms must hold for a message.
    pub narrow: Vec<Term>,
}

/// One term of a narrow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    operator: String,
    operand: String,
    negated: bool,
}

impl Filter {
    /// Of a descriptor's lists.
    pub fn new(event_types: Option<Vec<String>>, narrow: &[NarrowTerm]) -> Self {
        let narrow = narrow
            .iter()
            .map(|term| Term {
                operator: term.operator.clone(),
                operand: term.operand.to_lowercase(),
                negated: term.negated,
            })
            .collect();
        Self {
            event_types,
            narrow,
        }
    }

    /// Whether an event is wanted.
    pub fn wants(&self, event: &Event, flags: MessageFlags) -> bool {
        let kind = event.event_type();
        if self
            .event_types
            .as_ref()
            .is_some_and(|types| !types.iter().any(|t| t == kind))
        {
            return false;
        }
        match &event.payload {
            Payload::Event { .. } => true,
            Payload::Message(message) => self.narrow.iter().all(|term| term.holds(message, flags)),
        }
    }
}

impl Term {
    fn holds(&self, message: &MessagePayload, flags: MessageFlags) -> bool {
        self.matches(message, flags) != self.negated
    }

    fn matches(&self, message: &MessagePayload, flags: MessageFlags) -> bool {
        let operand = self.operand.as_str();
        let stream = message.stream.as_ref();
        match self.operator.as_str() {
            "stream" | "channel" => stream.is_some_and(|s| {
                s.name.to_lowercase() == operand || s.stream_id.to_string() == operand
            }),
            "topic" => stream.is_some_and(|s| s.topic.to_lowercase() == operand),
            "sender" | "from" => {
                message.sender_id.to_string() == operand
                    || sender_email(message).is_some_and(|email| email == operand)
            }
            "dm" | "pm-with" => people(operand).is_some_and(|mut people| {
                people.push(message.sender_id);
                let mut present = message.dm_users.clone();
                for list in [&mut people, &mut present] {
                    list.sort_unstable();
                    list.dedup();
                }
                stream.is_none() && people == present
            }),
            "is" => match operand {
                "dm" | "private" => stream.is_none(),
                "mentioned" => flags.mentioned(),
                "alerted" => flags.has(MessageFlags::ALERT_WORD),
                "unread" => !flags.has(MessageFlags::READ),
                "starred" => flags.has(MessageFlags::STARRED),
                "resolved" => stream.is_some_and(|s| {
                    s.topic
                        .starts_with(narrows_wire::limits::RESOLVED_TOPIC_PREFIX)
                }),
                _ => false,
            },
            _ => false,
        }
    }
}

fn people(operand: &str) -> Option<Vec<UserId>> {
    operand
        .split(',')
        .map(|id| id.trim().parse().ok().map(UserId))
        .collect()
}

fn sender_email(message: &MessagePayload) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Sender {
        sender_email: String,
    }
    let sender: Sender = serde_json::from_str(message.message.get()).ok()?;
    Some(sender.sender_email.to_lowercase())
}

#[cfg(test)]
#[path = "filter_tests.rs"]
mod tests;
