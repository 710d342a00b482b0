//! The topics of a stream.

use narrows_store::queries::topics;
use narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME;
use narrows_wire::{MessageId, StreamId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::access::streams::{History, access_stream_for_history};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// A topic as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ListedTopic {
    /// Its name.
    pub name: String,
    /// Its newest message that the caller may read.
    pub max_id: MessageId,
}

/// The topics of a stream that the caller may read, the one with the newest message first. Clients that do not know
/// the empty topic get its display name.
pub async fn list(
    ctx: &Ctx,
    caller: &Caller,
    stream: StreamId,
    allow_empty_name: bool,
) -> Result<Vec<ListedTopic>> {
    let mut conn = ctx.store.read().await?;
    let (access, history) = access_stream_for_history(&mut conn, caller, stream).await?;
    let recipient = access.stream.recipient_id();
    let topics = match history {
        History::All => topics::all(&mut conn, recipient).await?,
        History::Delivered => topics::delivered(&mut conn, caller.user_id(), recipient).await?,
    };
    let listed = topics.into_iter().map(|topic| ListedTopic {
        name: topic.name,
        max_id: topic.max_id,
    });
    let mut listed: Vec<ListedTopic> = listed.collect();
    if !allow_empty_name {
        for topic in listed.iter_mut().filter(|topic| topic.name.is_empty()) {
            EMPTY_TOPIC_DISPLAY_NAME.clone_into(&mut topic.name);
        }
    }
    Ok(listed)
}
