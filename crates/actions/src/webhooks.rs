//! What other services tell, as messages of the bot whose key they have.

use narrows_wire::{ErrorCode, StreamId};

use crate::access::streams::StreamRef;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::messages::recipient::{Destination, People};
use crate::messages::send::{self, SendMessage};

/// What a service tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it is about.
    pub topic: String,
    /// In Markdown.
    pub content: String,
}

/// Sends it: to a stream, named by name or id; without one, to the owner of the bot.
///
/// A stream that is not there is told to the owner, who alone can do something about it; the service cannot.
pub async fn deliver(
    ctx: &Ctx,
    caller: &Caller,
    stream: Option<&str>,
    notice: Notice,
) -> Result<()> {
    let Some(stream) = stream else {
        return tell_owner(ctx, caller, notice.content).await;
    };
    let to = Destination::Stream {
        stream: named(stream),
        topic: Some(notice.topic),
    };
    let sent = send_to(ctx, caller, to, notice.content).await;
    match sent {
        Err(Error::Api(error)) if error.code == ErrorCode::StreamDoesNotExist => {
            let text = format!(
                "Something arrived for the channel `{}`, which does not exist, or which I cannot send to.",
                stream.replace('`', "'")
            );
            tell_owner(ctx, caller, text).await
        }
        other => other,
    }
}

fn named(stream: &str) -> StreamRef {
    match stream.parse() {
        Ok(id) => StreamRef::Id(StreamId(id)),
        Err(_) => StreamRef::Name(stream.to_owned()),
    }
}

async fn tell_owner(ctx: &Ctx, caller: &Caller, content: String) -> Result<()> {
    // Who has no owner is a person.
    let owner = caller.user.bot_owner_id().unwrap_or(caller.user_id());
    let to = Destination::Direct(People::Ids(vec![owner]));
    send_to(ctx, caller, to, content).await
}

async fn send_to(ctx: &Ctx, caller: &Caller, to: Destination, content: String) -> Result<()> {
    let message = SendMessage {
        to,
        content,
        local: None,
    };
    send::send_of_client(ctx, caller, message, false).await?;
    Ok(())
}
