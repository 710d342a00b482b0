//! Who may see, read and write a stream.
//!
//! A stream that the caller may not see is answered exactly as one that does not exist, so that names and ids of
//! private streams do not leak.
//!
//! | | sees that it is there | reads | sends |
//! |---|---|---|---|
//! | public | members; guests if subscribed | all of it | who sees it, as its post policy says |
//! | web-public | everybody, spectators too | all of it | as public |
//! | private, shared history | subscribers, administrators | subscribers: all of it | subscribers, as its post policy says |
//! | private, protected history | subscribers, administrators | subscribers: what was delivered | likewise |
//!
//! Nobody sends to archived streams. Having been subscribed once gives no right.

use std::collections::HashMap;

use narrows_store::Conn;
use narrows_store::models::{PostPolicy, Stream, StreamKey, StreamVersions, Subscription, User};
use narrows_store::queries::system_groups::SystemGroup;
use narrows_wire::{ErrorCode, Role, StreamId};

use super::realm::must_be;
use crate::caller::{Caller, Spectator};
use crate::error::{Error, Result};
use crate::groups::value;
use crate::realms::{Policy, Settings};

/// What may be decided of a stream: the setting, and who may where nothing is decided.
pub const PERMISSIONS: [(&str, SystemGroup); 11] = [
    ("can_add_subscribers_group", SystemGroup::Nobody),
    ("can_administer_channel_group", SystemGroup::Nobody),
    ("can_create_topic_group", SystemGroup::Everyone),
    ("can_delete_any_message_group", SystemGroup::Nobody),
    ("can_delete_own_message_group", SystemGroup::Nobody),
    (
        "can_move_messages_out_of_channel_group",
        SystemGroup::Nobody,
    ),
    (
        "can_move_messages_within_channel_group",
        SystemGroup::Nobody,
    ),
    ("can_remove_subscribers_group", SystemGroup::Administrators),
    ("can_resolve_topics_group", SystemGroup::Nobody),
    ("can_send_message_group", SystemGroup::Everyone),
    ("can_subscribe_group", SystemGroup::Nobody),
];

/// Whether the stream itself gives the caller a right, by a decided [`PERMISSIONS`]; what is not decided gives none.
pub async fn is_granted(
    conn: &mut Conn,
    caller: &Caller,
    stream: &Stream,
    permission: &str,
) -> Result<bool> {
    match stream.permissions.get(permission) {
        Some(decided) => value::includes_json(conn, caller, &caller.user, decided).await,
        None => Ok(false),
    }
}

/// How a request names a stream.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum StreamRef {
    /// By id.
    Id(StreamId),
    /// By name, in any case of letters.
    Name(String),
}

/// Proof that the caller may know of a stream: only this module makes one.
#[derive(Clone, Debug)]
pub struct StreamAccess {
    /// The stream.
    pub stream: Box<Stream>,
    /// How the caller treats it, if they are subscribed now.
    pub subscription: Option<Box<Subscription>>,
    /// Versions of the rows that say so, where it is the right to send.
    pub(crate) versions: Option<StreamVersions>,
    _proof: Proof,
}

/// Keeps others from making a [`StreamAccess`].
#[derive(Clone, Copy, Debug)]
struct Proof;

/// Which messages of a stream somebody may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// All.
    All,
    /// Those that were delivered to them: within their subscription periods.
    Delivered,
}

impl StreamAccess {
    /// Whether the caller is subscribed.
    pub fn is_subscribed(&self) -> bool {
        self.subscription.is_some()
    }

    fn of((stream, subscription): (Stream, Option<Subscription>)) -> StreamAccess {
        let subscription = subscription.filter(|subscription| subscription.active);
        let subscription = subscription.map(Box::new);
        StreamAccess {
            stream: Box::new(stream),
            subscription,
            versions: None,
            _proof: Proof,
        }
    }
}

/// Whether a user may know that the stream is there.
pub fn may_see(user: &User, stream: &Stream, subscribed: bool) -> bool {
    role_may_see(user.role(), stream, subscribed)
}

/// As [`may_see`], of a user with this role.
pub fn role_may_see(role: Role, stream: &Stream, subscribed: bool) -> bool {
    let by_role = if stream.invite_only {
        role.is_admin()
    } else {
        !role.is_guest()
    };
    subscribed || stream.is_web_public || by_role
}

/// Which messages a user may read; `None` = none.
pub fn history_of(user: &User, stream: &Stream, subscribed: bool) -> Option<History> {
    let all =
        stream.is_web_public || (!stream.invite_only && (subscribed || !user.role().is_guest()));
    match (all, subscribed) {
        (true, _) => Some(History::All),
        (false, true) if stream.history_public_to_subscribers => Some(History::All),
        (false, true) => Some(History::Delivered),
        (false, false) => None,
    }
}

/// The answer to an id that is not there for the caller.
pub fn invalid_id() -> Error {
    Error::bad_request("Invalid channel ID")
}

fn invalid_name(name: &str) -> Error {
    Error::bad_request(format!("Invalid channel name '{name}'"))
}

/// A stream that the caller may know of, unless archived.
pub async fn access_stream_by_id(
    conn: &mut Conn,
    caller: &Caller,
    id: StreamId,
) -> Result<StreamAccess> {
    let access = fetch_visible(conn, caller, id).await?;
    if access.stream.is_archived {
        Err(invalid_id())
    } else {
        Ok(access)
    }
}

/// As [`access_stream_by_id`], by name in any case of letters.
pub async fn access_stream_by_name(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
) -> Result<StreamAccess> {
    let found = Stream::by_name(conn, caller.realm_id(), caller.user_id(), name.trim()).await;
    let access = StreamAccess::of(
        found.map_err(|error| Error::from(error).or_missing(|| invalid_name(name)))?,
    );
    let visible = may_see(&caller.user, &access.stream, access.is_subscribed());
    if visible {
        Ok(access)
    } else {
        Err(invalid_name(name))
    }
}

/// The streams with these names that the caller may know of, by id. Other names are left out.
pub async fn access_streams_by_name(
    conn: &mut Conn,
    caller: &Caller,
    names: &[&str],
) -> Result<Vec<StreamAccess>> {
    let found = Stream::by_names(conn, caller.realm_id(), caller.user_id(), names).await?;
    Ok(visible(caller, found))
}

/// What became of names that somebody is to be subscribed to.
#[derive(Debug, Default)]
pub struct ForSubscribe {
    /// The caller may subscribe people to these.
    pub granted: Vec<StreamAccess>,
    /// These are there, but not for the caller.
    pub refused: Vec<String>,
    /// There is no such stream.
    pub missing: Vec<String>,
}

/// Sorts names by whether the caller may subscribe people to the stream: members to public ones, subscribers to
/// private ones. Administrators have no right of their own to private streams.
pub async fn access_streams_for_subscribe(
    conn: &mut Conn,
    caller: &Caller,
    names: &[&str],
) -> Result<ForSubscribe> {
    let found = Stream::by_names(conn, caller.realm_id(), caller.user_id(), names).await?;
    let mut by_name: HashMap<String, StreamAccess> = found
        .into_iter()
        .map(|pair| (pair.0.name.to_lowercase(), StreamAccess::of(pair)))
        .collect();
    let mut sorted = ForSubscribe::default();
    for name in names {
        match by_name.remove(&name.to_lowercase()) {
            Some(access) if access.is_subscribed() || is_open(&caller.user, &access.stream) => {
                sorted.granted.push(access);
            }
            Some(access) if is_let_in(conn, caller, &access.stream).await? => {
                sorted.granted.push(access);
            }
            Some(_) => sorted.refused.push((*name).to_owned()),
            None => sorted.missing.push((*name).to_owned()),
        }
    }
    Ok(sorted)
}

/// Whether the stream itself lets the caller in, or lets them bring others. Guests are never let in.
async fn is_let_in(conn: &mut Conn, caller: &Caller, stream: &Stream) -> Result<bool> {
    if caller.user.role().is_guest() {
        return Ok(false);
    }
    Ok(
        is_granted(conn, caller, stream, "can_subscribe_group").await?
            || is_granted(conn, caller, stream, "can_add_subscribers_group").await?,
    )
}

fn is_open(user: &User, stream: &Stream) -> bool {
    !stream.invite_only && !user.role().is_guest()
}

/// A stream whose settings the caller may change, unless archived.
pub async fn access_stream_for_settings(
    conn: &mut Conn,
    caller: &Caller,
    id: StreamId,
) -> Result<StreamAccess> {
    let access = access_stream_by_id(conn, caller, id).await?;
    check_settings(conn, caller, access).await
}

/// As [`access_stream_for_settings`], archived.
pub async fn access_archived_stream_for_settings(
    conn: &mut Conn,
    caller: &Caller,
    id: StreamId,
) -> Result<StreamAccess> {
    let access = fetch_visible(conn, caller, id).await?;
    check_settings(conn, caller, access).await
}

async fn check_settings(
    conn: &mut Conn,
    caller: &Caller,
    access: StreamAccess,
) -> Result<StreamAccess> {
    let permission = "can_administer_channel_group";
    if caller.user.role().is_admin() || is_granted(conn, caller, &access.stream, permission).await?
    {
        return Ok(access);
    }
    Err(must_be(Role::Admin))
}

/// All streams that the caller may know of, by id, archived ones only if wanted.
pub async fn access_all_streams(
    conn: &mut Conn,
    caller: &Caller,
    with_archived: bool,
) -> Result<Vec<StreamAccess>> {
    let (realm, user) = (caller.realm_id(), caller.user_id());
    let found = Stream::all(conn, realm, user, with_archived).await?;
    Ok(visible(caller, found))
}

fn visible(caller: &Caller, found: Vec<(Stream, Option<Subscription>)>) -> Vec<StreamAccess> {
    let accesses = found.into_iter().map(StreamAccess::of);
    accesses
        .filter(|access| may_see(&caller.user, &access.stream, access.is_subscribed()))
        .collect()
}

/// A stream that the caller may read, archived ones too, and how much of it.
pub async fn access_stream_for_history(
    conn: &mut Conn,
    caller: &Caller,
    id: StreamId,
) -> Result<(StreamAccess, History)> {
    let access = fetch_visible(conn, caller, id).await?;
    let history =
        history_of(&caller.user, &access.stream, access.is_subscribed()).ok_or_else(invalid_id)?;
    Ok((access, history))
}

/// A stream that the caller may read, unless archived.
pub async fn access_stream_content(
    conn: &mut Conn,
    caller: &Caller,
    id: StreamId,
) -> Result<StreamAccess> {
    let (access, _) = access_stream_for_history(conn, caller, id).await?;
    match access.stream.is_archived {
        true => Err(invalid_id()),
        false => Ok(access),
    }
}

/// As [`access_stream_for_history`], by name in any case of letters.
pub async fn access_stream_for_history_by_name(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
) -> Result<(StreamAccess, History)> {
    let access = access_stream_by_name(conn, caller, name).await?;
    let history = history_of(&caller.user, &access.stream, access.is_subscribed())
        .ok_or_else(|| invalid_name(name))?;
    Ok((access, history))
}

/// A stream that anybody on the internet may read, unless archived.
pub async fn access_web_public_stream(
    conn: &mut Conn,
    spectator: &Spectator,
    id: StreamId,
) -> Result<Stream> {
    let streams = Stream::find_many(conn, spectator.realm.id(), &[id]).await?;
    streams
        .into_iter()
        .find(|stream| stream.is_web_public && !stream.is_archived)
        .ok_or_else(invalid_id)
}

/// All streams that anybody on the internet may read, by id.
pub async fn access_web_public_streams(
    conn: &mut Conn,
    spectator: &Spectator,
) -> Result<Vec<Stream>> {
    Ok(Stream::web_public(conn, spectator.realm.id()).await?)
}

/// A stream that the caller may send to.
pub async fn access_stream_for_send(
    conn: &mut Conn,
    caller: &Caller,
    stream: &StreamRef,
) -> Result<StreamAccess> {
    let (realm, user) = (caller.realm_id(), caller.user_id());
    let key = match stream {
        StreamRef::Id(id) => StreamKey::Id(*id),
        StreamRef::Name(name) => StreamKey::Name(name.trim()),
    };
    let found = Stream::versioned(conn, realm, user, key).await;
    let found = found.map_err(|error| Error::from(error).or_missing(|| missing(stream)));
    let (found, versions) = found?;
    let access = StreamAccess {
        versions: Some(versions),
        ..StreamAccess::of(found)
    };
    let Err(refusal) = check_send_permission(conn, &caller.user, caller, &access).await? else {
        return Ok(access);
    };
    if owner_may_send(conn, caller, &access).await? {
        return Ok(access);
    }
    let visible = may_see(&caller.user, &access.stream, access.is_subscribed());
    Err(if visible { refusal } else { missing(stream) })
}

/// A right to send that was found before and whose rows are as they were: whether groups, which are no part of them,
/// give it still. Those who send through their owner are refused.
pub(crate) async fn confirm_stream_for_send(
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
) -> Result<()> {
    check_send_permission(conn, &caller.user, caller, access).await?
}

fn missing(stream: &StreamRef) -> Error {
    let code = ErrorCode::StreamDoesNotExist;
    match stream {
        StreamRef::Id(id) => {
            let msg = format!("Channel with ID '{id}' does not exist");
            Error::api(code, msg).with("stream_id", id.0)
        }
        StreamRef::Name(name) => {
            let msg = format!("Channel '{name}' does not exist");
            Error::api(code, msg).with("stream", name.as_str())
        }
    }
}

async fn fetch_visible(conn: &mut Conn, caller: &Caller, id: StreamId) -> Result<StreamAccess> {
    let found = Stream::find(conn, caller.realm_id(), caller.user_id(), id).await;
    let access = found.map(StreamAccess::of);
    let access = access.map_err(|error| Error::from(error).or_missing(invalid_id))?;
    let visible = may_see(&caller.user, &access.stream, access.is_subscribed());
    if visible {
        Ok(access)
    } else {
        Err(invalid_id())
    }
}

/// A bot may send where its owner may.
async fn owner_may_send(conn: &mut Conn, caller: &Caller, access: &StreamAccess) -> Result<bool> {
    let Some(owner) = caller.user.bot_owner_id() else {
        return Ok(false);
    };
    let owner = match User::find(conn, caller.realm_id(), owner).await {
        Ok(owner) if owner.is_active => owner,
        Ok(_) | Err(narrows_store::Error::NotFound) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    let found = Stream::find(conn, caller.realm_id(), owner.id(), access.stream.id()).await?;
    let access = StreamAccess::of(found);
    let may = check_send_permission(conn, &owner, caller, &access).await?;
    Ok(may.is_ok())
}

/// Whether `user`, who is the caller or their owner, may send: the inner result.
async fn check_send_permission(
    conn: &mut Conn,
    user: &User,
    caller: &Caller,
    access: &StreamAccess,
) -> Result<Result<()>> {
    let decided = access.stream.permissions.get("can_send_message_group");
    let Some(decided) = decided.filter(|_| !user.is_system_bot) else {
        return Ok(check_send(user, caller, access));
    };
    if let Err(refusal) = check_reach(user, access) {
        return Ok(Err(refusal));
    }
    if value::includes_json(conn, caller, user, decided).await? {
        return Ok(Ok(()));
    }
    let msg = "You do not have permission to post in this channel.";
    Ok(Err(Error::bad_request(msg)))
}

/// Whether the stream is there for a sender at all.
fn check_reach(user: &User, access: &StreamAccess) -> Result<()> {
    let stream = &access.stream;
    let open = user.is_system_bot || is_open(user, stream);
    if stream.is_archived || !(open || access.is_subscribed()) {
        let msg = format!("Not authorized to send to channel '{}'", stream.name);
        return Err(Error::bad_request(msg));
    }
    Ok(())
}

/// Whether `user`, who is the caller or their owner, may send by the stream's post policy.
fn check_send(user: &User, caller: &Caller, access: &StreamAccess) -> Result<()> {
    let role = user.role();
    let stream = &access.stream;
    check_reach(user, access)?;
    let (allowed, refusal) = match stream.post_policy() {
        PostPolicy::Everyone => return Ok(()),
        PostPolicy::Admins => (
            role.is_admin(),
            "Only organization administrators can send to this channel.",
        ),
        PostPolicy::Moderators => (
            role.is_moderator(),
            "Only organization administrators and moderators can send to this channel.",
        ),
        PostPolicy::FullMembers if role.is_guest() => {
            (false, "Guests cannot send to this channel.")
        }
        PostPolicy::FullMembers => (
            Policy::FullMembers.allows(user, &Settings::of(&caller.realm), caller.asked_at),
            "New members cannot send to this channel.",
        ),
    };
    if allowed || user.is_system_bot {
        Ok(())
    } else {
        Err(Error::bad_request(refusal))
    }
}
