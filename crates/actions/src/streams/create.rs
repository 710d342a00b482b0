//! Making streams.

use narrows_markdown::{Options, Resolved};
use narrows_store::models::{NewStream, PostPolicy, Realm, Stream, StreamChange};
use narrows_store::{Conn, Constraint};
use narrows_wire::limits::{MAX_STREAM_DESCRIPTION_LENGTH, MAX_STREAM_NAME_LENGTH};
use narrows_wire::{ChannelFolderId, Role};

use super::permissions::check_permissions;
use super::topics_policy::{self, TopicsPolicy};
use crate::access::realm::{may, require};
use crate::caller::Caller;
use crate::channel_folders;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::groups::value::GroupChange;
use crate::realms::{Right, Settings};

/// How streams that a request makes shall be.
#[derive(Clone, Debug, Default)]
pub struct NewStreamSettings {
    /// Private.
    pub invite_only: bool,
    /// Readable by anybody on the internet.
    pub is_web_public: bool,
    /// New users are subscribed to it.
    pub is_default: bool,
    /// Of private streams: subscribers see what was sent before they came.
    pub history_public_to_subscribers: Option<bool>,
    /// Who may send.
    pub post_policy: Option<PostPolicy>,
    /// Its own retention; -1 = for ever.
    pub message_retention_days: Option<i32>,
    /// Which topic names are allowed.
    pub topics_policy: Option<TopicsPolicy>,
    /// Under which heading it is listed.
    pub folder_id: Option<ChannelFolderId>,
    /// Who may do what in it, by setting.
    pub permissions: Vec<(&'static str, GroupChange)>,
}

/// A stream's name, trimmed.
pub(crate) fn check_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::bad_request("Channel name can't be empty."));
    }
    if name.chars().count() > MAX_STREAM_NAME_LENGTH {
        let msg = format!("Channel name too long (limit: {MAX_STREAM_NAME_LENGTH} characters).");
        return Err(Error::bad_request(msg));
    }
    match first_invalid(name) {
        Some(position) => Err(Error::bad_request(format!(
            "Invalid character in channel name, at position {position}."
        ))),
        None => Ok(name.to_owned()),
    }
}

/// Where the first character is that a name must not have, counted from 1.
pub(crate) fn first_invalid(name: &str) -> Option<usize> {
    let index = name.chars().position(is_invalid)?;
    Some(index + 1)
}

/// Control characters and those that Unicode will never assign.
fn is_invalid(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || (c as u32) & 0xfffe == 0xfffe
}

/// A stream's description on one line; `name` is what the request calls it.
pub(crate) fn check_description(name: &str, description: &str) -> Result<String> {
    let description = description.replace(['\n', '\r'], " ");
    if description.chars().count() > MAX_STREAM_DESCRIPTION_LENGTH {
        let msg = format!("{name} is too long (limit: {MAX_STREAM_DESCRIPTION_LENGTH} characters)");
        return Err(Error::bad_request(msg));
    }
    Ok(description.trim().to_owned())
}

/// The description as HTML. Names of users and streams in it stay text: all who see the stream see it.
pub(crate) fn render_description(ctx: &Ctx, realm: &Realm, description: &str) -> String {
    let options = Options {
        realm_url: crate::realms::url(ctx, realm),
        ..Options::default()
    };
    narrows_markdown::parse(description, &options)
        .render(&Resolved::default(), &options)
        .html
}

/// Whether the caller may make such streams.
pub(crate) async fn check_create(
    conn: &mut Conn,
    caller: &Caller,
    wanted: &NewStreamSettings,
) -> Result<()> {
    let settings = Settings::of(&caller.realm);
    if wanted.is_web_public && wanted.invite_only {
        return Err(Error::bad_request("Invalid parameters"));
    }
    if wanted.is_default && wanted.invite_only {
        return Err(Error::bad_request("A default channel cannot be private."));
    }
    if wanted.is_web_public && !settings.enable_spectator_access {
        return Err(Error::bad_request("Web-public channels are not enabled."));
    }
    let right = match (wanted.is_web_public, wanted.invite_only) {
        (true, _) => Right::CreateWebPublicChannel,
        (_, true) => Right::CreatePrivateChannel,
        _ => Right::CreatePublicChannel,
    };
    if !may(conn, caller, right).await? || (wanted.is_default && !caller.user.role().is_admin()) {
        return Err(Error::insufficient_permission());
    }
    if wanted.message_retention_days.is_some() {
        check_retention(caller)?;
    }
    if let Some(folder) = wanted.folder_id {
        channel_folders::check_usable(conn, caller, folder).await?;
    }
    Ok(())
}

/// Only owners say how long messages live.
pub(crate) fn check_retention(caller: &Caller) -> Result<()> {
    require(caller, Role::Owner)
}

/// Inserts a stream whose name and settings are checked; the caller of this emits its events.
pub(crate) async fn create(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
    description: &str,
    wanted: &NewStreamSettings,
) -> Result<Stream> {
    let rendered = render_description(ctx, &caller.realm, description);
    let shared = !wanted.invite_only || wanted.history_public_to_subscribers.unwrap_or(false);
    let new = NewStream::builder()
        .realm_id(caller.realm_id())
        .name(name)
        .description(description)
        .rendered_description(&rendered)
        .invite_only(wanted.invite_only)
        .history_public_to_subscribers(shared)
        .is_web_public(wanted.is_web_public)
        .is_default(wanted.is_default)
        .creator_id(caller.user_id())
        .created_at(ctx.clock.now())
        .post_policy(wanted.post_policy.unwrap_or(PostPolicy::Everyone))
        .maybe_message_retention_days(wanted.message_retention_days)
        .maybe_folder_id(wanted.folder_id)
        .build();
    let stream = new.insert(conn).await?;
    decide(conn, caller, stream, wanted).await
}

/// Writes what a request decides beside the defaults.
async fn decide(
    conn: &mut Conn,
    caller: &Caller,
    stream: Stream,
    wanted: &NewStreamSettings,
) -> Result<Stream> {
    if wanted.permissions.is_empty() && wanted.topics_policy.is_none() {
        return Ok(stream);
    }
    topics_policy::check_change(conn, caller, &stream, wanted.topics_policy).await?;
    let (permissions, post_policy) =
        check_permissions(conn, caller, &stream, None, &wanted.permissions).await?;
    let change = StreamChange {
        permissions: Some(&permissions),
        post_policy: post_policy.map(|policy| policy as i16),
        topics_policy: wanted.topics_policy.map(TopicsPolicy::name),
        ..StreamChange::default()
    };
    Ok(Stream::update(conn, caller.realm_id(), stream.id(), &change).await?)
}

/// Gives a name that is taken the API's words.
pub(crate) fn name_taken(error: Error) -> Error {
    match error {
        Error::Store(narrows_store::Error::Constraint(Constraint::StreamName)) => {
            Error::bad_request("Channel name already in use.")
        }
        other => other,
    }
}
