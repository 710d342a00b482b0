//! What users change of themselves, and what a realm gives its new users.

use narrows_store::models::{Realm, RealmUserDefaults, Session, User};
use narrows_store::queries::time_zones;
use narrows_store::{Conn, Tx};
use narrows_wire::events::realm_lists::RealmExportConsent;
use narrows_wire::events::user::{
    LegacyDisplaySetting, LegacyNotificationSetting, RealmDefault, UserSettings,
};
use narrows_wire::{Audience, Effect, Event, RealmId, Role};
use serde_json::{Map, Value, json};

use super::create::check_name_is_free;
use super::manage::emit_update;
use super::settings::{Change, OwnChange, Settings, settings_object, with_choices};
use super::{address, check_full_name, languages};
use crate::access::users::AddressVisibility;
use crate::auth;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::presence;
use crate::realms;

/// Settings that older clients hear of as `update_display_settings`.
const DISPLAY: [&str; 15] = [
    "color_scheme",
    "default_language",
    "web_home_view",
    "demote_inactive_streams",
    "dense_mode",
    "emojiset",
    "enable_drafts_synchronization",
    "enter_sends",
    "fluid_layout_width",
    "high_contrast_mode",
    "left_side_userlist",
    "starred_message_counts",
    "timezone",
    "translate_emoticons",
    "twenty_four_hour_time",
];
/// Settings that older clients hear of as `update_global_notifications`.
const NOTIFICATIONS: [&str; 20] = [
    "desktop_icon_count_display",
    "email_notifications_batching_period_seconds",
    "enable_desktop_notifications",
    "enable_digest_emails",
    "enable_login_emails",
    "enable_marketing_emails",
    "enable_offline_email_notifications",
    "enable_offline_push_notifications",
    "enable_online_push_notifications",
    "enable_sounds",
    "enable_stream_audible_notifications",
    "enable_stream_desktop_notifications",
    "enable_stream_email_notifications",
    "enable_stream_push_notifications",
    "message_content_in_email_notifications",
    "notification_sound",
    "pm_content_in_desktop_notifications",
    "presence_enabled",
    "realm_name_in_email_notifications_policy",
    "wildcard_mentions_notify",
];

/// The settings beside the rest of a registration, for clients that do not know `user_settings`: those that events of the
/// wanted types change.
pub(crate) fn legacy_settings(
    user: &User,
    settings: &Settings,
    wanted: impl Fn(&str) -> bool,
) -> Result<Value> {
    let display = [&DISPLAY[..], &["emojiset_choices"]].concat();
    let notifications = [&NOTIFICATIONS[..], &["available_notification_sounds"]].concat();
    let mut object = settings_object(user, settings)?;
    if let Value::Object(fields) = &mut object {
        fields.retain(|name, _| {
            let name = name.as_str();
            (display.contains(&name) && wanted("update_display_settings"))
                || (notifications.contains(&name) && wanted("update_global_notifications"))
        });
    }
    Ok(object)
}

/// Changes settings, name, time zone or password of the caller: all of it or nothing.
pub async fn change_own(ctx: &Ctx, caller: &Caller, change: OwnChange) -> Result<()> {
    let mut settings = Settings::of(&caller.user);
    let changed = settings.apply(&change.settings())?;
    let full_name = check_name(caller, change.full_name.as_deref())?;
    if let Some(email) = &change.email
        && *email != caller.user.delivery_email
    {
        let msg = "Email address changes are disabled in this organization.";
        return Err(Error::bad_request(msg));
    }
    let password_hash = check_password(caller, &change).await?;
    let mut tx = ctx.store.begin().await?;
    if let Some(zone) = &change.timezone
        && *zone != caller.user.timezone
    {
        set_timezone(&mut tx, caller, zone).await?;
    }
    if let Some(name) = full_name {
        check_name_is_free(&mut tx, &caller.realm, &name, Some(caller.user_id())).await?;
        User::set_full_name(&mut tx, caller.realm_id(), caller.user_id(), &name).await?;
        Realm::touch(&mut tx, caller.realm_id()).await?;
        let changed = json!({ "full_name": name });
        emit_update(&mut tx, caller.realm_id(), caller.user_id(), changed).await?;
    }
    if let Some(hash) = &password_hash {
        User::set_password(&mut tx, caller.realm_id(), caller.user_id(), hash).await?;
        end_other_sessions(&mut tx, caller).await?;
    }
    do_change(&mut tx, caller, &changed).await?;
    if let Some(number) = changed
        .get("email_address_visibility")
        .and_then(Value::as_u64)
    {
        let to = AddressVisibility::from_number(number);
        address::show(ctx, &mut tx, &caller.realm, &caller.user, to).await?;
    }
    let committed = tx.commit().await?;
    if password_hash.is_some() {
        committed.confirmed().await;
    }
    if let Some(enabled) = changed.get("presence_enabled").and_then(Value::as_bool) {
        presence::set_enabled(ctx, caller, enabled).await?;
    }
    Ok(())
}

/// Shows or hides the caller's presence.
pub(crate) async fn set_presence_enabled(ctx: &Ctx, caller: &Caller, enabled: bool) -> Result<()> {
    let change = OwnChange {
        presence_enabled: Some(enabled),
        ..OwnChange::default()
    };
    change_own(ctx, caller, change).await
}

fn check_name(caller: &Caller, name: Option<&str>) -> Result<Option<String>> {
    let Some(name) = name.filter(|name| *name != caller.user.full_name) else {
        return Ok(None);
    };
    let settings = realms::Settings::of(&caller.realm);
    if settings.name_changes_disabled && !caller.user.role().is_admin() {
        // As the API has it: the rest of the request takes effect.
        return Ok(None);
    }
    let name = check_full_name(name)?;
    Ok(Some(name).filter(|name| *name != caller.user.full_name))
}

/// The hash of the new password, if there is one.
async fn check_password(caller: &Caller, change: &OwnChange) -> Result<Option<String>> {
    let new = change.new_password.as_deref().unwrap_or_default();
    if new.is_empty() {
        return Ok(None);
    }
    let old = change.old_password.clone().unwrap_or_default();
    let hash = caller.user.password_hash.clone();
    // Who has none yet may set one.
    if hash.is_some() && !auth::verify(old, hash).await? {
        return Err(Error::bad_request("Wrong password!"));
    }
    auth::check_password_strength(new)
        .map_err(|_| Error::bad_request("New password is too weak!"))?;
    Ok(Some(auth::hash_password(new.to_owned()).await?))
}

/// A password is changed because the old one may be known: whoever logged in with it is out.
async fn end_other_sessions(tx: &mut Tx, caller: &Caller) -> Result<()> {
    for hash in Session::delete_others(tx, caller.user_id(), &caller.credential).await? {
        tx.emit_effect(
            caller.realm_id(),
            Effect::KillQueues {
                user_id: caller.user_id(),
                credential: Some(hash),
            },
        );
    }
    Ok(())
}

async fn set_timezone(tx: &mut Tx, caller: &Caller, zone: &str) -> Result<()> {
    if !zone.is_empty() && !time_zones::exists(tx, zone).await? {
        let msg = "timezone is not a recognized time zone";
        return Err(Error::bad_request(msg));
    }
    User::set_timezone(tx, caller.realm_id(), caller.user_id(), zone).await?;
    Realm::touch(tx, caller.realm_id()).await?;
    tell_changed(tx, caller, "timezone", json!(zone))?;
    let changed = json!({ "email": caller.user.email, "timezone": zone });
    emit_update(tx, caller.realm_id(), caller.user_id(), changed).await
}

async fn do_change(tx: &mut Tx, caller: &Caller, changed: &Map<String, Value>) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let patch = Value::Object(changed.clone());
    User::merge_settings(tx, caller.realm_id(), caller.user_id(), &patch).await?;
    for (name, value) in changed {
        tell_changed(tx, caller, name, value.clone())?;
    }
    if let Some(consented) = changed.get("allow_private_data_export") {
        let event = RealmExportConsent {
            user_id: caller.user_id(),
            consented: *consented == json!(true),
        };
        let event = Event::RealmExportConsent(event);
        tx.emit(caller.realm_id(), Audience::role(Role::Admin), &event)?;
    }
    Ok(())
}

fn tell_changed(tx: &mut Tx, caller: &Caller, name: &str, value: Value) -> Result<()> {
    let language_name = match name {
        "default_language" => value.as_str().and_then(languages::name).map(str::to_owned),
        _ => None,
    };
    let event = UserSettings {
        op: "update",
        property: name.to_owned(),
        value: value.clone(),
        language_name: language_name.clone(),
    };
    caller.tell(tx, &Event::UserSettings(event))?;
    if DISPLAY.contains(&name) {
        let event = LegacyDisplaySetting {
            user: caller.user.email.clone(),
            setting_name: name.to_owned(),
            setting: value,
            language_name,
        };
        caller.tell(tx, &Event::UpdateDisplaySettings(event))?;
    } else if NOTIFICATIONS.contains(&name) {
        let event = LegacyNotificationSetting {
            user: caller.user.email.clone(),
            notification_name: name.to_owned(),
            setting: value,
        };
        caller.tell(tx, &Event::UpdateGlobalNotifications(event))?;
    }
    Ok(())
}

/// What new users of the realm begin with, with the choices there are.
pub(crate) async fn realm_defaults(conn: &mut Conn, realm: RealmId) -> Result<Value> {
    let stored = RealmUserDefaults::of_realm(conn, realm).await?;
    with_choices(&Settings::from_stored(&stored))
}

/// Changes what new users of the realm begin with.
pub async fn change_realm_defaults(ctx: &Ctx, caller: &Caller, change: &Change) -> Result<()> {
    let mut tx = ctx.store.begin().await?;
    let stored = RealmUserDefaults::lock(&mut tx, caller.realm_id()).await?;
    let mut defaults = Settings::from_stored(&stored);
    let changed = defaults.apply(change)?;
    if changed.is_empty() {
        return Ok(());
    }
    let patch = Value::Object(changed.clone());
    RealmUserDefaults::merge(&mut tx, caller.realm_id(), &patch).await?;
    Realm::touch(&mut tx, caller.realm_id()).await?;
    for (property, value) in changed {
        let event = RealmDefault {
            op: "update",
            property,
            value,
        };
        let event = Event::RealmUserSettingsDefaults(event);
        tx.emit(caller.realm_id(), Audience::realm(), &event)?;
    }
    drop(tx.commit().await?);
    Ok(())
}
