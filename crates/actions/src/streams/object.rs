//! The stream object of the API.

use std::collections::HashMap;
use std::sync::Arc;

use narrows_store::Conn;
use narrows_store::models::{PostPolicy, Realm, Stream};
use narrows_store::queries::memberships;
use narrows_store::queries::streams::first_messages;
use narrows_store::queries::system_groups::{SystemGroup, SystemGroups};
use narrows_wire::events::stream::StreamObject;
use narrows_wire::{MessageId, StreamId, UserId};
use serde_json::{Map, Value, json};

use crate::access::streams::PERMISSIONS;
use crate::caller::Caller;
use crate::ctx::Ctx;
use crate::error::Result;

/// What stream objects need beside the rows, read in the same number of queries for any number of streams.
pub struct Objects {
    groups: SystemGroups,
    firsts: HashMap<StreamId, MessageId>,
    members: HashMap<StreamId, Arc<[UserId]>>,
}

impl Objects {
    /// Of `streams`, which `conn` has seen as it sees `realm`; it sees only what is committed.
    pub(crate) async fn of_realm<'a>(
        ctx: &Ctx,
        conn: &mut Conn,
        realm: &Realm,
        streams: impl IntoIterator<Item = &'a Stream>,
    ) -> Result<Objects> {
        Ok(Objects {
            members: ctx.realm_cache.members(conn, realm, streams).await?,
            groups: SystemGroups::of_realm(conn, realm.id()).await?,
            firsts: first_messages(conn, realm.id(), None).await?,
        })
    }

    /// Of some streams, as a transaction sees them that may have changed them.
    pub async fn of_streams(conn: &mut Conn, caller: &Caller, ids: &[StreamId]) -> Result<Objects> {
        let realm = caller.realm_id();
        let members = memberships::of_streams(conn, realm, ids).await?;
        Ok(Objects {
            members: members
                .into_iter()
                .map(|members| (members.stream_id(), members.into_users().into()))
                .collect(),
            groups: SystemGroups::of_realm(conn, realm).await?,
            firsts: first_messages(conn, realm, Some(ids)).await?,
        })
    }

    /// The object of a stream, without `subscribers` and `is_default`.
    pub fn stream(&self, stream: &Stream) -> Result<StreamObject> {
        let policy = stream.post_policy();
        Ok(StreamObject {
            stream_id: stream.id(),
            name: stream.name.clone(),
            description: stream.description.clone(),
            rendered_description: stream.rendered_description.clone(),
            date_created: stream.created_at.timestamp(),
            creator_id: stream.creator_id(),
            first_message_id: self.firsts.get(&stream.id()).copied(),
            invite_only: stream.invite_only,
            is_web_public: stream.is_web_public,
            is_archived: stream.is_archived,
            is_recently_active: stream.is_recently_active,
            history_public_to_subscribers: stream.history_public_to_subscribers,
            message_retention_days: stream.message_retention_days,
            stream_post_policy: policy as i16,
            is_announcement_only: policy == PostPolicy::Admins,
            stream_weekly_traffic: stream.weekly_traffic,
            subscriber_count: self
                .members
                .get(&stream.id())
                .map_or(0, |users| users.len() as i64),
            topics_policy: stream.topics_policy.clone(),
            folder_id: stream.folder_id(),
            groups: self.groups(stream)?,
            is_default: None,
            subscribers: None,
        })
    }

    /// Who is subscribed to a stream.
    pub fn subscribers(&self, stream: StreamId) -> Vec<UserId> {
        self.members
            .get(&stream)
            .map(|users| users.to_vec())
            .unwrap_or_default()
    }

    fn groups(&self, stream: &Stream) -> Result<Map<String, Value>> {
        let mut shown = Map::new();
        for (name, default) in PERMISSIONS {
            let default = match name {
                "can_send_message_group" => senders(stream.post_policy()),
                _ => default,
            };
            let value = match stream.permissions.get(name) {
                Some(decided) => decided.clone(),
                None => json!(self.groups.id(default)?),
            };
            shown.insert(name.to_owned(), value);
        }
        Ok(shown)
    }
}

/// Who may send by the older setting, as a group.
pub(super) fn senders(policy: PostPolicy) -> SystemGroup {
    match policy {
        PostPolicy::Everyone => SystemGroup::Everyone,
        PostPolicy::Admins => SystemGroup::Administrators,
        PostPolicy::FullMembers => SystemGroup::FullMembers,
        PostPolicy::Moderators => SystemGroup::Moderators,
    }
}
