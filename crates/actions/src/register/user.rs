//! What the state says of people, and of the caller's own affairs.

use narrows_store::Conn;
use narrows_store::models::{AlertWord, MutedUser};
use narrows_store::queries::{flags, kept, messages};
use narrows_wire::UserId;
use narrows_wire::queue::Capabilities;
use serde_json::{Value, json};

use super::Register;
use super::fragments;
use super::state::State;
use crate::access::realm::may;
use crate::access::users::{Sight, access_users};
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::realms::Right;
use crate::{
    bots, channel_folders, drafts, navigation_views, presence, saved_snippets, scheduled,
    subscriptions, unread, user_topics, users,
};

/// Most direct conversations listed as recent.
const RECENT_CONVERSATIONS: i64 = 1000;

/// Adds the sections that concern the caller.
pub(super) async fn gather(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    request: &Register,
    state: &mut State,
) -> Result<()> {
    let sight = Sight::of(conn, caller).await?;
    if state.wants(&["realm_user"]) {
        people(ctx, conn, caller, &sight, request, state).await?;
    }
    if state.wants(&["subscription", "stream", "default_streams"]) {
        streams(ctx, conn, caller, request, state).await?;
    }
    if state.wants(&["channel_folders", "channel_folder"]) {
        let name = "channel_folders";
        let make = channel_folders::objects(conn, caller.realm_id());
        state.put_json(&fragments::list(ctx, &caller.realm, name, make).await?);
    }
    if state.wants(&["realm_bot"]) {
        state.put("realm_bots", &bots::all_of(ctx, conn, caller).await?)?;
    }
    reading(conn, caller, state).await?;
    personal(conn, caller, request.capabilities, state).await?;
    if state.wants(&["presence"]) {
        let wanted = presence::Wanted {
            days: request.presence_history_limit_days,
            since_update: None,
        };
        let mut seen = presence::of_realm(ctx, caller.realm_id(), wanted).await;
        if let Some(within) = sight.within() {
            seen.retain(|user, _| within.contains(user));
        }
        let shown = match request.slim_presence {
            true => presence::slim(&seen),
            false => {
                let ids: Vec<_> = seen.keys().copied().collect();
                let users = match ids.is_empty() {
                    true => vec![],
                    false => access_users(conn, caller, &sight, Some(&ids)).await?,
                };
                presence::legacy(&seen, &users)
            }
        };
        state.put("presences", &shown)?;
    }
    Ok(())
}

async fn people(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    sight: &Sight,
    request: &Register,
    state: &mut State,
) -> Result<()> {
    // A client that does not say that `avatar_url` may be missing still gets null: all of them read it.
    let people = fragments::people(ctx, conn, caller, sight, request.client_gravatar).await?;
    state.put_json(&people);
    state.put_all(&myself(conn, caller).await?)
}

async fn streams(
    ctx: &Ctx,
    conn: &mut Conn,
    caller: &Caller,
    request: &Register,
    state: &mut State,
) -> Result<()> {
    let (listed, archived) = (
        request.include_subscribers,
        request.capabilities.archived_channels,
    );
    let mut gathered = subscriptions::gather(ctx, conn, caller, listed, archived).await?;
    if !request.capabilities.notification_settings_null {
        gathered.spell_out(&users::Settings::of(&caller.user));
    }
    if state.wants(&["subscription"]) {
        state.put("subscriptions", &gathered.subscriptions)?;
        state.put("unsubscribed", &gathered.unsubscribed)?;
        state.put("never_subscribed", &gathered.never_subscribed)?;
    }
    if state.wants(&["stream"]) {
        state.put("streams", &gathered.streams)?;
    }
    if state.wants(&["default_streams"]) {
        let defaults = match caller.user.role().is_guest() {
            true => &[][..],
            false => &gathered.defaults,
        };
        state.put("realm_default_streams", defaults)?;
    }
    Ok(())
}

async fn myself(conn: &mut Conn, caller: &Caller) -> Result<Value> {
    let user = &caller.user;
    let role = user.role();
    let avatar = users::avatar_url(user);
    let public = may(conn, caller, Right::CreatePublicChannel).await?;
    let private = may(conn, caller, Right::CreatePrivateChannel).await?;
    Ok(json!({
        "user_id": user.id(),
        "email": user.email,
        "delivery_email": user.delivery_email,
        "full_name": user.full_name,
        "avatar_source": user.avatar_source,
        "avatar_url": avatar,
        "avatar_url_medium": users::avatar_url_medium(user),
        "is_owner": role == narrows_wire::Role::Owner,
        "is_admin": role.is_admin(),
        "is_moderator": role == narrows_wire::Role::Moderator,
        "is_guest": role.is_guest(),
        "is_billing_admin": false,
        "can_create_streams": public || private,
        "can_create_public_streams": public,
        "can_create_private_streams": private,
        "can_create_web_public_streams": may(conn, caller, Right::CreateWebPublicChannel).await?,
        "can_subscribe_other_users": may(conn, caller, Right::AddSubscribers).await?,
        "can_invite_others_to_realm": may(conn, caller, Right::InviteUsers).await?,
    }))
}

/// What the caller has read, and what not.
async fn reading(conn: &mut Conn, caller: &Caller, state: &mut State) -> Result<()> {
    if state.wants(&["message"]) {
        state.put(
            "max_message_id",
            &messages::newest(conn, caller.realm_id()).await?,
        )?;
        if state.wants(&["update_message_flags"]) {
            state.put("unread_msgs", &unread::state(conn, caller).await?)?;
        }
    }
    if state.wants(&["starred_messages", "update_message_flags"]) {
        state.put(
            "starred_messages",
            &flags::starred(conn, caller.user_id()).await?,
        )?;
    }
    if state.wants(&["recent_private_conversations"]) {
        let recent =
            messages::recent_conversations(conn, caller.user_id(), RECENT_CONVERSATIONS).await?;
        let me = caller.user_id();
        let recent: Vec<Value> = recent
            .into_iter()
            .map(|(newest, people)| {
                let others: Vec<_> = people.into_iter().filter(|id| *id != me).collect();
                json!({ "max_message_id": newest, "user_ids": others })
            })
            .collect();
        state.put("recent_private_conversations", &recent)?;
    }
    Ok(())
}

/// What shows any of the lists that a person keeps.
const LISTS: &[&str] = &[
    "alert_words",
    "muted_users",
    "user_topic",
    "muted_topics",
    "drafts",
    "scheduled_messages",
    "reminders",
    "saved_snippets",
    "navigation_views",
    "navigation_view",
];

/// What the caller keeps for themselves.
async fn lists(conn: &mut Conn, caller: &Caller, state: &mut State) -> Result<()> {
    if !state.wants(LISTS) {
        return Ok(());
    }
    let me = caller.user_id();
    let kept = kept::of(conn, me).await?;
    if state.wants(&["alert_words"]) {
        let words = async { Ok(AlertWord::of_user(conn, me).await?) };
        state.put("alert_words", &list(kept.alert_words, words).await?)?;
    }
    if state.wants(&["muted_users"]) {
        let muted = list(kept.muted_users, async { muted_users(conn, me).await });
        state.put("muted_users", &muted.await?)?;
    }
    if state.wants(&["user_topic", "muted_topics"]) {
        let (topics, muted) = match kept.user_topics {
            true => user_topics::gather(conn, me).await?,
            false => Default::default(),
        };
        state.put("user_topics", &topics)?;
        state.put("muted_topics", &muted.muted_topics)?;
    }
    if state.wants(&["drafts"]) {
        let drafts = list(kept.drafts, drafts::gather(conn, caller)).await?;
        state.put("drafts", &drafts)?;
    }
    if state.wants(&["scheduled_messages", "reminders"]) {
        let (messages, reminders) = match kept.scheduled_messages {
            true => scheduled::gather(conn, caller).await?,
            false => Default::default(),
        };
        if state.wants(&["scheduled_messages"]) {
            state.put("scheduled_messages", &messages)?;
        }
        if state.wants(&["reminders"]) {
            state.put("reminders", &reminders)?;
        }
    }
    if state.wants(&["saved_snippets"]) {
        let snippets = list(kept.saved_snippets, saved_snippets::gather(conn, caller));
        state.put("saved_snippets", &snippets.await?)?;
    }
    if state.wants(&["navigation_views", "navigation_view"]) {
        let views = list(
            kept.navigation_views,
            navigation_views::gather(conn, caller),
        );
        state.put("navigation_views", &views.await?)?;
    }
    Ok(())
}

/// A list, which is asked for only if there is anything in it.
async fn list<T>(any: bool, gather: impl Future<Output = Result<Vec<T>>>) -> Result<Vec<T>> {
    match any {
        true => gather.await,
        false => Ok(vec![]),
    }
}

async fn muted_users(conn: &mut Conn, me: UserId) -> Result<Vec<Value>> {
    let muted = MutedUser::of_user(conn, me).await?;
    let muted = muted
        .iter()
        .map(|muted| json!({ "id": muted.id(), "timestamp": muted.muted_at.timestamp() }));
    Ok(muted.collect())
}

async fn personal(
    conn: &mut Conn,
    caller: &Caller,
    capabilities: Capabilities,
    state: &mut State,
) -> Result<()> {
    if state.wants(&["user_status"]) {
        state.put("user_status", &users::status::of_realm(conn, caller).await?)?;
    }
    if state.wants(&["onboarding_steps"]) {
        let steps = users::onboarding::gather(conn, caller).await?;
        state.put("onboarding_steps", &steps)?;
    }
    lists(conn, caller, state).await?;
    let settings = users::Settings::of(&caller.user);
    if state.wants(&["user_settings"]) {
        state.put(
            "user_settings",
            &users::settings_object(&caller.user, &settings)?,
        )?;
    }
    if !capabilities.user_settings_object {
        state.put_all(&users::legacy_settings(
            &caller.user,
            &settings,
            |event_type| state.wants(&[event_type]),
        )?)?;
    }
    Ok(())
}
