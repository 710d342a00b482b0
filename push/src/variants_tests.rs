use narrows_wire::queue::Capabilities;
use narrows_wire::{Audience, MessageId, RealmId};
use serde_json::json;
use serde_json::value::to_raw_value;

use super::*;

fn event(payload: Payload) -> Event {
    let width = width(&payload);
    Event::new(100, width, None, RealmId(1), Audience::realm(), payload)
}

fn other(body: Value) -> Event {
    let event_type = body["type"].as_str().expect("typed").to_owned();
    event(Payload::Event {
        event_type,
        body: to_raw_value(&body).expect("JSON"),
        flags: None,
        clients: None,
    })
}

fn message() -> MessagePayload {
    serde_json::from_value(json!({
        "message": {"id": 5, "subject": "", "type": "stream"},
        "message_id": 5, "sender_id": 1,
        "stream": {"stream_id": 2, "name": "general", "topic": "", "public": true},
        "content": "*hi*", "rendered_content": "<p><em>hi</em></p>",
        "avatar": {"source": "gravatar", "url": "https://gravatar.example/x"},
        "mentions": {"users": [3], "stream_wildcard": true, "alert_word_users": [4]},
    }))
    .expect("a payload")
}

fn rendered(event: &Event, form: Form, user: i32) -> Vec<Value> {
    let variant = Variant::of(event, form, flags_of(event, Some(UserId(user))));
    let frames = event.frames(variant);
    frames
        .iter()
        .map(|frame| serde_json::from_slice(&frame.json).expect("JSON"))
        .collect()
}

#[test]
fn messages_differ_by_content_picture_topic_and_flags() {
    let event = event(Payload::Message(Box::new(message())));
    assert_eq!(
        rendered(&event, Form::default(), 1),
        [json!({
            "type": "message", "id": 100, "flags": ["read", "stream_wildcard_mentioned", "wildcard_mentioned"],
            "message": {"id": 5, "subject": "general chat", "type": "stream", "content": "*hi*",
                "content_type": "text/x-markdown", "avatar_url": "https://gravatar.example/x"},
        })]
    );
    let all = Form(Form::MARKDOWN | Form::GRAVATAR | Form::EMPTY_TOPIC);
    let seen = &rendered(&event, all, 3)[0];
    assert_eq!(seen["message"]["content"], "<p><em>hi</em></p>");
    assert_eq!(seen["message"]["content_type"], "text/html");
    assert_eq!(seen["message"]["avatar_url"], Value::Null);
    assert_eq!(seen["message"]["subject"], "");
    assert_eq!(
        seen["flags"],
        json!([
            "mentioned",
            "stream_wildcard_mentioned",
            "wildcard_mentioned"
        ])
    );
    let alerted = &rendered(&event, all, 4)[0];
    assert_eq!(
        alerted["flags"],
        json!([
            "stream_wildcard_mentioned",
            "wildcard_mentioned",
            "has_alert_word"
        ])
    );
    let sent = render(
        &event,
        Variant::of(&event, all, MessageFlags::default()),
        Some("7.1"),
    );
    let sent: Value = serde_json::from_slice(&sent[0].json).expect("JSON");
    assert_eq!(sent["local_message_id"], "7.1");
    assert_eq!(message().message_id, MessageId(5));
}

#[test]
fn bytes_are_shared_by_all_queues_of_a_variant() {
    let event = event(Payload::Message(Box::new(message())));
    let presence = Form(Form::SLIM_PRESENCE);
    let one = event.frames(Variant::of(
        &event,
        Form::default(),
        MessageFlags::default(),
    ));
    let two = event.frames(Variant::of(&event, presence, MessageFlags::default()));
    assert_eq!(one[0].json.as_ptr(), two[0].json.as_ptr());
}

#[test]
fn old_clients_get_one_deletion_per_message() {
    let event = other(
        json!({"type": "delete_message", "message_ids": [4, 9], "message_type": "stream", "topic": "t"}),
    );
    let old = rendered(&event, Form::default(), 1);
    assert_eq!(
        old[0],
        json!({"type": "delete_message", "message_id": 4, "message_type": "stream", "topic": "t", "id": 100})
    );
    assert_eq!(
        (&old[1]["message_id"], &old[1]["id"]),
        (&json!(9), &json!(101))
    );
    assert_eq!(event.last_id(), 101);
    let new = rendered(&event, Form(Form::BULK_DELETION), 1);
    assert_eq!(new.len(), 1);
    assert_eq!(new[0]["message_ids"], json!([4, 9]));
}

#[test]
fn clients_get_only_what_they_asked_for() {
    let typing =
        other(json!({"type": "typing", "op": "start", "message_type": "stream", "topic": ""}));
    let direct = other(json!({"type": "typing", "op": "start", "message_type": "direct"}));
    let peers = other(json!({"type": "subscription", "op": "peer_add"}));
    let dropped = |form| [&typing, &direct, &peers].map(|event| dropped(event, form));
    assert_eq!(dropped(Form::default()), [true, false, false]);
    assert_eq!(dropped(Form(Form::STREAM_TYPING)), [false; 3]);
    assert_eq!(
        rendered(&typing, Form::default(), 1)[0]["topic"],
        "general chat"
    );
    let editing = other(
        json!({"type": "typing_edit_message", "recipient": {"type": "channel", "topic": ""}}),
    );
    let named = &rendered(&editing, Form::default(), 1)[0]["recipient"]["topic"];
    assert_eq!(named, "general chat");
    let knowing = &rendered(&editing, Form(Form::EMPTY_TOPIC), 1)[0]["recipient"]["topic"];
    assert_eq!(knowing, "");
    let presence =
        other(json!({"type": "presence", "user_id": 3, "email": "a@b", "presences": {}}));
    let simplified = &rendered(&presence, Form(Form::SIMPLIFIED_PRESENCE), 1)[0];
    assert_eq!(
        (simplified.get("presences"), simplified.get("user_id")),
        (Some(&json!({})), None)
    );
    assert_eq!(rendered(&presence, Form::default(), 1)[0]["email"], "a@b");
    assert_eq!(
        rendered(&presence, Form(Form::SLIM_PRESENCE), 1)[0].get("email"),
        None
    );
    assert!(!Capabilities::default().empty_topic_name);
}
