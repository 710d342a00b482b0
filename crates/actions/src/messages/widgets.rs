//! Polls and to-do lists: messages that begin with `/poll` or `/todo`, and what people do with them.

use std::io;

use narrows_store::Conn;
use narrows_store::batch::Placed;
use narrows_store::models::Submessage;
use narrows_store::queries::message_changes;
use narrows_wire::MessageId;
use narrows_wire::events::Event;
use narrows_wire::events::message::SubmessageEvent;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::edit::audience;
use super::widget_data::check_data;
use crate::access::messages::access_message_for_update;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// The only kind of submessage there is.
const WIDGET: &str = "widget";

/// What makes a text a poll or a to-do list, as the content of its first submessage.
pub(super) fn of_text(text: &str) -> Option<String> {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    let (command, title) = first.split_once(char::is_whitespace).unwrap_or((first, ""));
    let entries = lines.map(without_bullet).filter(|line| !line.is_empty());
    match command {
        "/poll" => Some(spaced(&Widget {
            widget_type: "poll",
            extra_data: Poll {
                question: title.trim(),
                options: entries.collect(),
            },
        })),
        "/todo" => Some(spaced(&Widget {
            widget_type: "todo",
            extra_data: Todo {
                task_list_title: title.trim(),
                tasks: entries.map(task).collect(),
            },
        })),
        _ => None,
    }
}

/// The content of the first submessage.
#[derive(Serialize)]
struct Widget<T> {
    widget_type: &'static str,
    extra_data: T,
}

#[derive(Serialize)]
struct Poll<'a> {
    question: &'a str,
    options: Vec<&'a str>,
}

#[derive(Serialize)]
struct Todo<'a> {
    task_list_title: &'a str,
    tasks: Vec<Task<'a>>,
}

#[derive(Serialize)]
struct Task<'a> {
    task: &'a str,
    desc: &'a str,
}

/// A line of a list without what makes it one.
fn without_bullet(line: &str) -> &str {
    let line = line.trim();
    line.strip_prefix(['-', '*']).unwrap_or(line).trim()
}

/// `task: description`.
fn task(line: &str) -> Task<'_> {
    let (task, desc) = line.split_once(':').unwrap_or((line, ""));
    Task {
        task: task.trim(),
        desc: desc.trim(),
    }
}

/// JSON with spaces after colons and commas: some clients compare it as text.
fn spaced(value: &impl Serialize) -> String {
    struct Spaced;
    impl serde_json::ser::Formatter for Spaced {
        fn begin_array_value<W: ?Sized + io::Write>(
            &mut self,
            out: &mut W,
            first: bool,
        ) -> io::Result<()> {
            if first { Ok(()) } else { out.write_all(b", ") }
        }
        fn begin_object_key<W: ?Sized + io::Write>(
            &mut self,
            out: &mut W,
            first: bool,
        ) -> io::Result<()> {
            if first { Ok(()) } else { out.write_all(b", ") }
        }
        fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
            out.write_all(b": ")
        }
    }
    let mut out = Vec::new();
    // Text and lists of it always serialise.
    let written = value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut out, Spaced,
    ));
    debug_assert!(written.is_ok(), "text serialises");
    String::from_utf8_lossy(&out).into_owned()
}

/// The `submessages` of a message that was just sent.
pub(super) fn of_new(
    caller: &Caller,
    placed: &Placed,
    widget: Option<&str>,
) -> serde_json::Result<Box<RawValue>> {
    let submessages = match (placed.widget, widget) {
        (Some(id), Some(content)) => json!([{
            "id": id, "message_id": placed.id, "sender_id": caller.user_id(), "msg_type": WIDGET, "content": content,
        }]),
        _ => json!([]),
    };
    serde_json::value::to_raw_value(&submessages)
}

/// Whether a message is one.
pub(super) async fn is_one(conn: &mut Conn, id: MessageId) -> Result<bool> {
    let there = Submessage::of_message(conn, id).await?;
    Ok(there.iter().any(|one| one.msg_type == WIDGET))
}

/// A vote, a new option, a finished task … of the caller.
pub async fn add(
    ctx: &Ctx,
    caller: &Caller,
    id: MessageId,
    msg_type: &str,
    content: &str,
) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let access = access_message_for_update(&mut tx, caller, id).await?;
    let there = Submessage::of_message(&mut tx, id).await?;
    let own = access.message.sender_id() == caller.user_id();
    let first = there.first();
    if first.is_none() && !own {
        let msg = "You cannot attach a submessage to this message.";
        return Err(Error::bad_request(msg));
    }
    let data: Value = serde_json::from_str(content)
        .map_err(|_| Error::bad_request("Invalid json for submessage"))?;
    let widget: Value = first
        .and_then(|first| serde_json::from_str(&first.content).ok())
        .unwrap_or_default();
    if msg_type == WIDGET {
        let kind = widget.get("widget_type").and_then(Value::as_str);
        check_data(kind, &data, own)?;
    }
    let submessage = Submessage::insert(&mut tx, id, caller.user_id(), msg_type, content).await?;
    message_changes::touch(&mut tx, id).await?;
    let event = SubmessageEvent {
        msg_type: msg_type.to_owned(),
        message_id: id,
        submessage_id: submessage,
        sender_id: caller.user_id(),
        content: content.to_owned(),
    };
    tx.emit(
        caller.realm_id(),
        audience(&access),
        &Event::Submessage(event),
    )?;
    drop(tx.commit().await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::of_text;

    #[test]
    fn texts_that_are_widgets() {
        let poll = "{\"widget_type\": \"poll\", \"extra_data\": {\"question\": \"Lunch?\", \"options\": [\"Pizza\", \"Soup\"]}}";
        assert_eq!(
            of_text("/poll Lunch?\n* Pizza\n\n - Soup").as_deref(),
            Some(poll)
        );
        let todo = "{\"widget_type\": \"todo\", \"extra_data\": {\"task_list_title\": \"\", \"tasks\": [{\"task\": \"Cook\", \"desc\": \"for six\"}]}}";
        assert_eq!(of_text("/todo\nCook: for six").as_deref(), Some(todo));
    }

    #[test]
    fn texts_that_are_not() {
        for text in ["/polls a", "poll", "a /poll", "", "/me polls"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
