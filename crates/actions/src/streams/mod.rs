//! Streams ("channels" in newer clients): what they are, and changing them. Who is subscribed: [`crate::subscriptions`].

mod address;
mod announce;
mod archive;
mod audience;
mod create;
mod default_streams;
mod object;
mod permissions;
mod topics_policy;
pub mod traffic;
mod update;

use narrows_store::Conn;
use narrows_store::models::{Realm, Stream, User};
use narrows_store::queries::memberships;
use narrows_wire::events::stream::StreamObject;
use narrows_wire::{StreamId, UserId};

use crate::access::streams::{
    StreamAccess, access_all_streams, access_stream_by_id, access_stream_by_name,
    access_web_public_streams,
};
use crate::caller::{Caller, Spectator};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms;

pub use address::email_address;
pub use announce::Notices;
pub(crate) use announce::{tell_made, tell_subscribed};
pub use archive::archive;
pub(crate) use archive::emit_delete;
pub(crate) use audience::audience;
pub use create::NewStreamSettings;
pub(crate) use create::{
    check_create, check_description, check_name, create, first_invalid, render_description,
};
pub use default_streams::{add_default, remove_default};
pub use object::Objects;
pub use topics_policy::TopicsPolicy;
pub(crate) use topics_policy::{check_may_begin, check_topic_allowed};
pub use update::{StreamEdit, update};

/// Which streams `GET /streams` lists: those that one of the first four names.
#[derive(Clone, Copy, Debug)]
pub struct Listing {
    /// Public ones, unless the caller is a guest.
    pub public: bool,
    /// Those that the caller is subscribed to.
    pub subscribed: bool,
    /// Web-public ones.
    pub web_public: bool,
    /// All, private ones included. For administrators.
    pub all: bool,
    /// Those that the caller, a bot, gets by its owner's subscriptions.
    pub owner_subscribed: bool,
    /// Archived ones, too.
    pub archived: bool,
    /// Say of each whether new users are subscribed to it.
    pub with_default: bool,
}

/// The streams that a listing names, by name.
pub async fn list(ctx: &Ctx, caller: &Caller, listing: Listing) -> Result<Vec<StreamObject>> {
    if listing.all && !caller.user.role().is_admin() {
        return Err(Error::bad_request("User not authorized for this query"));
    }
    let mut conn = ctx.store.read().await?;
    let mut accesses = access_all_streams(&mut conn, caller, listing.archived).await?;
    let streams = accesses.iter().map(|access| &*access.stream);
    let objects = Objects::of_realm(ctx, &mut conn, &caller.realm, streams).await?;
    accesses.sort_by(|a, b| a.stream.name.cmp(&b.stream.name));
    let owned = match caller.user.bot_owner_id() {
        Some(owner) if listing.owner_subscribed => {
            memberships::of_user(&mut conn, caller.realm_id(), owner).await?
        }
        _ => Default::default(),
    };
    let mut streams = Vec::new();
    for access in &accesses {
        if !listing.names(&caller.user, access) && !owned.contains_key(&access.stream.id()) {
            continue;
        }
        let mut object = objects.stream(&access.stream)?;
        object.is_default = listing.with_default.then_some(access.stream.is_default);
        streams.push(object);
    }
    Ok(streams)
}

impl Listing {
    fn names(&self, user: &User, access: &StreamAccess) -> bool {
        let stream = &access.stream;
        self.all
            || (self.public && !stream.invite_only && !user.role().is_guest())
            || (self.subscribed && access.is_subscribed())
            || (self.web_public && stream.is_web_public)
    }
}

/// One stream.
pub async fn get(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<StreamObject> {
    let mut conn = ctx.store.read().await?;
    let access = access_stream_by_id(&mut conn, caller, id).await?;
    let objects = Objects::of_streams(&mut conn, caller, &[id]).await?;
    objects.stream(&access.stream)
}

/// The id of the stream with this name.
pub async fn id_of(ctx: &Ctx, caller: &Caller, name: &str) -> Result<StreamId> {
    let mut conn = ctx.store.read().await?;
    Ok(access_stream_by_name(&mut conn, caller, name)
        .await?
        .stream
        .id())
}

/// Who is subscribed. Guests are told of streams that they are in themselves, and of those that the whole web may read.
pub async fn members(ctx: &Ctx, caller: &Caller, id: StreamId) -> Result<Vec<UserId>> {
    let mut conn = ctx.store.read().await?;
    access_stream_by_id(&mut conn, caller, id).await?;
    let members = memberships::members(&mut conn, id).await?;
    Ok(members.into_iter().map(|(user, _)| user).collect())
}

/// Whether somebody without an account finds anything to read in a realm.
pub async fn open_to_spectators(ctx: &Ctx, realm: &Realm) -> Result<bool> {
    if !realms::Settings::of(realm).enable_spectator_access {
        return Ok(false);
    }
    let mut conn = ctx.store.read().await?;
    Ok(!Stream::web_public(&mut conn, realm.id()).await?.is_empty())
}

/// The streams that a realm shows to the whole internet.
pub async fn web_public(
    ctx: &Ctx,
    conn: &mut Conn,
    spectator: &Spectator,
) -> Result<Vec<StreamObject>> {
    let streams = access_web_public_streams(conn, spectator).await?;
    let objects = Objects::of_realm(ctx, conn, &spectator.realm, &streams).await?;
    streams
        .iter()
        .map(|stream| objects.stream(stream))
        .collect()
}
