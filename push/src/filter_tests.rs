use narrows_wire::{Audience, RealmId};
use serde_json::{Value, json};

use super::*;
use crate::variants::flags_of;

/// A message of user 3, with these members of its payload beside what all have.
fn message(more: Value) -> Event {
    let mut payload = json!({
        "message": {"id": 5, "sender_email": "Prospero@Example.com"},
        "message_id": 5, "sender_id": 3, "content": "x", "rendered_content": "<p>x</p>",
        "avatar": {"source": "uploaded", "url": "/a"},
    });
    let members = payload.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    let payload = serde_json::from_value(payload).expect("a payload");
    event(Payload::Message(Box::new(payload)))
}

fn event(payload: Payload) -> Event {
    Event::new(1, 1, None, RealmId(1), Audience::realm(), payload)
}

fn in_stream(name: &str, topic: &str) -> Event {
    let stream = json!({"stream_id": 7, "name": name, "topic": topic, "public": true});
    message(json!({ "stream": stream }))
}

/// Whether a queue of user 10 with this narrow has a message.
fn wants(narrow: &[(&str, &str)], event: &Event) -> bool {
    let term = |(operator, operand): &(&str, &str)| NarrowTerm {
        operator: operator.trim_start_matches('-').to_string(),
        operand: operand.to_string(),
        negated: operator.starts_with('-'),
    };
    let narrow: Vec<NarrowTerm> = narrow.iter().map(term).collect();
    Filter::new(None, &narrow).wants(event, flags_of(event, Some(UserId(10))))
}

#[test]
fn streams_go_by_name_in_any_case_or_by_id() {
    let event = in_stream("Verona", "t");
    for operator in ["stream", "channel"] {
        assert!(wants(&[(operator, "vErona")], &event));
        assert!(wants(&[(operator, "7")], &event));
        assert!(!wants(&[(operator, "Denmark")], &event));
        assert!(!wants(
            &[(operator, "Verona")],
            &message(json!({"dm_users": [3, 10]}))
        ));
    }
}

#[test]
fn topics_go_by_name_in_any_case() {
    assert!(wants(&[("topic", "LUNCH")], &in_stream("Verona", "Lunch")));
    assert!(!wants(
        &[("topic", "lunch")],
        &in_stream("Verona", "lunch break")
    ));
    assert!(wants(&[("topic", "")], &in_stream("Verona", "")));
}

#[test]
fn senders_go_by_address_or_id() {
    let event = in_stream("Verona", "t");
    for operator in ["sender", "from"] {
        assert!(wants(&[(operator, "prospero@example.com")], &event));
        assert!(wants(&[(operator, "3")], &event));
        assert!(!wants(&[(operator, "10")], &event));
    }
}

#[test]
fn direct_conversations_go_by_all_their_people() {
    let event = message(json!({"dm_users": [3, 10, 12]}));
    for operator in ["dm", "pm-with"] {
        assert!(
            wants(&[(operator, "12,10")], &event),
            "the sender is one of them anyway"
        );
        assert!(wants(&[(operator, "10, 12, 3")], &event));
        assert!(!wants(&[(operator, "10")], &event));
        assert!(!wants(&[(operator, "nobody")], &event));
        assert!(!wants(&[(operator, "3")], &in_stream("Verona", "t")));
    }
}

#[test]
fn what_a_message_is_depends_on_who_asks() {
    let plain = in_stream("Verona", "t");
    let direct = message(json!({"dm_users": [3, 10]}));
    let mentions = |mentions: Value| message(json!({ "mentions": mentions }));
    assert!(wants(&[("is", "dm")], &direct) && wants(&[("is", "private")], &direct));
    assert!(!wants(&[("is", "dm")], &plain));
    assert!(wants(
        &[("is", "mentioned")],
        &mentions(json!({"users": [10]}))
    ));
    assert!(wants(
        &[("is", "mentioned")],
        &mentions(json!({"stream_wildcard": true}))
    ));
    assert!(!wants(
        &[("is", "mentioned")],
        &mentions(json!({"users": [11]}))
    ));
    assert!(wants(
        &[("is", "alerted")],
        &mentions(json!({"alert_word_users": [10]}))
    ));
    assert!(!wants(&[("is", "alerted")], &plain));
    assert!(wants(&[("is", "unread")], &plain));
    assert!(
        !wants(&[("is", "starred")], &plain),
        "nobody has starred it yet"
    );
    assert!(wants(&[("is", "resolved")], &in_stream("Verona", "✔ t")));
    assert!(!wants(&[("is", "resolved")], &plain));
}

#[test]
fn one_does_not_receive_ones_own_messages_as_unread() {
    let term = NarrowTerm {
        operator: "is".into(),
        operand: "unread".into(),
        negated: false,
    };
    let filter = Filter::new(None, &[term]);
    let event = in_stream("Verona", "t");
    let wants = |user| filter.wants(&event, flags_of(&event, Some(UserId(user))));
    assert!(!wants(3) && wants(10));
}

#[test]
fn all_terms_must_hold_and_negated_ones_must_not() {
    let event = in_stream("Verona", "lunch");
    assert!(wants(&[("stream", "Verona"), ("topic", "lunch")], &event));
    assert!(!wants(&[("stream", "Verona"), ("topic", "dinner")], &event));
    assert!(wants(&[("stream", "Verona"), ("-topic", "dinner")], &event));
    assert!(!wants(&[("-stream", "Verona")], &event));
}

#[test]
fn narrows_are_for_messages_and_event_types_for_all() {
    let typing = event(Payload::Event {
        event_type: "typing".into(),
        body: serde_json::value::to_raw_value(&json!({"type": "typing"})).expect("JSON"),
        flags: None,
        clients: None,
    });
    assert!(wants(&[("stream", "Verona")], &typing));
    let only = |types: &[&str], event: &Event| {
        let types = types.iter().map(ToString::to_string).collect();
        Filter::new(Some(types), &[]).wants(event, MessageFlags::default())
    };
    assert!(only(&["typing", "message"], &typing));
    assert!(!only(&["message"], &typing) && !only(&[], &typing));
    assert!(only(&["message"], &in_stream("Verona", "t")));
}

#[test]
fn every_operator_that_registration_admits_is_known() {
    let all = [
        in_stream("7", "7"),
        message(json!({"dm_users": [3, 7], "mentions": {"users": [10]}})),
    ];
    for operator in NarrowTerm::OPERATORS {
        let operands = ["7", "3", "mentioned"];
        let some = operands
            .iter()
            .any(|operand| all.iter().any(|event| wants(&[(operator, operand)], event)));
        assert!(some, "{operator}");
    }
}
