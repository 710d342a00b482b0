//! How a message was changed, who has read it, and how a text would look.

use std::borrow::Cow;

use narrows_store::models::Message;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;
use narrows_wire::{MessageId, UserId};
use serde_json::{Map, Value, json};

use super::content;
use super::html_difference::difference;
use super::object::Fragment;
use super::topic::resolves;
use crate::access::messages::{EditHistory, access_message};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Settings;
use crate::unread;

/// Of so many bytes of HTML in one history it is told word by word what changed.
const MOST_COMPARED: usize = 200_000;

type Entry = Map<String, Value>;

fn number(entry: &Entry, key: &str) -> i64 {
    entry.get(key).and_then(Value::as_i64).unwrap_or(0)
}

fn entries(list: Option<&Value>) -> Vec<Entry> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .cloned()
        .collect()
}

/// Changes of a message and renames of its topic that concern it, newest first.
fn merged(id: MessageId, own: Option<&Value>, renames: Option<&Value>) -> Vec<Entry> {
    let mut all = entries(own);
    all.extend(
        entries(renames)
            .into_iter()
            .filter(|entry| number(entry, "up_to") >= id.0)
            .map(|mut entry| {
                entry.remove("up_to");
                entry
            }),
    );
    // Stable: of the same second, a message's own changes come first.
    all.sort_by_key(|entry| std::cmp::Reverse(number(entry, "timestamp")));
    all
}

/// When a message was last moved; resolving its topic is not moving.
fn last_rename(entries: &[Entry]) -> Option<i64> {
    let moved = |entry: &&Entry| match (entry.get("prev_topic"), entry.get("topic")) {
        (Some(Value::String(old)), Some(Value::String(new))) => resolves(old, new).is_none(),
        (None, None) => entry.contains_key("prev_stream"),
        _ => true,
    };
    entries
        .iter()
        .find(moved)
        .map(|entry| number(entry, "timestamp"))
}

/// What readers are shown of a history.
fn left(mut history: Vec<Entry>, shown: EditHistory) -> Vec<Entry> {
    match shown {
        EditHistory::All => {}
        EditHistory::Nothing => history.clear(),
        EditHistory::Moves => {
            history.retain(|entry| {
                entry.contains_key("prev_topic") || entry.contains_key("prev_stream")
            });
            for entry in &mut history {
                entry.retain(|key, _| {
                    !key.starts_with("prev_content") && !key.starts_with("prev_rendered_content")
                });
            }
        }
    }
    history
}

/// `edit_history` and `last_moved_timestamp` of a message as readers are shown them. `renames` are those of its topic.
pub(super) fn shown<'a>(
    id: MessageId,
    fragment: &'a Fragment,
    renames: Option<&str>,
    shown: EditHistory,
) -> Result<(Option<Cow<'a, str>>, Option<i64>)> {
    let own = fragment.edit_history.as_deref();
    if renames.is_none() && (own.is_none() || shown == EditHistory::All) {
        return Ok((own.map(Cow::Borrowed), fragment.moved_at));
    }
    let parse = |list: Option<&str>| list.map(serde_json::from_str::<Value>).transpose();
    let (own, renames) = (parse(own)?, parse(renames)?);
    let all = left(merged(id, own.as_ref(), renames.as_ref()), shown);
    let moved_at = last_rename(&merged(id, None, renames.as_ref())).max(fragment.moved_at);
    let list = (!all.is_empty()).then(|| serde_json::to_string(&all));
    Ok((list.transpose()?.map(Cow::Owned), moved_at))
}

/// `message_history` of the API: all states of a message, oldest first.
pub async fn history(
    ctx: &Ctx,
    caller: &Caller,
    id: MessageId,
    allow_empty_topic_name: bool,
) -> Result<Vec<Value>> {
    let access = access_message(&mut *ctx.store.read().await?, caller, id).await?;
    let shown = EditHistory::of(&caller.realm);
    if shown == EditHistory::Nothing {
        return Err(Error::bad_request(
            "Message edit history is disabled in this organization",
        ));
    }
    let changes = merged(
        id,
        access.message.edit_history.as_ref(),
        access.place.topic_history.as_ref(),
    );
    let changes = left(changes, shown);
    let topic = access.topic.map(|(_, name)| name).unwrap_or_default();
    let mut states = states(&access.message, &topic, changes);
    if !allow_empty_topic_name {
        for state in &mut states {
            for key in ["topic", "prev_topic"] {
                if state.get(key).is_some_and(|name| name == "") {
                    state.insert(key.to_owned(), json!(EMPTY_TOPIC_DISPLAY_NAME));
                }
            }
        }
    }
    Ok(states.into_iter().map(Value::Object).collect())
}

/// Walks back from how the message is now.
fn states(message: &Message, topic: &str, changes: Vec<Entry>) -> Vec<Entry> {
    let mut content = json!(message.content);
    let mut rendered = json!(message.rendered_content);
    let mut topic = json!(topic);
    let mut states = Vec::new();
    let mut fine = MOST_COMPARED;
    for mut change in changes {
        change.remove("prev_rendered_content_version");
        let mut state = change.clone();
        if let (Some(Value::String(before)), Some(after)) =
            (change.get("prev_rendered_content"), rendered.as_str())
        {
            let diff = difference(before, after, fine > 0);
            fine = fine.saturating_sub(before.len() + after.len());
            state.insert("content_html_diff".to_owned(), json!(diff));
        }
        state.insert("content".to_owned(), content.clone());
        state.insert("rendered_content".to_owned(), rendered.clone());
        state.insert("topic".to_owned(), topic.clone());
        for (now, prev) in [
            (&mut content, "prev_content"),
            (&mut rendered, "prev_rendered_content"),
            (&mut topic, "prev_topic"),
        ] {
            if let Some(prev) = change.get(prev) {
                *now = prev.clone();
            }
        }
        states.push(state);
    }
    let mut first = Entry::new();
    first.insert("content".to_owned(), content);
    first.insert("rendered_content".to_owned(), rendered);
    first.insert("topic".to_owned(), topic);
    first.insert("timestamp".to_owned(), json!(message.sent_at.timestamp()));
    first.insert("user_id".to_owned(), json!(message.sender_id()));
    states.push(first);
    states.reverse();
    states
}

/// Who has read a message, its sender left out.
pub async fn read_receipts(ctx: &Ctx, caller: &Caller, id: MessageId) -> Result<Vec<UserId>> {
    let mut conn = ctx.store.read().await?;
    let access = access_message(&mut conn, caller, id).await?;
    if !Settings::of(&caller.realm).enable_read_receipts {
        return Err(Error::bad_request(
            "Read receipts are disabled in this organization.",
        ));
    }
    unread::readers(&mut conn, caller.user_id(), &access.message).await
}

/// How a text would look as a message of the caller.
pub async fn preview(ctx: &Ctx, caller: &Caller, text: &str) -> Result<String> {
    let text = content::check_length(text)?;
    let rendered = content::render(ctx, &mut *ctx.store.read().await?, caller, text).await?;
    Ok(rendered.html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_of_the_topic_belong_to_the_messages_that_were_there() {
        let own = json!([{ "timestamp": 5, "user_id": 1, "prev_content": "a" }]);
        let renames = json!([
            { "timestamp": 9, "user_id": 2, "prev_topic": "✔ b", "topic": "b", "up_to": 20 },
            { "timestamp": 7, "user_id": 2, "prev_topic": "a", "topic": "✔ b", "up_to": 10 },
        ]);
        let times = |id| {
            let all = merged(MessageId(id), Some(&own), Some(&renames));
            assert!(all.iter().all(|entry| !entry.contains_key("up_to")));
            all.iter()
                .map(|entry| number(entry, "timestamp"))
                .collect::<Vec<_>>()
        };
        assert_eq!(times(10), [9, 7, 5]);
        assert_eq!(times(11), [9, 5]);
        assert_eq!(
            last_rename(&merged(MessageId(10), None, Some(&renames))),
            Some(7)
        );
        assert_eq!(
            last_rename(&merged(MessageId(11), None, Some(&renames))),
            None,
            "opening again is not moving"
        );
    }
}
