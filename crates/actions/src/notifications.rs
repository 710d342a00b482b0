//! What somebody is told outside of their clients.

use narrows_store::models::{Realm, User};
use narrows_wire::{MessageId, RealmId, UserId};

use crate::access::messages::{Conversation, access_message};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::{narrow_url, realms, unread, users};

/// A message that somebody has not seen, with what a mail about it says.
#[derive(Clone, Debug)]
pub struct MissedMessage {
    /// Who missed it.
    pub user: User,
    /// The message.
    pub message_id: MessageId,
    /// Who wrote it.
    pub sender_name: String,
    /// Where.
    pub place: Place,
    /// As typed.
    pub content: String,
    /// As HTML.
    pub html: String,
    /// The organisation.
    pub realm_name: String,
    /// The message in the web client.
    pub message_url: String,
    /// Where notifications are set.
    pub settings_url: String,
}

/// Where a message is, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In a topic.
    Stream {
        /// The stream's name.
        stream: String,
        /// The topic's name, as shown.
        topic: String,
    },
    /// Between people.
    Direct {
        /// The others' names.
        people: Vec<String>,
    },
}

/// What `user` is to be told of a message by e-mail. `None`: nothing any more; it is read, gone or out of their sight,
/// or they want no such mail.
pub async fn missed_message(
    ctx: &Ctx,
    realm: RealmId,
    user: UserId,
    id: MessageId,
) -> Result<Option<MissedMessage>> {
    let mut conn = ctx.store.read().await?;
    let realm = Realm::find(&mut conn, realm).await?;
    let user = User::find(&mut conn, realm.id(), user).await?;
    let wanted = users::Settings::of(&user).enable_offline_email_notifications;
    if !user.is_active || user.is_bot || !wanted || realm.deactivated_at.is_some() {
        return Ok(None);
    }
    let caller = Caller::internal(ctx, realm, user);
    let access = match access_message(&mut conn, &caller, id).await {
        Ok(access) => access,
        Err(Error::Api(_)) => return Ok(None),
        Err(other) => return Err(other),
    };
    if !unread::is_unread(&mut conn, &caller, id).await? {
        return Ok(None);
    }
    let sender = User::find(&mut conn, caller.realm_id(), access.message.sender_id()).await?;
    let place = match &access.conversation {
        Conversation::Stream(stream) => {
            let topic = access.topic.as_ref().map_or("", |(_, name)| name);
            let topic = if topic.is_empty() {
                narrows_wire::limits::EMPTY_TOPIC_DISPLAY_NAME
            } else {
                topic
            };
            Place::Stream {
                stream: stream.stream.name.clone(),
                topic: topic.to_owned(),
            }
        }
        Conversation::Direct(people) => {
            let others: Vec<UserId> = people
                .iter()
                .copied()
                .filter(|id| *id != caller.user_id())
                .collect();
            let others = User::find_many(&mut conn, caller.realm_id(), &others).await?;
            Place::Direct {
                people: others.into_iter().map(|user| user.full_name).collect(),
            }
        }
    };
    let url = realms::url(ctx, &caller.realm);
    Ok(Some(MissedMessage {
        message_id: id,
        sender_name: sender.full_name,
        place,
        content: access.message.content.clone(),
        html: access.message.rendered_content.clone(),
        realm_name: caller.realm.name.clone(),
        message_url: format!("{url}/{}", narrow_url::near(&access)),
        settings_url: format!("{url}/#settings/notifications"),
        user: (*caller.user).clone(),
    }))
}
