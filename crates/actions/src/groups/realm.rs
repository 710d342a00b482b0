//! Rights in the realm, as clients read them at registration.

use narrows_store::Conn;
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::RealmId;
use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::realms::{Right, Settings};

/// Who may what cannot be given to others.
const FIXED: [(&str, SystemGroup); 4] = [
    ("realm_can_create_bots_group", SystemGroup::Members),
    (
        "realm_can_create_write_only_bots_group",
        SystemGroup::Members,
    ),
    ("realm_can_manage_billing_group", SystemGroup::Nobody),
    ("realm_can_summarize_topics_group", SystemGroup::Nobody),
];

/// To whom the realm gives which right.
pub async fn realm_permissions(
    conn: &mut Conn,
    realm: RealmId,
    settings: &Settings,
) -> Result<Value> {
    let system = SystemGroups::of_realm(conn, realm).await?;
    let mut fields = Map::new();
    for right in Right::ALL {
        let value = settings.permitted(*right).value(&system)?;
        fields.insert(format!("realm_{}", right.name()), json!(value));
    }
    for (name, group) in FIXED {
        fields.insert(name.to_owned(), json!(system.id(group)?));
    }
    Ok(Value::Object(fields))
}
