//! Who may read a message.
//!
//! Direct messages: the people of the conversation. Stream messages: whoever reads the stream in full; in streams with
//! protected history, subscribers to whom it was delivered. Anything else is answered as a message that does not exist.

use narrows_store::Conn;
use narrows_store::models::{Message, Realm, Stream};
use narrows_store::queries::messages::{self, Place};
use narrows_store::queries::narrow::{self, Narrow, Reader, Source};
use narrows_wire::{MessageId, TopicId, UserId};
use serde_json::Value;

use super::streams::{History, StreamAccess, access_stream_for_history, access_web_public_stream};
use crate::caller::{Caller, Spectator};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::narrow::Viewer;

/// Proof that the caller may read a message: only this module makes one.
#[derive(Clone, Debug)]
pub struct MessageAccess {
    /// The message.
    pub message: Message,
    /// Where it is.
    pub conversation: Conversation,
    /// Its topic and the topic's name; `None` for direct messages.
    pub topic: Option<(TopicId, String)>,
    /// Whether it was delivered to the caller; what was not is history to them.
    pub delivered: bool,
    /// The rest of what is known of its place.
    pub(crate) place: Place,
}

/// The conversation of a message that the caller may read.
#[derive(Clone, Debug)]
pub enum Conversation {
    /// A stream that the caller may read.
    Stream(StreamAccess),
    /// All people of a direct conversation, the caller too, ascending.
    Direct(Vec<UserId>),
}

impl Conversation {
    /// The stream, if it is one.
    pub fn stream(&self) -> Option<&StreamAccess> {
        match self {
            Conversation::Stream(access) => Some(access),
            Conversation::Direct(_) => None,
        }
    }
}

/// What readers are shown of how messages were changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditHistory {
    /// All.
    All,
    /// Where messages were, and not what they said.
    Moves,
    /// Nothing.
    Nothing,
}

impl EditHistory {
    /// As the realm has decided; the one setting is read, as this is asked for every page of messages.
    pub fn of(realm: &Realm) -> EditHistory {
        let decided = realm.settings.get("message_edit_history_visibility_policy");
        match decided.and_then(Value::as_str) {
            Some("moves") => EditHistory::Moves,
            Some("none") => EditHistory::Nothing,
            _ => EditHistory::All,
        }
    }
}

/// The answer to an id that is not there for the caller.
pub fn invalid_message() -> Error {
    Error::bad_request("Invalid message(s)")
}

/// A message that the caller may read.
pub async fn access_message(
    conn: &mut Conn,
    caller: &Caller,
    id: MessageId,
) -> Result<MessageAccess> {
    let found = Message::find(conn, caller.realm_id(), id).await;
    let message = found.map_err(|error| Error::from(error).or_missing(invalid_message))?;
    check(conn, caller, message).await
}

/// As [`access_message`], locked until the transaction ends. In archived streams nothing changes any more.
pub async fn access_message_for_update(
    conn: &mut Conn,
    caller: &Caller,
    id: MessageId,
) -> Result<MessageAccess> {
    let found = Message::find_for_update(conn, caller.realm_id(), id).await;
    let message = found.map_err(|error| Error::from(error).or_missing(invalid_message))?;
    let access = check(conn, caller, message).await?;
    match access.conversation.stream() {
        Some(stream) if stream.stream.is_archived => Err(invalid_message()),
        _ => Ok(access),
    }
}

async fn check(conn: &mut Conn, caller: &Caller, message: Message) -> Result<MessageAccess> {
    let place = messages::place(conn, &message, Some(caller.user_id())).await?;
    let conversation = match place.stream_id() {
        Some(stream) => {
            let found = access_stream_for_history(conn, caller, stream).await;
            let (access, history) = found.map_err(invisible)?;
            if history == History::Delivered && !place.delivered {
                return Err(invalid_message());
            }
            Conversation::Stream(access)
        }
        None if place.people().contains(&caller.user_id()) => Conversation::Direct(place.people()),
        None => return Err(invalid_message()),
    };
    let topic = message.topic_id().zip(place.topic.clone());
    Ok(MessageAccess {
        message,
        conversation,
        topic,
        delivered: place.delivered,
        place,
    })
}

/// A stream that the caller may not read makes its messages invalid; faults stay faults.
fn invisible(error: Error) -> Error {
    match error {
        Error::Api(_) => invalid_message(),
        other => other,
    }
}

/// A message of a web-public stream.
pub async fn access_web_public_message(
    conn: &mut Conn,
    spectator: &Spectator,
    id: MessageId,
) -> Result<(Message, Stream)> {
    let found = Message::find(conn, spectator.realm.id(), id).await;
    let message = found.map_err(|error| Error::from(error).or_missing(invalid_message))?;
    let place = messages::place(conn, &message, None).await?;
    let stream = place.stream_id().ok_or_else(invalid_message)?;
    let stream = access_web_public_stream(conn, spectator, stream)
        .await
        .map_err(invisible)?;
    Ok((message, stream))
}

/// Who the caller is to a narrow.
pub fn reader(caller: &Caller) -> Reader {
    Reader::User {
        id: caller.user_id(),
        guest: caller.user.role().is_guest(),
    }
}

/// Checks that the caller may read all of these messages.
pub async fn access_messages(ctx: &Ctx, caller: &Caller, ids: &[MessageId]) -> Result<()> {
    let (realm, reader) = (caller.realm_id(), reader(caller));
    let narrow = Narrow {
        realm,
        reader,
        source: Source::Readable,
        filters: vec![],
    };
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let readable = narrow::ids_among(ctx.store.hot(), &narrow, &wanted).await?;
    if readable.len() == wanted.len() {
        Ok(())
    } else {
        Err(invalid_message())
    }
}

/// Whether the viewer may read at least one of these messages.
pub(crate) async fn reads_any(ctx: &Ctx, viewer: Viewer<'_>, ids: &[MessageId]) -> Result<bool> {
    if ids.is_empty() {
        return Ok(false);
    }
    let readable = narrow::ids_among(ctx.store.hot(), &viewer.readable(), ids).await?;
    Ok(!readable.is_empty())
}
