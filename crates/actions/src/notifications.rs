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
    /// What it says; `None` where mails do not say it.
    pub content: Option<Content>,
    /// The organisation.
    pub realm_name: String,
    /// The mail's subject says in which organisation it was.
    pub realm_in_subject: bool,
    /// The message in the web client.
    pub message_url: String,
    /// Where notifications are set.
    pub settings_url: String,
}

/// What a message says.
#[derive(Clone, Debug)]
pub struct Content {
    /// As typed.
    pub text: String,
    /// As HTML.
    pub html: String,
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

/// `realm_name_in_email_notifications_policy`; otherwise it is said to those with accounts in several organisations.
const REALM_NAME_ALWAYS: u8 = 2;
const REALM_NAME_NEVER: u8 = 3;

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
    let settings = users::Settings::of(&user);
    let wanted = settings.enable_offline_email_notifications;
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
    let says = settings.message_content_in_email_notifications
        && realms::Settings::of(&caller.realm).message_content_allowed_in_email_notifications;
    let realm_in_subject = match settings.realm_name_in_email_notifications_policy {
        REALM_NAME_ALWAYS => true,
        REALM_NAME_NEVER => false,
        _ => User::count_accounts_across_realms(&mut conn, &caller.user.delivery_email).await? > 1,
    };
    let url = realms::url(ctx, &caller.realm);
    Ok(Some(MissedMessage {
        message_id: id,
        sender_name: sender.full_name,
        place,
        content: says.then(|| Content {
            text: access.message.content.clone(),
            html: access.message.rendered_content.clone(),
        }),
        realm_name: caller.realm.name.clone(),
        realm_in_subject,
        message_url: format!("{url}/{}", narrow_url::near(&access)),
        settings_url: format!("{url}/#settings/notifications"),
        user: (*caller.user).clone(),
    }))
}
