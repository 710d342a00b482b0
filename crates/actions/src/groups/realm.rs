//! Rights in the realm, as groups.

use narrows_store::Conn;
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::RealmId;
use serde_json::{Map, Value, json};

use crate::access::streams;
use crate::error::Result;
use crate::realms::{Policy, Settings};

/// The realm's policies as the group-valued settings that newer clients read.
pub async fn realm_permissions(
    conn: &mut Conn,
    realm: RealmId,
    settings: &Settings,
) -> Result<Value> {
    let system = SystemGroups::of_realm(conn, realm).await?;
    let mut fields = Map::new();
    for (name, policy) in [
        ("realm_can_access_all_users_group", Policy::Everyone),
        ("realm_can_add_custom_emoji_group", Policy::Members),
        (
            "realm_can_add_subscribers_group",
            settings.invite_to_stream_policy,
        ),
        ("realm_can_create_bots_group", Policy::Members),
        ("realm_can_create_groups", settings.user_group_edit_policy),
        (
            "realm_can_create_private_channel_group",
            settings.create_private_stream_policy,
        ),
        (
            "realm_can_create_public_channel_group",
            settings.create_public_stream_policy,
        ),
        (
            "realm_can_create_web_public_channel_group",
            settings.create_web_public_stream_policy,
        ),
        ("realm_can_create_write_only_bots_group", Policy::Members),
        ("realm_can_delete_any_message_group", Policy::Admins),
        (
            "realm_can_delete_own_message_group",
            settings.delete_own_message_policy,
        ),
        ("realm_can_invite_users_group", Policy::Admins),
        ("realm_can_manage_all_groups", Policy::Owners),
        ("realm_can_manage_billing_group", Policy::Nobody),
        (
            "realm_can_mention_many_users_group",
            settings.wildcard_mention_policy,
        ),
        (
            "realm_can_move_messages_between_channels_group",
            settings.move_messages_between_streams_policy,
        ),
        (
            "realm_can_move_messages_between_topics_group",
            settings.edit_topic_policy,
        ),
        ("realm_can_resolve_topics_group", settings.edit_topic_policy),
        ("realm_can_summarize_topics_group", Policy::Nobody),
        ("realm_create_multiuse_invite_group", Policy::Admins),
        ("realm_direct_message_initiator_group", Policy::Everyone),
        ("realm_direct_message_permission_group", Policy::Everyone),
    ] {
        fields.insert(name.to_owned(), json!(system.id(group_of(policy))?));
    }
    Ok(Value::Object(fields))
}

fn group_of(policy: Policy) -> SystemGroup {
    match policy {
        Policy::Everyone => SystemGroup::Everyone,
        Policy::Members => SystemGroup::Members,
        Policy::FullMembers => SystemGroup::FullMembers,
        Policy::Moderators => SystemGroup::Moderators,
        Policy::Admins => SystemGroup::Administrators,
        Policy::Owners => SystemGroup::Owners,
        Policy::Nobody => SystemGroup::Nobody,
    }
}

/// For which settings whose value is a group clients offer which groups.
pub(crate) fn supported_permissions() -> Value {
    let of = |permissions: &[(&str, SystemGroup)], of_system_groups: Option<SystemGroup>| {
        let settings = permissions.iter().map(|(name, default)| {
            let setting = json!({
                "require_system_group": false,
                "allow_internet_group": false,
                "allow_owners_group": false,
                "allow_nobody_group": true,
                "allow_everyone_group": true,
                "default_group_name": default.name(),
                "id_field_name": format!("{name}_id"),
                "default_for_system_groups": of_system_groups.map(SystemGroup::name),
                "allowed_system_groups": [],
            });
            ((*name).to_owned(), setting)
        });
        Value::Object(settings.collect())
    };
    json!({
        // Rights in the realm are changed by its policies.
        "realm": {},
        "stream": of(&streams::PERMISSIONS, None),
        "group": of(&super::PERMISSIONS, Some(SystemGroup::Nobody)),
    })
}
