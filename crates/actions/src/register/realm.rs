//! What the state says of the realm and the server.

use narrows_store::Conn;
use narrows_store::models::Realm;
use narrows_wire::limits;
use serde_json::{Map, Value, json};

use super::Register;
use super::fragments;
use super::state::State;
use super::stop_words;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::messages::report::REPORT_TYPES;
use crate::pictures::{RealmPicture, realm_picture};
use crate::realms::{self, Settings, domains};
use crate::{custom_emoji, groups, linkifiers, playgrounds, presence, profile_fields, users};

/// Adds the sections that are the same for everybody.
pub(super) async fn gather(
    ctx: &Ctx,
    conn: &mut Conn,
    realm: &Realm,
    request: &Register,
    state: &mut State,
) -> Result<()> {
    if state.wants(&["realm"]) {
        let settings = Settings::of(realm);
        state.put_all(&policies(&settings)?)?;
        state.put_all(&identity(ctx, realm))?;
        state.put_all(&pictures(ctx, realm))?;
        state.put_all(&server(ctx, realm))?;
        state.put_all(&fixed())?;
        let permissions = groups::realm_permissions(conn, realm.id(), &settings);
        state.put_json(&fragments::part(ctx, realm, "permissions", permissions).await?);
    }
    lists(ctx, conn, realm, request, state).await?;
    for (event_type, field, value) in empty_collections() {
        if state.wants(&[event_type]) {
            state.put(field, &value)?;
        }
    }
    if state.wants(&["realm_user_groups", "user_group"]) {
        state.put_json(&fragments::groups(ctx, conn, realm).await?);
    }
    if state.wants(&["presence"]) {
        state.put("presence_last_update_id", &0)?;
        state.put("server_timestamp", &presence::timestamp(ctx.clock.now()))?;
    }
    Ok(())
}

/// What the realm made for all its people. Each list is read once for a version of the realm.
async fn lists(
    ctx: &Ctx,
    conn: &mut Conn,
    realm: &Realm,
    request: &Register,
    state: &mut State,
) -> Result<()> {
    let id = realm.id();
    if state.wants(&["custom_profile_fields"]) {
        let name = "custom_profile_fields";
        let fields = fragments::list(ctx, realm, name, profile_fields::objects(conn, id));
        state.put_json(&fields.await?);
        state.put("custom_profile_field_types", &profile_fields::types())?;
    }
    if state.wants(&["realm_emoji"]) {
        let emoji = fragments::list(ctx, realm, "realm_emoji", custom_emoji::objects(conn, id));
        state.put_json(&emoji.await?);
    }
    if state.wants(&["realm_linkifiers"]) {
        let name = "realm_linkifiers";
        // Clients that do not know URL templates get none.
        match request.capabilities.linkifier_url_template {
            true => {
                let linkifiers = fragments::list(ctx, realm, name, linkifiers::objects(conn, id));
                state.put_json(&linkifiers.await?);
            }
            false => state.put(name, &json!([]))?,
        }
    }
    if state.wants(&["realm_domains"]) {
        let name = "realm_domains";
        let domains = fragments::list(ctx, realm, name, domains::objects(conn, id));
        state.put_json(&domains.await?);
    }
    if state.wants(&["realm_playgrounds"]) {
        let name = "realm_playgrounds";
        let playgrounds = fragments::list(ctx, realm, name, playgrounds::objects(conn, id));
        state.put_json(&playgrounds.await?);
    }
    if state.wants(&["realm_user_settings_defaults"]) {
        let name = "realm_user_settings_defaults";
        let defaults = fragments::list(ctx, realm, name, users::realm_defaults(conn, id));
        state.put_json(&defaults.await?);
    }
    Ok(())
}

/// What the realm has decided, under the names of its settings.
fn policies(settings: &Settings) -> Result<Value> {
    let mut fields = Map::new();
    // To whom rights are given: `groups::realm_permissions`.
    if let Value::Object(settings) = serde_json::to_value(settings)? {
        for (name, value) in settings {
            fields.insert(format!("realm_{name}"), value);
        }
    }
    for (name, number) in settings.numbers() {
        fields.insert(format!("realm_{name}"), json!(number));
    }
    for (name, on) in settings.switches() {
        fields.insert(format!("realm_{name}"), json!(on));
    }
    Ok(Value::Object(fields))
}

/// Who the realm is.
fn identity(ctx: &Ctx, realm: &Realm) -> Value {
    let url = realms::url(ctx, realm);
    json!({
        "realm_name": realm.name,
        "realm_description": realm.description,
        "realm_date_created": realm.created_at.timestamp(),
        "realm_url": url,
        "realm_uri": url,
        "realm_bot_domain": realms::email_domain(ctx, realm),
        "realm_empty_topic_display_name": limits::EMPTY_TOPIC_DISPLAY_NAME,
        "server_emoji_data_url": format!("{url}/static/emoji/emoji_api.json"),
        "realm_plan_type": 1,
        "zulip_plan_is_not_limited": true,
    })
}

fn pictures(ctx: &Ctx, realm: &Realm) -> Value {
    let all = RealmPicture::ALL.map(|picture| realm_picture(ctx, realm, picture));
    let fields = all.into_iter().flatten();
    Value::Object(
        fields
            .map(|(name, value)| (format!("realm_{name}"), value))
            .collect(),
    )
}

/// Limits and times of the server.
fn server(ctx: &Ctx, realm: &Realm) -> Value {
    json!({
        "development_environment": ctx.config.server.development,
        "server_inline_url_embed_preview": ctx.config.outward.website_previews,
        "event_queue_longpoll_timeout_seconds": limits::LONGPOLL_TIMEOUT_SECONDS,
        "max_stream_name_length": limits::MAX_STREAM_NAME_LENGTH,
        "max_stream_description_length": limits::MAX_STREAM_DESCRIPTION_LENGTH,
        "max_channel_folder_name_length": limits::MAX_CHANNEL_FOLDER_NAME_LENGTH,
        "max_channel_folder_description_length": limits::MAX_CHANNEL_FOLDER_DESCRIPTION_LENGTH,
        "max_topic_length": limits::MAX_TOPIC_LENGTH,
        "max_message_length": limits::MAX_MESSAGE_LENGTH,
        "max_reminder_note_length": limits::MAX_REMINDER_NOTE_LENGTH,
        "server_presence_ping_interval_seconds": limits::PRESENCE_PING_INTERVAL_SECONDS,
        "server_presence_offline_threshold_seconds": limits::PRESENCE_OFFLINE_THRESHOLD_SECONDS,
        "server_typing_started_expiry_period_milliseconds": limits::TYPING_STARTED_EXPIRY_MS,
        "max_file_upload_size_mib": ctx.config.uploads.max_file_mib,
        "realm_upload_quota_mib": ctx.config.uploads.realm_quota_mib(),
        "server_typing_stopped_wait_period_milliseconds": limits::TYPING_STOPPED_WAIT_MS,
        "server_typing_started_wait_period_milliseconds": limits::TYPING_STARTED_WAIT_MS,
        // Changes with each start of the server, so that the web client can offer a reload.
        "server_generation": realm.created_at.timestamp(),
        "realm_authentication_methods": { "Email": { "enabled": true, "available": true } },
        "realm_email_auth_enabled": true,
        "realm_password_auth_enabled": true,
        "password_min_length": 8,
        "password_max_length": limits::MAX_PASSWORD_LENGTH,
        "password_min_guesses": 10_000,
        "max_bulk_new_subscription_messages": limits::MAX_BULK_NEW_SUBSCRIPTION_MESSAGES,
    })
}

/// Where clients hold video calls.
const JITSI_URL: &str = "https://meet.jit.si";

/// What cannot be changed yet, with the values by which the server acts.
fn fixed() -> Value {
    json!({
        "realm_jitsi_server_url": null,
        "realm_message_retention_days": -1,
        "realm_push_notifications_enabled": false,
        "realm_require_e2ee_push_notifications": false,
        "realm_welcome_message_custom_text": "",
        "realm_push_notifications_enabled_end_timestamp": null,
        "realm_available_video_chat_providers": {
            "disabled": { "name": "None", "id": 0 },
            "jitsi_meet": { "name": "Jitsi Meet", "id": 1 },
        },
        "realm_presence_disabled": false,
        "realm_is_zephyr_mirror_realm": false,
        "max_avatar_file_size_mib": limits::MAX_PICTURE_MIB,
        "max_icon_file_size_mib": limits::MAX_PICTURE_MIB,
        "max_logo_file_size_mib": limits::MAX_PICTURE_MIB,
        "realm_default_external_accounts": profile_fields::external_accounts(),
        "settings_send_digest_emails": false,
        "server_inline_image_preview": true,
        "server_avatar_changes_disabled": false,
        "server_name_changes_disabled": false,
        "server_web_public_streams_enabled": true,
        "server_thumbnail_formats": [],
        "server_needs_upgrade": false,
        "server_can_summarize_topics": false,
        "server_min_deactivated_realm_deletion_days": null,
        "server_max_deactivated_realm_deletion_days": null,
        "navigation_tour_video_url": null,
        "server_jitsi_server_url": JITSI_URL,
        "jitsi_server_url": JITSI_URL,
        "server_report_message_types": REPORT_TYPES,
        "server_supported_permission_settings": groups::supported_permissions(),
        "giphy_rating_options": {
            "disabled": { "name": "GIPHY integration disabled", "id": 0 },
            "y": { "name": "Allow GIFs rated Y (Very young audience)", "id": 1 },
            "g": { "name": "Allow GIFs rated G (General audience)", "id": 2 },
            "pg": { "name": "Allow GIFs rated PG (Parental guidance)", "id": 3 },
            "pg-13": { "name": "Allow GIFs rated PG-13 (Parental guidance - under 13)", "id": 4 },
            "r": { "name": "Allow GIFs rated R (Restricted)", "id": 5 },
        },
        "giphy_api_key": "",
        "upgrade_text_for_wide_organization_logo": "",
    })
}

/// Event type, field and value of what this server has none of.
fn empty_collections() -> [(&'static str, &'static str, Value); 10] {
    [
        (
            "default_stream_groups",
            "realm_default_stream_groups",
            json!([]),
        ),
        ("giphy", "gif_rating_options", json!({})),
        ("giphy", "giphy_api_key", json!("")),
        ("hotspots", "hotspots", json!([])),
        ("realm_embedded_bots", "realm_embedded_bots", json!([])),
        ("push_device", "push_devices", json!({})),
        ("realm_filters", "realm_filters", json!([])),
        (
            "realm_incoming_webhook_bots",
            "realm_incoming_webhook_bots",
            json!([]),
        ),
        ("stop_words", "stop_words", json!(stop_words::ALL)),
        ("video_calls", "has_zoom_token", json!(false)),
    ]
}
