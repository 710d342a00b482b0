//! Changing the settings of a stream.

use narrows_store::models::{PostPolicy, Realm, Stream, StreamChange};
use narrows_store::queries::memberships;
use narrows_store::queries::streams::{Onlooker, onlookers};
use narrows_store::{Conn, Tx};
use narrows_wire::events::Event;
use narrows_wire::events::stream::{StreamEvent, Update};
use narrows_wire::events::subscription::SubscriptionEvent;
use narrows_wire::{Audience, ChannelFolderId, StreamId, UserId};
use serde_json::{Value, json};

use super::announce::tell_changed;
use super::archive::{archive, unarchive};
use super::create::{
    check_create, check_description, check_retention, name_taken, render_description,
};
use super::permissions::check_permissions;
use super::topics_policy::{self, TopicsPolicy};
use super::{NewStreamSettings, Objects, audience, check_name, default_streams, emit_delete};
use crate::access::streams::{
    PERMISSIONS, StreamAccess, access_stream_for_settings, invalid_id, role_may_see,
};
use crate::caller::Caller;
use crate::channel_folders;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::groups::value::GroupChange;

/// New settings of a stream; `None` leaves one as it is.
#[derive(Clone, Debug, Default)]
pub struct StreamEdit {
    /// Its name.
    pub name: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Private.
    pub is_private: Option<bool>,
    /// Readable by anybody on the internet.
    pub is_web_public: Option<bool>,
    /// Of private streams: subscribers see what was sent before they came.
    pub history_public_to_subscribers: Option<bool>,
    /// New users are subscribed to it.
    pub is_default: Option<bool>,
    /// Who may send.
    pub post_policy: Option<PostPolicy>,
    /// Its own retention: `Some(None)` = the realm's, -1 = for ever.
    pub message_retention_days: Option<Option<i32>>,
    /// Which topic names are allowed.
    pub topics_policy: Option<TopicsPolicy>,
    /// Who may do what in it, by setting.
    pub permissions: Vec<(&'static str, GroupChange)>,
    /// Back in use.
    pub is_archived: Option<bool>,
    /// Under which heading it is listed; `Some(None)` = under none.
    pub folder_id: Option<Option<ChannelFolderId>>,
}

/// What readers may do with a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Privacy {
    invite_only: bool,
    web_public: bool,
    shared_history: bool,
}

impl Privacy {
    fn of(stream: &Stream) -> Privacy {
        Privacy {
            invite_only: stream.invite_only,
            web_public: stream.is_web_public,
            shared_history: stream.history_public_to_subscribers,
        }
    }
}

/// Changes a stream. All of the edit is done or none.
pub async fn update(ctx: &Ctx, caller: &Caller, id: StreamId, edit: StreamEdit) -> Result<()> {
    if edit.is_archived == Some(true) {
        archive(ctx, caller, id).await?;
        return Ok(());
    }
    if edit.is_archived == Some(false) {
        unarchive(ctx, caller, id).await?;
    }
    let mut tx = ctx.store.begin().await?;
    let access = access_stream_for_settings(&mut tx, caller, id).await?;
    // Who sends or subscribes meanwhile does so before or after the change.
    memberships::lock(&mut tx, access.stream.recipient_id()).await?;
    let access = access_stream_for_settings(&mut tx, caller, id).await?;
    let old = &access.stream;
    let privacy = check_privacy(&mut tx, caller, &access, &edit).await?;
    let name = edit
        .name
        .as_deref()
        .map(|name| check_new_name(old, name))
        .transpose()?;
    let description = edit
        .description
        .as_deref()
        .map(|text| check_description("description", text))
        .transpose()?;
    let rendered = description
        .as_deref()
        .map(|text| render_description(ctx, &caller.realm, text));
    if edit.message_retention_days.is_some() {
        check_retention(caller)?;
    }
    if let Some(Some(folder)) = edit.folder_id.filter(|folder| *folder != old.folder_id()) {
        channel_folders::check_usable(&mut tx, caller, folder).await?;
    }
    topics_policy::check_change(&mut tx, caller, old, edit.topics_policy).await?;
    let (permissions, post_policy) =
        check_permissions(&mut tx, caller, old, edit.post_policy, &edit.permissions).await?;
    let change = StreamChange {
        name: name.as_deref(),
        description: description.as_deref(),
        rendered_description: rendered.as_deref(),
        invite_only: Some(privacy.invite_only),
        history_public_to_subscribers: Some(privacy.shared_history),
        is_web_public: Some(privacy.web_public),
        is_default: edit.is_default,
        post_policy: post_policy.map(|policy| policy as i16),
        message_retention_days: edit.message_retention_days,
        is_archived: None,
        permissions: Some(&permissions),
        topics_policy: edit.topics_policy.map(TopicsPolicy::name),
        folder_id: edit.folder_id.map(|folder| folder.map(i32::from)),
    };
    let new = Stream::update(&mut tx, caller.realm_id(), id, &change).await;
    let new = new.map_err(|error| name_taken(error.into()))?;
    emit_privacy(&mut tx, caller, old, &new).await?;
    emit_properties(&mut tx, old, &new).await?;
    tell_changed(ctx, &mut tx, caller, old, &new).await?;
    if old.is_default != new.is_default {
        default_streams::emit(&mut tx, caller).await?;
    }
    Realm::touch(&mut tx, caller.realm_id()).await?;
    tx.commit().await?.confirmed().await;
    Ok(())
}

fn check_new_name(stream: &Stream, name: &str) -> Result<String> {
    let name = check_name(name)?;
    if name == stream.name {
        return Err(Error::bad_request("Channel already has that name."));
    }
    Ok(name)
}

/// What the privacy becomes. Who cannot read a private stream cannot open it to themselves.
async fn check_privacy(
    conn: &mut Conn,
    caller: &Caller,
    access: &StreamAccess,
    edit: &StreamEdit,
) -> Result<Privacy> {
    let old = Privacy::of(&access.stream);
    let web_public = edit
        .is_web_public
        .unwrap_or(old.web_public && edit.is_private != Some(true));
    let invite_only = edit.is_private.unwrap_or(old.invite_only && !web_public);
    if web_public && invite_only {
        return Err(Error::bad_request("Invalid parameters"));
    }
    let newly_private = invite_only && !old.invite_only;
    let shared = edit.history_public_to_subscribers;
    if shared == Some(false) && !invite_only {
        return Err(Error::bad_request("Invalid parameters"));
    }
    let shared_history = !invite_only || shared.unwrap_or(old.shared_history && !newly_private);
    let is_default = edit.is_default.unwrap_or(access.stream.is_default);
    if invite_only && is_default {
        return Err(Error::bad_request("A default channel cannot be private."));
    }
    let new = Privacy {
        invite_only,
        web_public,
        shared_history,
    };
    if new == old {
        return Ok(old);
    }
    if old.invite_only && !access.is_subscribed() {
        return Err(invalid_id());
    }
    if web_public && !old.web_public {
        let wanted = NewStreamSettings {
            is_web_public: true,
            ..NewStreamSettings::default()
        };
        check_create(conn, caller, &wanted).await?;
    }
    Ok(new)
}

/// Tells those who gain or lose sight of the stream, then all others of the new privacy.
async fn emit_privacy(tx: &mut Tx, caller: &Caller, old: &Stream, new: &Stream) -> Result<()> {
    if Privacy::of(old) == Privacy::of(new) {
        return Ok(());
    }
    let id = new.id();
    let people = onlookers(tx, caller.realm_id(), id).await?;
    let sees = |who: &Onlooker, stream: &Stream| role_may_see(who.role(), stream, who.subscribed);
    let pick = |wanted: fn(bool, bool) -> bool| -> Vec<UserId> {
        let picked = people
            .iter()
            .filter(|who| wanted(sees(who, old), sees(who, new)));
        picked.map(Onlooker::user_id).collect()
    };
    let gained = pick(|before, after| !before && after);
    let lost = pick(|before, after| before && !after);
    let kept = pick(|before, after| before && after);
    if !lost.is_empty() {
        // As it was when they saw it last.
        emit_delete(tx, caller, old, Audience::users(lost)).await?;
    }
    if !gained.is_empty() {
        let objects = Objects::of_streams(tx, caller, &[id]).await?;
        let streams = vec![objects.stream(new)?];
        let event = Event::Stream(StreamEvent::Create { streams });
        tx.emit(caller.realm_id(), Audience::users(gained.clone()), &event)?;
        let members = memberships::members(tx, id).await?;
        let user_ids = members.into_iter().map(|(user, _)| user).collect();
        let peers = SubscriptionEvent::PeerAdd {
            stream_ids: vec![id],
            user_ids,
        };
        tx.emit(
            caller.realm_id(),
            Audience::users(gained),
            &Event::Subscription(peers),
        )?;
    }
    let mut event = update_of(old, "invite_only", json!(new.invite_only));
    event.history_public_to_subscribers = Some(new.history_public_to_subscribers);
    event.is_web_public = Some(new.is_web_public);
    let event = Event::Stream(StreamEvent::Update(event));
    tx.emit(caller.realm_id(), Audience::users(kept), &event)?;
    Ok(())
}

async fn emit_properties(tx: &mut Tx, old: &Stream, new: &Stream) -> Result<()> {
    let audience = audience(tx, new, new.membership_version).await?;
    for update in changed_properties(old, new) {
        let event = Event::Stream(StreamEvent::Update(update));
        tx.emit(new.realm_id(), audience.clone(), &event)?;
    }
    Ok(())
}

fn changed_properties(old: &Stream, new: &Stream) -> Vec<Update> {
    let mut updates = Vec::new();
    if old.name != new.name {
        updates.push(update_of(old, "name", json!(new.name)));
    }
    if old.description != new.description {
        let mut update = update_of(new, "description", json!(new.description));
        update.rendered_description = Some(new.rendered_description.clone());
        updates.push(update);
    }
    if old.post_policy() != new.post_policy() {
        let policy = new.post_policy();
        updates.push(update_of(new, "stream_post_policy", json!(policy as i16)));
        let announcement_only = policy == PostPolicy::Admins;
        updates.push(update_of(
            new,
            "is_announcement_only",
            json!(announcement_only),
        ));
    }
    for (name, _) in PERMISSIONS {
        let value = new.permissions.get(name);
        if let Some(value) = value.filter(|_| old.permissions.get(name) != value) {
            updates.push(update_of(new, name, value.clone()));
        }
    }
    if old.topics_policy != new.topics_policy {
        updates.push(update_of(new, "topics_policy", json!(new.topics_policy)));
    }
    if old.folder_id() != new.folder_id() {
        updates.push(update_of(new, "folder_id", json!(new.folder_id())));
    }
    if old.message_retention_days != new.message_retention_days {
        let days = json!(new.message_retention_days);
        updates.push(update_of(new, "message_retention_days", days));
    }
    updates
}

/// A change of one property.
pub(super) fn update_of(stream: &Stream, property: &'static str, value: Value) -> Update {
    Update {
        stream_id: stream.id(),
        name: stream.name.clone(),
        property,
        value,
        rendered_description: None,
        history_public_to_subscribers: None,
        is_web_public: None,
    }
}
