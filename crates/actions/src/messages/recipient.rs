//! Whom a message is for, and whether its sender may write there.

use narrows_store::Conn;
use narrows_store::models::User;
use narrows_store::queries::direct_messages;
use narrows_wire::{RecipientId, StreamId, UserId};

use super::topic::check_topic;
use crate::access::realm::{may, may_any};
use crate::access::streams::{
    StreamAccess, StreamRef, access_stream_for_send, confirm_stream_for_send,
};
use crate::access::users::Sight;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::{Permitted, Policy, Right, Settings};
use crate::streams::{check_may_begin, check_topic_allowed};

/// Most people in a direct conversation.
const MAX_PEOPLE: usize = 200;

/// Whom a client names.
#[derive(Clone, Debug)]
pub enum Destination {
    /// A stream; the topic is missing if the client gave none.
    Stream {
        /// By id or name.
        stream: StreamRef,
        /// The topic as typed.
        topic: Option<String>,
    },
    /// People, the sender or not.
    Direct(People),
}

/// People as a client names them.
#[derive(Clone, Debug)]
pub enum People {
    /// By id.
    Ids(Vec<UserId>),
    /// By e-mail address.
    Emails(Vec<String>),
}

/// A conversation that the caller may write to.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// A topic of a stream.
    Stream {
        /// The right to send there.
        access: StreamAccess,
        /// The topic, checked.
        topic: String,
    },
    /// A direct conversation.
    Direct {
        /// Its id.
        id: RecipientId,
        /// All people, the sender too, by id.
        people: Vec<User>,
    },
}

impl Recipient {
    /// The conversation's id.
    pub fn id(&self) -> RecipientId {
        match self {
            Recipient::Stream { access, .. } => access.stream.recipient_id(),
            Recipient::Direct { id, .. } => *id,
        }
    }

    /// The stream, if it is one.
    pub fn stream_id(&self) -> Option<StreamId> {
        match self {
            Recipient::Stream { access, .. } => Some(access.stream.id()),
            Recipient::Direct { .. } => None,
        }
    }
}

/// The conversation that `destination` names. A direct conversation is made at its first message.
pub async fn access_recipient(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    destination: &Destination,
) -> Result<Recipient> {
    match destination {
        Destination::Stream { stream, topic } => {
            let topic = given(topic.as_deref())?;
            let access = access_stream_for_send(conn, caller, stream).await?;
            topic_of(conn, caller, access, topic).await
        }
        Destination::Direct(people) => {
            let people = access_people(conn, caller, people).await?;
            let id = conversation(ctx, conn, caller, &people).await?;
            Ok(Recipient::Direct { id, people })
        }
    }
}

/// The topic, and a right to send that was found before: see [`confirm_stream_for_send`].
pub(super) async fn known_recipient(
    conn: &mut Conn,
    caller: &Caller,
    access: StreamAccess,
    topic: Option<&str>,
) -> Result<Recipient> {
    let topic = given(topic)?;
    confirm_stream_for_send(conn, caller, &access).await?;
    topic_of(conn, caller, access, topic).await
}

fn given(topic: Option<&str>) -> Result<String> {
    check_topic(topic.ok_or_else(|| Error::bad_request("Missing topic"))?)
}

/// A topic of a stream that the caller may send to.
async fn topic_of(
    conn: &mut Conn,
    caller: &Caller,
    access: StreamAccess,
    topic: String,
) -> Result<Recipient> {
    if !caller.user.is_system_bot {
        check_topic_allowed(&access.stream, &topic, &Settings::of(&caller.realm))?;
        check_may_begin(conn, caller, &access.stream, &topic).await?;
    }
    Ok(Recipient::Stream { access, topic })
}

/// Somebody in the conversation has to permit it, and somebody has to have begun it who may. To oneself and to bots one
/// may write in any case, and the server to people.
async fn check_direct_messages(
    conn: &mut Conn,
    caller: &Caller,
    people: &[User],
    begun: Option<RecipientId>,
) -> Result<()> {
    let mut others = people.iter().filter(|user| user.id() != caller.user_id());
    if caller.user.is_bot || others.all(|user| user.is_bot) {
        return Ok(());
    }
    if !may_any(conn, caller, people, Right::PermitDirectMessages).await? {
        let permitted = Settings::of(&caller.realm).permitted(Right::PermitDirectMessages);
        return Err(Error::bad_request(
            match permitted == Permitted::By(Policy::Nobody) {
                true => "Direct messages are disabled in this organization.",
                false => "This conversation does not include any users who can authorize it.",
            },
        ));
    }
    if may(conn, caller, Right::InitiateDirectMessages).await? {
        return Ok(());
    }
    let is_begun = match begun {
        Some(id) => direct_messages::has_messages(conn, caller.realm_id(), id).await?,
        None => false,
    };
    match is_begun {
        true => Ok(()),
        false => Err(Error::bad_request(
            "You do not have permission to initiate direct message conversations.",
        )),
    }
}

/// The people of a direct conversation with the caller: the caller too, ascending by id.
pub async fn access_people(conn: &mut Conn, caller: &Caller, people: &People) -> Result<Vec<User>> {
    let mut found = match people {
        People::Ids(ids) => by_ids(conn, caller, ids).await?,
        People::Emails(emails) => by_emails(conn, caller, emails).await?,
    };
    if found.is_empty() {
        return Err(Error::bad_request("Message must have recipients"));
    }
    if let Some(gone) = found.iter().find(|user| !user.is_active) {
        return Err(Error::bad_request(format!(
            "'{}' is no longer using Zulip.",
            gone.email
        )));
    }
    found.push((*caller.user).clone());
    found.sort_by_key(User::id);
    found.dedup_by_key(|user| user.id());
    if found.len() > MAX_PEOPLE {
        return Err(Error::bad_request(format!(
            "A direct message has at most {MAX_PEOPLE} people."
        )));
    }
    Ok(found)
}

/// People whom the caller sees, deactivated ones too, ascending by id.
pub(crate) async fn by_ids(conn: &mut Conn, caller: &Caller, ids: &[UserId]) -> Result<Vec<User>> {
    let sight = Sight::of(conn, caller).await?;
    let mut found = User::find_many(conn, caller.realm_id(), ids).await?;
    found.retain(|user| sight.sees(user));
    match ids
        .iter()
        .find(|id| !found.iter().any(|user| user.id() == **id))
    {
        Some(unknown) => Err(Error::bad_request(format!("Invalid user ID {unknown}"))),
        None => Ok(found),
    }
}

async fn by_emails(conn: &mut Conn, caller: &Caller, emails: &[String]) -> Result<Vec<User>> {
    let sight = Sight::of(conn, caller).await?;
    let mut found = Vec::with_capacity(emails.len());
    for email in emails
        .iter()
        .map(|email| email.trim())
        .filter(|email| !email.is_empty())
        .take(MAX_PEOPLE + 1)
    {
        let user = User::by_shown_email(conn, caller.realm_id(), email).await;
        let unknown = || Error::bad_request(format!("Invalid email '{email}'"));
        let user = user.map_err(|error| Error::from(error).or_missing(unknown))?;
        if !sight.sees(&user) {
            return Err(unknown());
        }
        found.push(user);
    }
    Ok(found)
}

/// The conversation of these people, the caller among them, in which the caller may write.
async fn conversation(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    people: &[User],
) -> Result<RecipientId> {
    let ids: Vec<UserId> = people.iter().map(User::id).collect();
    let found = direct_messages::find(conn, caller.realm_id(), &ids).await?;
    check_direct_messages(conn, caller, people, found).await?;
    if let Some(id) = found {
        return Ok(id);
    }
    let mut tx = ctx.store.begin().await?;
    let id = direct_messages::find_or_insert(&mut tx, caller.realm_id(), &ids).await?;
    drop(tx.commit().await?);
    Ok(id)
}
