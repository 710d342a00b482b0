//! What clients learn before they log in.

use actix_web::web;
use narrows_actions::{Ctx, pictures, realms};
use narrows_wire::feature_level::{FEATURE_LEVEL, NARROWS_VERSION, ZULIP_VERSION};
use serde_json::json;

use crate::extract::{CurrentRealm, NoParams};
use crate::reply::{Reply, Success};

/// `GET /server_settings`.
pub async fn get(ctx: web::Data<Ctx>, CurrentRealm(realm): CurrentRealm, _: NoParams) -> Reply {
    let url = realms::url(&ctx, &realm);
    let spectators = realms::Settings::of(&realm).enable_spectator_access;
    Ok(Success::new(json!({
        "authentication_methods": {
            "password": true, "email": true, "dev": ctx.config.server.development, "ldap": false, "remoteuser": false,
            "github": false, "azuread": false, "gitlab": false, "google": false, "apple": false, "saml": false,
            "openid connect": false,
        },
        "zulip_version": ZULIP_VERSION,
        "zulip_merge_base": ZULIP_VERSION,
        "zulip_feature_level": FEATURE_LEVEL,
        "narrows_version": NARROWS_VERSION,
        "push_notifications_enabled": false,
        "is_incompatible": false,
        "email_auth_enabled": true,
        "require_email_format_usernames": true,
        "realm_url": url,
        "realm_uri": url,
        "realm_name": realm.name,
        "realm_icon": pictures::icon_url(&ctx, &realm),
        "realm_description": realms::rendered_description(&ctx, &realm),
        "realm_web_public_access_enabled": spectators,
        "external_authentication_methods": [],
    })))
}
