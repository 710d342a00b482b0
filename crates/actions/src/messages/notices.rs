//! What the notification bot says in a topic after it was moved or resolved.

use narrows_store::Conn;
use narrows_store::queries::{messages, names};
use narrows_wire::{RecipientId, StreamId, UserId};

use super::recipient::Destination;
use super::send::{SendMessage, send_in_for};
use crate::access::streams::StreamRef;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// A message of the notification bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    stream: StreamId,
    topic: String,
    text: Text,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Text {
    Resolved {
        resolved: bool,
        conversation: RecipientId,
    },
    MovedHere {
        from: (String, String),
        count: Option<usize>,
    },
    MovedAway {
        to: (String, String),
        count: Option<usize>,
    },
}

/// A topic: stream id and topic name.
type Place = (StreamId, String);
/// A topic: stream name and topic name.
type Name = (String, String);

impl Notice {
    pub(super) fn resolved(at: Place, conversation: RecipientId, resolved: bool) -> Notice {
        Notice {
            stream: at.0,
            topic: at.1,
            text: Text::Resolved {
                resolved,
                conversation,
            },
        }
    }

    /// `count`: how many messages, if not the whole topic.
    pub(super) fn moved_here(at: Place, from: Name, count: Option<usize>) -> Notice {
        Notice {
            stream: at.0,
            topic: at.1,
            text: Text::MovedHere { from, count },
        }
    }

    pub(super) fn moved_away(at: Place, to: Name, count: Option<usize>) -> Notice {
        Notice {
            stream: at.0,
            topic: at.1,
            text: Text::MovedAway { to, count },
        }
    }

    /// Sends it in the name of the realm's notification bot, on behalf of `caller`.
    pub(super) async fn send(self, ctx: &Ctx, caller: &Caller) -> Result<()> {
        let bot = crate::users::notification_bot(ctx, &caller.realm).await?;
        let content = self
            .text
            .markdown(&caller.user.full_name, caller.user_id().0);
        let mut tx = ctx.store.begin().await?;
        let unread_for = self.unread_for(&mut tx).await?;
        let message = SendMessage {
            to: Destination::Stream {
                stream: StreamRef::Id(self.stream),
                topic: Some(self.topic),
            },
            content,
            local: None,
        };
        send_in_for(ctx, &mut tx, &bot, &message, unread_for).await?;
        drop(tx.commit().await?);
        Ok(())
    }

    /// That a topic is open again concerns those who took part in it; that it is resolved, those who want to know.
    async fn unread_for(&self, conn: &mut Conn) -> Result<Option<Vec<UserId>>> {
        let (stream, topic) = (self.stream, self.topic.as_str());
        Ok(match self.text {
            Text::Resolved { resolved: true, .. } => {
                Some(names::told_of_resolution(conn, stream, topic).await?)
            }
            Text::Resolved { conversation, .. } => {
                let people = messages::participants(conn, conversation, topic).await?;
                Some(names::subscribed_of(conn, stream, &people).await?)
            }
            Text::MovedHere { .. } | Text::MovedAway { .. } => None,
        })
    }
}

impl Text {
    fn markdown(&self, name: &str, id: i32) -> String {
        let who = format!("@_**{name}|{id}**");
        let link = |(stream, topic): &Name| format!("#**{stream}>{topic}**");
        match self {
            Text::Resolved { resolved: true, .. } => {
                format!("{who} has marked this topic as resolved.")
            }
            Text::Resolved { .. } => format!("{who} has marked this topic as unresolved."),
            Text::MovedHere { from, count: None } => {
                format!("This topic was moved here from {} by {who}.", link(from))
            }
            Text::MovedHere {
                from,
                count: Some(1),
            } => format!("A message was moved here from {} by {who}.", link(from)),
            Text::MovedHere {
                from,
                count: Some(n),
            } => {
                format!("{n} messages were moved here from {} by {who}.", link(from))
            }
            Text::MovedAway { to, count: None } => {
                format!("This topic was moved to {} by {who}.", link(to))
            }
            Text::MovedAway { to, count: Some(1) } => {
                format!(
                    "A message was moved from this topic to {} by {who}.",
                    link(to)
                )
            }
            Text::MovedAway { to, count: Some(n) } => {
                format!(
                    "{n} messages were moved from this topic to {} by {who}.",
                    link(to)
                )
            }
        }
    }
}
