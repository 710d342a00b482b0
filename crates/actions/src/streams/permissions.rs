//! Who may do what in a stream, as a request decides it.

use narrows_store::Conn;
use narrows_store::models::{PostPolicy, Stream};
use narrows_store::queries::system_groups::SystemGroups;
use serde_json::{Value, json};

use super::object::senders;
use crate::access::streams::PERMISSIONS;
use crate::caller::Caller;
use crate::error::Result;
use crate::groups::value::{self, GroupChange, GroupValue};

/// Who may send, the newer name of the post policy.
const SENDERS: &str = "can_send_message_group";

/// Who may do what from now on, and the post policy that goes with it. Who may send is one thing under two names: the
/// older one where it says it all, the newer one elsewhere.
pub(super) async fn check_permissions(
    conn: &mut Conn,
    caller: &Caller,
    stream: &Stream,
    mut post_policy: Option<PostPolicy>,
    changes: &[(&'static str, GroupChange)],
) -> Result<(Value, Option<PostPolicy>)> {
    let mut permissions = stream.permissions.as_object().cloned().unwrap_or_default();
    if post_policy.is_some() {
        permissions.remove(SENDERS);
    }
    for (name, change) in changes {
        let default = match *name {
            SENDERS => senders(stream.post_policy()),
            other => match PERMISSIONS.iter().find(|(known, _)| *known == other) {
                Some((_, default)) => *default,
                None => continue,
            },
        };
        let old = value::decided(conn, caller, &stream.permissions, name, default).await?;
        let Some(new) = value::check_change(conn, caller, name, change, &old).await? else {
            continue;
        };
        permissions.insert((*name).to_owned(), json!(new));
        if *name == SENDERS {
            let policy = policy_of(conn, caller, &new).await?;
            if policy.is_some() {
                permissions.remove(SENDERS);
            }
            post_policy = Some(policy.unwrap_or(PostPolicy::Everyone));
        }
    }
    Ok((Value::Object(permissions), post_policy))
}

/// The post policy that says the same as a group.
async fn policy_of(
    conn: &mut Conn,
    caller: &Caller,
    group: &GroupValue,
) -> Result<Option<PostPolicy>> {
    let system = SystemGroups::of_realm(conn, caller.realm_id()).await?;
    for policy in [
        PostPolicy::Everyone,
        PostPolicy::Admins,
        PostPolicy::FullMembers,
        PostPolicy::Moderators,
    ] {
        if *group == GroupValue::Group(system.id(senders(policy))?) {
            return Ok(Some(policy));
        }
    }
    Ok(None)
}
