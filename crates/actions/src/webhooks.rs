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

/// Most messages that one delivery makes: it counts as one call, whatever is in it.
const MOST: usize = 20;

/// Sends them: to a stream, named by name or id; without one, to the owner of the bot.
///
/// A stream that is not there is told to the owner, who alone can do something about it; the service cannot.
pub async fn deliver(
    ctx: &Ctx,
    caller: &Caller,
    stream: Option<&str>,
    notices: Vec<Notice>,
) -> Result<()> {
    for notice in bounded(notices) {
        deliver_one(ctx, caller, stream, notice).await?;
    }
    Ok(())
}

/// No more than [`MOST`]: the last one says what all those beyond would.
fn bounded(mut notices: Vec<Notice>) -> Vec<Notice> {
    let beyond = notices.split_off(notices.len().min(MOST));
    if let Some(last) = notices.last_mut() {
        for notice in beyond {
            last.content.push_str("\n\n");
            last.content.push_str(&notice.content);
        }
    }
    notices
}

async fn deliver_one(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_delivery_makes_few_messages_and_loses_nothing() {
        let notice = |n: usize| Notice {
            topic: format!("t{n}"),
            content: format!("c{n}"),
        };
        let few: Vec<Notice> = (0..MOST).map(notice).collect();
        assert_eq!(bounded(few.clone()), few);
        let many = bounded((0..MOST + 2).map(notice).collect());
        assert_eq!(many.len(), MOST);
        assert_eq!(many[MOST - 1].content, "c19\n\nc20\n\nc21");
        assert!(bounded(vec![]).is_empty());
    }
}
