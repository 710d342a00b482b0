//! What clients learn before they log in.

use std::collections::BTreeMap;

use actix_web::web;
use narrows_actions::{Ctx, pictures, realms};
use narrows_wire::feature_level::{FEATURE_LEVEL, NARROWS_VERSION, ZULIP_VERSION};
use schemars::JsonSchema;
use serde::Serialize;

use crate::extract::{CurrentRealm, NoParams};
use crate::reply::{Reply, Success};

/// What clients learn before they log in.
#[derive(Serialize, JsonSchema)]
pub struct ServerSettings {
    /// Which ways of logging in there are.
    authentication_methods: BTreeMap<&'static str, bool>,
    /// The version of the API.
    zulip_version: &'static str,
    /// The same.
    zulip_merge_base: &'static str,
    /// The level of the API.
    zulip_feature_level: u32,
    /// The version of the server.
    narrows_version: &'static str,
    /// Whether phones are told of messages.
    push_notifications_enabled: bool,
    /// Always false: no client is too old.
    is_incompatible: bool,
    /// People log in with their address.
    email_auth_enabled: bool,
    /// Names to log in with are addresses.
    require_email_format_usernames: bool,
    /// Where the organisation is.
    realm_url: String,
    /// The same, for old clients.
    realm_uri: String,
    /// What it is called.
    realm_name: String,
    /// Where its picture is.
    realm_icon: String,
    /// What it is about; HTML.
    realm_description: String,
    /// Some of it can be read without an account.
    realm_web_public_access_enabled: bool,
    /// Always empty.
    external_authentication_methods: [String; 0],
}

/// Names that no server of ours offers, but that clients look for.
const ABSENT_METHODS: [&str; 9] = [
    "ldap",
    "remoteuser",
    "github",
    "azuread",
    "gitlab",
    "google",
    "apple",
    "saml",
    "openid connect",
];

/// `GET /server_settings`.
pub async fn get(
    ctx: web::Data<Ctx>,
    CurrentRealm(realm): CurrentRealm,
    _: NoParams,
) -> Reply<ServerSettings> {
    let url = realms::url(&ctx, &realm);
    let mut methods = BTreeMap::from(ABSENT_METHODS.map(|name| (name, false)));
    methods.extend([("password", true), ("email", true)]);
    methods.insert("dev", ctx.config.server.development);
    Ok(Success::new(ServerSettings {
        authentication_methods: methods,
        zulip_version: ZULIP_VERSION,
        zulip_merge_base: ZULIP_VERSION,
        zulip_feature_level: FEATURE_LEVEL,
        narrows_version: NARROWS_VERSION,
        push_notifications_enabled: false,
        is_incompatible: false,
        email_auth_enabled: true,
        require_email_format_usernames: true,
        realm_url: url.clone(),
        realm_uri: url,
        realm_icon: pictures::icon_url(&ctx, &realm),
        realm_description: realms::rendered_description(&ctx, &realm),
        realm_web_public_access_enabled: realms::Settings::of(&realm).enable_spectator_access,
        realm_name: realm.name.clone(),
        external_authentication_methods: [],
    }))
}
