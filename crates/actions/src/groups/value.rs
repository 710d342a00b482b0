//! Settings whose value is a group: one of the realm's, or people and groups named in the setting itself.

use std::borrow::Cow;

use narrows_store::Conn;
use narrows_store::models::{User, UserGroup};
use narrows_store::queries::group_members::{self, Person};
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::{ErrorCode, GroupId, UserId};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::edit::check_users;
use super::invalid_group;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::realms::{Policy, Settings};

/// Who may do something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum GroupValue {
    /// Members of a group of the realm.
    Group(GroupId),
    /// These people, and members of these groups.
    People {
        /// Who.
        #[serde(default)]
        direct_members: Vec<UserId>,
        /// Which groups.
        #[serde(default)]
        direct_subgroups: Vec<GroupId>,
    },
}

/// A new value, and what the client believes that the old one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupChange {
    new: GroupValue,
    old: Option<GroupValue>,
}

impl JsonSchema for GroupChange {
    fn schema_name() -> Cow<'static, str> {
        "GroupChange".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<GroupValue>();
        json_schema!({
            "anyOf": [
                value,
                {
                    "type": "object",
                    "properties": { "new": value, "old": value },
                    "required": ["new"],
                },
            ],
        })
    }
}

impl GroupChange {
    /// From a parameter: `{"new": …, "old": …}`, or the new value alone.
    pub fn parse(name: &str, value: &Value) -> Result<GroupChange> {
        let invalid = || Error::bad_request(format!("Invalid {name}"));
        let read = |value: &Value| GroupValue::deserialize(value).map_err(|_| invalid());
        match value.get("new") {
            Some(new) => Ok(GroupChange {
                new: read(new)?.normal(),
                old: value.get("old").map(read).transpose()?,
            }),
            None if value.is_object() && value.get("direct_members").is_none() => Err(invalid()),
            None => Ok(GroupChange {
                new: read(value)?.normal(),
                old: None,
            }),
        }
    }
}

impl GroupValue {
    /// One group and nobody else is that group; lists are sorted and without repeats.
    fn normal(self) -> GroupValue {
        let GroupValue::People {
            mut direct_members,
            mut direct_subgroups,
        } = self
        else {
            return self;
        };
        direct_members.sort_unstable();
        direct_members.dedup();
        direct_subgroups.sort_unstable();
        direct_subgroups.dedup();
        match (direct_members.as_slice(), direct_subgroups.as_slice()) {
            ([], [group]) => GroupValue::Group(*group),
            _ => GroupValue::People {
                direct_members,
                direct_subgroups,
            },
        }
    }
}

/// The value of a setting among those that were decided, or its default.
pub(crate) async fn decided(
    conn: &mut Conn,
    caller: &Caller,
    permissions: &Value,
    name: &str,
    default: SystemGroup,
) -> Result<GroupValue> {
    if let Some(value) = permissions.get(name) {
        return Ok(GroupValue::deserialize(value)?);
    }
    let system = SystemGroups::of_realm(conn, caller.realm_id()).await?;
    Ok(GroupValue::Group(system.id(default)?))
}

/// The new value of a setting if it is another; an error if it names what is not there, or the client is not up to date.
pub(crate) async fn check_change(
    conn: &mut Conn,
    caller: &Caller,
    name: &str,
    change: &GroupChange,
    current: &GroupValue,
) -> Result<Option<GroupValue>> {
    if let Some(old) = &change.old
        && old.clone().normal() != current.clone().normal()
    {
        let msg = "'old' value does not match the expected value.";
        return Err(Error::api(ErrorCode::ExpectationMismatch, msg));
    }
    let (members, groups): (&[UserId], &[GroupId]) = match &change.new {
        GroupValue::Group(group) => (&[], std::slice::from_ref(group)),
        GroupValue::People {
            direct_members,
            direct_subgroups,
        } => (direct_members, direct_subgroups),
    };
    check_users(conn, caller, members).await?;
    for group in groups {
        let found = UserGroup::find(conn, caller.realm_id(), *group).await;
        let found = found.map_err(|error| Error::from(error).or_missing(invalid_group))?;
        if found.name == SystemGroup::Internet.name() {
            return Err(Error::bad_request(format!(
                "'{name}' setting cannot be set to '{}' group.",
                found.name
            )));
        }
        if found.deactivated {
            return Err(Error::bad_request("User group is deactivated."));
        }
    }
    Ok((change.new != *current).then(|| change.new.clone()))
}

/// Whether `user`, of the caller's realm, is one of those whom a stored value names.
pub(crate) async fn includes_json(
    conn: &mut Conn,
    caller: &Caller,
    user: &User,
    value: &Value,
) -> Result<bool> {
    includes(conn, caller, user, &GroupValue::deserialize(value)?).await
}

/// Whether `user`, of the caller's realm, is one of those whom a value names.
pub(crate) async fn includes(
    conn: &mut Conn,
    caller: &Caller,
    user: &User,
    value: &GroupValue,
) -> Result<bool> {
    includes_any(conn, caller, std::slice::from_ref(user), value).await
}

/// Whether one of `users`, of the caller's realm, is one of those whom a value names.
pub(crate) async fn includes_any(
    conn: &mut Conn,
    caller: &Caller,
    users: &[User],
    value: &GroupValue,
) -> Result<bool> {
    let wanted = match value {
        GroupValue::Group(group) => std::slice::from_ref(group),
        GroupValue::People {
            direct_members,
            direct_subgroups,
        } => {
            if users.iter().any(|user| direct_members.contains(&user.id())) {
                return Ok(true);
            }
            direct_subgroups.as_slice()
        }
    };
    if wanted.is_empty() {
        return Ok(false);
    }
    let settings = Settings::of(&caller.realm);
    let person = |user: &User| Person {
        id: user.id(),
        role: user.role(),
        is_full: Policy::FullMembers.allows(user, &settings, caller.asked_at),
    };
    let people: Vec<Person> = users.iter().map(person).collect();
    let held = group_members::groups_of(conn, caller.realm_id(), &people).await?;
    Ok(wanted.iter().any(|group| held.contains(group)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_has_one_normal_form() {
        let parse = |value: Value| GroupChange::parse("can_x_group", &value).map(|c| c.new);
        let one = json!({ "new": { "direct_members": [], "direct_subgroups": [4] }, "old": 5 });
        assert_eq!(parse(one).expect("valid"), GroupValue::Group(GroupId(4)));
        assert_eq!(
            parse(json!(4)).expect("valid"),
            GroupValue::Group(GroupId(4))
        );
        let people = json!({ "direct_members": [3, 1, 3], "direct_subgroups": [] });
        let normal = GroupValue::People {
            direct_members: vec![UserId(1), UserId(3)],
            direct_subgroups: vec![],
        };
        assert_eq!(parse(people).expect("valid"), normal);
        for bad in [json!("x"), json!({}), json!({ "new": "x" }), json!([1])] {
            assert!(parse(bad.clone()).is_err(), "{bad}");
        }
    }
}
