//! Telling moderators of a message that should not be there.

use narrows_store::models::User;
use narrows_wire::limits::MAX_TOPIC_LENGTH;
use narrows_wire::{MessageId, StreamId};
use schemars::JsonSchema;
use serde::Serialize;

use super::recipient::Destination;
use super::send::{self, SendMessage};
use crate::access::messages::{Conversation, MessageAccess, access_message};
use crate::access::streams::StreamRef;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{self, Settings};
use crate::{narrow_url, users};

/// What can be wrong with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReportType {
    /// For programs.
    pub key: &'static str,
    /// For people.
    pub name: &'static str,
}

/// All of them.
pub const REPORT_TYPES: [ReportType; 5] = [
    ReportType {
        key: "spam",
        name: "Spam",
    },
    ReportType {
        key: "harassment",
        name: "Harassment",
    },
    ReportType {
        key: "inappropriate",
        name: "Inappropriate content",
    },
    ReportType {
        key: "norms",
        name: "Violates community norms",
    },
    ReportType {
        key: "other",
        name: "Other reason",
    },
];

/// Most characters of what a report says beside its type.
const MAX_DESCRIPTION: usize = 1000;

/// Tells the stream that the realm has for it of a message that the caller may read.
pub async fn report(
    ctx: &Ctx,
    caller: &Caller,
    id: MessageId,
    report_type: &str,
    description: &str,
) -> Result<()> {
    let kind = REPORT_TYPES.iter().find(|kind| kind.key == report_type);
    let kind = kind.ok_or_else(|| Error::bad_request("Invalid report_type"))?;
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Error::bad_request(format!(
            "description is too long (limit: {MAX_DESCRIPTION} characters)"
        )));
    }
    let mut tx = ctx.store.begin().await?;
    let access = access_message(&mut tx, caller, id).await?;
    let place = Settings::of(&caller.realm).moderation_request_channel_id;
    if place < 0 {
        return Err(Error::bad_request(
            "Moderation request channel must be specified to enable message reporting.",
        ));
    }
    if kind.key == "other" && description.trim().is_empty() {
        return Err(Error::bad_request("An explanation is required."));
    }
    let author = User::find(&mut tx, caller.realm_id(), access.message.sender_id()).await?;
    let message = SendMessage {
        to: Destination::Stream {
            stream: StreamRef::Id(StreamId(place)),
            topic: Some(topic(&author)),
        },
        content: text(ctx, caller, &access, &author, kind, description),
        local: None,
    };
    let bot = users::notification_bot(ctx, &caller.realm).await?;
    send::send_in(ctx, &mut tx, &bot, &message).await?;
    drop(tx.commit().await?);
    Ok(())
}

fn topic(author: &User) -> String {
    let topic = format!("{}'s moderation requests", author.full_name);
    topic.chars().take(MAX_TOPIC_LENGTH).collect()
}

fn text(
    ctx: &Ctx,
    caller: &Caller,
    access: &MessageAccess,
    author: &User,
    kind: &ReportType,
    description: &str,
) -> String {
    let silent = |user: &User| format!("@_**{}|{}**", user.full_name, user.id());
    let (who, whose) = (silent(&caller.user), silent(author));
    let link = format!(
        "{}/{}",
        realms::url(ctx, &caller.realm),
        narrow_url::near(access)
    );
    let place = match &access.conversation {
        Conversation::Stream(_) => format!("a [message]({link}) sent by {whose}"),
        Conversation::Direct(_) => format!("a direct message sent by {whose}"),
    };
    let notes = match description.trim() {
        "" => String::new(),
        text => format!("\n- Notes:\n{}", fenced("quote", text)),
    };
    let shown = fenced(
        &format!("spoiler Message sent by {whose}"),
        &access.message.content,
    );
    format!(
        "{who} reported {place}.\n- Reason: **{}**{notes}\n\n{shown}",
        kind.name
    )
}

/// A block that nothing in the text ends.
fn fenced(kind: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{kind}\n{text}\n{fence}")
}
