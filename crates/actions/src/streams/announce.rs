//! What the notification bot says of streams: to who was subscribed by somebody else, and in a topic of the stream itself.
//! Its messages belong to the transaction of what they tell.

use std::collections::BTreeMap;

use narrows_store::Tx;
use narrows_store::models::{PostPolicy, Stream, User};
use narrows_wire::{StreamId, UserId};

use super::topics_policy::TopicsPolicy;
use crate::access::streams::StreamRef;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::messages::recipient::{Destination, People};
use crate::messages::send::{self, SendMessage};
use crate::realms::Settings;
use crate::users;

/// Where a stream's own changes are told.
const EVENTS_TOPIC: &str = "channel events";
/// Where new streams are told.
const NEW_STREAMS_TOPIC: &str = "new channels";

/// What the bot says of a subscription.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notices {
    /// To who was subscribed by somebody else.
    pub to_subscribed: bool,
    /// In streams that were made.
    pub in_made: bool,
    /// In the realm's stream for it, of public streams that were made.
    pub of_made: bool,
}

/// Tells who was subscribed by the caller to which streams that were there before.
pub(crate) async fn tell_subscribed(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    joined: &BTreeMap<UserId, Vec<&Stream>>,
    users: &[User],
) -> Result<()> {
    let who = format!("@**{}|{}**", caller.user.full_name, caller.user_id());
    for (user, streams) in joined {
        let is_person = users.iter().any(|u| u.id() == *user && !u.is_bot);
        if *user == caller.user_id() || !is_person {
            continue;
        }
        let content = match streams.as_slice() {
            [] => continue,
            [stream] => format!("{who} subscribed you to the channel #**{}**.", stream.name),
            many => {
                let names: Vec<String> = many
                    .iter()
                    .map(|s| format!("* #**{}**\n", s.name))
                    .collect();
                let names = names.concat();
                format!("{who} subscribed you to the following channels: \n\n{names}")
            }
        };
        say(
            ctx,
            tx,
            caller,
            Destination::Direct(People::Ids(vec![*user])),
            content,
        )
        .await?;
    }
    Ok(())
}

/// Says in each new stream who made it, and elsewhere that it is there.
pub(crate) async fn tell_made(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    made: &[Stream],
    notices: Notices,
) -> Result<()> {
    let who = silent_mention(caller);
    let place = Settings::of(&caller.realm).new_stream_announcements_stream_id;
    let public: Vec<String> = made
        .iter()
        .filter(|stream| !stream.invite_only)
        .map(|stream| format!("#**{}**", stream.name))
        .collect();
    if notices.of_made && place >= 0 && !public.is_empty() {
        let content = match public.as_slice() {
            [one] => format!("{who} created a new channel {one}."),
            many => format!("{who} created the following channels: {}.", many.join(", ")),
        };
        let to = topic(StreamId(place), NEW_STREAMS_TOPIC);
        say(ctx, tx, caller, to, content).await?;
    }
    if !notices.in_made {
        return Ok(());
    }
    for stream in made {
        let (policy, text) = (privacy(stream), quote(&stream.description));
        let content = format!("**{policy}** channel created by {who}. **Description:**\n{text}");
        say(ctx, tx, caller, events_topic(stream), content).await?;
    }
    Ok(())
}

/// Says in a stream what of it was changed.
pub(crate) async fn tell_changed(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    old: &Stream,
    new: &Stream,
) -> Result<()> {
    for content in changes(&silent_mention(caller), old, new) {
        say(ctx, tx, caller, events_topic(new), content).await?;
    }
    Ok(())
}

fn changes(who: &str, old: &Stream, new: &Stream) -> Vec<String> {
    let mut said = Vec::new();
    if privacy(old) != privacy(new) {
        said.push(format!(
            "{who} changed the [access permissions](/help/channel-permissions) for this channel from **{}** to **{}**.",
            privacy(old),
            privacy(new)
        ));
    }
    if old.name != new.name {
        said.push(format!(
            "{who} renamed channel **{}** to **{}**.",
            old.name, new.name
        ));
    }
    if old.description != new.description {
        said.push(format!(
            "{who} changed the description for this channel.\n\n* **Old description:**\n{}\n* **New description:**\n{}",
            quote(&old.description),
            quote(&new.description)
        ));
    }
    if old.post_policy() != new.post_policy() {
        said.push(format!(
            "{who} changed the [posting permissions](/help/channel-posting-policy) for this channel:\n\n* **Old permissions**: {}.\n* **New permissions**: {}.\n",
            posting(old.post_policy()),
            posting(new.post_policy())
        ));
    }
    if old.message_retention_days != new.message_retention_days {
        said.push(format!(
            "{who} has changed the [message retention period](/help/message-retention-policy) for this channel:\n* **Old retention period**: {}\n* **New retention period**: {}\n",
            retention(old),
            retention(new)
        ));
    }
    said
}

fn posting(policy: PostPolicy) -> &'static str {
    match policy {
        PostPolicy::Everyone => "All channel members can post",
        PostPolicy::Admins => "Only organization administrators can post",
        PostPolicy::FullMembers => "Only organization full members can post",
        PostPolicy::Moderators => "Only organization administrators and moderators can post",
    }
}

fn privacy(stream: &Stream) -> &'static str {
    match (
        stream.is_web_public,
        stream.invite_only,
        stream.history_public_to_subscribers,
    ) {
        (true, _, _) => "Web-public",
        (_, false, _) => "Public",
        (_, true, true) => "Private, shared history",
        (_, true, false) => "Private, protected history",
    }
}

fn retention(stream: &Stream) -> String {
    match stream.message_retention_days {
        None => "Organization default".to_owned(),
        Some(days) if days < 0 => "Forever".to_owned(),
        Some(days) => format!("{days} days"),
    }
}

fn quote(description: &str) -> String {
    let text = match description {
        "" => "*No description.*",
        text => text,
    };
    format!("```` quote\n{text}\n````")
}

fn silent_mention(caller: &Caller) -> String {
    format!("@_**{}|{}**", caller.user.full_name, caller.user_id())
}

/// Where a stream's own changes are told: in the only topic, if there is but one.
fn events_topic(stream: &Stream) -> Destination {
    let only = TopicsPolicy::EmptyOnly.name() == stream.topics_policy;
    topic(stream.id(), if only { "" } else { EVENTS_TOPIC })
}

fn topic(stream: StreamId, topic: &str) -> Destination {
    Destination::Stream {
        stream: StreamRef::Id(stream),
        topic: Some(topic.to_owned()),
    }
}

async fn say(
    ctx: &Ctx,
    tx: &mut Tx,
    caller: &Caller,
    to: Destination,
    content: String,
) -> Result<()> {
    let bot = users::notification_bot(ctx, &caller.realm).await?;
    let message = SendMessage {
        to,
        content,
        local: None,
    };
    send::send_in(ctx, tx, &bot, &message).await?;
    Ok(())
}
