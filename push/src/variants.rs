//! What an event looks like to clients of different abilities.
//!
//! To add a difference: a bit of [`Form`], and a case in [`render`] or [`dropped`].

use narrows_wire::envelope::{Clients, MessagePayload, SenderAvatar, is_news_to};
use narrows_wire::queue::Descriptor;
use narrows_wire::{MessageFlags, Payload, UserId, limits};
use serde_json::{Map, Value};

use crate::event::{Event, Frame};

/// What a client understands, as far as it changes what it receives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Form(u16);

/// What decides about the bytes of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    form: Form,
    flags: MessageFlags,
}

impl Form {
    const MARKDOWN: u16 = 1;
    const GRAVATAR: u16 = 2;
    const SLIM_PRESENCE: u16 = 4;
    const BULK_DELETION: u16 = 16;
    const STREAM_TYPING: u16 = 32;
    const EMPTY_TOPIC: u16 = 64;
    const SETTINGS_OBJECT: u16 = 128;
    const ARCHIVED_CHANNELS: u16 = 256;
    const SIMPLIFIED_PRESENCE: u16 = 512;

    /// Of a queue.
    pub fn of(queue: &Descriptor) -> Self {
        let abilities = queue.capabilities;
        let bits = [
            (queue.apply_markdown, Self::MARKDOWN),
            (queue.client_gravatar, Self::GRAVATAR),
            (queue.slim_presence, Self::SLIM_PRESENCE),
            (abilities.bulk_message_deletion, Self::BULK_DELETION),
            (abilities.stream_typing_notifications, Self::STREAM_TYPING),
            (abilities.empty_topic_name, Self::EMPTY_TOPIC),
            (abilities.user_settings_object, Self::SETTINGS_OBJECT),
            (abilities.archived_channels, Self::ARCHIVED_CHANNELS),
            (
                abilities.simplified_presence_events,
                Self::SIMPLIFIED_PRESENCE,
            ),
        ];
        Self(
            bits.into_iter()
                .filter(|(set, _)| *set)
                .fold(0, |form, (_, bit)| form | bit),
        )
    }

    fn has(self, bit: u16) -> bool {
        self.0 & bit != 0
    }

    /// Only what matters to this event, so that few variants are rendered.
    fn relevant(self, event: &Event) -> Self {
        let mask = match event.event_type() {
            "message" => Self::MARKDOWN | Self::GRAVATAR | Self::EMPTY_TOPIC,
            "delete_message" => Self::BULK_DELETION | Self::EMPTY_TOPIC,
            "presence" => Self::SLIM_PRESENCE | Self::SIMPLIFIED_PRESENCE,
            "typing" | "typing_edit_message" | "update_message" | "user_topic" => Self::EMPTY_TOPIC,
            _ => 0,
        };
        Self(self.0 & mask)
    }
}

/// The flags that a user has for an event; none but for events about messages.
pub fn flags_of(event: &Event, user: Option<UserId>) -> MessageFlags {
    let Some(user) = user else {
        return MessageFlags::default();
    };
    match &event.payload {
        Payload::Event { flags, .. } => flags
            .as_ref()
            .map(|flags| flags.of(user))
            .unwrap_or_default(),
        Payload::Message(message) => {
            let mentions = &message.mentions;
            MessageFlags::of([
                (is_read(message, user), MessageFlags::READ),
                (mentions.users.contains(&user), MessageFlags::MENTIONED),
                (mentions.stream_wildcard, MessageFlags::STREAM_WILDCARD),
                (
                    mentions.topic_participants.contains(&user),
                    MessageFlags::TOPIC_WILDCARD,
                ),
                (
                    mentions.alert_word_users.contains(&user),
                    MessageFlags::ALERT_WORD,
                ),
            ])
        }
    }
}

/// Whether a message is nothing to read to a user from the beginning.
fn is_read(message: &MessagePayload, user: UserId) -> bool {
    let listed = message
        .unread_for
        .as_ref()
        .map(|users| users.contains(&user));
    !is_news_to(user, message.sender_id, message.unread_by_sender, listed)
}

impl Variant {
    /// What a queue of this form, whose owner has these flags, receives.
    pub fn of(event: &Event, form: Form, flags: MessageFlags) -> Self {
        Self {
            form: form.relevant(event),
            flags,
        }
    }
}

/// How many ids an event needs: what is one event to some is several to others.
pub fn width(payload: &Payload) -> i64 {
    match payload {
        Payload::Event {
            event_type, body, ..
        } if event_type == "delete_message" => {
            #[derive(serde::Deserialize)]
            struct Ids {
                message_ids: Vec<serde::de::IgnoredAny>,
            }
            serde_json::from_str::<Ids>(body.get())
                .map_or(1, |ids| ids.message_ids.len().max(1) as i64)
        }
        _ => 1,
    }
}

/// Whether clients of this form never receive such an event.
pub fn dropped(event: &Event, form: Form) -> bool {
    let Payload::Event {
        event_type,
        body,
        clients,
        ..
    } = &event.payload
    else {
        return false;
    };
    let knows_archived = form.has(Form::ARCHIVED_CHANNELS);
    match clients {
        Some(Clients::WithArchivedChannels) if !knows_archived => return true,
        Some(Clients::WithoutArchivedChannels) if knows_archived => return true,
        _ => {}
    }
    #[derive(Default, serde::Deserialize)]
    #[serde(default)]
    struct Kind {
        op: String,
        message_type: String,
    }
    let kind = || serde_json::from_str::<Kind>(body.get()).unwrap_or_default();
    match event_type.as_str() {
        "update_display_settings" | "update_global_notifications" => {
            form.has(Form::SETTINGS_OBJECT)
        }
        "typing" if !form.has(Form::STREAM_TYPING) => kind().message_type == "stream",
        _ => false,
    }
}

/// The frames of an event in a variant. `local_id` is for the client that sent the message.
pub fn render(event: &Event, variant: Variant, local_id: Option<&str>) -> Vec<Frame> {
    let bodies = match &event.payload {
        Payload::Message(message) => vec![message_event(message, variant, local_id)],
        Payload::Event {
            event_type,
            body,
            flags,
            ..
        } => {
            let mut bodies = other_event(event_type, body.get(), variant.form);
            if flags.is_some() {
                bodies
                    .iter_mut()
                    .for_each(|body| add_flags(body, variant.flags));
            }
            bodies
        }
    };
    let ids = event.id..;
    ids.zip(bodies)
        .map(|(id, mut json)| {
            while json.ends_with(['}', ' ', '\n']) && json.pop() != Some('}') {}
            if !json.trim_end().ends_with('{') {
                json.push(',');
            }
            json.push_str(&format!("\"id\":{id}}}"));
            Frame {
                id,
                json: json.into(),
            }
        })
        .collect()
}

fn add_flags(body: &mut String, flags: MessageFlags) {
    if body.trim_end().ends_with('}') {
        body.truncate(body.trim_end().len() - 1);
        let flags = Value::from(flags.names());
        body.push_str(&format!(",\"flags\":{flags}}}"));
    }
}

fn message_event(payload: &MessagePayload, variant: Variant, local_id: Option<&str>) -> String {
    let form = variant.form;
    let (content, content_type) = if form.has(Form::MARKDOWN) {
        (&payload.rendered_content, "text/html")
    } else {
        (&payload.content, "text/x-markdown")
    };
    let avatar = match &payload.avatar {
        SenderAvatar::Gravatar { .. } if form.has(Form::GRAVATAR) => None,
        SenderAvatar::Gravatar { url } | SenderAvatar::Uploaded { url } => Some(url),
    };
    let empty_topic = payload.stream.as_ref().is_some_and(|s| s.topic.is_empty());
    let message = if empty_topic && !form.has(Form::EMPTY_TOPIC) {
        with_topic_names(payload.message.get())
    } else {
        payload.message.get().to_owned()
    };
    let message = message.trim_end();
    let fields = message.strip_suffix('}').unwrap_or(message);
    let local = local_id
        .map(|id| format!(",\"local_message_id\":{}", Value::from(id)))
        .unwrap_or_default();
    format!(
        "{{\"type\":\"message\",\"message\":{fields},\"content\":{},\"content_type\":\"{content_type}\",\"avatar_url\":{}}},\"flags\":{}{local}}}",
        Value::from(content.as_str()),
        avatar.map_or(Value::Null, |url| Value::from(url.as_str())),
        Value::from(variant.flags.names()),
    )
}

fn other_event(event_type: &str, body: &str, form: Form) -> Vec<String> {
    let named;
    let body = if form.has(Form::EMPTY_TOPIC) || !body.contains(":\"\"") {
        body
    } else if matches!(
        event_type,
        "delete_message" | "typing" | "typing_edit_message" | "update_message" | "user_topic"
    ) {
        named = with_topic_names(body);
        &named
    } else {
        body
    };
    match event_type {
        "delete_message" if !form.has(Form::BULK_DELETION) => one_deletion_each(body),
        "presence" if form.has(Form::SIMPLIFIED_PRESENCE) => vec![edit(body, |object| {
            object.retain(|key, _| key == "type" || key == "presences");
        })],
        "presence" if form.has(Form::SLIM_PRESENCE) => vec![without(body, "email")],
        _ => vec![body.to_owned()],
    }
}

/// The empty topic by the name that people see.
fn with_topic_names(json: &str) -> String {
    edit(json, |object| {
        name_topics(object);
        if let Some(Value::Object(recipient)) = object.get_mut("recipient") {
            name_topics(recipient);
        }
    })
}

fn name_topics(object: &mut Map<String, Value>) {
    for key in ["subject", "orig_subject", "topic", "topic_name"] {
        if let Some(Value::String(topic)) = object.get_mut(key)
            && topic.is_empty()
        {
            *topic = limits::EMPTY_TOPIC_DISPLAY_NAME.to_owned();
        }
    }
}

fn without(json: &str, key: &str) -> String {
    edit(json, |object| {
        object.remove(key);
    })
}

fn one_deletion_each(json: &str) -> Vec<String> {
    let Ok(mut object) = serde_json::from_str::<Map<String, Value>>(json) else {
        return vec![json.to_owned()];
    };
    let Some(Value::Array(ids)) = object.remove("message_ids") else {
        return vec![json.to_owned()];
    };
    ids.into_iter()
        .map(|id| {
            object.insert("message_id".to_owned(), id);
            Value::from(object.clone()).to_string()
        })
        .collect()
}

fn edit(json: &str, change: impl FnOnce(&mut Map<String, Value>)) -> String {
    match serde_json::from_str::<Map<String, Value>>(json) {
        Ok(mut object) => {
            change(&mut object);
            Value::from(object).to_string()
        }
        Err(_) => json.to_owned(),
    }
}

#[cfg(test)]
#[path = "variants_tests.rs"]
mod tests;
