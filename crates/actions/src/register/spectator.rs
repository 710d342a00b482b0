//! What a registration tells somebody without an account: what the web may read, as to a guest who has done nothing
//! yet, and no queue.

use narrows_store::Conn;
use narrows_wire::events::subscription::{Personal, SubscriptionObject};
use serde_json::{Value, json};

use super::state::State;
use super::{Register, fragments, put_versions, realm};
use crate::caller::Spectator;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::realms::Settings as RealmSettings;
use crate::{channel_folders, streams, users};

/// The colour of a stream for whom none was chosen.
const COLOR: &str = "#c2c2c2";

/// Reads the state for somebody without an account.
pub async fn spectate(ctx: &Ctx, spectator: &Spectator, request: &Register) -> Result<State> {
    check(request)?;
    let mut tx = ctx.store.snapshot().await?;
    let mut state = State::new(request.fetched().as_ref());
    put_versions(&mut state)?;
    realm::gather(ctx, &mut tx, &spectator.realm, request, &mut state).await?;
    people(ctx, &mut tx, spectator, &mut state).await?;
    channels(ctx, &mut tx, spectator, &mut state).await?;
    nothing_yet(spectator, &mut state)?;
    drop(tx.commit().await?);
    state.put("queue_id", &Value::Null)?;
    state.put("last_event_id", &-1)?;
    Ok(state)
}

/// Spectators do not get what would show addresses or who is where.
fn check(request: &Register) -> Result<()> {
    let asked = [
        ("client_gravatar", request.client_gravatar),
        ("include_subscribers", request.include_subscribers),
    ];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((name, _)) => Err(Error::bad_request(format!(
            "Invalid '{name}' parameter for anonymous request"
        ))),
        None => Ok(()),
    }
}

async fn people(
    ctx: &Ctx,
    conn: &mut Conn,
    spectator: &Spectator,
    state: &mut State,
) -> Result<()> {
    if !state.wants(&["realm_user"]) {
        return Ok(());
    }
    let people = fragments::people_for_spectators(ctx, conn, spectator).await?;
    state.put_json(&people);
    let avatar = users::gravatar_url("username@example.com", 1);
    state.put_all(&json!({
        "user_id": 0,
        "email": "username@example.com",
        "delivery_email": "",
        "full_name": "Anonymous User",
        "avatar_source": "G",
        "avatar_url": avatar,
        "avatar_url_medium": format!("{avatar}&s=500"),
        "is_owner": false,
        "is_admin": false,
        "is_moderator": false,
        "is_guest": true,
        "is_billing_admin": false,
        "can_create_streams": false,
        "can_create_public_streams": false,
        "can_create_private_streams": false,
        "can_create_web_public_streams": false,
        "can_subscribe_other_users": false,
        "can_invite_others_to_realm": false,
    }))
}

/// The web-public streams, as if subscribed to.
async fn channels(
    ctx: &Ctx,
    conn: &mut Conn,
    spectator: &Spectator,
    state: &mut State,
) -> Result<()> {
    let shown = streams::web_public(ctx, conn, spectator).await?;
    if state.wants(&["subscription"]) {
        let subscriptions: Vec<SubscriptionObject> = shown
            .iter()
            .map(|stream| SubscriptionObject {
                stream: stream.clone(),
                personal: Personal {
                    color: COLOR.to_owned(),
                    is_muted: false,
                    in_home_view: true,
                    pin_to_top: false,
                    desktop_notifications: None,
                    audible_notifications: None,
                    push_notifications: None,
                    email_notifications: None,
                    wildcard_mentions_notify: None,
                },
            })
            .collect();
        state.put("subscriptions", &subscriptions)?;
        state.put("unsubscribed", &json!([]))?;
        state.put("never_subscribed", &json!([]))?;
    }
    if state.wants(&["stream"]) {
        state.put("streams", &shown)?;
    }
    if state.wants(&["default_streams"]) {
        state.put("realm_default_streams", &json!([]))?;
    }
    if state.wants(&["channel_folders", "channel_folder"]) {
        let folders = channel_folders::web_public(conn, spectator.realm.id()).await?;
        state.put("channel_folders", &folders)?;
    }
    Ok(())
}

/// What somebody has who has done nothing yet.
fn nothing_yet(spectator: &Spectator, state: &mut State) -> Result<()> {
    if state.wants(&["message"]) {
        state.put("max_message_id", &-1)?;
        if state.wants(&["update_message_flags"]) {
            let unread = json!({
                "count": 0,
                "pms": [],
                "streams": [],
                "huddles": [],
                "mentions": [],
                "old_unreads_missing": false,
            });
            state.put("unread_msgs", &unread)?;
        }
    }
    let nothing: [(&[&str], &str, Value); 15] = [
        (
            &["starred_messages", "update_message_flags"][..],
            "starred_messages",
            json!([]),
        ),
        (
            &["recent_private_conversations"],
            "recent_private_conversations",
            json!([]),
        ),
        (&["onboarding_steps"], "onboarding_steps", json!([])),
        (&["drafts"], "drafts", json!([])),
        (&["scheduled_messages"], "scheduled_messages", json!([])),
        (&["reminders"], "reminders", json!([])),
        (&["saved_snippets"], "saved_snippets", json!([])),
        (
            &["navigation_views", "navigation_view"],
            "navigation_views",
            json!([]),
        ),
        (&["alert_words"], "alert_words", json!([])),
        (&["realm_bot"], "realm_bots", json!([])),
        (&["muted_users"], "muted_users", json!([])),
        (&["user_status"], "user_status", json!({})),
        (&["user_topic", "muted_topics"], "user_topics", json!([])),
        (&["user_topic", "muted_topics"], "muted_topics", json!([])),
        (&["presence"], "presences", json!({})),
    ];
    for (event_types, field, value) in nothing {
        if state.wants(event_types) {
            state.put(field, &value)?;
        }
    }
    if state.wants(&["user_settings"]) {
        let settings = users::Settings {
            default_language: RealmSettings::of(&spectator.realm).default_language,
            ..users::Settings::default()
        };
        state.put("user_settings", &users::with_choices(&settings)?)?;
    }
    Ok(())
}
