//! Rights in the realm, as clients read them at registration.

use narrows_store::Conn;
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::RealmId;
use serde_json::{Map, Value, json};

use crate::access::streams;
use crate::error::Result;
use crate::realms::{Policy, Range, Right, Settings};

/// Who may what cannot be given to others.
pub(crate) const REALM_FIXED: [(&str, SystemGroup); 2] = [
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
    for (name, group) in REALM_FIXED {
        fields.insert(name.to_owned(), json!(system.id(group)?));
    }
    Ok(Value::Object(fields))
}

/// For which settings whose value is a group clients offer which groups.
pub(crate) fn supported_permissions() -> Value {
    let all = |permissions: &[(&str, SystemGroup)], of_system_groups: Option<SystemGroup>| {
        let supported = permissions.iter().map(|(name, default)| {
            let supported = Supported {
                name,
                default: *default,
                of_system_groups,
                everyone: true,
                only: &[],
            };
            ((*name).to_owned(), supported.object())
        });
        Value::Object(supported.collect())
    };
    let rights = Right::ALL
        .iter()
        .map(|right| (right.name().to_owned(), Supported::of(*right).object()));
    json!({
        "realm": Value::Object(rights.collect()),
        "stream": all(&streams::PERMISSIONS, None),
        "group": all(&super::PERMISSIONS, Some(SystemGroup::Nobody)),
    })
}

/// Which groups a setting takes.
struct Supported<'a> {
    name: &'a str,
    default: SystemGroup,
    /// What it is for the system groups themselves.
    of_system_groups: Option<SystemGroup>,
    everyone: bool,
    /// These alone, if it is not empty.
    only: &'static [Policy],
}

impl Supported<'_> {
    fn of(right: Right) -> Self {
        let (everyone, only) = match right.range() {
            Range::Anybody => (true, &[][..]),
            Range::NoGuests => (false, &[][..]),
            Range::Only(policies) => (policies.contains(&Policy::Everyone), policies),
        };
        Supported {
            name: right.name(),
            default: right.default().group(),
            of_system_groups: None,
            everyone,
            only,
        }
    }

    fn object(&self) -> Value {
        let only = self.only.iter().map(|policy| policy.group().name());
        json!({
            "require_system_group": !self.only.is_empty(),
            "allow_internet_group": false,
            // These two are for older clients.
            "allow_owners_group": false,
            "id_field_name": format!("{}_id", self.name),
            "allow_nobody_group": self.only.is_empty() || self.only.contains(&Policy::Nobody),
            "allow_everyone_group": self.everyone,
            "default_group_name": self.default.name(),
            "default_for_system_groups": self.of_system_groups.map(SystemGroup::name),
            "allowed_system_groups": only.collect::<Vec<_>>(),
        })
    }
}
